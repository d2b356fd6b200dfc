#!/usr/bin/env python
"""The one entry point: `manage.py COMMAND`."""

import os
import sys
from typing import TextIO, cast


def main(arguments: list[str]) -> int:
    """Run a command: 0 done, 1 an expected failure in one line (its trace with --traceback), 130 on Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
    if arguments[1:2] == ["sandbox"] or {"-h", "--help"} & set(arguments):
        os.environ.setdefault("DEBUG", "true")  # before anything is set up, one may look round
    from django.core.management import execute_from_command_line

    from supersetbot.operations import failures, logs
    from supersetbot.operations.audited_commands import recorded

    try:
        from django.conf import settings

        settings.LOGGING["root"]["level"] = logs.level_for(arguments, settings.LOG_LEVEL)
        sys.stderr = cast("TextIO", logs.RedactedStream(sys.stderr, settings.SECRETS))
        _keep_private(arguments[1:2])
        with recorded(arguments[1:]):
            execute_from_command_line(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output has seen enough: `… | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except failures.EXPECTED as error:
        if "--traceback" in arguments:
            raise
        print(failures.one_line(error), file=sys.stderr)
        return 1
    return 0


def _keep_private(command: list[str]) -> None:
    """All that a command makes is for this user alone, but for files of the code. The doctor only looks."""
    from supersetbot.operations import permissions

    if command == ["doctor"]:
        os.umask(permissions.UMASK)
    elif command not in (["collectstatic"], ["makemigrations"]):
        permissions.begin()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
