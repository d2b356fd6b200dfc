"""The files of a mail: from its bytes where it came whole, else fetched part by part (spec: attachments, Fetching)."""

from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from scraping.attachments.documents import LARGEST_TOGETHER, MOST_FILES, is_document
from scraping.attachments.process import LARGEST
from scraping.attachments.text import State
from scraping.items import AttachedFile
from scraping.sources.mailbox.download import Ask, section, structure, value
from scraping.sources.mailbox.errors import MailboxError
from scraping.sources.mailbox.headers import file_name
from scraping.sources.mailbox.mime import may_hold_text
from scraping.sources.mailbox.structure import Part
from scraping.sources.mailbox.transfer import part_bytes

_MOST_PARTS = 2 * MOST_FILES
_AS_TRANSFERRED = 1.4  # base64 with its line ends


def files_in(raw: bytes, *, whole: bool) -> list[AttachedFile]:
    """The files whose content stands in a mail. In one that did not come whole, an empty file is a missing one.

    Never raises.
    """
    try:
        leaves = list(_leaves(message_from_bytes(raw)))
    except (MessageError, RecursionError, ValueError):
        return []
    files = [file for number, leaf in enumerate(leaves) if (file := _file(leaf, number))]
    return [file for file in files if file.data or whole][:MOST_FILES]


def missing_files(ask: Ask, names: set[str]) -> Iterator[AttachedFile]:
    """Fetch the files of a large mail that did not come with it; `names` did. One that can't be had has its word."""
    tree = structure(ask)
    left = LARGEST_TOGETHER
    # Some servers don't take the disposition apart, so that only a part's own header tells its name.
    leaves = [leaf for leaf in (tree.leaves if tree else ()) if leaf.name or not may_hold_text(leaf.kind, "")]
    for number, leaf in enumerate(leaves[:_MOST_PARTS]):
        file = _fetched(ask, leaf, number, left)
        if file and file.name not in names:
            left -= len(file.data)
            yield file


def _fetched(ask: Ask, leaf: Part, number: int, left: int) -> AttachedFile | None:
    head = b""
    try:
        head = value(ask(f"BODY.PEEK[{leaf.section}.MIME]"), f"{leaf.section}.MIME]")
        if not is_document(file_name(message_from_bytes(head))):
            return None
        if leaf.octets > min(left, LARGEST) * _AS_TRANSFERRED:
            return _named(head, number, State.TOO_LARGE)
        body = section(ask, leaf.section, leaf.octets)
    except MailboxError as error:
        if error.code not in {"mail_cut", "mail_too_large"}:
            raise
        return _named(head, number, State.TOO_LARGE if error.code == "mail_too_large" else State.BROKEN)
    return _file(message_from_bytes(head.rstrip(b"\r\n") + b"\r\n\r\n" + body), number)


def _named(head: bytes, number: int, state: State) -> AttachedFile:
    name = file_name(message_from_bytes(head))
    return AttachedFile(f"{number}:{name}", name, state=state)


def _file(leaf: Message, number: int) -> AttachedFile | None:
    name = file_name(leaf)
    if not is_document(name):
        return None
    return AttachedFile(f"{number}:{name}", name, part_bytes(leaf))


def _leaves(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if not part.is_multipart())
