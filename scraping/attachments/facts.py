"""What a file says beside its list: read by the rules for mails, as if its text were one (docs/spec/reading.md)."""

from collections.abc import Sequence
from dataclasses import replace

from scraping.attachments.rosters import students_of
from scraping.attachments.text import FileText
from scraping.items import Facts, JobRef, ParsedMail
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail

_MOST_LINES = 1_500


def facts_of(text: FileText, name: str, title: str = "", jobs: Sequence[JobRef] = ()) -> Facts:
    """The facts of a file. `title` is that of the notice or the subject of the mail it came with.

    The roster is read from the cells as they stand, everything else from the text.
    """
    roster = students_of(text, title)
    mail = ParsedMail(
        message_id=name,
        content_key="",
        subject=title or _words(name),
        sender="",
        season=None,
        sent_at=None,
        received_at=None,
        text="\n".join(text.lines[:_MOST_LINES]),
    )
    return replace(read_mail(lay_out_mail(mail), jobs), roster=roster)


def _words(name: str) -> str:
    """The name of a file as words: "JD_Zenith-Labs.pdf" is "JD Zenith Labs"."""
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return " ".join(stem.replace("_", " ").replace("-", " ").split())
