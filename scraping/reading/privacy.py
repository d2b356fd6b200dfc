"""A mail's text as users may see it (spec: mailbox, Privacy)."""

import re
from collections.abc import Container, Mapping

from scraping.items import ParsedMail
from scraping.reading.mail_page import MailPage, numbered, sentence_on

_LONGEST_ROW = 400
_ADDRESS = re.compile(r"<?(?:mailto:)?(?P<address>[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>?", re.IGNORECASE)
_PHONE = re.compile(
    r"""(?<![\w/=@])(?<!\d[.-])
    (?: (?:\+?\s?91[\s.-]?|0)?[6-9](?:\d{9}|\d{4}[\s.-]\d{5}|\d{3}[\s.-]\d{6}|\d{2}[\s.-]\d{7}
          |\d{2}[\s.-]\d{3}[\s.-]\d{4}|\d{3}[\s.-]\d{3}[\s.-]\d{3})
      | \+\d{1,3}[\s.-]?\(?\d{2,5}\)?(?:[\s.-]?\d{3,5}){2,3}
      | \(?0\d{2,4}\)?[\s-]\d{6,8} )
    (?![\w@])(?!-\d)""",
    re.VERBOSE,
)
_NOT_A_PHONE = re.compile(
    r"\b(?:meeting|webinar|session|job|ref\w*|zoom|conference|passcode|profile)\b[^\n]{0,20}$", re.IGNORECASE
)
_WRITE_TO = re.compile(
    r"\b(?:write|mail|e-?mail|send|reply|contact|reach|respond|forward|share|submit|quer\w+)\b[^\n]{0,80}$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"\s*(?:from|to|cc|bcc|sent|reply-to|message-id|return-path|delivered-to|list-id|mailed-by|signed-by)\s*:.*@.*"
    r"|\s*(?:message-id|mime-version|content-[\w-]+|x-[\w-]+|list-[\w-]+|received|dkim-signature)\s*:.*",
    re.IGNORECASE,
)
_PRIVATE_HOSTS = ("gmail.", "yahoo.", "outlook.", "hotmail.", "rediffmail.", "icloud.", "live.", "proton")
_LEFT_OUT = _NO_ADDRESS, _NO_PHONE = "(address left out)", "(number left out)"


def public_text(page: MailPage) -> str:
    """The whole text of a mail, as `shown` shows it."""
    return shown(page.mail.text, page)


def shown(text: str, page: MailPage) -> str:
    """A text of a mail as users may see it.

    No headers, no addresses of senders, no phone numbers; of students name and enrolment number alone.

    An address one is asked to write to stays, unless it is a private one or of the senders' own domains.
    """
    names = numbered(page.students)
    lines = (line for line in text.split("\n") if not _HEADER_LINE.fullmatch(line[:2000]))
    shown = (without_contacts(_row_shown(line, names), page.mail, names).rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in shown if line.strip() not in _LEFT_OUT)).strip()


def without_contacts(text: str, mail: ParsedMail, names: Container[str] = ()) -> str:
    """`text` without phone numbers and private addresses; `names` are enrolment numbers, which may look like phones."""
    text = _ADDRESS.sub(lambda match: _address_shown(match, mail), text)
    return _PHONE.sub(lambda match: _phone_shown(match, names), text)


def _row_shown(line: str, names: Mapping[str, str]) -> str:
    """A row of a list with name and number only; a sentence about a student stays one."""
    numbers = [word for word in re.findall(r"[\w/-]+", line[:_LONGEST_ROW]) if word in names]
    if len(numbers) != 1 or len(line) > _LONGEST_ROW:
        return line
    number = numbers[0]
    return line if sentence_on(line, names) else f"{number}  {names[number]}".rstrip()


def _address_shown(match: re.Match[str], mail: ParsedMail) -> str:
    address = match["address"].lower()
    host = address.partition("@")[2]
    ours = {known.partition("@")[2] for known in mail.addresses}
    asked = _WRITE_TO.search(_before(match))
    private = host.startswith(_PRIVATE_HOSTS) or any(host == one or host.endswith(f".{one}") for one in ours)
    return match["address"] if asked and not private else _NO_ADDRESS


def _phone_shown(match: re.Match[str], names: Container[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    is_other = digits in names or _NOT_A_PHONE.search(_before(match))
    return match[0] if is_other else _NO_PHONE


def _before(match: re.Match[str]) -> str:
    return match.string[max(match.start() - 100, 0) : match.start()]
