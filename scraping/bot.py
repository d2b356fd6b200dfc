"""The bot's word on placements: /stats; and what an enrolment number says of its student."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext as _n

from accounts import courses
from accounts.personal import profiles
from accounts.seasons import show_season
from accounts.subscribing import subscriptions
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, command, in_database
from notifications.rendering.formats import figure, lpa, storable_text
from scraping.lookup import asked_in_words  # noqa: F401 (registers itself)
from scraping.lookup.commands import near_keys
from scraping.lookup.companies import all_companies, meant
from scraping.lookup.company import stored_of
from scraping.lookup.roles import jobs_of_role
from scraping.lookup.words import jobs_in_words, role_in_words
from scraping.models import Branch
from scraping.placements.statistics import Figures, Statistics, Wanted
from scraping.placements.statistics_output import cached
from scraping.reading.layout.role_runs import find_roles

NOTHING_YET = _lazy("No offers yet. Try again after the first results.")
NOTHING_ABOUT = _lazy("Nothing is known about “%(name)s”.")
LOOK = _lazy("/find looks for it in all notices.")
DID_YOU_MEAN = _lazy("Did you mean one of these?")
_LONGEST_QUESTION = 100


@command(
    "stats",
    does=_lazy("Who is placed, and for how much; /stats Zenith for a company, a role or a branch"),
    about=Topic.PLACEMENTS,
)
async def stats(call: Call) -> None:
    standing = await in_database(subscriptions.standing, call.chat.id)
    seasons = standing.seasons if standing and not standing.every_season else tuple(settings.PLACEMENT_YEARS)
    about = storable_text(" ".join(call.words)[:_LONGEST_QUESTION])
    seasons = seasons or (settings.ACTIVE_PLACEMENT_YEAR,)
    if about:
        await call.reply(*await in_database(answer_about, seasons, about), stored=False)
    else:
        await call.reply(await in_database(answer, seasons))


def answer(seasons: tuple[int, ...]) -> str:
    """A block a season that has offers."""
    return _blocks(_("📊 Placements %(season)s"), [Wanted(season=season) for season in seasons]) or str(NOTHING_YET)


def answer_about(seasons: tuple[int, ...], about: str) -> tuple[str, Keyboard]:
    """The same of a company, with its jobs; else of roles and companies with these words in their name; of a branch."""
    found, now = meant(about, all_companies()), timezone.now()
    figures = jobs = ""
    role = next(iter(find_roles(about)), None)
    if found.company and not (role and role.start == 0):
        name = found.company.name
        figures = _blocks(_about(name), [Wanted(season=season, company=name) for season in seasons])
        jobs = jobs_in_words(stored_of(found.company, now), now)
        if jobs and not figures:
            figures = _no_offers(name)
    if not jobs:
        jobs = role_in_words(about, *jobs_of_role(about, seasons, now), now)
    figures = figures or _blocks(_about(f"“{about}”"), [Wanted(season=season, text=about) for season in seasons])
    figures = figures or _of_branch(seasons, about)
    if jobs and not figures:
        figures = _no_offers(f"“{about}”")
    if figures:
        return "\n\n".join(filter(None, (figures, jobs))), ()
    return f"{NOTHING_ABOUT % {'name': about}} {DID_YOU_MEAN if found.near else LOOK}", near_keys(found.near)


def _no_offers(name: str) -> str:
    return _("📊 %(name)s: no offers are known of these seasons.") % {"name": name}


def _of_branch(seasons: tuple[int, ...], about: str) -> str:
    """The same of a branch: "CSE"; "" where the name is none."""
    branch = courses.branch_name(about)
    if not courses.is_branch(branch):
        return ""
    return _blocks(_about(branch), [Wanted(season=season, branch=branch) for season in seasons])


def _about(name: str) -> str:
    """The heading of somebody's placements, with the season's place in it left open."""
    return _("📊 %(name)s: placements %(season)s") % {"name": name.replace("%", "%%"), "season": "%(season)s"}


def _blocks(title: str, wanted: Iterable[Wanted]) -> str:
    figures = ((one.season, cached(one, in_words)) for one in wanted)
    return "\n\n".join(f"{title % {'season': show_season(season)}}\n{text}" for season, text in figures if text)


def in_words(found: Statistics) -> str:
    """A season's figures in a few lines; "" where nobody is placed."""
    overall = found.overall
    if not overall.students:
        return ""
    companies = len(found.companies)
    offers = _n("%(count)d offer", "%(count)d offers", overall.offers) % {"count": overall.offers}
    made_by = _n("%(count)d company", "%(count)d companies", companies) % {"count": companies}
    lines = [f"{_students(overall)} · {offers} · {made_by}", _pay(overall)]
    branches = [f"{name}: {_students(figures)}{_average(figures)}" for name, figures in found.branches.items()]
    branches = branches if len(branches) > 1 else []  # the only one is told above
    return "\n".join(filter(None, [*lines, *branches]))


def _students(figures: Figures) -> str:
    if not figures.eligible:
        return _n("%(count)d placed", "%(count)d placed", figures.students) % {"count": figures.students}
    text = _("%(count)d of %(eligible)d placed (%(percentage)s %%)")
    return text % {
        "count": figures.students,
        "eligible": figures.eligible,
        "percentage": figure(figures.percentage or 0),
    }


def _pay(figures: Figures) -> str:
    named = (
        (_("Average %(pay)s"), figures.average),
        (_("median %(pay)s"), figures.median),
        (_("highest %(pay)s"), figures.highest),
    )
    stated = [text % {"pay": lpa([amount])} for text, amount in named if amount is not None]
    return " · ".join(stated)


def _average(figures: Figures) -> str:
    return ", " + _("average %(pay)s") % {"pay": lpa([figures.average])} if figures.average is not None else ""


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
