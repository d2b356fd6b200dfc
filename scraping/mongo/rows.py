"""Regular documents as rows. What changed here since it was imported is newer than the document, and stays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from accounts.categories import Category
from notifications.models import Notice
from scraping.items import JobRef, RolePay
from scraping.models import Job, JobDocument, Offer, OfficialSnapshot, Policy
from scraping.mongo import documents, values
from scraping.mongo.documents import Document, Kind
from scraping.mongo.entries import Entry
from scraping.mongo.users import put_users
from scraping.placements.offers import OfferNews, Selected, merge
from scraping.placements.policies import PolicyNews, put_policy
from scraping.sources.official.document import content_hash, from_document
from scraping.sources.portal import values as portal

Row = TypeVar("Row", bound=models.Model)
Put = Callable[[Sequence[Entry], int], Mapping[str, models.Model]]
_LAKH = 100_000
_CATEGORIES = {"placement_update": Category.PLACEMENT_OFFER} | {category.value: category for category in Category}
_KEPT = ("notice", "first_seen_at", "version", "follows", "private", "broadcast")
_NO_BATCH = {"is_active": True, "placement_pointers": [], "package_distribution": []}
_OFFER_SOURCE = "Placement Offer Service"


def put_notices(entries: Sequence[Entry], season: int) -> dict[str, Notice]:
    """Store notices without telling anybody: what was sent stays sent."""
    wanted = {entry.key: notice_row(entry.document, season) for entry in entries}
    keys = [row.external_key for row in wanted.values()]
    rows = {row.external_key: row for row in Notice.objects.filter(external_key__in=keys)}
    new = {row.external_key: row for row in wanted.values() if row.external_key not in rows}
    changed = [
        wanted[entry.key]
        for entry in entries
        if (row := rows.get(wanted[entry.key].external_key)) and entry.may_change(row)
    ]
    Notice.objects.bulk_create(new.values())
    _overwrite(Notice.objects, changed, "external_key")
    rows |= new | {row.external_key: row for row in changed}
    return {key: rows[row.external_key] for key, row in wanted.items()}


def notice_row(document: Document, season: int) -> Notice:
    """A notice not saved. Its empty content hash says that no rule has read it yet (publishing/publish.py)."""
    job, seen = document.get("matched_job") or {}, _aware(document.get("saved_at"))
    published = values.instant(document["createdAt"] or None) or seen or timezone.now()
    notice = Notice(
        external_key=external_key(document)[:200],
        content_hash="",
        season=season,
        category=category_of(document),
        title=document["title"] or _first_line(document),
        body=document["content"] or _as_html(document["formatted_message"]),
        author=document["author"],
        company=document["job_company"] or job.get("company", ""),
        role=document["job_role"] or job.get("job_profile", ""),
        location=document.get("job_location") or document.get("location") or "",
        package=document.get("package") or "",
        deadline=values.instant(document.get("deadline")),
        links=[_link(link) for link in document.get("links") or []],
        roster=_roster(document),
        job_key=document.get("matched_job_id") or job.get("id", ""),
        rule="import.mongo",
        published_at=published,
        first_seen_at=seen or published,
        announced=bool(document.get("sent_to_telegram") or document.get("sent_at")),
    )
    return _fitting(notice)


def external_key(document: Document) -> str:
    """The key by which the sources find the notice again, so that it is not told as a new one."""
    key = str(document["id"])
    portal_made = document.get("source", "") in ("Superset", "") and ":" not in key
    return f"superset:notice:{key}" if portal_made else key


def category_of(document: Document) -> str:
    """Our word for `category`, or for `type` where that says nothing; unknown ones are announcements."""
    if document.get("source") == _OFFER_SOURCE:
        return Category.PLACEMENT_OFFER
    named = [document[name].strip().lower().replace(" ", "_").replace("-", "_") for name in ("category", "type")]
    return next((_CATEGORIES[name] for name in named if name in _CATEGORIES), Category.ANNOUNCEMENT)


def put_jobs(entries: Sequence[Entry], season: int) -> dict[str, Job]:
    wanted = {entry.key: job_row(entry.document, season) for entry in entries}
    rows = {row.identifier: row for row in Job.objects.filter(identifier__in=wanted)}
    new = {key: row for key, row in wanted.items() if key not in rows}
    changed = {
        entry.key: wanted[entry.key] for entry in entries if entry.key in rows and entry.may_change(rows[entry.key])
    }
    Job.objects.bulk_create(new.values())
    _overwrite(Job.objects, changed.values(), "identifier")
    written = new | changed
    _put_documents([(written[entry.key], entry.document) for entry in entries if entry.key in written])
    return rows | written


def job_row(document: Document, season: int) -> Job:
    """A job not saved."""
    created_at = values.instant(document["createdAt"] or None)
    job = Job(
        identifier=document["id"],
        season=season,
        company=document["company"],
        role=document["job_profile"],
        category_level=portal.whole(document.get("placement_category_code")),
        category_name=document.get("placement_category", ""),
        content=document.get("content", ""),
        description=document.get("job_description", ""),
        created_at=created_at,
        deadline=values.instant(document.get("deadline")),
        location=document.get("location", ""),
        package=portal.amount(document["package"]),
        interval=document["annum_months"],
        package_info=document.get("package_info", ""),
        position_type=document.get("placement_type", ""),
        marks=document["eligibility_marks"],
        courses=document["eligibility_courses"],
        genders=document["allowed_genders"],
        skills=document["required_skills"],
        stages=document["hiring_flow"],
        first_seen_at=_aware(document.get("saved_at")) or created_at or timezone.now(),
    )
    return _fitting(job)


def _put_documents(jobs: Iterable[tuple[Job, Document]]) -> None:
    jobs = list(jobs)
    JobDocument.objects.filter(job__in=[job for job, _ in jobs]).delete()
    JobDocument.objects.bulk_create(
        (
            _fitting(
                JobDocument(job=job, identifier=row["identifier"], name=row.get("name", ""), url=row.get("url", ""))
            )
            for job, document in jobs
            for row in document["documents"]
            if row.get("identifier")
        ),
        ignore_conflicts=True,
    )


def put_offers(entries: Sequence[Entry], season: int) -> dict[str, Offer]:
    """Offers of a company are put together as those of mails are."""
    jobs = [JobRef(*row) for row in Job.objects.filter(season=season).values_list("identifier", "company", "role")]
    return {entry.key: _put_offer(entry.document, season, jobs) for entry in entries}


def _put_offer(document: Document, season: int, jobs: Sequence[JobRef]) -> Offer:
    """Its offer, which is as old as the oldest document about it: the site's list begins with what is new."""
    offer = merge(offer_news(document, season), jobs).offer
    sent = values.instant(document.get("time_sent")) or values.instant(document["createdAt"] or None)
    seen = _aware(document.get("saved_at")) or sent
    offer.sent_at = min(filter(None, (offer.sent_at, sent)), default=None)
    offer.first_seen_at = min(filter(None, (offer.first_seen_at, seen)))
    Offer.objects.filter(pk=offer.pk).update(sent_at=offer.sent_at, first_seen_at=offer.first_seen_at)
    return offer


def offer_news(document: Document, season: int) -> OfferNews:
    joining = document.get("joining_date") or ""
    return OfferNews(
        season=season,
        company=document["company"],
        roles=tuple(
            RolePay(row.get("role", ""), lakhs(row.get("package")), row.get("package_details") or "")
            for row in document["roles"]
        ),
        students=tuple(
            Selected(
                name=row.get("name", ""),
                enrollment=row.get("enrollment_number", ""),
                role=row.get("role") or "",
                package=lakhs(row.get("package")),
            )
            for row in document["students_selected"]
            if row.get("name") or row.get("enrollment_number")
        ),
        locations=tuple(document["job_location"]),
        joining_date=joining if len(joining) <= 20 else "",
        number_of_offers=min(document["number_of_offers"], 100_000),
        details={"Further": document["additional_info"]} if document.get("additional_info") else {},
        subject=document.get("email_subject", ""),
        sent_at=values.instant(document.get("time_sent")),
    )


def lakhs(package: float | None) -> float | None:
    """LPA; amounts from 10,000 were written in rupees. None where nobody earns that."""
    amount = package / _LAKH if package and package >= 10_000 else package
    return float(round(Decimal(str(amount)), 4)) if amount and 0 < amount < 10_000 else None


def put_policies(entries: Sequence[Entry], season: int) -> dict[str, Policy]:
    return {entry.key: _put_policy(entry.document) for entry in entries}


def _put_policy(document: Document) -> Policy:
    """A new version where the text is another; answers the first one, which stands for its year."""
    dates = [values.instant(date) for date in document.get("updatedDates", [])]
    known = [timezone.localtime(date).date() for date in dates if date]
    year = document["year"]
    title = document["title"] or f"Placement policy {year}"
    news = PolicyNews(year=year, title=title, content=document["content"], updated_on=max(known, default=None))
    put_policy(news)
    return Policy.objects.get(year=year, version=1)


def put_snapshots(entries: Sequence[Entry], season: int) -> dict[str, OfficialSnapshot]:
    wanted = {entry.key: snapshot_row(entry.document, season) for entry in entries}
    times = [row.first_seen_at for row in wanted.values()]
    rows = {row.first_seen_at: row for row in OfficialSnapshot.objects.filter(first_seen_at__in=times)}
    new = {row.first_seen_at: row for row in wanted.values() if row.first_seen_at not in rows}
    OfficialSnapshot.objects.bulk_create(new.values())
    return {key: (rows | new)[row.first_seen_at] for key, row in wanted.items()}


def snapshot_row(document: Document, season: int) -> OfficialSnapshot:
    """A snapshot not saved, hashed as pages are now: the next reading is compared with it, unless it is incomplete."""
    read_at = values.instant(document["scrape_timestamp"]) or timezone.now()
    content = {name: value for name, value in document.items() if name not in ("_id", "scrape_timestamp")}
    named = [{**batch, "batch_name": batch.get("batch_name") or batch_name(season)} for batch in document["batches"]]
    if named != document["batches"] or not named:
        content |= {"batches": named or [{**_NO_BATCH, "batch_name": batch_name(season)}], "incomplete": True}
    page = from_document(content)
    digest = content_hash(page)
    return OfficialSnapshot(
        season=page.active_batch.season,
        content=content | {"content_hash": digest},
        content_hash=digest,
        first_seen_at=read_at,
        last_seen_at=read_at,
    )


def batch_name(season: int) -> str:
    """The name of a batch that has none: 202627 is for those who graduate in 2027."""
    return f"Batch {season // 100 + 1}"


def _fitting(row: Row) -> Row:
    """Texts cut to what their columns hold."""
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        if isinstance(value, str) and field.max_length:
            setattr(row, field.attname, value[: field.max_length])
    return row


def _overwrite(stored: models.Manager[Row], wanted: Iterable[Row], key: str) -> None:
    """Give the stored rows with these keys the fields of these unsaved ones, set-based."""
    fields = (field.name for field in stored.model._meta.fields if not field.primary_key)
    stored.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[name for name in fields if name not in (*_KEPT, key)],
    )


def _aware(naive: datetime | None) -> datetime | None:
    return values.instant(naive)


def _roster(document: Document) -> list[dict[str, str]]:
    rows = document.get("shortlisted_students") or document.get("students") or []
    named = ((row.get("name", ""), row.get("enrollment_number", row.get("enrollment", ""))) for row in rows)
    return [{"name": name, "enrollment": number} for name, number in named if name or number]


def _link(link: object) -> dict[str, str]:
    if isinstance(link, str):
        return {"url": link, "label": ""}
    row: Mapping[str, Any] = link if isinstance(link, Mapping) else {}
    label = row.get("label") or row.get("text") or row.get("title") or ""
    return {"url": str(row.get("url") or row.get("href") or ""), "label": str(label)}


def _first_line(document: Document) -> str:
    from notifications.rendering.richtext import plain_text

    lines = plain_text(document["content"] or _as_html(document["formatted_message"])).strip().splitlines()
    return lines[0] if lines else "Notice"


def _as_html(markdown: str) -> str:
    return escape(markdown).replace("\n", "<br>")


PUTS: Mapping[Kind, Put] = {
    documents.USERS: put_users,
    documents.JOBS: put_jobs,
    documents.NOTICES: put_notices,
    documents.OFFERS: put_offers,
    documents.POLICIES: put_policies,
    documents.OFFICIAL_DATA: put_snapshots,
}
