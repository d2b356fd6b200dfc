"""Messages of a small season that are all right, and ways to make one of them wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.played.checker import Checker
from benchmarks.played.inputs import DAY, HOUR, MINUTE, Act, Posting, Season, Student, Text, Version, shown
from benchmarks.played.known import Trouble, named
from benchmarks.played.phones import Arrived
from benchmarks.played.truth import Expected, Truth
from benchmarks.played.verdict import Verdict

START = 1_799_000_000.0
END = START + 6 * DAY
ASHA = Student(1, "Asha Rao", "22103001")
BELA = Student(2, "Bela Nair", "22103002", muted=frozenset({"shortlisting"}))
RAVI = Student(3, "Ravi Menon", "22103003", filters=(("not-word", "fines"),))
STRANGER = Student(4, "Tara Devi", "22103004", member=False)
CROWD = [Student(100 + n, f"Student {n}") for n in range(40)]
STUDENTS = (ASHA, BELA, RAVI, STRANGER, *CROWD)
ROSTER = (("Asha Rao", "22103001"), ("Uday Lahiri", "22103999"))
DEADLINE = START + 4 * DAY
_POSTING = Posting("Office 0001", 600_000, "Pune", "full time", 7.0, 60.0, ("CSE",))


def texts() -> list[Text]:
    def of(key: str, kind: str, category: str, title: str, *versions: Version, **more: Any) -> Text:
        return Text(key, kind, "superset", category, title, list(versions), **more)

    moved = DEADLINE + DAY
    return [
        of(
            "Office 0001",
            "posting",
            "job_posting",
            "Amber Forge · QA Engineer",
            Version(
                START + HOUR, (f"Apply by {shown(DEADLINE)}",), deadline=DEADLINE, line=(f"until {shown(DEADLINE)}",)
            ),
            Version(
                START + 20 * HOUR,
                (f"Apply by {shown(moved)}",),
                deadline=moved,
                ping=f"Deadline moved to {shown(moved)}",
                line=(f"until {shown(moved)}",),
            ),
            company="Amber Forge",
            job="Office 0001",
            posting=_POSTING,
        ),
        of(
            "Office 0002",
            "list",
            "shortlisting",
            "Amber Forge · QA Engineer",
            Version(START + 2 * HOUR, ("students",), ROSTER),
            Version(START + 9 * HOUR, ("students",), (*ROSTER, ("Bela Nair", "22103002"))),
            company="Amber Forge",
            job="Office 0001",
        ),
        of(
            "Office 0003",
            "circular",
            "announcement",
            "Library fines",
            Version(START + 3 * HOUR, ("Edition 1",)),
            Version(START + 12 * HOUR, ("Edition 2",)),
            words="Library fines",
        ),
        of(
            "Office 0004",
            "circular",
            "announcement",
            "Buses",
            Version(START + 4 * HOUR, ("Edition 1",)),
            withdrawn=START + 11 * HOUR,
        ),
    ]


ACTS = [Act(START + 6 * HOUR, ASHA.chat, "remind", "Office 0001"), Act(START + 30 * HOUR, 100, "remind", "Office 0001")]


def truth(
    acts: list[Act] = ACTS, troubles: tuple[Trouble, ...] = (), students: tuple[Student, ...] = STUDENTS
) -> Truth:
    return Truth(Season(1, START, END, list(students), texts()), acts, list(troubles))


def says(student: Student, text: Text, version: Version) -> str:
    """A message as the service words it."""
    own = "🎯 You are on the list: Amber Forge.\n\n" if named(student, version) else ""
    rows = "".join(f"\n{number}  {name}" for name, number in version.roster) if student.member else ""
    return f"{own}📌 {text.title}\n{' · '.join(version.marks)}{rows}\n\n{text.key} · Mon 4 Jan"


def message(of: Truth, number: int, expected: Expected) -> Arrived:
    """A message that arrived in time, and was edited since."""
    student, text = of.students[expected.chat], of.texts.get(expected.key)
    at = expected.due + MINUTE
    notes = {"ping": expected.about, "remind": f"Deadline: {expected.about.rpartition(', ')[0]} (in 3 hours)"}
    notes |= {"on": "You were added to this list", "off": "You are no longer on this list: ask the placement cell"}
    notes |= {"withdrawn": "This list was withdrawn: ask the placement cell"}
    if expected.what != "text" or text is None:
        emoji = "⏰" if expected.what == "remind" else "✏️"
        words = f"{emoji} {text.title if text else expected.key}\n{notes[expected.what]}"
        return Arrived(number, at, expected.chat, words, words)
    now = says(student, text, text.versions[-1])
    if text.withdrawn:
        now = f"✏️ Withdrawn Mon 4 Jan\n\n{now}"
    return Arrived(number, at, expected.chat, says(student, text, text.version_at(at)), now)


def all_right(of: Truth) -> list[Arrived]:
    """Everything that should arrive, in time and in order: the own names first."""
    due = sorted((one for one in of.expected() if one.sure), key=lambda one: (one.due, not one.own))
    told = [message(of, number, one) for number, one in enumerate(due) if not one.waits]
    waited: dict[tuple[int, float], list[Expected]] = {}
    for one in due:
        if one.waits:
            waited.setdefault((one.chat, one.due), []).append(one)
    return [*told, *(digest(of, 1000 + number, ones) for number, ones in enumerate(waited.values()))]


def digest(of: Truth, number: int, told: list[Expected]) -> Arrived:
    """What waited, in one message that came in time."""
    due = told[0].due + MINUTE
    if of.students[told[0].chat].owner:
        words = f"{len(told)} notices waited for you\n📣 {of.texts[told[0].key].title}"
        return Arrived(number, due, told[0].chat, words, words, is_pushed=True)

    def words_at(moment: float) -> str:
        lines = [line(of.texts[one.key], one, moment) for one in told]
        return "\n\n".join(["🗞 Your digest", *(f"{n}. 📣 {each}" for n, each in enumerate(lines, 1))])

    return Arrived(number, due, told[0].chat, words_at(due), words_at(END))


def line(text: Text, told: Expected, moment: float) -> str:
    """A text in a digest, as it is at a time."""
    if 0 < text.withdrawn <= moment:
        return f"Withdrawn: {text.title}"
    changed = "Changed: " if told.what == "ping" else ""
    name = f"Shortlist · {text.title}" if text.kind == "list" else text.title
    return f"{changed}{name}\n{' · '.join(text.version_at(moment).line) or 'Announcement'}"


def check(plant: Callable[[list[Arrived]], object] = lambda _: None, of: Truth | None = None) -> Verdict:
    of = of or truth()
    messages = all_right(of)
    plant(messages)
    return Checker(of, messages).check()


def place(messages: list[Arrived], student: Student, words: str) -> int:
    """Where the first message to a student that says these words stands."""
    return next(n for n, m in enumerate(messages) if m.chat == student.chat and words in m.first)


def change(student: Student, words: str, **fields: Any) -> Callable[[list[Arrived]], None]:
    def plant(messages: list[Arrived]) -> None:
        found = place(messages, student, words)
        messages[found] = replace(messages[found], **fields)

    return plant


def also(student: Student, words: str, at: float) -> Callable[[list[Arrived]], None]:
    """One more message."""
    return lambda messages: messages.append(Arrived(9000, at, student.chat, words, words))
