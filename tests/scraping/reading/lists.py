"""Lists of students to read, and what is read of them."""

from scraping.reading.facts.students.rosters import Roster, read_roster
from scraping.reading.page import lay_out

NUMBERS = [f"2210300{n}" for n in range(1, 7)]
NAMES = ["Asha Verma", "Bilal Khan", "Chitra Rao", "Dev Malik", "Esha Roy", "Farhan Ali"]
ALL = list(zip(NAMES, NUMBERS, strict=True))
INTRO = "<p>The following students are shortlisted:</p>"


def roster(content: str, title: str = "Shortlist - Orbit Labs") -> Roster:
    page = lay_out(title, content)
    return read_roster(page.lines, page.title)


def pairs(content: str) -> list[tuple[str, str]]:
    return [(student.name, student.enrollment) for student in roster(content).students]


def table(*rows: list[str]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
