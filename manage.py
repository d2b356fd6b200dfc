#!/usr/bin/env python
"""The one entry point: `manage.py COMMAND`."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO, cast

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Run a command: 0 done, 1 an expected failure in one line (its trace with --traceback), 2 wrong usage, 130 Ctrl-C.

    (spec: system, Commands)
    """
    if find_spec("django") is None:
        print(_how_to_run(arguments[1:]), file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
    if _needs_no_settings(arguments[1:]):
        os.environ.setdefault("DEBUG", "true")  # before anything is set up, one may look round
    from django.core.checks import Tags
    from django.core.management import BaseCommand, CommandError, execute_from_command_line, get_commands

    from supersetbot.operations import failures, logs
    from supersetbot.operations.audited_commands import recorded
    from supersetbot.operations.checks import AT_START

    try:
        from django.conf import settings

        level = logs.level_for(arguments, settings.LOG_LEVEL, terminal=sys.stderr.isatty())
        settings.LOGGING["root"]["level"] = level
        sys.stderr = cast("TextIO", logs.RedactedStream(sys.stderr, settings.SECRETS))
        _keep_private(arguments[1:2])
        BaseCommand.requires_system_checks = (AT_START, Tags.security)
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
        return error.returncode if isinstance(error, CommandError) else 1
    except SystemExit:
        if {*arguments[1:2]} <= {*get_commands(), "help"}:
            raise
        return 2  # no such command: Django has said so
    return 0


def _needs_no_settings(words: list[str]) -> bool:
    """Whether one only looks round, or mends a rule in a checkout where nothing is set up (docs/misreads.md)."""
    if words[:1] in (["explain"], ["train_reader"], ["measure_reader"]):
        return not os.environ.get("ENV_FILE") and not (HERE / ".env").exists()
    return words[:1] in ([], ["help"], ["--version"], ["sandbox"]) or bool({"-h", "--help"} & set(words))


def _how_to_run(words: list[str]) -> str:
    """Return the line for whoever runs this with a Python that has no Django."""
    ours = HERE / ".venv"
    if ours.exists() and not os.access(ours / "bin/python", os.X_OK):
        anew = f"in {HERE}: /usr/bin/python3 -m venv --clear .venv && .venv/bin/pip install -r requirements.txt"
        return f"{ours}/bin/python can't be run as this user: it is gone, or closed to others. Make it anew, {anew}"
    if ours.exists() and not ours.samefile(sys.prefix):
        return f"This Python ({sys.executable}) has no Django. Run: {HERE / 'manage'} {' '.join(words)}".rstrip()
    install = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"
    return f"Nothing is installed yet. Run `make run` to look round, or in {HERE}: {install}"


def _keep_private(command: list[str]) -> None:
    """All that a command makes is for this user alone, but for files of the code. The doctor only looks."""
    from supersetbot.operations import permissions

    if command == ["doctor"]:
        os.umask(permissions.UMASK)
    elif command not in (["collectstatic"], ["makemigrations"]):
        permissions.begin()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
