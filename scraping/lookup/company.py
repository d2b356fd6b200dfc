"""What is stored of a company: its seasons, roles, pay, rounds, offers, and what is open. No student is named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from notifications.models import Notice, SearchEntry
from notifications.rendering import retold
from notifications.rendering.formats import lpa
from notifications.rendering.public import visible_notices
from scraping.lookup.companies import Known
from scraping.models import Job, Offer
from scraping.placements.counted import open_roles
from scraping.reading.facts.naming.names import role_words
from scraping.telling.pay import pay

NOTICES_SHOWN = 10
TEXTS = ("content", "description", "invitation", "package_info")


@dataclass(frozen=True, slots=True)
class Role:
    """A role, and each pay that is stated for it; "" where it is not named."""

    name: str
    pay: tuple[str, ...] = ()


@dataclass(slots=True)
class InSeason:
    """A company in one season; `offers` is how many it made, 0 where none is known."""

    season: int
    roles: list[Role] = field(default_factory=list)
    rounds: list[str] = field(default_factory=list)
    offers: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """A job, mostly one that somebody can still apply for, and its pay as people read it."""

    job: Job
    pay: str


@dataclass(frozen=True, slots=True)
class Company:
    """The newest season first, the nearest deadline first, the newest notice first."""

    name: str
    seasons: tuple[InSeason, ...]
    open: tuple[Open, ...]
    notices: tuple[Notice, ...]


def stored_of(known: Known, now: datetime) -> Company:
    """Return what is stored of a company: five statements, however much there is."""
    jobs = list(Job.objects.filter(company__in=known.spellings).defer(*TEXTS))
    offers = list(Offer.objects.filter(company__in=known.spellings).prefetch_related("students"))
    of_company = Q(search_entry__company__in=known.spellings)
    notices = visible_notices().filter(of_company)
    entries = list(
        SearchEntry.objects.filter(notice__in=notices.order_by())
        .order_by("notice__published_at")
        .values_list("notice__season", "role", "stage")
    )
    seasons = {job.season for job in jobs} | {offer.season for offer in offers} | {season for season, _, _ in entries}
    still_open = sorted(
        (job for job in jobs if job.deadline and job.deadline >= now), key=lambda job: str(job.deadline)
    )
    return Company(
        name=known.name,
        seasons=tuple(
            _in_season(
                season,
                [job for job in jobs if job.season == season],
                [offer for offer in offers if offer.season == season],
                [(role, stage) for of, role, stage in entries if of == season],
            )
            for season in sorted(filter(None, seasons), reverse=True)
        ),
        open=tuple(map(as_open, still_open)),
        notices=tuple(notices.defer("body", "links")[:NOTICES_SHOWN]),
    )


def as_open(job: Job) -> Open:
    return Open(job, retold.pay(pay(job)))


def _in_season(season: int, jobs: Sequence[Job], offers: Sequence[Offer], told: Sequence[tuple[str, str]]) -> InSeason:
    stated = [(job.role, retold.pay(pay(job))) for job in jobs]
    for offer in offers:
        stated += [(str(role.get("role") or ""), _offered(role.get("package"))) for role in open_roles(offer)]
    stated += [(role, "") for role, _ in told if role]
    rounds = [stage for job in jobs for stage in map(str, job.stages)] or [stage for _, stage in told]
    return InSeason(
        season=season,
        roles=_roles(stated),
        rounds=list(dict.fromkeys(filter(None, rounds))),
        offers=sum(offer.number_of_offers for offer in offers),
    )


def _roles(stated: Iterable[tuple[str, str]]) -> list[Role]:
    """Each role once, however it is spelled, with every pay that was stated for it."""
    found: dict[tuple[str, ...], tuple[str, list[str]]] = {}
    for name, text in stated:
        texts = found.setdefault(role_words(name), (name, []))[1]
        if text and text not in texts:
            texts.append(text)
    return [Role(name, tuple(texts)) for name, texts in found.values() if name or texts]


def _offered(package: object) -> str:
    """The package of an offer's role, which is in LPA."""
    return lpa([package]) if isinstance(package, int | float) and package > 0 else ""
