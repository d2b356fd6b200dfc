"""The bot's word on placements: /stats; and what an enrolment number says of its student."""

from django.conf import settings

from accounts import courses
from accounts.seasons import show_season
from accounts.subscribing import profiles, subscriptions
from accounts.telegram.call import Call
from accounts.telegram.registry import Topic, command, in_database
from notifications.rendering.formats import lpa
from scraping.models import Branch
from scraping.placements.statistics import Figures, Statistics, Wanted
from scraping.placements.statistics_output import cached

NOTHING_YET = "No offers yet. Try again after the first results."
_LONGEST_QUESTION = 100


@command("stats", does="Who is placed, and for how much; /stats Zenith for a company or a role", about=Topic.PLACEMENTS)
async def stats(call: Call) -> None:
    standing = await in_database(subscriptions.standing, call.chat.id)
    seasons = standing.seasons if standing and not standing.every_season else tuple(settings.PLACEMENT_YEARS)
    about = " ".join(call.words)[:_LONGEST_QUESTION]
    await call.reply(await in_database(answer, seasons or (settings.ACTIVE_PLACEMENT_YEAR,), about))


def answer(seasons: tuple[int, ...], about: str = "") -> str:
    """A block a season that has offers; `about` narrows to roles and companies with these words in their name."""
    blocks = [cached(Wanted(season=season, text=about), as_text) for season in seasons]
    return "\n\n".join(filter(None, blocks)) or (f"Nothing is known about {about}." if about else NOTHING_YET)


def as_text(found: Statistics) -> str:
    """A season in a few lines; "" where nobody is placed."""
    overall = found.overall
    if not overall.students:
        return ""
    companies = len(found.companies)
    lines = [
        f"📊 Placements {show_season(found.season)}",
        f"{_students(overall)} · {_count(overall.offers, 'offer')} · {_count(companies, 'company', 'companies')}",
        _pay(overall),
    ]
    branches = [f"{name}: {_students(figures)}{_average(figures)}" for name, figures in found.branches.items()]
    return "\n".join(filter(None, [*lines, *branches]))


def _students(figures: Figures) -> str:
    if not figures.eligible:
        return f"{figures.students} placed"
    return f"{figures.students} of {figures.eligible} placed ({figures.percentage} %)"


def _pay(figures: Figures) -> str:
    named = (("Average", figures.average), ("median", figures.median), ("highest", figures.highest))
    stated = [f"{name} {lpa([amount])}" for name, amount in named if amount is not None]
    return " · ".join(stated)


def _average(figures: Figures) -> str:
    return f", average {lpa([figures.average])}" if figures.average is not None else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


@profiles.guess_by
def course_of(number: str) -> dict[str, str]:
    """Return the programme, branch and batch of a number that lies in a branch's range; {} where none holds it."""
    if not number.isdecimal():
        return {}
    found = Branch.objects.filter(start__lte=int(number), end__gt=int(number)).order_by("-season").first()
    if found is None:
        return {}
    program, branch = courses.program_name(found.branch), courses.branch_name(found.branch)
    if not courses.is_branch(branch):  # "Intg. MTech" stands in the place of a branch there
        branch = courses.branch_name(found.campus)
    known = {"program": program} if courses.is_program(program) else {}
    if courses.is_branch(branch):
        known["branch"] = branch
    return {**known, "batch": str(2000 + found.season % 100)}
