"""The texts of a season as their sources word them, each with what is true of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from benchmarks.played.inputs import DAY, HOUR, Posting, Roster, Student, Text, Version, local, shown, shown_day
from supersetbot.sandbox.made_files import pdf
from supersetbot.sandbox.portal import portal_world
from supersetbot.sandbox.portal import templates as say
from supersetbot.sandbox.portal.portal_world import Job

FIRST = (
    "Amber Beacon Cobalt Drift Ember Fjord Garnet Harbor Ivory Juniper Kestrel Lattice Marble Nectar Onyx Pebble "
    "Quarry Ripple Saffron Timber Umbra Velvet Willow Xenon Yarrow"
).split()
LAST = "Forge Mills Networks Analytics Works Systems Motors Textiles".split()
ROLES = ("Data Engineer", "QA Engineer", "Software Engineer", "Business Analyst", "Cloud Engineer")
OTHERS = ("Devi", "Nambiar", "Purohit", "Saxena", "Thakur", "Upadhyay")  # of students who are no subscribers
PLACES = ("Pune", "Noida", "Chennai", "Hyderabad")
PORTAL, MAILBOX = "superset", "email"


@dataclass(slots=True)
class Recipe:
    """How a text is published: title and body of each version, the job it comes with, the file it links to."""

    posts: list[tuple[str, str]] = field(default_factory=list)
    job: Job | None = None
    deadlines: list[float] = field(default_factory=list)
    file: tuple[str, bytes] | None = None


Made = tuple[Text, Recipe]


def half_hour(at: float) -> float:
    return at - at % (HOUR / 2)


def company(number: int) -> str:
    """Another name for each number up to 200."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"


class Writer:
    """Writes one text after the other; every random choice is `chance`'s."""

    def __init__(self, chance: Random, students: list[Student], end: float) -> None:
        self.chance, self._end = chance, end
        self._numbers = [(student.name, student.number) for student in students if student.number and not student.owner]
        self.postings: list[Made] = []
        self._written = 0

    def _key(self, source: str = PORTAL) -> str:
        self._written += 1
        return f"{'T&P Cell' if source == MAILBOX else 'Office'} {self._written:04}"

    def posting(self, at: float, *, with_notice: bool) -> Made:
        """A job; most have a notice that says they are open."""
        chance, key = self.chance, self._key()
        name, role, place = company(len(self.postings)), chance.choice(ROLES), chance.choice(PLACES)
        intern = chance.random() < 0.2
        level = 4 if intern else chance.randint(1, 3)
        rupees, cgpa = chance.randrange(400_000, 2_400_000, 50_000), chance.choice((5.0, 6.5, 7.0, 8.0))
        branches = chance.choice((frozenset({"CSE", "ECE"}), frozenset({"CSE"}), frozenset({"ECE"})))
        files = (f"JD {key[-4:]}.pdf",) if chance.random() < 0.1 else ()
        offer = portal_world.Offer(name, role, level, rupees, place, cgpa=cgpa, branches=branches, files=files)
        job = portal_world.make_job(offer, local(at), chance)
        deadline = half_hour(at + chance.uniform(1.5, 7) * DAY)
        posting = Posting(
            job=key,
            rupees=rupees,
            place=place,
            type="internship" if intern else "full time",
            cgpa=cgpa,
            tenth=60.0,
            branches=tuple(sorted(branches)),
            backlogs=0 if with_notice else None,
        )
        title = f"{name} · {role}"
        text = Text(key, "posting", PORTAL, "job_posting", title, [], name, f"{name} {role}", key, posting)
        text.document = files[0] if files else ""
        recipe = Recipe(job=job)
        self._say_deadline(text, recipe, at, deadline, with_notice=with_notice)
        if chance.random() < 0.25 and (moved := at + chance.uniform(1, 20) * HOUR) < self._latest:
            later = deadline + DAY
            self._say_deadline(text, recipe, moved, later, with_notice=with_notice)
        self.postings.append((text, recipe))
        return text, recipe

    @property
    def _latest(self) -> float:
        """After that nothing changes: what is said then must still reach everybody."""
        return self._end - 3 * HOUR

    def _say_deadline(self, text: Text, recipe: Recipe, at: float, deadline: float, *, with_notice: bool) -> None:
        assert recipe.job
        recipe.deadlines.append(deadline)
        if with_notice:
            recipe.posts.append(say.open_for_applications(recipe.job.opening, local(deadline)))
        ping = f"Deadline moved from {shown(text.versions[-1].deadline)} to {shown(deadline)}" if text.versions else ""
        line = (f"until {shown(deadline)}",)
        text.versions.append(Version(at, (f"Apply by {shown(deadline)}",), deadline=deadline, ping=ping, line=line))

    def _job(self, at: float) -> Made:
        """A posting that has been there for a while."""
        return self.chance.choice([made for made in self.postings if made[0].at < at - HOUR] or self.postings[:1])

    def _roster(self, most: int = 40) -> Roster:
        chance = self.chance
        known = chance.sample(self._numbers, min(len(self._numbers), chance.randint(3, most * 3 // 4)))
        others = chance.sample(OTHERS, chance.randint(1, 5))
        unknown = [(f"Tara {name}", str(24_510_000 + chance.randrange(9000))) for name in others]
        return tuple({number: (name, number) for name, number in (*known, *unknown)}.values())

    def shortlist(self, at: float) -> Made:
        """A list on the portal for a stage of a job; some are edited, a few withdrawn."""
        posting, source = self._job(at)
        assert source.job
        opening, stage = source.job.opening, self.chance.randint(1, 4)
        text = Text(self._key(), "list", PORTAL, "shortlisting", posting.title, [], posting.company, "", posting.job)
        recipe = Recipe()

        def publish(moment: float, roster: Roster) -> None:
            post = say.final_shortlist(opening, roster) if stage == 4 else say.shortlist(opening, stage, roster)
            recipe.posts.append(post)
            text.versions.append(Version(moment, (f"{len(roster)} student",), roster))

        roster = self._roster()
        publish(at, roster)
        self._change_list(text, roster, publish)
        return text, recipe

    def _change_list(self, text: Text, roster: Roster, publish: Callable[[float, Roster], None]) -> None:
        chance = self.chance
        moment = text.at + chance.uniform(1, 12) * HOUR
        if moment > self._latest:
            return
        luck = chance.random()
        if luck < 0.2:
            gone = chance.choice(roster)
            kept = [row for row in roster if row != gone]
            left = [row for row in self._numbers if row not in roster]
            publish(moment, (*kept, chance.choice(left)) if left else tuple(kept))
        elif luck < 0.27:
            text.withdrawn = moment

    def mailed_list(self, at: float) -> Made:
        posting, source = self._job(at)
        assert source.job
        roster, hall = self._roster(25), f"Hall {self._written + 1}"
        event = at - at % DAY + 3 * DAY + 4.5 * HOUR  # 10 AM in India
        day = local(event)
        table = "\n".join(f"{row}\t{number}\t{name}" for row, (name, number) in enumerate(roster, 1))
        body = (
            f"Dear Students,\n\nThe following students are shortlisted for the technical interview of "
            f"{posting.company} for the role of {source.job.opening.role}.\n"
            f"Date: {day:%d %B %Y}, 10:00 AM\nVenue: {hall}\n\n{table}\n"
        )
        key = self._key(MAILBOX)
        text = Text(key, "list", MAILBOX, "shortlisting", posting.title, [], posting.company, "", posting.job)
        text.versions.append(Version(at, (hall, f"{len(roster)} student"), roster, event=event, line=(hall,)))
        return text, Recipe([(f"{posting.company} - Shortlist for Technical Interview", body)])

    def file_list(self, at: float) -> Made:
        """A notice that links to a list as PDF; it names the company alone, so that it belongs to no job."""
        posting, _ = self._job(at)
        key, roster = self._key(), self._roster(12)
        name = f"shortlist-{key[-4:]}.pdf"
        rows = [["Roll No", "Name", "Room"], *([number, who, "CL1"] for who, number in roster)]
        text = Text(key, "list", PORTAL, "shortlisting", posting.title, [], posting.company)
        text.versions.append(Version(at, (f"{len(roster)} student",), roster))
        text.document = name
        title = f"Shortlist for Technical interview - {posting.company}"
        body = '<p>The shortlisted students are in <a href="{file}">this list</a>.</p>'
        return text, Recipe([(title, body)], file=(name, pdf(rows)))

    def venue(self, at: float) -> Made:
        """Where and when a stage is; the hall may change, the time too."""
        posting, source = self._job(at)
        assert source.job
        opening, stage = source.job.opening, self.chance.randint(2, 4)
        key = self._key()
        event = half_hour(at + self.chance.uniform(1.2, 4) * DAY)
        words = f"{posting.company} {opening.role}"
        text = Text(key, "venue", PORTAL, "update", posting.title, [], posting.company, words, posting.job)
        recipe = Recipe()
        halls = [f"Hall {int(key[-4:])}", f"Lab {int(key[-4:])}"]

        def publish(moment: float, start: float, hall: str, ping: str) -> None:
            end = local(start) + timedelta(hours=2)
            recipe.posts.append(say.venue(opening, stage, hall, local(start), end))
            line = (f"{shown(start)} · {hall}",)
            text.versions.append(Version(moment, line, event=start, ping=ping, line=line))

        publish(at, event, halls[0], "")
        moved = at + self.chance.uniform(1, 14) * HOUR
        if self.chance.random() < 0.3 and moved < self._latest:
            later = event + 2 * HOUR
            ping = f"Date moved from {shown(event)} to {shown(later)}, venue moved from {halls[0]} to {halls[1]}"
            publish(moved, later, halls[1], ping)
        return text, recipe

    def talk(self, at: float) -> Made:
        key = self._key()
        name = f"Webinar: Talk {key[-4:]}"
        start = local(half_hour(at + self.chance.uniform(1, 5) * DAY))
        body = f"<p>An alumni talk, number {key[-4:]}.</p>"
        post = say.upcoming_event(name, start, start + timedelta(hours=1), body)
        title = f"Upcoming Event: {name}"
        line = (shown(start.timestamp()),)
        version = Version(at, line, event=start.timestamp(), line=line)
        return Text(key, "talk", PORTAL, "webinar", title, [version], words=f"{title} {body}"), Recipe([post])

    def contest(self, at: float) -> Made:
        key = self._key()
        last = local(at + self.chance.uniform(2, 6) * DAY)
        title = f"TamarindHacks {key[-4:]} – 36-hour hackathon – Register now"
        body = f"<p>Teams of two to four. Register by <strong>{last:%d %B %Y}</strong></p>"
        midnight = last.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        line = (f"until {shown_day(midnight)}",)
        version = Version(at, (shown_day(midnight),), deadline=midnight, all_day=True, line=line)
        return Text(key, "contest", PORTAL, "hackathon", title, [version], words=f"{title} {body}"), Recipe(
            [(title, body)]
        )

    def circular(self, at: float) -> Made:
        """A text that is shown as written; some have a second edition, a few are withdrawn."""
        key, chance = self._key(), self.chance
        title = f"Library fines: circular {key[-4:]}"
        text = Text(key, "circular", PORTAL, "announcement", title, [], words=title)
        recipe = Recipe()
        editions = [at]
        if chance.random() < 0.2 and (again := at + chance.uniform(0.8, 10) * HOUR) < self._latest:
            editions.append(again)
        elif chance.random() < 0.08 and (gone := at + chance.uniform(0.8, 10) * HOUR) < self._latest:
            text.withdrawn = gone
        for number, moment in enumerate(editions, 1):
            body = f"<p>Clear your library fines at counter {key[-4:]}. Edition {number} of this circular.</p>"
            recipe.posts.append((title, body))
            text.versions.append(Version(moment, (f"Edition {number} of",)))
        return text, recipe
