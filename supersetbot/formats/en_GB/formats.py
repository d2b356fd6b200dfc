"""How the admin writes times: as accounts/times.py does (FORMAT_MODULE_PATH)."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, g:i A"
