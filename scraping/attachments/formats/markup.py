"""HTML, which is also what many systems call an Excel file."""

from scraping.attachments.formats.charsets import decoded
from scraping.attachments.grid import lines_of_grid
from scraping.attachments.text import Content
from scraping.reading.layout.markup import read_markup


def read(data: bytes, content: Content) -> None:
    content.add("", lines_of_grid(line.split("\t") for line in read_markup(decoded(data)).lines))
