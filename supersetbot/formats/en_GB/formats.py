"""How the admin writes times: as accounts/times.py does (FORMAT_MODULE_PATH). A line breaks behind the comma only."""

DATE_FORMAT = "j\N{NO-BREAK SPACE}M\N{NO-BREAK SPACE}Y"
TIME_FORMAT = "g:i\N{NO-BREAK SPACE}A"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = f"{DATE_FORMAT}, {TIME_FORMAT}"
