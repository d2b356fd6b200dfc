"""What the portal's JSON says, as items (spec: portal). Pure; what is missing or of a wrong type is empty."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scraping.items import Document, Mark, PortalJob, PortalNotice
from scraping.sources.html_repair import repaired
from scraping.sources.portal.values import (
    amount,
    distinct,
    flag,
    identifier,
    line,
    moment,
    names,
    number,
    record,
    records,
    text,
    whole,
)

LONGEST_IDENTIFIER = 100
CATEGORY_NAMES = {1: "High", 2: "Middle", 3: "Offer is more than 4.6 lacs", 4: "Internship"}


def parse_identifier(raw: object, field: str) -> str:
    """The identifier of a record, which is under `field`.

    Raises:
        ValueError: the record is no object, or has no usable identifier.
    """
    if not isinstance(raw, dict):
        raise ValueError(f"not an object but {type(raw).__name__}")
    found = identifier(raw.get(field))
    if not found:
        raise ValueError(f"no {field}")
    if len(found) > LONGEST_IDENTIFIER:
        raise ValueError(f"{field} is longer than {LONGEST_IDENTIFIER} characters")
    return found


def parse_notice(raw: object) -> PortalNotice:
    """A notice as the listing holds it.

    Raises:
        ValueError: no identifier, or neither title nor content.
    """
    key = parse_identifier(raw, "identifier")
    fields = record(raw)
    notice = PortalNotice(
        identifier=key,
        title=line(fields.get("title")),
        content=repaired(text(fields.get("content"))),
        author=line(fields.get("lastModifiedByUserName")),
        published_at=moment(fields.get("publishedAt")),
        modified_at=moment(fields.get("lastModifiedOn")),
    )
    if not notice.title and not notice.content.strip():
        raise ValueError("neither title nor content")
    return notice


def parse_job(short: object, detail: object = None, documents: Mapping[str, str] | None = None) -> PortalJob:
    """A job from its short form in the listing, its full form, and the links of its documents by identifier.

    The place is `jobProfile.location`, else `jobProfileLocation`; the deadline stands in the short form only.

    Raises:
        ValueError: the short form has no identifier.
    """
    key = parse_identifier(short, "jobProfileIdentifier")
    listed, full = record(short), record(detail)
    profile = record(full.get("jobProfile"))
    checks = record(full.get("eligibilityCheckResult"))
    level = whole(listed.get("placementCategoryLevel"))
    return PortalJob(
        identifier=key,
        role=line(listed.get("jobProfileTitle")),
        company=line(listed.get("companyName")),
        category_level=level,
        category_name=line(listed.get("placementCategoryName")) or CATEGORY_NAMES.get(level or 0, ""),
        content=repaired(text(listed.get("content"))),
        created_at=moment(listed.get("createdAt")),
        deadline=moment(listed.get("jobProfileApplicationDeadline")),
        description=repaired(text(profile.get("jobDescription"))),
        invitation=repaired(text(profile.get("invitationCustomText"))),
        location=_place(profile.get("location")) or _place(full.get("jobProfileLocation")),
        package=amount(profile.get("package")),
        ctc_min=amount(profile.get("ctcMin")),
        ctc_max=amount(profile.get("ctcMax")),
        interval=line(profile.get("ctcInterval")).upper(),
        package_info=repaired(text(profile.get("ctcAdditionalInfo"))),
        position_type=line(full.get("positionType")),
        marks=tuple(_marks(checks.get("academicResults"))),
        courses=distinct(
            _course(each) for each in records(record(checks.get("courseCheckResult")).get("openedForCourses"))
        ),
        genders=tuple(each for each in ("Female", "Male", "Other") if flag(profile.get(f"allowGender{each}"))),
        skills=names(profile.get("requiredSkills")),
        stages=_stages(profile.get("stages")),
        documents=parse_documents(detail, documents or {}),
    )


def parse_documents(detail: object, links: Mapping[str, str]) -> tuple[Document, ...]:
    """The documents of a job's full form, each once, with their links where there is one for http(s)."""
    profile = record(record(detail).get("jobProfile"))
    found: dict[str, Document] = {}
    for each in records(profile.get("documents")):
        key = identifier(each.get("identifier"))
        if 0 < len(key) <= LONGEST_IDENTIFIER:
            found.setdefault(key, Document(key, line(each.get("name")), web_link(links.get(key))))
    return tuple(found.values())


def web_link(value: object) -> str:
    """An http(s) address, else ""."""
    link = text(value).strip()
    return link if link.lower().startswith(("https://", "http://")) else ""


def _place(value: object) -> str:
    return ", ".join(names(value))


def _marks(value: object) -> Iterator[Mark]:
    for each in records(value):
        level, required = line(each.get("level")), number(each.get("required"))
        if level and required is not None and required > 0:
            yield Mark(level, float(required))


def _course(course: Mapping[str, Any]) -> str:
    program = line(record(course.get("program")).get("shortName"))
    return " - ".join(part for part in (program, line(course.get("name"))) if part)


def _stages(value: object) -> tuple[str, ...]:
    """Names by sequence; those without one come last, in the order given."""
    by_sequence = sorted(records(value), key=lambda each: _sequence(each.get("sequence")))
    return tuple(name for each in by_sequence if (name := line(each.get("name"))))


def _sequence(value: object) -> Decimal:
    found = number(value)
    return Decimal("Infinity") if found is None else found
