"""A code mailed to an institute's address proves who is its student (spec: personal, Who is who).

Neither address nor code is stored, only keyed digests of both: enough to tell that an address belongs to one chat.
"""

import hmac
import re
import secrets
import unicodedata
from datetime import timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import EmailCode, Subscriber
from accounts.subscribing.members import BY_EMAIL, admit

VALID = timedelta(minutes=10)
TRIES = 5
_DIGITS = 6
_NOT_MAILED = "accounts.subscribing.codes_not_mailed"
_LOCAL_PART = re.compile(r"[a-z0-9_-][a-z0-9._-]{0,63}")  # RFC 5321, 4.5.3.1.1
SUBJECT = _lazy("Your code for the placement bot")
_TEXT = _lazy("""Your code is %(code)s

Send it to the bot within ten minutes: /join %(code)s
If you did not ask for it, ignore this mail: nothing happens without the code.
""")


class AddressError(ValueError):
    """An address that can't be used; the text says why to whoever typed it."""


class WrongCodeError(ValueError):
    """A code that does not count; the text says why."""


def normal_address(text: str) -> str:
    """Return the address in small letters without a plus tag: one student has one of it.

    Raises AddressError where it is no address of MEMBER_EMAIL_DOMAINS. Letters of other scripts are refused, as they
    may look like ours, and quotes (RFC 5321, 4.1.2), as they give one mailbox many names.
    """
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise AddressError(_("That is no e-mail address.")) from None
    local, _at, domain = address.rpartition("@")
    if domain not in settings.MEMBER_EMAIL_DOMAINS:
        raise AddressError(
            _("The address has to end in %(domains)s.")
            % {"domains": _(" or ").join(f"@{domain}" for domain in settings.MEMBER_EMAIL_DOMAINS)}
        )
    local = local.partition("+")[0]
    if not _LOCAL_PART.fullmatch(local):
        raise AddressError(_("The part before the @ may have letters, digits, dots, dashes and underscores."))
    return f"{local}@{domain}"


def digest_of(purpose: str, text: str) -> str:
    """Return the keyed digest that is stored in the place of an address or a code."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{text}".encode(), sha256).hexdigest()


def send(telegram_id: int, address: str) -> None:
    """Mail a new code to `address`, as normal_address returned it; an older code of this chat is void.

    Raises OSError (smtplib's errors are some) where the mail can't be sent; the older code is void all the same.
    """
    person = Subscriber.objects.get(telegram_id=telegram_id)
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    values = {
        "address_digest": digest_of("address", address),
        "code_digest": digest_of("code", f"{person.pk}:{code}"),
        "expires_at": timezone.now() + VALID,
        "tries_left": TRIES,
    }
    EmailCode.objects.update_or_create(subscriber=person, defaults=values)
    _mail(address, code)


def not_mailed() -> int:
    """Return how many codes in a row could not be mailed, until now."""
    return int(cache.get(_NOT_MAILED, 0))


def _mail(address: str, code: str) -> None:
    """Mail a code, and count those that can't be; a server that refuses one address takes mail."""
    try:
        send_mail(str(SUBJECT), _TEXT % {"code": code}, None, [address])
    except SMTPRecipientsRefused:
        cache.delete(_NOT_MAILED)
        raise
    except OSError:
        cache.set(_NOT_MAILED, not_mailed() + 1, timeout=None)
        raise
    cache.delete(_NOT_MAILED)


def digits(text: str) -> str:
    """Return the digits of a text, in any script: `१२३ 456` is a code too."""
    return "".join(str(unicodedata.digit(sign)) for sign in text if unicodedata.digit(sign, None) is not None)


def is_like_code(text: str) -> bool:
    """Whether a text is six digits and nothing else."""
    signs = "".join(text.split())
    return len(signs) == _DIGITS and signs.isdecimal()


def waits(telegram_id: int) -> bool:
    """Whether a code was mailed for a chat that can still be sent."""
    mine = EmailCode.objects.filter(subscriber__telegram_id=telegram_id)
    return mine.filter(expires_at__gt=timezone.now(), tries_left__gt=0).exists()


def verify(telegram_id: int, text: str) -> None:
    """Make the person behind a chat a member by the code that was mailed. Raises WrongCodeError."""
    code = EmailCode.objects.filter(subscriber__telegram_id=telegram_id).first()
    mine = EmailCode.objects.filter(pk=code.pk if code else 0, expires_at__gt=timezone.now(), tries_left__gt=0)
    if code is None or not mine.update(tries_left=F("tries_left") - 1):  # on one table: its condition holds in a race
        raise WrongCodeError(_("That code is no longer valid. Send /join with your address for a new one."))
    if not hmac.compare_digest(code.code_digest, digest_of("code", f"{code.subscriber_id}:{digits(text)}")):
        left = max(code.tries_left - 1, 0)
        raise WrongCodeError(_("That is not the code. You have %(count)d more tries.") % {"count": left})
    try:
        with transaction.atomic():
            if not EmailCode.objects.filter(pk=code.pk, code_digest=code.code_digest).delete()[0]:
                raise WrongCodeError(_("That code was used already."))
            person = Subscriber.objects.filter(pk=code.subscriber_id)
            person.update(email_digest=code.address_digest)
            is_member = person.filter(membership=Subscriber.Membership.MEMBER).exists()
            if not admit(person, by=BY_EMAIL) and not is_member:
                raise WrongCodeError(_("An admin has to decide on this. Ask your placement cell."))
    except IntegrityError:
        raise WrongCodeError(_("This address belongs to another chat. Send /forget there first.")) from None
