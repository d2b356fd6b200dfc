#!/usr/bin/env python
"""The one entry point: `manage.py COMMAND`."""

import os
import sys
from typing import TextIO, cast


def main(arguments: list[str]) -> int:
    """Run a command: 0 done, 1 an expected failure in one line (its trace with --traceback), 130 on Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
    if arguments[1:2] == ["sandbox"]:
        os.environ.setdefault("DEBUG", "true")  # it brings settings of its own: nothing has to be set to try it
    from django.core.management import execute_from_command_line

    from supersetbot import failures, logs

    try:
        from django.conf import settings

        settings.LOGGING["root"]["level"] = logs.level_for(arguments, settings.LOG_LEVEL)
        sys.stderr = cast("TextIO", logs.RedactedStream(sys.stderr, settings.SECRETS))
        execute_from_command_line(arguments)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except failures.EXPECTED as error:
        if "--traceback" in arguments:
            raise
        print(failures.one_line(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
