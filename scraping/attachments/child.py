"""The process that reads one file: bytes on standard input, `FileText` as JSON on standard output.

Run as `python -m scraping.attachments.child`. A stranger made the file, so the process is confined before it looks.
"""

import json
import sys

from scraping.attachments.confine import confine
from scraping.attachments.formats.registry import read_file
from scraping.attachments.kinds import kind_of
from scraping.attachments.text import FileError, FileText, State


def read(data: bytes, *, ocr: bool = False) -> FileText:
    """Read a file of any kind. Never raises for what it holds."""
    kind = ""
    try:
        kind = kind_of(data)
        return read_file(kind, data, ocr=ocr)
    except FileError as error:
        return FileText(error.state, kind)
    except MemoryError:
        return FileText(State.TOO_MUCH_MEMORY, kind)
    except RecursionError:
        return FileText(State.BROKEN, kind)
    except Exception:  # a library's own error for what a stranger wrote: there is no list of them
        return FileText(State.BROKEN, kind)


def main(seconds: int, memory: int, *, ocr: bool) -> None:
    data = sys.stdin.buffer.read()
    confine(seconds=seconds, memory=memory)
    sys.stdout.write(json.dumps(read(data, ocr=ocr).as_json(), ensure_ascii=True))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), ocr="ocr" in sys.argv)
