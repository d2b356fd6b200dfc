"""Notices as the portal words them: each function gives title and HTML. Times are shown in Asia/Kolkata."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
INSTRUCTIONS = (
    "<p>\nYou might be asked to mark your attendance for this event. To know how to mark your attendance, please read\n"
    '<a href="https://portal.example/support/#/student/349" target="#blank"> <strong> these instructions </strong> '
    '<span class="fa fa-external-link"></span> </a>.\n</p>'
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A job profile as the notices about it speak of it. Stages are numbered from 1."""

    company: str
    role: str
    courses: tuple[str, ...]
    marks: tuple[tuple[str, float], ...]
    stages: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.company}'s {self.role}"

    def stage(self, number: int) -> str:
        return f"Stage {number} ({self.stages[number - 1]})"


Post = tuple[str, str]
Roster = Sequence[tuple[str, str]]  # name, enrolment number


def open_for_applications(job: Opening, deadline: datetime) -> Post:
    company, role = f"<b>{escape(job.company)}</b>", f"<b>{escape(job.role)}</b>"
    marks = _items(f"{level} - {mark:g} {'CGPA' if mark <= 10 else 'PERCENT'}" for level, mark in job.marks)
    return f"Open for applications - {job.company}'s Job Profile - {job.role}", (
        f"<p>\n\t\tApplications are now being accepted for {company}'s Job Profile: {role}.\n\t\t</p>\n\t\n"
        "\t<p>\n\tEligible students will be able to find this job profile under <b>JOB PROFILES</b> options, and apply."
        "\n\t</p>\n\t\n"
        f"\t<p>\n\t<b>Applicable Courses</b>\n{_list(job.courses)}\t</p>\n\t\n"
        f"\t<p>\n\t<b>Eligibility</b>\n\t<ol>\n\t\t<li>B.Tech\n\t\t<ul>\n{marks}\t\t</ul>\n\t\t</li>\n"
        "\t\t<li>No backlogs</li>\n\t</ol>\n\t</p>\n\t\n"
        f"\t<p>\n\t<b>Hiring Process - Stages</b>\n{_list(job.stages)}\t</p>\n\t\n"
        f'\t<p> \n\t<span class="text-danger"><strong>Deadline for applications is <b>{clock(deadline)}</b></strong>'
        "</span>\n\t.\n\t</p>"
    )


def shortlist(job: Opening, stage: int, students: Roster) -> Post:
    named = _list(f"{name} ({number})" for name, number in students)
    return f"Shortlist published for {job.stage(stage)}  of {job.title} ", (
        f"Following students are shortlisted for {escape(job.stage(stage))}\n<br/>\n<br/>\n{named}\n\n"
    )


def final_shortlist(job: Opening, students: Roster) -> Post:
    named = _list(f"{name} ({number})" for name, number in students)
    last = escape(job.stage(len(job.stages)))
    return f"Final shortlist for {job.title} ", (
        f"\t\t\tFollowing students have been shortlisted for final offer after {last}\n<br/>\n<br/>\n{named}\n"
    )


def venue(job: Opening, stage: int, place: str, start: datetime, end: datetime) -> Post:
    return f"Venue and Date published for {job.stage(stage)} of {job.title}", (
        _event(job, stage, f"Venue: <strong>{escape(place)}</strong>", start, end) + INSTRUCTIONS
    )


def new_venue(job: Opening, stage: int, place: str, start: datetime, end: datetime) -> Post:
    moved = f"Venue has been changed to <strong>{escape(place)}</strong>"
    return f"Venue and Date updated for {job.stage(stage)} of {job.title}", _event(job, stage, moved, start, end)


def date_of_visit(job: Opening, day: datetime, place: str) -> Post:
    return f"Updates in Date Of Visit of {job.role} at {job.company}", (
        f" <br/>\nDate of Visit of Job profile <strong>{escape(job.role)}</strong> at "
        f"<strong>{escape(job.company)}</strong> \nin <strong>Campus Placements</strong> has been updated."
        "<br/>\n<br/>\n\n"
        f"Job Profile Title: {escape(job.role)} <br/>\nCompany: {escape(job.company)}<br/>\n"
        f"Date of Visit: {day.astimezone(INDIA):%b %d, %Y}<br/>\nLocation: {escape(place)}<br/>\n"
    )


def placement_cycle(cycle: str, college: str, program: str) -> Post:
    return f"Placement cycle {cycle} - Open for registrations\n", (
        f"<p>\nPlacement cycle <b>{escape(cycle)}</b> is now open for registrations.\n</p>\n\n"
        "<p>\nIt is mandatory to enrol in the placement cycle to participate in placement processes. \n</p>\n\n"
        f"<p>\n<b>Applicable Colleges</b>\n{_list([college])}</p>\n\n"
        f"<p>\n<b>Applicable Programs</b>\n{_list([program])}</p>\n"
    )


def upcoming_event(name: str, start: datetime, end: datetime, text: str) -> Post:
    """`text` is HTML."""
    return f"Upcoming Event: {name}", (
        "<div style=\"font-family:'Roboto','Helvetica', sans-serif; color:#4b494f\"> <h3>New Event Announcement!</h3> "
        f'<h4>{escape(name)}</h4> <p class=" text-grey"><span class="fa fa-clock-o"></span>  '
        f"{clock(start)} - {clock(end)}  </p>  <div>{text}</div></div>"
    )


def seating(job: Opening, stage: int, when: datetime, seats: Iterable[tuple[str, str, str]]) -> Post:
    """A mail of the placement office pasted into a notice; a seat is name, enrolment number, room."""
    rows = "".join(
        f'<tr><td width="51">{number}</td><td>{enrolment}</td><td>{escape(name)}</td><td>{room}</td></tr>'
        for number, (name, enrolment, room) in enumerate(seats, start=1)
    )
    local = when.astimezone(INDIA)
    return f"{job.company} – Shortlisted Students – {job.stages[stage - 1]} – {local:%I:%M %p, %d %b %Y}", (
        "<p>Kind Attn. B.Tech &ndash; CSE, ECE</p>"
        f"<p><strong><u>Reporting Time</u></strong><u> <strong>&amp; Date</strong></u>: {local:%I:%M %p, %d %b %Y}</p>"
        "<p><strong><u>Venue</u></strong>: Computing Labs 3 and 4, Tagore Block</p><p><strong>&nbsp;</strong></p>"
        '<p>&nbsp;List of Students: Carry your ID card.</p><table width="451"><tbody>'
        '<tr><td width="51">S.No.</td><td width="99">Roll No</td><td width="246">Name</td><td>Lab</td></tr>'
        f"{rows}</tbody></table>"
    )


def by_day(moment: datetime, hour: int) -> datetime:
    """Return that day at a full hour in India: nobody interviews at night, whenever the sandbox is started."""
    return moment.astimezone(INDIA).replace(hour=hour, minute=0, second=0, microsecond=0)


def clock(moment: datetime) -> str:
    """ "August, 21, 10:06 AM", as the portal shows times."""
    return f"{moment.astimezone(INDIA):%B, %d, %I:%M %p}"


def _event(job: Opening, stage: int, place: str, start: datetime, end: datetime) -> str:
    return (
        f"{escape(job.stage(stage))} of <strong>{escape(job.title, quote=False)}</strong>\n            <br/>\n"
        f"            <p>\n                <ul>\n                    <li>\n                        {place}\n"
        "                    </li>\n                    <li>\n"
        f"                        Timing: <strong>{clock(start)} IST</strong>\n"
        f"                                                to <strong>{clock(end)} IST</strong>\n"
        "                    </li>\n                </ul>\n            </p>\n"
    )


def _list(items: Iterable[str]) -> str:
    return f"<ol>\n{_items(items)}\t</ol>\n"


def _items(items: Iterable[str]) -> str:
    return "".join(f"\t\t    <li>{escape(item)}</li>\n" for item in items)
