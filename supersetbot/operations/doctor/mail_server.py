"""The mail server that sends the codes of /join: whether it is there, and lets us in."""

from smtplib import SMTPAuthenticationError
from socket import gaierror

from django.conf import settings
from django.core.mail import get_connection

from supersetbot.operations.doctor.results import CheckFailedError, Skipped


def check_mail_server() -> str:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        raise Skipped("EMAIL_URL names no mail server: no codes are mailed")
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection():
            pass
    except SMTPAuthenticationError as error:
        wrong = f"{server} refuses the login of {settings.EMAIL_HOST_USER} ({error.smtp_code})"
        raise CheckFailedError(wrong, "Put the right user and password into EMAIL_URL.") from None
    except OSError as error:  # smtplib's errors are some
        fix = "Is it up, and may this machine reach it? EMAIL_URL says where it is, and how it is spoken to."
        raise CheckFailedError(f"{server} {_in_words(error)}: no codes are mailed", fix) from None
    return f"{server} lets us in" if settings.EMAIL_HOST_USER else f"{server} answers"


def _in_words(error: OSError) -> str:
    met = error.__context__ if isinstance(error.__context__, OSError) else error  # smtplib's error may hide the cause
    match met:
        case ConnectionRefusedError():
            return "refuses the connection"
        case TimeoutError():
            return f"does not answer within {settings.EMAIL_TIMEOUT:g} s"
        case gaierror():
            return "has a name that nobody knows"
        case _:
            return f"can't be used ({met.strerror or met})"
