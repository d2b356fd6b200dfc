"""What a password of staff must not be made of, beside Django's list of common ones (OWASP ASVS 5.0: V6.1.2)."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import User

# The words of this service. Hosts of ALLOWED_HOSTS and domains of MEMBER_EMAIL_DOMAINS are added.
WORDS = "superset placement telegram jiit jaypee student admin bot".split()
_LEAST = 6  # letters and digits beside those words


class ContextValidator:
    """Refuses a password that is made of the words of this service and little else."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where less than six letters and digits stand beside those words."""
        rest = re.sub(r"\W|_", "", password.casefold())
        for word in sorted(_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < _LEAST:
            raise ValidationError(self.get_help_text(), code="password_of_this_service")

    def get_help_text(self) -> str:
        return "Your password must not be made of words of this service, such as placement or superset."


def _words() -> set[str]:
    hosts = [*settings.ALLOWED_HOSTS, *settings.MEMBER_EMAIL_DOMAINS]
    return {*WORDS, *(part for host in hosts for part in re.split(r"\W+", host.casefold()) if len(part) > 2)}
