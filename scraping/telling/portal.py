"""Notices and jobs of the portal, as rows and notices."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.db import transaction

from accounts.categories import Category
from notifications.models import Notice
from notifications.publishing.publish import Draft
from notifications.rendering.richtext import plain_text
from scraping.changes import announce
from scraping.corrections.entries import Read, second_said
from scraping.items import Facts, PortalJob, PortalNotice
from scraping.models import Job, JobDocument, MongoDocument, RawItem
from scraping.reading.body import without_roster
from scraping.reading.facts.naming.match import match_job
from scraping.reading.layout.markup import read_markup
from scraping.reading.notice import extract_notice
from scraping.reading.rules.kinds import IRRELEVANT
from scraping.reading.second_reader import UNSURE, SecondReading, configured, second_reading
from scraping.sources.files import FileLink
from scraping.sources.portal.parse import parse_job, parse_notice
from scraping.telling.attached import (
    Attached,
    attached_to,
    files_of_job,
    links_to_files,
    listed_students,
    with_facts,
    with_files,
)
from scraping.telling.base import Reading, Tell
from scraping.telling.portal_draft import job_draft, notice_draft, notice_key
from scraping.telling.reviewed import reviewed
from scraping.telling.withdrawals import doubt_of_withdrawal, take_back_offers


def understand_notice(item: RawItem, reading: Reading) -> Tell:
    """A portal notice and its facts."""
    parsed = parse_notice(item.payload)
    jobs = reading.jobs(item.season)
    files = attached_to(item, links_to_files(read_markup(parsed.content).anchors), reading)
    facts = extract_notice(parsed, jobs, listed_students(files, parsed.title))
    doubts = [doubt_of_withdrawal(facts, plain_text(parsed.content) if facts.state else "")]
    key, second = notice_key(parsed.identifier), SecondReading(facts)
    if facts.confidence <= UNSURE and configured():
        text = plain_text(without_roster(parsed.content))
        second = second_reading(facts, parsed.title, text, jobs, second_said(key))
        facts = facts if second.facts.category == IRRELEVANT else second.facts  # the portal is for students
    sent_at, doubts = parsed.published_at or parsed.modified_at, [*doubts, second.doubt]
    read = Read(item, key, parsed.title, facts, sent_at, doubts, second.said)
    return reviewed(read, reading, lambda facts: publish_notice(item, reading, parsed, facts, files))


def publish_notice(
    item: RawItem, reading: Reading, parsed: PortalNotice, facts: Facts, files: Sequence[Attached] = ()
) -> Notice:
    """The notice with the job it belongs to. One that an older installation linked stays, unless ours is sure."""
    jobs = reading.jobs(item.season)
    reference = match_job(facts.company, facts.role, jobs, parsed.published_at)
    linked = _imported_link(parsed)
    if reference and linked not in ("", reference.identifier) and facts.confidence <= UNSURE:
        reference = None
    job = Job.objects.prefetch_related("documents").get(identifier=reference.identifier) if reference else None
    text = plain_text(parsed.content) if facts.state else ""
    take_back_offers(facts, item.season, parsed.published_at, text)
    body = without_roster(parsed.content) if facts.roster else parsed.content
    draft = notice_draft(parsed, facts, job, item.season, body)
    draft = replace(draft, job_key=draft.job_key or linked)
    if facts.category == Category.JOB_POSTING:
        files = [*files, *(files_of_job(job) if job else ())]
        draft = with_facts(draft, files, parsed.title, jobs)
    return reading.publish(with_files(draft, files))


def _imported_link(parsed: PortalNotice) -> str:
    """The job of an imported notice as it stands, "" of others (docs/mongo.md)."""
    imported = MongoDocument.objects.filter(collection="Notices").values("row")
    links = Notice.objects.filter(external_key=notice_key(parsed.identifier), pk__in=imported)
    return links.values_list("job_key", flat=True).first() or ""


def understand_job(item: RawItem, reading: Reading) -> Tell:
    """A job profile."""
    payload = item.payload
    parsed = parse_job(payload.get("short"), payload.get("detail"), payload.get("documents"))
    links = [FileLink(one.identifier, one.name or one.identifier, one.url) for one in parsed.documents if one.url]
    attached_to(item, links, reading)
    return partial(store_job, item, reading, parsed)


def store_job(item: RawItem, reading: Reading, parsed: PortalJob) -> Notice | None:
    """The job as a row. Where it changed, the notices that speak of it are read again."""
    job, created = Job.objects.update_or_create(
        identifier=parsed.identifier, defaults=_job_fields(parsed, item), create_defaults=_job_fields(parsed, item)
    )
    _store_documents(job, parsed)
    announce(Job, job.pk)
    reading.remember(job, new=created)
    if not created:
        _tell_again(job, reading)
    return job.notice


def _store_documents(job: Job, parsed: PortalJob) -> None:
    JobDocument.objects.filter(job=job).exclude(identifier__in=[d.identifier for d in parsed.documents]).delete()
    JobDocument.objects.bulk_create(
        (JobDocument(job=job, identifier=d.identifier, name=d.name, url=d.url) for d in parsed.documents),
        update_conflicts=True,
        unique_fields=["job", "identifier"],
        update_fields=["name", "url"],
    )


def _tell_again(job: Job, reading: Reading) -> None:
    """A job changed: its own notice is published anew, others that show its facts are read anew."""
    told = RawItem.objects.filter(kind="notice", state=RawItem.State.DONE, notice__job_key=job.identifier)
    told.update(state=RawItem.State.PENDING)
    if job.notice and job.notice.external_key == job_draft(job).external_key:
        reading.publish(_posting(job, reading))


def _posting(job: Job, reading: Reading) -> Draft:
    draft, files = job_draft(job), files_of_job(job)
    return with_files(with_facts(draft, files, draft.title, reading.jobs(job.season)), files)


def announce_jobs(reading: Reading) -> None:
    """A new job without a notice of its own is announced too."""
    jobs = Job.objects.filter(notice=None).prefetch_related("documents").order_by("created_at", "pk")
    postings = Notice.objects.filter(category=Category.JOB_POSTING, follows=None, job_key__in=jobs.values("identifier"))
    own = {notice.job_key: notice for notice in postings.only("job_key")}
    for job in jobs:
        with transaction.atomic():
            notice = own.get(job.identifier) or reading.publish(_posting(job, reading))
            Job.objects.filter(pk=job.pk).update(notice=notice)
            RawItem.objects.filter(source="superset", kind="job", key=job.identifier).update(notice=notice)


def _job_fields(parsed: PortalJob, item: RawItem) -> dict[str, object]:
    return {
        "season": item.season,
        "company": parsed.company[:200],
        "role": parsed.role[:300],
        "category_level": parsed.category_level,
        "category_name": parsed.category_name[:100],
        "content": parsed.content,
        "description": parsed.description,
        "invitation": parsed.invitation,
        "created_at": parsed.created_at,
        "deadline": parsed.deadline,
        "location": parsed.location[:300],
        "package": parsed.package,
        "ctc_min": parsed.ctc_min,
        "ctc_max": parsed.ctc_max,
        "interval": parsed.interval[:20],
        "package_info": parsed.package_info,
        "position_type": parsed.position_type[:100],
        "marks": [{"level": mark.level, "criteria": mark.criteria} for mark in parsed.marks],
        "courses": list(parsed.courses),
        "genders": list(parsed.genders),
        "skills": list(parsed.skills),
        "stages": list(parsed.stages),
    }
