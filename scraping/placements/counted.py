"""What statistics count of an offered student: who they are, which branch, which role, for how much (spec: statistics).

It depends on the whole offer, so it is settled whenever an offer was changed, and read by set-based queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from notifications.rendering.naming import Names, names_of, visible
from scraping.changes import announce
from scraping.models import Offer, OfferedStudent
from scraping.reading.facts.naming.names import role_words

RUPEES_A_LAKH = 100_000
JUIT, MTECH = "JUIT", "MTech"
_LONGEST_NUMBER = 18  # digits of a 64-bit integer
_WRITTEN = (
    "name",
    "enrollment",
    "role",
    "package",
    "student",
    "number",
    "fixed_branch",
    "counted_role",
    "role_key",
    "counted_package",
    "person",
)

Role = Mapping[str, Any]


def settle(offer: Offer) -> None:
    """Bring what is counted of an offer up to date, and let the statistics see that it changed.

    Whoever changes an offer or its students calls this, in the same transaction.
    """
    students = list(offer.students.all())
    store(offer, students, written(students))


def store(offer: Offer, students: Sequence[OfferedStudent], before: Mapping[int, object]) -> None:
    """Settle an offer with all its students, write the new ones and those that differ from `before`, by `written`."""
    names = names_in(offer, students)
    for student in students:
        settle_student(student, offer, names)
    now = written(students)
    changed = [student for student in students if student.pk and now[student.pk] != before[student.pk]]
    OfferedStudent.objects.bulk_update(changed, _WRITTEN, batch_size=100)
    OfferedStudent.objects.bulk_create([student for student in students if student.pk is None])
    offer.company_fold = fold(offer.company)
    offer.location_keys = location_keys(offer.locations)
    offer.save()
    announce(Offer, offer.pk)


def written(students: Iterable[OfferedStudent]) -> dict[int, object]:
    """Return what is stored of each student, to see later what changed."""
    return {student.pk: tuple(getattr(student, name) for name in _WRITTEN) for student in students}


def names_in(offer: Offer, students: Iterable[OfferedStudent]) -> Names:
    """Return the names and numbers of an offer's students, which no text that everybody reads may hold."""
    listed = [{"name": student.name, "enrollment": student.enrollment} for student in students]
    return names_of(listed, own=[offer.company])


def without_names(text: str, names: Names) -> str:
    """Return a short text as everybody may read it: "…" in the place of a student, "SDE - …"."""
    shown = visible(text)
    return names.masked(shown) if names.name_somebody(shown) else shown


def open_roles(offer: Offer) -> list[Role]:
    """Return the roles of an offer as everybody may read them; its students are read."""
    names = names_in(offer, offer.students.all())
    return [
        {**role, **{part: without_names(str(role.get(part) or ""), names) for part in ("role", "details")}}
        for role in offer.roles
    ]


def settle_student(student: OfferedStudent, offer: Offer, names: Names) -> None:
    """Set what is counted of a student of this offer, without the `names` of its students; nothing is saved."""
    plain = plain_number(student.enrollment)
    roles: list[Role] = offer.roles
    student.student = student_key(student.enrollment, student.name)
    student.fixed_branch = fixed_branch(plain)
    student.number = int(plain) if plain.isdecimal() and len(plain) <= _LONGEST_NUMBER else None
    role = student.role or (str(roles[0].get("role") or "") if len(roles) == 1 else "")
    student.counted_role = without_names(role, names)
    student.role_key = fold(student.counted_role)
    student.counted_package = package_of(student, roles)
    student.person = f"{fold(student.name)}\n{fold(student.student)}"


def student_key(enrollment: str, name: str) -> str:
    """Return what tells two students apart: the number in capitals without signs; without one, the name."""
    return (plain_number(enrollment) or fold(name))[:200]


def plain_number(enrollment: str) -> str:
    """ " 22-103 001" as "22103001"."""
    return "".join(sign for sign in enrollment if sign.isalnum()).upper()


def fixed_branch(number: str) -> str:
    """JUIT where the number holds a letter, MTech where it starts with 24, JUIT where it has nine digits; else ""."""
    if any(sign.isalpha() for sign in number):
        return JUIT
    if number.startswith("24"):
        return MTECH
    return JUIT if len(number) == 9 else ""


def package_of(student: OfferedStudent, roles: Iterable[Role]) -> int | None:
    """Rupees a year: their own, else that of their role, else the only or the highest one of the offer."""
    roles = list(roles)
    own = rupees(student.package)
    of_role = [rupees(role.get("package")) for role in roles if same_role(str(role.get("role") or ""), student.role)]
    every = [rupees(role.get("package")) for role in roles]
    return own or max(filter(None, of_role), default=None) or max(filter(None, every), default=None)


def same_role(one: str, other: str) -> bool:
    """Whether two names of a role mean the same: "SDE-1" and "Software Development Engineer I"."""
    if not one.strip() or not other.strip():
        return False
    return fold(one) == fold(other) or (role_words(one) == role_words(other) != ())


def rupees(package: object) -> int | None:
    """LPA as whole rupees; None where it is no number above zero."""
    try:
        amount = Decimal(str(package).strip()) * RUPEES_A_LAKH
    except InvalidOperation:
        return None
    return round(amount) or None if amount.is_finite() and amount > 0 else None


def location_keys(locations: Iterable[str]) -> str:
    """Locations a line each, so that a filter finds a whole one."""
    return "\n" + "".join(f"{fold(location)}\n" for location in locations)


def fold(text: str) -> str:
    """A text as it is compared: without case, on one line."""
    return " ".join(text.casefold().split())
