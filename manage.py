#!/usr/bin/env python
"""The one entry point: `manage.py COMMAND`."""

import os
import sys


def main(arguments: list[str]) -> int:
    """Run a command: 0 done, 1 an expected failure in one line (its trace with --traceback), 130 on Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supersetbot.settings")
    if arguments[1:2] == ["sandbox"]:
        os.environ.setdefault("DEBUG", "true")  # it brings settings of its own: nothing has to be set to try it
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        from django.conf import settings

        settings.DEBUG  # noqa: B018 (reads the settings, whose faults have a line of their own)
        execute_from_command_line(arguments)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except (ImproperlyConfigured, OperationalError, ProgrammingError) as error:
        if "--traceback" in arguments:
            raise
        print(_one_line(error), file=sys.stderr)
        return 1
    return 0


def _one_line(error: Exception) -> str:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import ProgrammingError

    text = " ".join(str(error).split())
    if isinstance(error, ImproperlyConfigured):
        return text
    if isinstance(error, ProgrammingError) or "no such table" in text:
        return f"The database is not set up ({text}): run `python manage.py migrate`."
    return f"The database does not answer: {text}"


if __name__ == "__main__":
    sys.exit(main(sys.argv))
