"""How a reading is compared with the truth of a corpus text, field by field."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

LEGAL_FORMS = {"pvt", "private", "ltd", "limited", "inc", "india", "llp"}
SAME_PLACE = 0.6  # so much of the words of two venues must be common
INDIA = ZoneInfo("Asia/Kolkata")
PACKAGE_TOLERANCE = 0.05  # LPA


def words(value: object) -> list[str]:
    plain = unicodedata.normalize("NFKD", str(value)).casefold().replace("'", "").replace("’", "")
    return re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def folded(value: object) -> str:
    return "".join(words(value))


def names_of(company: object) -> set[str]:
    """A company's name whole, without its bracket, and the bracket alone where it is one word."""
    text = str(company)
    bracket = re.search(r"\(([^()\s]+)\)", text)
    forms = [text, re.sub(r"\([^)]*\)", " ", text), *([bracket[1]] if bracket else [])]
    return {"".join(word for word in words(form) if word not in LEGAL_FORMS) for form in forms} - {""}


def moment(value: object) -> datetime | str:
    """A time with its zone; a bare day stays text, so that it equals no time."""
    text = str(value)
    if len(text) == len("2026-11-29"):
        return text
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=INDIA)


def address(url: object) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", str(url)).rstrip("/").casefold()


def students(rows: Iterable[Mapping[str, Any]] | None) -> set[tuple[str, str]]:
    return {(folded(row.get("name") or ""), folded(row.get("enrollment") or "")) for row in rows or ()}


def same_company(truth: object, read: object) -> bool:
    return bool(names_of(truth) & names_of(read))


def same_text(truth: object, read: object) -> bool:
    return folded(truth) == folded(read)


def same_moment(truth: object, read: object) -> bool:
    return moment(truth) == moment(read)


def same_venue(truth: object, read: object) -> bool:
    one, other = set(words(truth)), set(words(read))
    return len(one & other) >= SAME_PLACE * len(one | other)


def same_links(truth: Iterable[object], read: Iterable[object]) -> bool:
    return set(map(address, truth)) <= set(map(address, read))


def same_students(truth: Iterable[Mapping[str, Any]], read: Iterable[Mapping[str, Any]]) -> bool:
    return students(truth) == students(read)


def same_eligibility(truth: Mapping[str, Any], read: Mapping[str, Any]) -> bool:
    return all(_as_set(read.get(name)) == _as_set(value) for name, value in truth.items())


def _as_set(value: object) -> object:
    return {folded(item) for item in value} if isinstance(value, list) else value


def same_roles(truth: Iterable[Mapping[str, Any]], read: Iterable[Mapping[str, Any]]) -> bool:
    """Each role with its package; a package that no text settles may be unknown, never another."""
    told = list(read)
    return all(any(_same_role(role, other) for other in told) for role in truth)


def _same_role(truth: Mapping[str, Any], read: Mapping[str, Any]) -> bool:
    names = {folded(name) for name in (truth["role"], *truth.get("role_also_ok", ()))}
    packages = (truth.get("package"), *truth.get("package_also_ok", ()))
    package = read.get("package")
    settled = any(
        package is wanted or (wanted is not None and package is not None and abs(package - wanted) <= PACKAGE_TOLERANCE)
        for wanted in packages
    )
    return settled and folded(read.get("role") or "") in names


COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "category": same_text,
    "kind": same_text,
    "company": same_company,
    "role": same_text,
    "roles": same_roles,
    "stage": same_text,
    "deadline": same_moment,
    "event_at": same_moment,
    "venue": same_venue,
    "links": same_links,
    "roster": same_students,
    "meaning": same_text,
    "eligibility": same_eligibility,
    "joining_date": same_text,
    "is_final_offer": same_text,
    "number_of_offers": same_text,
}
NOTHING: tuple[object, ...] = (None, "", [], {}, (), False)


def compare(truth: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Returns each field that the truth is about, and whether it was read so. `unsure` fields are left out."""
    for field, same in COMPARED.items():
        if field in truth and field not in truth.get("unsure", ()):
            yield field, _agrees(truth, field, read.get(field), same)


def _agrees(truth: Mapping[str, Any], field: str, read: Any, same: Callable[[Any, Any], bool]) -> bool:
    base = field.removesuffix("_at")
    names = ("also_ok", f"{field}_also_ok") if field in ("category", "kind") else (f"{base}_also_ok",)
    accepted = [truth[field], *(value for name in names for value in truth.get(name, ()))]
    if read in NOTHING:
        return any(wanted in NOTHING for wanted in accepted)
    return any(wanted not in NOTHING and same(wanted, read) for wanted in accepted)


def outcome(truth: Mapping[str, Any], field: str, read: Any) -> str:
    """How a field that the truth is about was read: right, wrong, missing or made up."""
    base = field.removesuffix("_at")
    accepted = [truth[field], *truth.get(f"{base}_also_ok", ())]
    if _agrees(truth, field, read, COMPARED[field]):
        return "right"
    if read in NOTHING:
        return "missing"
    return "made up" if all(wanted in NOTHING for wanted in accepted) else "wrong"
