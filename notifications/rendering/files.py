"""The files of notices, as messages that follow the text (spec: attachments, Telling)."""

from collections.abc import Iterable, Sequence
from operator import itemgetter

from notifications.models import Notice, StoredFile
from notifications.rendering.messages import DocumentPart, Part
from notifications.rendering.public import public

MOST_FILES = 5  # sent with one notice; the others stand on its page
LARGEST = 50_000_000  # bytes; what a bot may upload (Bot API, sendDocument)


def stored_files(notices: Iterable[Notice]) -> dict[str, StoredFile]:
    """The files of these notices by digest: one query, none where no notice has any."""
    digests = {file["digest"] for notice in notices for file in notice.files}
    return {file.digest: file for file in StoredFile.objects.filter(digest__in=digests)} if digests else {}


def document_parts(notice: Notice, files: dict[str, StoredFile], *, names: bool) -> tuple[DocumentPart, ...]:
    """Return a message a file, without those that name people unless `names` is set.

    Those that name nobody come first: so they keep their place when somebody becomes a member. What prune took away
    meanwhile is left out.
    """
    found = [(entry["name"], file) for entry in notice.files if (file := files.get(entry["digest"]))]
    told = [(name, file, file.names_people or public(notice).names_someone(name)) for name, file in found]
    return tuple(
        DocumentPart(file.digest, name, file.path, file.telegram_id)
        for name, file, naming in sorted(told, key=itemgetter(2))
        if file.size <= LARGEST and (names or not naming)
    )[:MOST_FILES]


def edited_parts(texts: Sequence[Part], documents: Sequence[Part], out: int, filler: Part) -> tuple[Part, ...]:
    """The parts of an edit in the order of the `out` messages that went out before: texts first, then files.

    More text than before follows the files; less is filled up, so that no message keeps what no longer holds.
    """
    if not documents or not out:
        return (*texts, *documents, *[filler] * (out - len(texts) - len(documents)))
    before = out if out <= len(texts) else max(out - len(documents), 1)
    shown = (*texts[:before], *[filler] * (before - len(texts)))
    return (*shown, *documents, *texts[before:])
