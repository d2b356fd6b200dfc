"""Placement offers over HTTP (spec: system, HTTP API): open; the students only to a key of scope stats."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.pagination import paginate

from accounts.web.errors import UNREADABLE, error_responses, private_cache
from accounts.web.paging import SORTED_BY, Paging, Season, Updated
from accounts.web.pay import Pay
from notifications.rendering.formats import lpa
from scraping.models import Offer, OfferedStudent
from scraping.placements.counted import RUPEES_A_LAKH, Role, fold, open_roles, rupees
from scraping.web.placements_api import has_key

router = Router(tags=["offers"])


class OfferFilter(Updated):
    """Which offers: all of them narrow the choice."""

    season: Season | None = Field(None, description="A season such as 202627.", examples=[202627])
    company: str | None = Field(None, max_length=200, description="Part of a company's name.")
    location: str | None = Field(None, max_length=300, description="Part of a place.")
    q: str | None = Field(None, max_length=200, description="Words of the company or a role.")

    def filter_company(self, value: str | None) -> Q:
        return Q(company_fold__contains=fold(value)) if value else Q()

    def filter_location(self, value: str | None) -> Q:
        return Q(location_keys__contains=fold(value)) if value else Q()

    def filter_q(self, value: str | None) -> Q:
        wanted = Q()
        for word in (value or "").split()[:8]:
            wanted &= Q(company_fold__contains=fold(word)) | Q(students__role_key__contains=fold(word))
        return wanted


class OfferPages(Paging):
    class Input(Paging.Input):
        sort: Literal["-first_seen_at", "first_seen_at", "-updated_at", "updated_at"] = Field(
            "-first_seen_at", description=SORTED_BY
        )


def _paid(amount: int | None) -> Pay | None:
    """One amount, in rupees a year."""
    return Pay(low=amount, high=amount, text=lpa([Decimal(amount) / RUPEES_A_LAKH])) if amount else None


class RoleOut(Schema):
    """A role of an offer."""

    role: str = Field(description="Its name; may be empty.")
    package: float | None = Field(description="LPA; null where no mail settles it.")
    pay: Pay | None = Field(description="The same in rupees a year.")
    details: str = Field(description="What else is said of it, or empty.")

    @staticmethod
    def resolve_pay(role: Mapping[str, Any]) -> Pay | None:
        return _paid(rupees(role.get("package")))


class StudentOut(Schema):
    """A student in an offer."""

    name: str = Field(description="As the mail has it; may be empty.")
    enrollment: str = Field(description="Enrolment number; may be empty.")
    role: str = Field(alias="counted_role", description="The role they are counted in; may be empty.")
    package: float | None = Field(description="LPA, as it counts in the statistics.")

    pay: Pay | None = Field(description="As it counts in the statistics.")

    @staticmethod
    def resolve_pay(student: OfferedStudent) -> Pay | None:
        return _paid(student.counted_package)

    @staticmethod
    def resolve_package(student: OfferedStudent) -> float | None:
        return student.counted_package / RUPEES_A_LAKH if student.counted_package else None


class OfferOut(Schema):
    """What a company offered in a season, over all mails about it."""

    id: int = Field(description="Identifier here.")
    season: int = Field(description="Such as 202627.")
    company: str = Field(description="The company.")
    roles: list[RoleOut] = Field(description="Its roles.")
    locations: list[str] = Field(description="Places of work.")
    joining_date: str = Field(description="2027-07-01, or 2027-07; may be empty.")
    number_of_offers: int = Field(description="As stated, and at least as many as are named.")
    on_campus: bool = Field(description="It belongs to a job of its season.")
    job: str | None = Field(description="Identifier of that job.")
    first_seen_at: datetime = Field(description="When the first mail about it was read.")
    updated_at: datetime = Field(description="When it last changed: what `updated_after` is about.")
    students: list[StudentOut] | None = Field(None, alias="named", description="Null without a key of scope stats.")

    @staticmethod
    def resolve_roles(offer: Offer) -> list[Role]:
        """A role may hold the name of its student."""
        return offer.roles if hasattr(offer, "named") else open_roles(offer)

    @staticmethod
    def resolve_on_campus(offer: Offer) -> bool:
        return offer.job_id is not None

    @staticmethod
    def resolve_job(offer: Offer) -> str | None:
        return offer.job.identifier if offer.job else None


@router.get(
    "/offers",
    response={200: list[OfferOut], **error_responses(*UNREADABLE)},
    summary="Offers, newest first; with a key of scope stats with their students",
)
@decorate_view(private_cache)
@paginate(OfferPages)
def offers(request: HttpRequest, filters: Query[OfferFilter]) -> Any:
    return filters.filter(_shown(request)).distinct()


@router.get(
    "/offers/{int:offer_id}",
    response={200: OfferOut, **error_responses(*UNREADABLE, 404)},
    summary="One offer; with a key of scope stats its students, too",
)
@decorate_view(private_cache)
def offer(request: HttpRequest, offer_id: int) -> Offer:
    return get_object_or_404(_shown(request), pk=offer_id)


def _shown(request: HttpRequest) -> QuerySet[Offer]:
    """Offers, with `named`, their students, for who may see them."""
    found = Offer.objects.select_related("job")
    if not has_key(request):
        return found.prefetch_related("students")
    return found.prefetch_related(Prefetch("students", OfferedStudent.objects.all(), to_attr="named"))
