import re
import time
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.categories import Category
from scraping.items import PortalNotice
from scraping.reading.facts.times.dates import INDIA
from scraping.reading.notice import extract_notice
from tests.scraping.reading.notices import JOBS, PUBLISHED, read, students

OPEN = """<p>Applications are now being accepted for <b>{company}</b>'s Job Profile: <b>{role}</b>.</p>
<p><b>Hiring Process - Stages</b><ol><li>Resume shortlisting</li><li>Online test <p>Venue: <strong>CL 1</strong><br>
Start time: <strong>September, 25, 10:00 AM </strong><br>
End time: <strong>September, 25, 12:00 PM</strong></p></li></ol></p>
<p><span><strong>Deadline for applications is <b>September, 18, 03:00 PM</strong></span>
.
</p>"""
SHORTLIST = (
    "Following students are shortlisted for {stage}\n<br/>\n<ol>\n"
    "\t\t    <li>Asha Rao (23510417)</li>\n\t\t    <li>RAVI (9923510655)</li>\n\t</ol>"
)
VENUE = """{stage} of <strong>{whose}</strong><br/><p><ul><li>Venue: <strong>Seminar Hall &amp; Lab 2</strong></li>
<li>Timing: <strong>September, 20, 03:30 PM IST</strong> to <strong>September, 20, 06:00 PM IST</strong></li></ul></p>
<p>You might be asked to mark your attendance. Please read
<a href="https://app.portal.example/support/#/student/349">these instructions</a>.</p>"""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=INDIA)


def test_open_for_applications() -> None:
    facts = read(
        "Open for applications - Orbit's Job Profile - Care—Associate",
        OPEN.format(company="Orbit", role="Careâ€”Associate"),
    )
    assert (facts.category, facts.rule) == (Category.JOB_POSTING, "title.applications_open")
    assert facts.confidence >= 0.95
    assert (facts.company, facts.role, facts.stage) == ("Orbit", "Care—Associate", None)
    assert facts.deadline == at(18, 15)


def test_the_stages_to_come_are_not_the_notices_own() -> None:
    facts = read("Open for applications - Orbit's Job Profile - Intern", OPEN.format(company="Orbit", role="Intern"))
    assert (facts.event_at, facts.event_end, facts.venue) == (None, None, None)


def test_shortlist_published() -> None:
    facts = read(
        "Shortlist published for Stage 5 (HR interview)  of Orbit Technologies,'s Associate ",
        SHORTLIST.format(stage="Stage 5 (HR interview)"),
    )
    assert (facts.category, facts.company, facts.role) == (Category.SHORTLISTING, "Orbit Technologies", "Associate")
    assert facts.stage == "Stage 5 (HR interview)"
    assert students(facts) == [("Asha Rao", "23510417"), ("RAVI", "9923510655")]


def test_final_shortlist_takes_its_stage_from_the_text() -> None:
    content = SHORTLIST.format(stage="final offer after Stage 6 (Fit & Offer)").replace(
        "are shortlisted", "have been shortlisted"
    )
    facts = read("Final shortlist for Orbit's Analyst ", content)
    assert (facts.rule, facts.stage) == ("title.final_shortlist", "Stage 6 (Fit & Offer)")


def test_venue_and_date() -> None:
    facts = read(
        "Venue and Date updated for Stage 2 (Test) of Orbit Labs's Analyst - II",
        VENUE.format(stage="Stage 2 (Test)", whose="Orbit Labs's Analyst - II"),
    )
    assert (facts.category, facts.company, facts.role) == (Category.UPDATE, "Orbit Labs", "Analyst - II")
    assert (facts.event_at, facts.event_end) == (at(20, 15, 30), at(20, 18))
    assert (facts.venue, facts.deadline, facts.links) == ("Seminar Hall & Lab 2", None, ())


def test_deadline_changed() -> None:
    facts = read(
        "Deadline for Applications changed - Orbit's Job Profile - Engineer (Trainee) - V2.0",
        "<p>Please note that new deadline for applications is <b>September, 20, 12:00 PM IST</b></p>",
    )
    assert (facts.category, facts.deadline) == (Category.UPDATE, at(20, 12))


def test_date_of_visit() -> None:
    facts = read(
        "Updates in Date Of Visit of Intern at Orbit Labs",
        "<p>Job Profile Title: Intern</p><p>Date of Visit: Sep 25, 2026</p><p>Location: Noida</p>",
    )
    assert (facts.category, facts.company, facts.event_at) == (Category.UPDATE, "Orbit Labs", date(2026, 9, 25))


def test_placement_cycle_is_of_no_company() -> None:
    facts = read(
        "Placement cycle ABC Campus 2026-2027 - Open for registrations\n",
        "<p>Placement cycle <b>ABC Campus 2026-2027</b> is now open for registrations.</p>"
        "<ol><li>ABC University, Pune</li></ol>",
    )
    assert (facts.category, facts.company, facts.role, facts.roster) == (Category.ANNOUNCEMENT, None, None, ())


def test_upcoming_event_takes_its_first_session() -> None:
    facts = read(
        "Upcoming Event: Orbit: Student Summit: Batch 2027 - 20 September Session Details",
        "<h3>New Event!</h3><p>September, 20, 05:30 AM - September, 21, 05:30 AM</p>"
        "<table><tr><td>Day</td><td>Date</td><td>Time</td>"
        "<td>Link</td></tr><tr><td rowspan=2>1</td><td>20-Sep-26</td><td>10.00 AM</td><td><a "
        "href='https://meet.example/1'>Join</a></td>"
        "</tr><tr><td>20-Sep-26</td><td>12.00 PM</td><td><a href='https://meet.example/1'>Join</a></td></tr></table>",
    )
    assert (facts.category, facts.company, facts.event_at) == (Category.WEBINAR, "Orbit", at(20, 10))
    assert [link.url for link in facts.links] == ["https://meet.example/1"]


def test_a_list_under_a_title_of_its_own() -> None:
    facts = read(
        "Orbit - Campus Hiring -  Managerial interview shortlist - report by 8 am on 18 Sep",
        "<h4>Venue and Date published for Stage 4 (Managerial interview) of Orbit's Data Consultant</h4>"
        "<ul><li>Venue:&nbsp;<strong>T&amp;P Hall</strong></li>"
        "<li>Timing:&nbsp;<strong>September, 18, 08:00 AM IST</strong>"
        "&nbsp;to&nbsp;<strong>September, 18, 07:00 PM IST</strong></li></ul>"
        + SHORTLIST.format(stage="Stage 4 (Managerial interview)"),
    )
    assert (facts.category, facts.company, facts.role) == (Category.SHORTLISTING, "Orbit", "Data Consultant")
    assert (facts.stage, facts.venue) == ("Stage 4 (Managerial interview)", "T&P Hall")
    assert (facts.event_at, facts.event_end, facts.deadline) == (at(18, 8), at(18, 19), None)
    assert len(facts.roster) == 2


def test_a_rescheduled_test() -> None:
    facts = read(
        "Orbit Labs - Virtual Coding Round (Stage 2): Revised Date - 18 September 2026",
        "<p><strong>The coding round has been moved to 18th September 2026.</strong></p>"
        "<p>The link will be shared by 17th Sept.</p>",
    )
    assert (facts.category, facts.stage, facts.venue) == (Category.UPDATE, "Stage 2 (Virtual Coding Round)", "Virtual")
    assert (facts.event_at, facts.deadline) == (date(2026, 9, 18), None)


def test_a_hackathon() -> None:
    facts = read(
        "Orbit Hackathon 2026",
        "<p>Complete the registration before 5 PM, 20th September, 2026. Win prizes up to 5 Lakhs!</p>"
        "<p>Link: <a href='https://hack.example'>https://hack.example</a></p>",
    )
    assert (facts.category, facts.company, facts.deadline) == (Category.HACKATHON, "Orbit", at(20, 17))
    assert (facts.event_at, facts.roles) == (None, ())


def test_a_job_with_its_pay() -> None:
    facts = read(
        "Internship opportunity at Orbit Foods",
        "<p>Role: Marketing Intern</p><p>Stipend: 15k/month</p>"
        "<p>Apply at https://orbit.example/careers on or before 20.09.2026</p>",
    )
    assert (facts.category, facts.role, facts.deadline) == (Category.JOB_POSTING, "Marketing Intern", date(2026, 9, 20))
    (pay,) = facts.roles
    assert (pay.role, pay.package, pay.details) == ("Marketing Intern", 1.8, "Stipend: 15k/month")


def test_final_selections_with_a_package_are_an_offer() -> None:
    facts = read(
        "Congratulations to our students placed at Orbit",
        "<p>CTC: 6.5 LPA</p>"
        "<table><tr><th>Name</th><th>Roll No.</th></tr><tr><td>Asha</td><td>20CS45</td></tr></table>",
    )
    assert (facts.category, facts.company, students(facts)) == (Category.PLACEMENT_OFFER, "Orbit", [("Asha", "20CS45")])
    assert facts.roles[0].package == 6.5


def test_a_notice_without_a_title_is_read_by_its_text() -> None:
    opened = read("", OPEN.format(company="Nimbus Robotics Pvt Ltd", role="Software Engineer I"))
    assert (opened.category, opened.company, opened.role) == (
        Category.JOB_POSTING,
        "Nimbus Robotics Pvt Ltd",
        "Software Engineer I",
    )
    assert (opened.deadline, opened.venue) == (at(18, 15), None)
    listed = read("", SHORTLIST.format(stage="Stage 2 (Aptitude Test)"))
    assert (listed.category, listed.stage, len(listed.roster)) == (Category.SHORTLISTING, "Stage 2 (Aptitude Test)", 2)
    assert listed.company is None


def test_a_title_alone() -> None:
    facts = read("Attention: PPT by Orbit on 18.09.26 at 1100 hrs in Seminar Hall-2")
    assert (facts.category, facts.company, facts.stage) == (Category.UPDATE, "Orbit", "Pre-Placement Talk")
    assert (facts.event_at, facts.venue) == (at(18, 11), "Seminar Hall-2")


@pytest.mark.parametrize("content", ["", " ", "<p></p>", "<!-- x -->", "<", "&nbsp;"])
def test_nothing_in_a_notice_is_nothing_read(content: str) -> None:
    facts = read("", content)
    assert (facts.category, facts.rule, facts.confidence) == (Category.ANNOUNCEMENT, "fallback.general", 0.4)
    assert (facts.company, facts.roster, facts.links, facts.deadline) == (None, (), (), None)


def test_none_where_text_should_be_is_read_as_none() -> None:
    notice = PortalNotice("x", None, None, "", None, None)  # type: ignore[arg-type]  # the test varies the arguments
    assert extract_notice(notice).category == Category.ANNOUNCEMENT


def test_the_date_of_change_serves_where_that_of_publication_is_missing() -> None:
    notice = PortalNotice("x", "Apply by 20 Sept", "", "", None, PUBLISHED)
    assert extract_notice(notice).deadline == date(2026, 9, 20)


def test_a_publication_out_of_reason_dates_nothing() -> None:
    far = datetime(9999, 12, 31, 23, tzinfo=INDIA)
    assert extract_notice(PortalNotice("x", "Apply by tomorrow 5 PM", "", "", far, None)).deadline is None


def test_only_names_and_numbers_of_students_are_kept() -> None:
    facts = read(
        "Orbit - Shortlisted Students",
        "<table><tr><td>Name</td><td>Email</td><td>Mobile</td><td>Enrollment No.</td></tr><tr><td>Asha Rao</td>"
        "<td>asha@college.example</td><td>9876543210</td><td>23510417</td></tr></table>",
    )
    assert students(facts) == [("Asha Rao", "23510417")]
    assert "9876543210" not in str(facts)
    assert "asha@" not in str(facts)


def test_evidence_quotes_what_decided() -> None:
    facts = read("Orbit Hackathon", "<p>Register by 20 Sept, 5 PM</p>")
    assert facts.evidence[:2] == ("title: Hackathon", "deadline: Register by 20 Sept, 5 PM")
    assert re.fullmatch(r"company: title \+2, .*, tagger 0\.\d\d [+-][\d.]+", facts.evidence[2])
    assert len(facts.evidence) == 3


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 200_000,
        "Asha Rao (23510417), " * 48_000,
        "<li>Asha Rao (23510417)</li>" * 34_000,
        "(1, " * 250_000,
        " " * 1_000_000 + "x",
        "<table>" + "<tr><td rowspan=99999>x</td><td colspan=9999>y</td></tr>" * 17_000,
        ("<p>" + "5 Sept " * 270 + "</p>") * 500,
        ("<p>" + "12345678 " * 430 + "</p>") * 250,
    ],
    ids=["nested", "sentence", "list", "brackets", "blanks", "spans", "dates", "numbers"],
)
def test_a_megabyte_of_anything_is_read_in_bounded_time(content: str) -> None:
    start = time.process_time()
    read("Notice", content)
    assert time.process_time() - start < 30  # far from what a slow machine takes, near to what a quadratic one would


@settings(max_examples=60)
@given(
    title=st.text(max_size=60) | st.sampled_from(["Stage 4 (", "Final shortlist for 's ", "by 31/02/2026 25:99"]),
    pieces=st.lists(
        st.sampled_from(
            [
                "<p>",
                "</td>",
                "<table><tr><td>",
                "<li>",
                "<a href='http://[",
                "'>",
                "Asha (23510417)",
                "T99:99+99:99",
                "20 Aug",
                "EOD",
                "\ud800",
                "\x00",
                "Roll No",
                "|",
                "\t",
                "\n",
                "2026-02-30",
                "²²²²²²²²",
                "٢٢١٠٣٧٣١",
                "8-12 LPA",
                "Venue:",
                "tomorrow",
            ]
        )
        | st.text(max_size=8),
        max_size=25,
    ),
)
def test_no_notice_is_an_error(title: str, pieces: list[str]) -> None:
    facts = extract_notice(PortalNotice("x", title, "".join(pieces), "", PUBLISHED, None), JOBS)
    assert facts.category in Category.values
    assert facts.rule
    assert 0 < facts.confidence <= 1


def test_pay_in_a_sentence_that_names_a_student() -> None:
    facts = read("Congratulations to Asha Rao (22107799)", "<p>Asha Rao (22107799) got a PPO, package of 18 LPA.</p>")
    assert facts.category == Category.PLACEMENT_OFFER
    assert students(facts) == [("Asha Rao", "22107799")]


def test_the_first_slot_of_a_table_of_students_is_when_it_begins() -> None:
    rows = "".join(
        f"<tr><td>{day}</td><td>{clock}</td><td>{number}</td><td>{name}</td></tr>"
        for day, clock, number, name in (
            ("Date", "Time", "Roll No", "Name"),
            ("18-Sep-2026", "10:00 AM", "22104001", "Asha Rao"),
            ("18-Sep-2026", "10:30 AM", "22104002", "Ravi"),
        )
    )
    facts = read("Nimbus Robotics - interview schedule", f"<table>{rows}</table>")
    assert facts.event_at == datetime(2026, 9, 18, 10, 0, tzinfo=INDIA)
    assert len(facts.roster) == 2


def test_pay_in_the_title() -> None:
    content = "<p>List of selected students:</p><ol><li>Asha Rao (22101002)</li></ol>"
    assert read("Students placed in Nimbus Robotics (CTC 6.25 LPA)", content).category == Category.PLACEMENT_OFFER


def test_an_entity_in_the_title_is_the_sign_it_stands_for() -> None:
    assert read("Moon &amp; Ink - Data Analyst - Interview on 20 Sept").company == "Moon & Ink"


def test_the_role_of_a_speaker_is_not_the_notices() -> None:
    facts = read("Session on Resume Writing by Asha Rao (HR Lead, Moonpay) - 20 September, 4:00 PM")
    assert (facts.category, facts.role) == (Category.WEBINAR, None)


def test_a_closed_office_is_no_step_of_a_selection() -> None:
    facts = read("T&P Cell closed on 2nd October", "<p>The T&amp;P Cell remains closed on 2nd October.</p>")
    assert (facts.category, facts.company) == (Category.ANNOUNCEMENT, None)


@pytest.mark.parametrize(
    "said",
    [
        "Orbit drive. CTC 8 LPA. The following have registered so far.",
        "The students below declined the offer of Orbit (8 LPA).",
        "The students below won the prizes of the blood donation drive.",
    ],
)
def test_a_list_that_chooses_nobody_is_no_offer(said: str) -> None:
    listed = "22103001 Asha Verma<br>22103002 Bilal Khan<br>22103003 Chitra Nair"
    facts = read("Orbit - students", f"<p>{said}</p><p>{listed}</p>")
    assert len(facts.roster) == 3
    assert {student.meaning for student in facts.roster} == {""}
    assert facts.category != Category.PLACEMENT_OFFER
