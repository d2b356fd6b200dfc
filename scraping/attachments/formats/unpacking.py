"""Archives of a stranger: opened only where they unpack into something of a reasonable size."""

import zipfile
import zlib
from io import BytesIO

from scraping.attachments.text import FileError, State

_LARGEST = 100_000_000  # bytes of all members, unpacked
_LARGEST_RATIO = 200
_RATIO_MATTERS = 20_000_000  # bytes; a small file of blanks packs well, too
_MOST_MEMBERS = 2_000


def checked(data: bytes) -> zipfile.ZipFile:
    """The archive, whose sizes were added up from its table of contents.

    Raises FileError: broken, encrypted, bomb.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise FileError(State.BROKEN) from None
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > _MOST_MEMBERS or size > _LARGEST or (size > _RATIO_MATTERS and size > _LARGEST_RATIO * len(data)):
        raise FileError(State.BOMB)
    if any(member.flag_bits & 1 for member in members):
        raise FileError(State.ENCRYPTED)
    return archive


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member's bytes, b"" where there is none. Raises FileError: broken, bomb (where its stated size was a lie)."""
    try:
        with archive.open(name) as file:
            data = file.read(_LARGEST + 1)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise FileError(State.BROKEN) from None
    if len(data) > _LARGEST:
        raise FileError(State.BOMB)
    return data
