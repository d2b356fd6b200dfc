"""A season made of a seed: the same students, texts, acts and faults each time."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from random import Random

from benchmarks.played.inputs import DAY, HOUR, MINUTE, OLD_SEASON, SEASON, Act, Fault, Season, Student, Times
from benchmarks.played.texts import Recipe, Writer
from supersetbot.sandbox.portal.templates import INDIA

START = datetime(2027, 1, 4, tzinfo=INDIA).timestamp()  # a Monday
# What share of a day's texts appears in each hour from 08:00, and the rest by night.
BY_HOUR = (2, 5, 9, 10, 10, 8, 6, 7, 9, 10, 9, 6, 4, 3, 1, 1)
AT_NIGHT = 0.04
# Of a hundred texts of a season.
SHARES = {
    "posting": 12,
    "job": 4,
    "shortlist": 13,
    "mailed_list": 2,
    "file_list": 2,
    "venue": 15,
    "talk": 8,
    "contest": 4,
    "circular": 40,
}
GIVEN = (
    "Aarohi Bhavesh Charvi Dhruva Esha Farhan Gauri Hitesh Ira Jatin Kavya Lakshit Mihika Nakul Ojas Pari Rudra Sana "
    "Tanvi Uday Vanya Yash Zoya Advait Brinda Chirag"
).split()
FAMILY = (
    "Ahlawat Bhandarkar Chitnis Dasgupta Ekbote Fonseca Gokhale Halder Iyengar Joglekar Kulkarni Lahiri Mudaliar Naik "
    "Oberoi Parekh Quadri Ranganathan Sahasrabudhe Talwar"
).split()
SUGGESTED_MUTES = frozenset({"shortlisting", "placement_offer", "webinar", "hackathon"})
QUIET_END = 2 * HOUR  # at the end nothing goes wrong, so that everything can arrive

# What may go wrong: how often, for how long in seconds, and the kind's own measure.
FAULTS = {
    "kill delivery": (30, (0, 0), (1, 60)),  # messages after which the process is killed
    "kill reading": (20, (0, 0), (0, 400)),  # milliseconds after its start
    "kill bot": (6, (0, 0), (0, 0)),
    "flood": (12, (60, 900), (1, 8)),  # 429 to so many calls, each asking for so many seconds
    "telegram down": (6, (300, 1800), (0, 0)),
    "lost replies": (6, (60, 300), (1, 5)),
    "portal down": (8, (600, 5400), (0, 0)),
    "clock": (6, (180, 900), (-7200, 14400)),  # seconds that the service's clock is off
    "database away": (8, (120, 1200), (0, 0)),
    "locked": (6, (1, 3), (0, 0)),  # real seconds
    "disk full": (5, (300, 1200), (0, 0)),
}
EVERYWHERE = FAULTS.keys() - {"database away", "locked", "disk full"}  # on every database and machine


def generate(
    seed: int, *, days: float, students: int, texts: int, faults: int, kinds: Collection[str] = EVERYWHERE
) -> tuple[Season, dict[str, Recipe]]:
    """Return a season, and how each of its texts is published. `kinds` are the faults that are to be had."""
    chance = Random(seed)
    end = START + days * DAY
    people = [_student(chance, number) for number in range(students)]
    browsers = chance.sample(people, len(people) // 10)
    people += [replace(owner, chat=50_001 + number, owner=owner.chat) for number, owner in enumerate(browsers)]
    season = Season(seed, START, end, people, [])
    writer, recipes = Writer(chance, people, end), {}
    for kind, at in _appearances(chance, texts, days):
        if kind in ("posting", "job"):
            text, recipe = writer.posting(at, with_notice=kind == "posting")
        else:
            text, recipe = getattr(writer, kind)(at)
        season.texts.append(text)
        recipes[text.key] = recipe
    season.acts = sorted(_acts(chance, season), key=lambda act: act.at)
    season.faults = _faults(chance, season, faults, kinds)
    return season, recipes


def _appearances(chance: Random, count: int, days: float) -> list[tuple[str, float]]:
    """Return what appears when. A posting comes first, as the others speak of one."""
    names, weights = list(SHARES), list(SHARES.values())
    times = sorted(_moment(chance, days) for _ in range(count))
    return [("posting" if n < 2 else chance.choices(names, weights)[0], at) for n, at in enumerate(times)]


def _moment(chance: Random, days: float) -> float:
    latest = START + days * DAY - 4 * HOUR
    while True:
        hour = chance.randrange(8) if chance.random() < AT_NIGHT else chance.choices(range(8, 24), BY_HOUR)[0]
        at = START + chance.randrange(max(1, round(days))) * DAY + hour * HOUR + float(chance.randrange(3600))
        if at < latest:
            return at


def _student(chance: Random, number: int) -> Student:
    """Half take the suggested filters; the others have one or two of their own, or none. A tenth are strangers."""
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"
    branch = chance.choice(("CSE", "ECE", "IT"))
    enrolment = str(22_103_001 + number) if chance.random() < 0.9 else ""
    facts = (
        ("cgpa", f"{chance.uniform(5, 10):.2f}"),
        ("x", f"{chance.uniform(50, 99):.1f}"),
        ("program", "B.Tech"),
        ("branch", branch),
        ("backlogs", str(int(chance.random() < 0.1))),
    )
    known = facts if enrolment and chance.random() < 0.9 else ()
    suggested = bool(known) and chance.random() < 0.6
    return Student(
        chat=10_001 + number,
        name=name,
        number=enrolment,
        member=chance.random() < 0.9,
        seasons=(OLD_SEASON,) if not suggested and chance.random() < 0.08 else (SEASON,),
        muted=SUGGESTED_MUTES if suggested else _mutes(chance),
        filters=(("eligible", ""),) if suggested else _filters(chance),
        facts=known,
        suggested=suggested,
        times=_times(chance),
    )


def _times(chance: Random) -> Times:
    """Two in five have quiet hours, most of them those that are suggested; a third have a digest."""
    quiet = chance.choice(((23 * 60, 7 * 60), (23 * 60, 7 * 60), (22 * 60, 6 * 60 + 30), (60, 9 * 60)))
    digest = chance.choice((8 * 60, 13 * 60, 20 * 60, 6 * 60))
    return Times(
        quiet if chance.random() < 0.4 else None,
        digest if chance.random() < 0.33 else None,
        quietly=chance.random() < 0.2,
    )


def _mutes(chance: Random) -> frozenset[str]:
    return frozenset(name for name in ("webinar", "update", "shortlisting", "job_posting") if chance.random() < 0.1)


def _filters(chance: Random) -> tuple[tuple[str, str], ...]:
    kinds = {
        "company": "amber forge",
        "word": "talk",
        "not-company": "beacon forge",
        "not-word": "fines",
        "package": str(chance.choice((6, 8, 12))),
        "place": chance.choice(("Pune", "Noida")).lower(),
        "type": chance.choice(("internship", "full time")),
    }
    return tuple((kind, value) for kind, value in kinds.items() if chance.random() < 0.08)


def _acts(chance: Random, season: Season) -> list[Act]:
    """What students do: of each posting some press a button; some block the bot or stop it, and come back."""
    acts: list[Act] = []
    people = [student for student in season.students if not student.owner]
    for text in season.texts:
        if text.posting:
            for student in chance.sample(people, max(1, len(people) // 12)):
                what = chance.choice(("applied", "no", "remind", "remind"))
                acts.append(Act(text.at + chance.uniform(0.6, 6) * HOUR, student.chat, what, text.key))
                if what == "remind" and chance.random() < 0.3:
                    later = chance.choice(("applied", "no"))
                    acts.append(Act(text.at + chance.uniform(7, 20) * HOUR, student.chat, later, text.key))
    span = season.end - season.start
    for student in chance.sample(people, max(2, len(people) // 8)):
        away = season.start + chance.uniform(0.05, 0.6) * span
        how, back = chance.choice((("block", "unblock"), ("leave", "start"), ("stop", "start")))
        acts += [Act(away, student.chat, how), Act(away + chance.uniform(0.05, 0.3) * span, student.chat, back)]
    for browser in season.students[len(people) :]:
        gone = season.start + chance.uniform(0.05, 0.6) * span
        acts += [
            Act(gone, browser.chat, "vanish"),
            Act(gone + chance.uniform(0.05, 0.3) * span, browser.chat, "return"),
        ]
    return [act for act in acts if act.at < season.end - QUIET_END]


def _faults(chance: Random, season: Season, count: int, kinds: Collection[str]) -> list[Fault]:
    """Most strike while something is being told."""
    busy = [at for at, _, _ in season.changes()]
    names = [name for name in FAULTS if name in kinds]
    found: list[Fault] = []
    while len(found) < count:
        kind = chance.choices(names, [FAULTS[name][0] for name in names])[0]
        _, seconds, size = FAULTS[kind]
        at = chance.choice(busy) + chance.uniform(-2, 6) * MINUTE
        if chance.random() < 0.2:
            at = chance.uniform(season.start, season.end)
        fault = Fault(at, kind, float(chance.randint(*seconds)), float(chance.randint(*size)))
        if season.start + HOUR < fault.at and fault.end < season.end - QUIET_END:
            found.append(fault)
    return sorted(found, key=lambda fault: fault.at)
