"""Which of the things that come with a text are files worth reading."""

import re
from urllib.parse import unquote, urlsplit

_NO_DOCUMENT = re.compile(
    r"winmail\.dat|unnamed|.*\.(?:ics|vcf|asc|p7[sm]|eml)|att\d+\.\w{3,4}"
    r"|(?:image|logo|outlook|signature)[\w-]*\.(?:png|jpe?g|gif)",
    re.IGNORECASE,
)
_READABLE = re.compile(r".*\.(?:xlsx|xlsm|xls|ods|csv|tsv|pdf|docx|odt|zip)", re.IGNORECASE)
MOST_FILES = 10  # of one item
LARGEST_TOGETHER = 100_000_000  # bytes of one mail's files


def is_document(name: str) -> bool:
    """Whether a file of this name is for readers: no signature, no calendar, no logo."""
    return bool(name) and not _NO_DOCUMENT.fullmatch(name)


def file_name_of(url: str) -> str:
    """The name of the file that a link leads to, by its path; "" where it seems to be a page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    name = unquote(parts.path).rsplit("/", 1)[-1][:200]
    return name if parts.scheme in {"http", "https"} and _READABLE.fullmatch(name) else ""
