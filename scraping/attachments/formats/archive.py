"""ZIP: the files in it, each read as if it had come alone."""

import zipfile

from scraping.attachments.formats.registry import read_file
from scraping.attachments.formats.unpacking import checked, member
from scraping.attachments.kinds import kind_of
from scraping.attachments.text import Content, FileError, State

_MOST_FILES = 20


def read(data: bytes, content: Content) -> None:
    """Files that can't be read are named with their reason; archives in the archive are not opened."""
    with checked(data) as archive:
        members = [info for info in archive.infolist() if not info.is_dir() and _is_wanted(info.filename)]
        for info in members[:_MOST_FILES]:
            _read_member(archive, info, content)
    if len(members) > _MOST_FILES:
        content.remark(f"only {_MOST_FILES} of its {len(members)} files were read")
    if not content.sheets and members:
        raise FileError(State.UNKNOWN)


def _is_wanted(name: str) -> bool:
    """Return whether a member is a file of the sender, not one that macOS or Windows added."""
    return not name.startswith("__MACOSX/") and name.rsplit("/", 1)[-1] not in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: Content) -> None:
    name = info.filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
    try:
        data = member(archive, info.filename)
        kind = kind_of(data)
        if kind == "zip":
            raise FileError(State.UNKNOWN)
        inner = read_file(kind, data)
    except FileError as error:
        content.remark(f"{name}: {error.state}")
        return
    for number, sheet in enumerate(inner.sheets):
        title = " · ".join(filter(None, [name if not number else "", sheet.title]))
        content.add(title, sheet.lines)
    for remark in inner.remarks:
        content.remark(f"{name}: {remark}")
