"""The students that a file lists, by the rules for lists in any text (scraping/reading/facts/students)."""

from scraping.attachments.text import FileText
from scraping.items import Student
from scraping.reading.facts.students.joined import merged
from scraping.reading.facts.students.rosters import read_roster


def students_of(text: FileText, title: str = "") -> tuple[Student, ...]:
    """The students of all sheets in their order, each once.

    `title` is what the file came with: it may say what its list means. The name of a sheet heads its lines.
    """
    headed = ((*filter(None, [sheet.title]), *sheet.lines) for sheet in text.sheets)
    return merged(student for lines in headed for student in read_roster(lines, title).students)
