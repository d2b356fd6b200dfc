"""Documents of older installations, made regular (spec: mongo): each field of the type its readers count on. Pure.

A field that is missing stays missing unless the web site's pages break without it; unknown fields are left out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from bson import ObjectId

from scraping.mongo import values
from scraping.mongo.twins import Combine, older_first, who_left_stays_away
from scraping.mongo.values import Read

Document = dict[str, Any]
_MATCHED_JOB: Mapping[str, Read] = {"id": values.text, "company": values.text, "job_profile": values.text}


class RefusedError(ValueError):
    """A document that can't be brought over; the text says why."""


def _matched_job(value: object) -> Document | None:
    return values.regular(value, _MATCHED_JOB) if isinstance(value, Mapping) else None


def _link(value: object) -> object:
    return values.plain(value) if isinstance(value, Mapping) else values.text(value)


def _dates(value: object) -> list[str]:
    """Dates in a list, or in a text: one, or several between commas."""
    rows = value if isinstance(value, list) else [value]
    if isinstance(value, str) and not values.iso(value):
        rows = [part.strip() for part in re.split(r"[,;\n]", value)]
    return [found for found in map(values.iso, rows) if found]


def _links(value: object) -> list[object]:
    rows = value if isinstance(value, list) else [value]
    return [found for found in map(_link, rows) if found]


NOTICE: Mapping[str, Read] = {
    **dict.fromkeys(("id", "title", "content", "author", "source", "category", "type"), values.text),
    **dict.fromkeys(("formatted_message", "job_company", "job_role"), values.text),
    **dict.fromkeys(("job_location", "location", "package", "matched_job_id"), values.text_or_none),
    **dict.fromkeys(("createdAt", "updatedAt"), values.epoch_ms),
    **dict.fromkeys(("students_count", "new_students_count"), values.number),
    **dict.fromkeys(("is_update", "sent_to_telegram"), values.flag),
    **dict.fromkeys(("sent_at", "saved_at"), values.naive),
    **dict.fromkeys(("package_breakdown", "deadline", "placement_offer_ref"), values.plain),
    "matched_job": _matched_job,
    "links": _links,
    "students": values.records({"name": values.text, "enrollment": values.text}),
    "shortlisted_students": values.records({"name": values.text, "enrollment_number": values.text}),
    "time_sent": values.iso,
}
JOB: Mapping[str, Read] = {
    **dict.fromkeys(("id", "job_profile", "company", "placement_category", "content", "job_description"), values.text),
    **dict.fromkeys(("location", "annum_months", "package_info", "placement_type"), values.text),
    **dict.fromkeys(("createdAt", "deadline"), values.epoch_ms),
    **dict.fromkeys(("eligibility_courses", "allowed_genders", "required_skills", "hiring_flow"), values.texts),
    **dict.fromkeys(("saved_at", "updated_at"), values.naive),
    "placement_category_code": values.number,
    "package": lambda value: values.rupees(value) or 0,
    "eligibility_marks": values.records({"level": values.text, "criteria": lambda value: values.number(value) or 0}),
    "documents": values.records({"name": values.text, "identifier": values.text, "url": values.text}),
}
OFFER: Mapping[str, Read] = {
    **dict.fromkeys(("company", "email_subject", "email_sender"), values.text),
    **dict.fromkeys(("joining_date", "additional_info"), values.text_or_none),
    **dict.fromkeys(("saved_at", "updated_at"), values.naive),
    "roles": values.records(
        {"role": values.text, "package": values.lakhs, "package_details": values.text_or_none},
        optional=("package", "package_details"),
    ),
    "job_location": values.texts,
    "students_selected": values.records(
        {
            "name": values.text,
            "enrollment_number": values.text,
            "email": values.text_or_none,
            "role": values.text_or_none,
            "package": values.lakhs,
        },
        optional=("email", "role", "package"),
    ),
    "number_of_offers": lambda value: max(int(values.number(value) or 0), 0),
    "time_sent": values.iso,
    "createdAt": values.epoch_ms,
}
OFFICIAL: Mapping[str, Read] = {
    **dict.fromkeys(("main_heading", "intro_text", "content_hash"), values.text),
    "scrape_timestamp": values.iso,
    "recruiter_logos": values.records({"src": values.text, "alt": values.text}),
    "batches": values.records(
        {
            "batch_name": values.text,
            "is_active": values.flag,
            "placement_pointers": values.texts,
            "package_distribution": values.records(
                dict.fromkeys(("category", "average", "median"), values.text),
            ),
        }
    ),
}
USER: Mapping[str, Read] = {
    **dict.fromkeys(("user_id", "chat_id"), values.number),
    **dict.fromkeys(("username", "first_name", "last_name"), values.text_or_none),
    **dict.fromkeys(("created_at", "updated_at"), values.naive),
    "is_active": values.flag,
    "push_subscriptions": values.records(
        {"endpoint": values.text, "keys": lambda value: values.plain(value) if isinstance(value, Mapping) else {}}
    ),
}
POLICY: Mapping[str, Read] = {
    **dict.fromkeys(("slug", "title", "description", "badge", "contentFormat", "content"), values.text),
    **dict.fromkeys(("createdAt", "updatedAt"), values.naive),
    "year": values.number,
    "updatedDates": _dates,
    "published": values.flag,
    "toc": values.records({"id": values.text, "text": values.text, "level": values.number}),
}

# What pages break without, and what stands there then.
_NOTICE_NEEDS = ("title", "content", "author", "category", "type", "formatted_message", "job_company", "job_role")
_OFFER_LISTS = ("roles", "job_location", "students_selected")
_JOB_LISTS = (
    "eligibility_marks",
    "eligibility_courses",
    "allowed_genders",
    "required_skills",
    "hiring_flow",
    "documents",
)
_JOB_TEXTS = ("job_profile", "company", "annum_months")


def notice(raw: Mapping[str, Any]) -> tuple[str, Document]:
    """Its id (of one without, as the site's admin form makes them, its _id) and the document."""
    key = values.text(raw.get("id")).strip() or values.text(raw.get("_id"))
    found = values.regular(raw, NOTICE)
    if not key:
        raise RefusedError("neither id nor _id")
    if not any(found.get(name) for name in ("title", "content", "formatted_message")):
        raise RefusedError("neither title nor text")
    found["id"] = key
    _name_job(found)
    _date(found, raw, ("createdAt", "updatedAt", "time_sent", "saved_at", "sent_at"))
    return key, {**dict.fromkeys(_NOTICE_NEEDS, ""), **found}


def job(raw: Mapping[str, Any]) -> tuple[str, Document]:
    """Return the job's id and the document."""
    found = values.regular(raw, JOB)
    found["id"] = key = str(found.get("id", "")).strip()
    if not key:
        raise RefusedError("no id")
    if not (found.get("company") or found.get("job_profile")):
        raise RefusedError("neither company nor job_profile")
    _date(found, raw, ("createdAt", "saved_at", "updated_at"))
    missing = {**dict.fromkeys(_JOB_TEXTS, ""), "package": 0, **{name: [] for name in _JOB_LISTS}}
    return key, {**missing, **found}


def offer(raw: Mapping[str, Any]) -> tuple[str, Document]:
    """Company with subject, which tell offers apart, and the document."""
    found = values.regular(raw, OFFER)
    if not any(sign.isalnum() for sign in str(found.get("company", ""))):
        raise RefusedError("no company")
    _date(found, raw, ("createdAt", "time_sent", "saved_at", "updated_at"))
    found["students_selected"] = [_without_none(row, "package") for row in found.get("students_selected") or []]
    key = f"{found['company']}\n{found.get('email_subject', '')}"
    missing: Document = {"number_of_offers": len(found["students_selected"]), **{name: [] for name in _OFFER_LISTS}}
    return key, {**missing, **found}


def official(raw: Mapping[str, Any]) -> tuple[str, Document]:
    """Its time of reading and the document. A time that is missing is that of its _id, and never the newest."""
    found = values.regular(raw, OFFICIAL)
    if not any(found.values()):
        raise RefusedError("says nothing")
    found["scrape_timestamp"] = at = str(found.get("scrape_timestamp") or _read_at(raw).isoformat())
    return at, {"batches": [], "recruiter_logos": [], **found}


def user(raw: Mapping[str, Any]) -> tuple[str, Document]:
    """The Telegram id and the document. The old bot told whom its query found, which asked for `is_active: true`."""
    found = values.regular(raw, USER)
    key = found.get("user_id") or found.get("chat_id")
    if not isinstance(key, int) or abs(key) >= 2**52:
        raise RefusedError("no user_id that is a Telegram id")
    return str(key), {"is_active": False, **found, "user_id": key, "chat_id": found.get("chat_id") or key}


def policy(raw: Mapping[str, Any]) -> tuple[str, Document]:
    """Return the policy's batch year and the document."""
    found = values.regular(raw, POLICY)
    year = found.get("year")
    if not isinstance(year, int) or not 2000 <= year < 2100:
        raise RefusedError("no year between 2000 and 2100")
    return str(year), {"title": "", "content": "", **found}


Reader = Callable[[Mapping[str, Any]], tuple[str, Document]]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A collection: how its documents are read, and the fields that find one.

    Documents that share a key are twins. With `combine` they make one row; `one_by_one` they are put singly, and
    the row is put together there; else the newer one is refused.
    """

    collection: str
    read: Reader
    identity: tuple[str, ...]
    fields: Mapping[str, Read]
    combine: Combine | None = None
    one_by_one: bool = False


NOTICES = Kind("Notices", notice, ("id",), NOTICE)
JOBS = Kind("Jobs", job, ("id",), JOB, older_first)
OFFERS = Kind("PlacementOffers", offer, ("company", "email_subject"), OFFER, one_by_one=True)
OFFICIAL_DATA = Kind("OfficialPlacementData", official, ("scrape_timestamp",), OFFICIAL)
USERS = Kind("Users", user, ("user_id",), USER, who_left_stays_away)
POLICIES = Kind("Policies", policy, ("year",), POLICY)
# In the order they are imported: notices and offers are linked to jobs.
KINDS = {kind.collection: kind for kind in (USERS, JOBS, NOTICES, OFFERS, POLICIES, OFFICIAL_DATA)}
_LONGEST_KEY = 150
_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def stored_key(key: str) -> str:
    """A key as our table holds it: a long one by its hash."""
    return key if len(key) <= _LONGEST_KEY else f"{key[:100]}#{blake2b(key.encode(), digest_size=16).hexdigest()}"


def mended(raw: Mapping[str, Any], document: Document) -> list[str]:
    """The fields of a document that were made regular, for the report and for comparing."""
    return sorted(name for name in document if name != "_id" and not _same(raw.get(name, _ABSENT), document[name]))


_ABSENT = object()


def _same(before: object, after: object) -> bool:
    return before == after and isinstance(before, bool) == isinstance(after, bool)  # 1.0 is 1, True is not


def _name_job(document: Document) -> None:
    """The site shows the matched job where the notice itself names none."""
    job = document.get("matched_job") or {}
    for name, of_job in (("job_company", "company"), ("job_role", "job_profile")):
        if not document.get(name) and job.get(of_job):
            document[name] = job[of_job]


def _read_at(raw: Mapping[str, Any]) -> datetime:
    """When a snapshot without a time was read, as far as its _id tells; two of one second are told apart."""
    made = raw.get("_id")
    if not isinstance(made, ObjectId):
        return _LONG_AGO
    return made.generation_time + timedelta(milliseconds=int.from_bytes(made.binary[-3:]) % 1000)


def _date(document: Document, raw: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Lists are sorted by `createdAt`: a number always, the best that is known; at worst when the _id was made."""
    made = raw.get("_id")
    instants = (values.epoch_ms(raw.get(name)) for name in names)
    by_id = values.epoch_ms(made.generation_time) if isinstance(made, ObjectId) else None
    document["createdAt"] = next((found for found in instants if found), by_id or 0)


def _without_none(row: Document, name: str) -> Document:
    return {key: value for key, value in row.items() if key != name or value is not None}
