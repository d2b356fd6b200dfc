"""Which of a mail's texts is the mail: of plain text and HTML the one that says more, else what is attached. Pure."""

import re
from dataclasses import dataclass

from scraping.reading.facts.times.dates import find_moments
from scraping.reading.layout.forwards import before_footer
from scraping.sources.mailbox.html_text import html_to_text
from scraping.sources.mailbox.mime import Body, Content

_ONLY_HTML_HAS = 0.1  # of its words: what a plain text may lack and still be the same text
_NO_WORDS = re.compile(r"https?://\S+|<?mailto:\S+|\[(?:cid|image):[^\]]{0,200}\]|cid:\S+", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300})(?<=[^\s*])\*(?![\w*])")
_STUB = re.compile(
    r"\b(?:html|graphics|images|view|display|support)\b.{0,80}\b(?:browser|html|mail client|viewer|link|see it)\b"
    r"|\b(?:intended|confidential|disclaimer|recipient)\b",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_STUB = 2_000  # characters; one may be a whole disclaimer
_CLOSING = re.compile(
    r"--|(?:(?:with|many|best|warm|kind|thanks|thank you|thanking you|yours|and|&|,)\s*)*"
    r"(?:regards|thanks|thank you|sincerely|faithfully|truly|cheers)\b(?:[\s,.!-]*[\w. ]{0,40})",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 8  # lines
_NO_SIGNATURE = re.compile(r"[\s>*]*(?:-{3,}|_{3,}|={3,}|[^\s:]{2,20}\s?[:：]\*?\s)")
_POLITENESS = re.compile(
    r"(?:dear|hi|hello|hey|respected|good (?:morning|afternoon|evening)|greetings)\b.{0,60}"
    r"|sent (?:from|via|with|using)\b.{0,80}|get outlook\b.{0,40}"
    r"|(?:kindly |please |pls |plz )?(?:find|see|refer|check|open|go through)\b.{0,60}"
    r"\b(?:attach\w*|below|enclosed|html|mail|message|trail\w*)\b.{0,30}"
    r"|(?:pfa|fyi|fyip|fyna|fwd|forwarded|attached|see attached|as attached)\b.{0,30}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """The text of a mail, and its HTML where it has one."""

    text: str = ""
    html: str = ""


def said_in(content: Content) -> Said:
    """Return what a mail says itself: its bodies; a text under a name, or a calendar, where these say nothing."""
    said = _joined([_said_by(body) for body in content.bodies])
    if content.files and says_nothing(said.text):
        said = _joined([_said_by(body) for body in content.files])
    return _with_calendars(said, content)


def says_nothing(text: str) -> bool:
    """Whether a text only greets, points to what comes with it, and is signed."""
    lines = before_footer(_NO_WORDS.sub(" ", text).splitlines())
    lines = [line for line in lines if re.search(r"\w|^--$", line.strip())]
    for number, line in enumerate(lines):
        words = line.strip(" \t*_>|.,;:!")
        if _CLOSING.fullmatch(words) and _is_signature(lines[number + 1 :]):
            return True
        if not (_POLITENESS.fullmatch(words) or _CLOSING.fullmatch(words)):
            return False
    return True


def _is_signature(lines: list[str]) -> bool:
    return len(lines) <= _LONGEST_SIGNATURE and not any(map(_NO_SIGNATURE.match, lines))


def _said_by(body: Body) -> Said:
    """The plain text, else the HTML as text: also where the plain one lacks words of the HTML."""
    plain = body.plain.strip("\n")
    if not body.html:
        return Said(_EMPHASIS.sub(r"\1", plain))
    laid_out = html_to_text(body.html)
    return Said(laid_out if _says_more(laid_out, plain) else _EMPHASIS.sub(r"\1", plain), body.html)


def _says_more(laid_out: str, plain: str) -> bool:
    in_html, in_plain = _words(laid_out), _words(plain)
    only_html, only_plain = in_html - in_plain, in_plain - in_html
    if len(only_html) <= _ONLY_HTML_HAS * len(in_html):
        return False
    is_stub = len(plain) < _LONGEST_STUB and (says_nothing(plain) or _STUB.search(plain) is not None)
    return len(only_html) > len(only_plain) or (is_stub and 3 * len(in_html) > len(in_plain))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", _NO_WORDS.sub(" ", text).casefold()))


def _joined(parts: list[Said]) -> Said:
    return Said(
        "\n".join(part.text for part in parts if part.text.strip()), "\n".join(part.html for part in parts if part.html)
    )


def _with_calendars(said: Said, content: Content) -> Said:
    """A calendar is read where the text names no day: it never takes the text's place."""
    if not content.calendars or (not says_nothing(said.text) and find_moments(said.text[:20_000], None)):
        return said
    from scraping.sources.mailbox.invitations import read_calendar  # importing it takes 0.2 s, and few mails need it

    told = []
    for source in content.calendars:
        try:
            told.append(read_calendar(source))
        except ValueError as error:
            content.notes.append(str(error))
            content.sealed = content.sealed or "a calendar file"
    own = "" if says_nothing(said.text) else said.text
    return Said("\n\n".join(filter(None, [own, *dict.fromkeys(told)])), said.html)
