"""Rows as the documents readers of the old collections know (spec: mongo, Shapes)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from accounts.categories import Category
from accounts.models import Subscriber, Subscription
from notifications.models import Notice
from notifications.publishing.broadcasts import BROADCAST
from notifications.rendering.render import telegram_text
from scraping.models import Job, Offer, OfferedStudent, OfficialSnapshot, Policy
from scraping.mongo import documents, values
from scraping.mongo.card import as_markdown
from scraping.mongo.documents import Document, Kind
from scraping.telling.pay import pay

# Categories the web site has no word for.
_SHOWN_AS: Mapping[str, str] = {
    Category.PLACEMENT_OFFER: "placement_update",
    Category.POLICY_UPDATE: "update",
    Category.OFFICIAL_FIGURES: "update",
    "": "announcement",
}


def notice_document(notice: Notice) -> Document | None:
    """None for what the site does not show: withdrawn, from an admin's or a program's hand, the ping about another
    one's change, and jobs that nobody was told of by a notice.
    """
    untold_job = notice.rule == "job.new" and not notice.announced
    by_hand = notice.private or notice.external_key.startswith(BROADCAST)
    if notice.withdrawn_at or notice.follows_id or untold_job or by_hand:
        return None
    category = _SHOWN_AS.get(notice.category, notice.category)
    job = Job.objects.filter(identifier=notice.job_key).first() if notice.job_key else None
    published = values.as_ms(notice.published_at)
    return {
        "id": notice_id(notice),
        "title": notice.title,
        "content": notice.body,
        "author": notice.author,
        "createdAt": published,
        "updatedAt": values.as_ms(notice.edited_at) if notice.edited_at else published,
        "source": _source(notice),
        "category": category,
        "type": category,
        "formatted_message": as_markdown(telegram_text(notice)),
        "matched_job_id": job.identifier if job else None,
        "matched_job": {"id": job.identifier, "company": job.company, "job_profile": job.role} if job else None,
        "job_company": notice.company,
        "job_role": notice.role,
        "job_location": notice.location or None,
        "package": notice.package or None,
        "package_breakdown": None,
        "deadline": values.as_ms(notice.deadline) if notice.deadline else None,
        "links": [link["url"] for link in notice.links if link.get("url")],
        "students": [dict(student) for student in notice.roster],
        "shortlisted_students": [
            {"name": student.get("name", ""), "enrollment_number": student.get("enrollment", "")}
            for student in notice.roster
        ],
        "students_count": len(notice.roster),
        "placement_offer_ref": None,
        "new_students_count": len(notice.roster) if category == "placement_update" else 0,
        "is_update": notice.version > 1,
        "time_sent": notice.published_at.astimezone(UTC).isoformat(),
        "sent_to_telegram": notice.announced,
        "sent_at": naive(notice.first_seen_at) if notice.announced else None,
        "saved_at": naive(notice.first_seen_at),
    }


def notice_id(notice: Notice) -> str:
    """The id readers know a notice by: the portal's own; of others, our key."""
    return notice.external_key.removeprefix("superset:notice:")


def _source(notice: Notice) -> str:
    if not notice.external_key.startswith("email:"):
        return "Superset"
    return "Placement Offer Service" if notice.category == Category.PLACEMENT_OFFER else "Email Notice Service"


def job_document(job: Job) -> Document:
    return {
        "id": job.identifier,
        "job_profile": job.role,
        "company": job.company,
        "placement_category_code": job.category_level or 0,
        "placement_category": job.category_name,
        "content": job.content,
        "createdAt": values.as_ms(job.created_at or job.first_seen_at),
        "deadline": values.as_ms(job.deadline) if job.deadline else None,
        "eligibility_marks": [
            {"level": mark.get("level") or "", "criteria": values.number(mark.get("criteria")) or 0}
            for mark in job.marks
        ],
        "eligibility_courses": _filled(job.courses),
        "allowed_genders": _filled(job.genders),
        "job_description": job.description,
        "location": job.location,
        "package": number(job.package or job.ctc_max or job.ctc_min) or 0,
        "annum_months": job.interval,
        "package_info": job.package_info or pay(job),
        "required_skills": _filled(job.skills),
        "hiring_flow": _filled(job.stages),
        "placement_type": job.position_type,
        "documents": [{"name": row.name, "identifier": row.identifier, "url": row.url} for row in job.documents.all()],
        "saved_at": naive(job.first_seen_at),
        "updated_at": naive(job.updated_at),
    }


def offer_document(offer: Offer) -> Document:
    sent = offer.sent_at or offer.first_seen_at
    return {
        "company": offer.company,
        "roles": [
            {"role": role["role"], "package": role["package"], "package_details": role.get("details") or None}
            for role in offer.roles
        ],
        "job_location": _filled(offer.locations),
        "joining_date": offer.joining_date or None,
        "students_selected": [_student(student) for student in offer.students.all()],
        "number_of_offers": offer.number_of_offers,
        "additional_info": "\n".join(f"{label}: {text}" for label, text in offer.details.items()) or None,
        "email_subject": offer.subject,
        "email_sender": "",  # people's addresses stay here (spec: mailbox, Privacy)
        "time_sent": sent.astimezone(UTC).isoformat(),
        "createdAt": values.as_ms(sent),
        "saved_at": naive(offer.first_seen_at),
        "updated_at": naive(offer.updated_at),
    }


def _student(student: OfferedStudent) -> Document:
    package = {"package": number(student.package)} if student.package else {}
    return {
        "name": student.name,
        "enrollment_number": student.enrollment,
        "email": None,
        "role": student.role or None,
        **package,
    }


def snapshot_document(snapshot: OfficialSnapshot) -> Document:
    read_at = snapshot.first_seen_at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"scrape_timestamp": read_at, **snapshot.content}


def user_document(subscriber: Subscriber) -> Document | None:
    """Return None for a browser without a known person, and for whoever never wrote to the bot."""
    subscriptions = list(subscriber.subscriptions.all())
    telegram = next((row for row in subscriptions if row.channel == Subscription.Channel.TELEGRAM), None)
    if telegram is None or not telegram.address.lstrip("-").isdecimal():
        return None
    first, _, last = subscriber.name.partition(" ")
    return {
        "user_id": subscriber.telegram_id or int(telegram.address),
        "chat_id": int(telegram.address),
        "username": subscriber.username or None,
        "first_name": first or None,
        "last_name": last or None,
        "is_active": telegram.state == Subscription.State.ACTIVE,
        "created_at": naive(subscriber.created_at),
        "updated_at": naive(max(subscriber.updated_at, telegram.state_changed_at)),
        "push_subscriptions": [
            {"endpoint": row.address, "keys": row.keys}
            for row in subscriptions
            if row.channel == Subscription.Channel.WEB_PUSH and row.state == Subscription.State.ACTIVE
        ],
    }


def policy_document(first: Policy) -> Document:
    """The version in force, found by the first one of its year."""
    versions = list(Policy.objects.filter(year=first.year).order_by("version"))
    policy = versions[-1]
    dates = [version.updated_on.isoformat() for version in versions if version.updated_on]
    return {
        "slug": slugify(policy.title)[:100] or f"policy-{policy.year}",
        "title": policy.title,
        "description": "",
        "badge": str(policy.year),
        "year": policy.year,
        "updatedDates": list(dict.fromkeys(dates)),
        "published": True,
        "contentFormat": "markdown",
        "content": policy.content,
        "toc": policy.toc,
        "createdAt": naive(versions[0].created_at),
        "updatedAt": naive(policy.created_at),
    }


def naive(when: datetime) -> datetime:
    """UTC without a zone, to the ms: what BSON holds."""
    return when.astimezone(UTC).replace(tzinfo=None, microsecond=when.microsecond // 1000 * 1000)


def number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def _filled(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text]


def _find_notice(notice: Notice) -> Document:
    return {"id": notice_id(notice)}


def _find_nothing(row: object) -> Document:
    """A row without a document never had one."""
    return {}


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows become documents; `query` fetches what that needs, `find` says what to delete where there is none.

    `not_ours` are fields of which imported documents may know more than the rows do; those of `only_filled` stay as
    they were imported where ours are empty.
    """

    query: QuerySet[Any]
    shape: Callable[[Any], Document | None]
    find: Callable[[Any], Document] = _find_nothing
    not_ours: tuple[str, ...] = ()
    only_filled: tuple[str, ...] = ()


SHAPES: Mapping[Kind, Shape] = {
    documents.USERS: Shape(Subscriber.objects.prefetch_related("subscriptions"), user_document),
    documents.JOBS: Shape(Job.objects.prefetch_related("documents"), job_document),
    documents.NOTICES: Shape(
        Notice.objects.all(),
        notice_document,
        _find_notice,
        (
            *("source", "sent_at", "saved_at", "time_sent"),
            *("package_breakdown", "placement_offer_ref", "new_students_count"),
        ),
        ("matched_job", "matched_job_id", "job_company", "job_role"),
    ),
    documents.OFFERS: Shape(
        Offer.objects.prefetch_related("students"),
        offer_document,
        not_ours=("email_sender", "time_sent", "createdAt", "saved_at"),
    ),
    documents.POLICIES: Shape(
        Policy.objects.filter(version=1),
        policy_document,
        not_ours=("slug", "description", "badge", "published", "createdAt"),
    ),
    documents.OFFICIAL_DATA: Shape(OfficialSnapshot.objects.all(), snapshot_document),
}
