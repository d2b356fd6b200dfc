"""Files as colleges and companies lay them out: a maker a layout, with what a reader must find in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from tests.scraping.attachments import writers
from tests.scraping.attachments.people import Person, people
from tests.scraping.attachments.writers import Cell


@dataclass(frozen=True, slots=True)
class Made:
    """A file and the students it lists."""

    name: str
    data: bytes
    students: tuple[Person, ...]


Maker = Callable[[Random, int], Made]
LAYOUTS: dict[str, Maker] = {}
HEADS = ("Enrollment No", "Enrolment Number", "Roll No.", "Univ Roll Number", "Enrollment no.", "ENROLLMENT NO", "USN")
NAMES = ("Name", "Student Name", "Name of Student", "NAME", "Candidate Name", "Full Name")
SERIALS = ("S.No", "S. No.", "Sr. No", "Sl.No", "#", "SNo")
ABOVE = (
    "Zenith Labs - Shortlist for Technical Interview",
    "Training and Placement Cell",
    "Drive date: 28 Nov 2026",
    "Reporting time 9:00 AM, venue LT-3",
    "Students must carry their identity cards",
    "Batch of 2027",
)


def layout(make: Maker) -> Maker:
    LAYOUTS[make.__name__] = make
    return make


def head(random: Random, *more: str) -> list[Cell]:
    return [random.choice(SERIALS), random.choice(HEADS), random.choice(NAMES), *more]


def listed(found: list[Person], *more: str) -> list[list[Cell]]:
    """Rows of serial, number, name and these fields."""
    return [[n, one.number, one.name, *(getattr(one, name) for name in more)] for n, one in enumerate(found, 1)]


def made(name: str, data: bytes, found: list[Person], *said: str) -> Made:
    return Made(name, data, tuple(one.only(*said) for one in found))


@layout
def plain_sheet(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("list.xlsx", writers.xlsx({"Sheet1": [head(random, "Branch"), *listed(found, "branch")]}), found)


@layout
def head_far_down(random: Random, count: int) -> Made:
    found = people(random, count)
    above: list[list[Cell]] = [
        [random.choice(ABOVE)] if random.random() < 0.7 else [] for _ in range(random.randint(1, 11))
    ]
    rows = [*above, head(random, "Branch"), *listed(found, "branch")]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}, merged=["A1:D1"]), found)


@layout
def two_rows_of_head_merged(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Interview", ""), ["", "", "", "Panel", "Time"], *listed(found, "panel", "time")]
    data = writers.xlsx({"Sheet1": rows}, merged=["A1:A2", "B1:B2", "C1:C2", "D1:E1"])
    return made("panels.xlsx", data, found, "panel", "time")


@layout
def two_rows_of_head_unmerged(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [[ABOVE[0]], head(random, "Interview", ""), ["", "", "", "Room", "Time"], *listed(found, "room", "time")]
    return made("rooms.xlsx", writers.xlsx({"Sheet1": rows}), found, "room", "time")


@layout
def panel_merged_down(random: Random, count: int) -> Made:
    found = [replace(one, panel=f"Panel {place // 10 + 1}") for place, one in enumerate(people(random, count))]
    rows = [head(random, "Panel"), *listed(found, "panel")]
    merged = [f"D{first + 2}:D{min(first + 11, count + 1)}" for first in range(0, count, 10) if first + 1 < count]
    return made("panels.xlsx", writers.xlsx({"Sheet1": rows}, merged=merged), found, "panel")


def _side_by_side(random: Random, found: list[Person], gap: list[Cell]) -> list[list[Cell]]:
    middle = (len(found) + 1) // 2
    left, right = listed(found[:middle]), listed(found[middle:])
    right += [["", "", ""]] * (middle - len(right))
    top = head(random)
    return [[*top, *gap, *top], *([*one, *gap, *other] for one, other in zip(left, right, strict=True))]


@layout
def side_by_side_with_gap(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("two.xlsx", writers.xlsx({"Sheet1": [[ABOVE[0]], *_side_by_side(random, found, [""])]}), found)


@layout
def side_by_side_without_gap(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("two.xlsx", writers.xlsx({"Sheet1": _side_by_side(random, found, [])}), found)


@layout
def a_sheet_a_panel(random: Random, count: int) -> Made:
    found = [replace(one, panel=str(place % 3 + 1)) for place, one in enumerate(people(random, count))]
    sheets = {f"Panel {n}": [head(random), *listed([one for one in found if one.panel == n])] for n in "123"}
    return made("panels.xlsx", writers.xlsx(sheets), found, "panel")


@layout
def a_sheet_a_branch(random: Random, count: int) -> Made:
    found = people(random, count)
    branches = sorted({one.branch for one in found})
    sheets = {name: [head(random), *listed([one for one in found if one.branch == name])] for name in branches}
    return made("branches.xlsx", writers.xlsx(sheets), found)


@layout
def as_superset_exports(random: Random, count: int) -> Made:
    found = people(random, count)
    rows: list[list[Cell]] = [["S.No", "Superset Id", "First Name", "Last Name", "Roll No"]]
    rows += [[n, 4_500_000 + n, one.first, one.last, int(one.number)] for n, one in enumerate(found, 1)]
    return made("export.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def numbers_as_floats(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random), *([float(n), float(one.number), one.name] for n, one in enumerate(found, 1))]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def numbers_as_text_of_floats(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random), *([n, f"{one.number}.0", one.name] for n, one in enumerate(found, 1))]
    return made("list.csv", writers.delimited(rows, ","), found)


@layout
def alphanumeric_numbers(random: Random, count: int) -> Made:
    found = people(random, count, "letters")
    rows = [head(random, "Branch"), *listed(found, "branch")]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def numbers_with_blanks(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [
        head(random),
        *([n, f" {one.number[:4]} {one.number[4:]} ", f" {one.name}  "] for n, one in enumerate(found, 1)),
    ]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def slots_and_rooms(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [[ABOVE[0]], head(random, "Slot", "Room", "Reporting Time"), *listed(found, "slot", "room", "time")]
    return made("slots.xlsx", writers.xlsx({"Sheet1": rows}), found, "slot", "room", "time")


@layout
def times_as_times(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Panel", "Time"), *listed(found, "panel")]
    for row, one in zip(rows[1:], found, strict=True):
        row.append(datetime.strptime(one.time, "%I:%M %p").time())  # noqa: DTZ007 - a time of day without a day
    return made("slots.xlsx", writers.xlsx({"Sheet1": rows}), found, "panel", "time")


@layout
def headings_between(random: Random, count: int) -> Made:
    found = [replace(one, panel=str(place * 3 // count + 1)) for place, one in enumerate(people(random, count))]
    rows: list[list[Cell]] = [[ABOVE[0]], head(random, "Branch")]
    for number in "123":
        rows += [[f"Panel {number}"], *listed([one for one in found if one.panel == number], "branch")]
    return made("panels.xlsx", writers.xlsx({"Sheet1": rows}), found, "panel")


@layout
def with_mail_and_phone(random: Random, count: int) -> Made:
    found = people(random, count)
    rows: list[list[Cell]] = [[*head(random), "Email ID", "Mobile No", "CGPA", "10th %", "Resume link"]]
    for row in listed(found):
        phone = random.randrange(6_000_000_000, 9_999_999_999)
        rows.append([*row, f"s{row[1]}@college.example", phone, 7.86, 91.4, "https://drive.example/x"])
    return made("applicants.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def name_before_number(random: Random, count: int) -> Made:
    found = people(random, count)
    rows: list[list[Cell]] = [["Name", "Father's Name", "Branch", "Enrollment No"]]
    rows += [[one.name, f"Mohan {one.last or 'Lal'}", one.branch, one.number] for one in found]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def hidden_rows(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random), *listed(found)]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}, hidden=range(2, count + 1, 3)), found)


@layout
def starts_at_d5(random: Random, count: int) -> Made:
    found = people(random, count)
    rows: list[list[Cell]] = [[], [], [], [], head(random), *listed(found)]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}, offset=3), found)


@layout
def without_a_head(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("list.xlsx", writers.xlsx({"Sheet1": [[ABOVE[0]], *listed(found)]}), found)


@layout
def blank_rows_between(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random)]
    for row in listed(found):
        rows += [row, []] if random.random() < 0.2 else [row]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def comma_separated(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Panel", "Time"), *listed(found, "panel", "time")]
    return made("list.csv", writers.delimited(rows, ","), found, "panel", "time")


@layout
def tab_separated(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("list.tsv", writers.delimited([head(random), *listed(found)], "\t"), found)


@layout
def semicolons_in_utf16(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("list.csv", writers.delimited([head(random), *listed(found)], ";", "utf-16"), found)


@layout
def old_excel(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [[ABOVE[0]], head(random), *([n, float(one.number), one.name] for n, one in enumerate(found, 1))]
    return made("list.xls", writers.xls(rows), found)


@layout
def open_document(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("list.ods", writers.ods([head(random, "Panel"), *listed(found, "panel")]), found, "panel")


@layout
def html_called_excel(random: Random, count: int) -> Made:
    found = people(random, count)
    return made("list.xls", writers.html([head(random), *listed(found)]), found)


@layout
def pdf_with_lines(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Branch"), *listed(found, "branch")]
    return made("list.pdf", writers.pdf([ABOVE[0], rows], foot="Placement Cell"), found)


@layout
def pdf_without_lines(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Panel", "Time"), *listed(found, "panel", "time")]
    return made("list.pdf", writers.pdf([ABOVE[0], ABOVE[4], rows], "none"), found, "panel", "time")


@layout
def pdf_with_its_head_once(random: Random, count: int) -> Made:
    found = people(random, count)
    rows: list[list[Cell]] = [["S.No", "Superset Id", "First Name", "Last Name", "Roll No"]]
    rows += [[n, 4_500_000 + n, one.first, one.last, one.number] for n, one in enumerate(found, 1)]
    lines = random.choice(("grid", "none", "across"))
    return made("export.pdf", writers.pdf([rows], lines, repeat=0, foot="Shortlist"), found)


@layout
def pdf_with_lines_across(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Slot", "Room"), *listed(found, "slot", "room")]
    lines = random.choice(("across", "book", "zebra"))
    return made("slots.pdf", writers.pdf([ABOVE[1], rows], lines), found, "slot", "room")


@layout
def pdf_with_lines_down(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Branch"), *listed(found, "branch")]
    return made("list.pdf", writers.pdf([ABOVE[0], rows], "down"), found)


@layout
def pdf_with_wrapped_names(random: Random, count: int) -> Made:
    found = [replace(one, name=f"{one.first} Venkata Subramanya {one.last or 'Rao'}") for one in people(random, count)]
    rows = [head(random, "Panel"), *listed(found, "panel")]
    return made("list.pdf", writers.pdf([rows], widths=(40, 90, 100, 60)), found, "panel")


@layout
def pdf_side_by_side(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = _side_by_side(random, found, [""])
    return made("two.pdf", writers.pdf([ABOVE[0], rows], random.choice(("grid", "none")), wide=True), found)


@layout
def pdf_of_lines(random: Random, count: int) -> Made:
    found = people(random, count)
    parts = [
        "The following students are shortlisted:",
        *(f"{n}. {one.name} ({one.number})" for n, one in enumerate(found, 1)),
    ]
    return made("list.pdf", writers.pdf(parts), found)


@layout
def pdf_of_wide_tables(random: Random, count: int) -> Made:
    found = people(random, count)
    rows: list[list[Cell]] = [[*head(random), "Branch", "Email", "CGPA", "Panel", "Time"]]
    for row, one in zip(listed(found), found, strict=True):
        rows.append([*row, one.branch, f"s{one.number}@college.example", "7.86", one.panel, one.time])
    return made(
        "list.pdf", writers.pdf([ABOVE[0], rows], random.choice(("grid", "none")), wide=True), found, "panel", "time"
    )


@layout
def word_table(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [head(random, "Branch"), *listed(found, "branch")]
    return made("list.docx", writers.docx([ABOVE[0], rows, "All the best"]), found)


@layout
def word_list(random: Random, count: int) -> Made:
    found = people(random, count)
    parts = [
        "The following students are shortlisted:",
        *(f"{n}. {one.name} - {one.number}" for n, one in enumerate(found, 1)),
    ]
    return made("list.docx", writers.docx(parts), found)


@layout
def word_tables_of_panels(random: Random, count: int) -> Made:
    found = [replace(one, panel=str(place % 2 + 1)) for place, one in enumerate(people(random, count))]
    parts: list[str | writers.Rows] = []
    for number in "12":
        parts += [f"Panel {number}", [head(random), *listed([one for one in found if one.panel == number])]]
    return made("panels.docx", writers.docx(parts), found, "panel")


@layout
def plain_text(random: Random, count: int) -> Made:
    found = people(random, count)
    lines = ["Shortlisted students:", *(f"{n}) {one.number}  {one.name}" for n, one in enumerate(found, 1))]
    return made("list.txt", "\r\n".join(lines).encode(), found)


@layout
def number_in_the_cell_of_the_name(random: Random, count: int) -> Made:
    found = people(random, count)
    rows: list[list[Cell]] = [
        ["S.No", "Student"],
        *([n, f"{one.name} ({one.number})"] for n, one in enumerate(found, 1)),
    ]
    return made("list.xlsx", writers.xlsx({"Sheet1": rows}), found)


@layout
def panel_first_and_merged(random: Random, count: int) -> Made:
    found = [replace(one, panel=f"Panel {place // 6 + 1}") for place, one in enumerate(people(random, count))]
    rows = [["Panel", "S.No", "Roll No", "Name"]]
    rows += [["" if n % 6 else one.panel, str(n + 1), one.number, one.name] for n, one in enumerate(found)]
    merged = [f"A{first + 2}:A{min(first + 7, count + 1)}" for first in range(0, count, 6) if first + 1 < count]
    return made("panels.xlsx", writers.xlsx({"Sheet1": rows}, merged=merged), found, "panel")


@layout
def lists_one_below_the_other(random: Random, count: int) -> Made:
    found = people(random, count)
    half = count // 2
    upper = [["CSE"], head(random), *listed(found[:half]), []]
    lower: list[list[Cell]] = [
        ["ECE"],
        ["S.No", "Name", "Roll No"],
        *([n, p.name, p.number] for n, p in enumerate(found[half:], 1)),
    ]
    return made("list.xlsx", writers.xlsx({"Sheet1": upper + lower}), found)


@layout
def pdf_turned(random: Random, count: int) -> Made:
    found = people(random, count)
    rows = [["Roll No", "Name", "Panel"], *([one.number, one.name, one.panel] for one in found)]
    return made("turned.pdf", writers.turned_pdf(rows, random.choice((90, 180, 270))), found, "panel")


@layout
def archive(random: Random, count: int) -> Made:
    found = people(random, count)
    half = count // 2
    one = writers.xlsx({"Sheet1": [head(random), *listed(found[:half])]})
    other = writers.pdf([[head(random), *listed(found[half:])]])
    return made("lists.zip", writers.zipped({"CSE.xlsx": one, "ECE.pdf": other, "__MACOSX/._x": b"x"}), found)
