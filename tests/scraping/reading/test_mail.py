"""The facts of whole mails."""

from datetime import date, datetime

import pytest

from scraping.explain.mail import explain_mail
from scraping.items import Facts, Student
from scraping.reading.facts.times.dates import INDIA
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import told_of_students
from tests.scraping.sources.mailbox.mails import OFFER, forwarded, gmail_forward, gmail_html, html_table, laid_out, mail

ASHA, VIKRAM = Student("Asha Rao", "22103001"), Student("Vikram Seth", "22103002")


def facts_of(raw: bytes) -> Facts:
    return read_mail(laid_out(raw))


def test_an_offer_in_full() -> None:
    facts = facts_of(
        forwarded(
            "Kestrel Analytics - Hiring Interns From Aug 2025 - Offers",
            OFFER + "\nOffer acceptance deadline: 10 AM, 22 Nov, 2025.",
        )
    )

    assert facts.category == "placement_offer"
    assert facts.company == "Kestrel Analytics"
    assert [(role.role, role.package, role.details) for role in facts.roles] == [("Data Analyst", 8.5, "INR 8.5 LPA")]
    assert facts.location == ("Pune",)
    assert facts.roster == (ASHA, VIKRAM)
    assert (facts.is_final_offer, facts.number_of_offers) == (True, 2)
    assert facts.deadline == datetime(2025, 11, 22, 10, 0, tzinfo=INDIA)
    assert facts.event_at is None


HEAD = "Congratulations to the following students on receiving offers from Kestrel. CTC: 8 LPA\n\n"


@pytest.mark.parametrize(
    "listed",
    [
        "1\t22103001\tAsha Rao\n2\t22103002\tVikram Seth",
        "1. Asha Rao (22103001)\n2. Vikram Seth (22103002)",
        "1. 22103001 - Asha Rao\n2. 22103002 - Vikram Seth",
        "Asha Rao 22103001\nVikram Seth 22103002",
        "S.No | Enrollment | Name\n1 | 22103001 | Asha Rao\n4 | 22103002 | Vikram Seth",
        "S.No\n\nEnrollment No\n\nName\n\n1\n\n22103001\n\nAsha Rao\n\n2\n\n22103002\n\nVikram Seth",
        "Name: Asha Rao\nEnrollment No: 22103001\n\nName: Vikram Seth\nEnrollment No: 22103002",
        "Name\nEnrollment No\nAsha Rao\n22103001\nVikram Seth\n22103002",
        "Name         Enrollment  Mobile\nAsha Rao     22103001    9876543210\nVikram Seth  22103002    8765432109",
        "Asha Rao, 22103001, asha@mail.example, 9876543210\nVikram Seth, 22103002, vikram@mail.example, 8765432109",
        "1\t22103001\tAsha Rao\n2\t22103002\tVikram Seth\n\nRegards,\nMeera Nair\nSr. Officer, T&P\n+91 98765 43210",
    ],
)
def test_lists_of_students_in_text(listed: str) -> None:
    assert facts_of(mail("Fwd: Kestrel - Offers", gmail_forward("Kestrel - Offers", HEAD + listed))).roster == (
        ASHA,
        VIKRAM,
    )


@pytest.mark.parametrize(
    "rows",
    [
        "S.No\tName\tRoll No\n1\tAsha Rao\t22103001\n2\tVikram Seth\t22103002",
        "<p>22103001</p>\t<p><b>Asha</b> Rao</p>\n<p>22103002</p>\t<p>Vikram Seth</p>",
        "First Name\tLast Name\tEmail\tEnrollment No.\nAsha\tRao\tasha@mail.example\t22103001\n"
        "Vikram\tSeth\tvikram@mail.example\t22103002",
    ],
)
def test_lists_of_students_in_html_tables(rows: str) -> None:
    body = f"<p>{HEAD}</p>{html_table(rows)}"

    assert facts_of(mail("Fwd: Kestrel - Offers", html=gmail_html("Kestrel - Offers", body))).roster == (ASHA, VIKRAM)


def test_a_table_the_plain_text_lost_is_read_from_the_html() -> None:
    html = gmail_html(
        "Kestrel - Offers",
        "<table><tr><td>22103001</td><td>Asha Rao</td></tr><tr><td>22103002</td><td>Vikram Seth</td></tr></table>",
    )

    facts = facts_of(mail("Fwd: Kestrel - Offers", gmail_forward("Kestrel - Offers", HEAD + "[table]"), html=html))

    assert facts.roster == (ASHA, VIKRAM)


def test_an_odd_subject_in_the_header_block_is_no_student() -> None:
    html = gmail_html(
        "Kestrel - Batch 2026-Final Offers",
        "<p>See below</p><table><tr><td>22103001</td><td>Asha Rao</td></tr></table>",
    )

    assert facts_of(mail("Fwd: x", html=html)).roster == (ASHA,)


def test_a_sentence_on_a_student_is_read_for_what_it_says() -> None:
    text = (
        "We are proud to share that Asha Rao (22103001) has been selected by Orbit Systems for the role of "
        "“Data Analyst”. The CTC is 8 LPA and the location is Pune."
    )

    facts = facts_of(forwarded("Orbit Systems - Offer", text))

    assert (facts.category, facts.company, facts.role) == ("placement_offer", "Orbit Systems", "Data Analyst")
    assert (facts.roster, facts.location) == ((ASHA,), ("Pune",))
    assert [role.package for role in facts.roles] == [8.0]


def test_pay_in_foreign_money_makes_an_offer_whose_package_is_not_known() -> None:
    text = "Asha Rao (22103001) has been offered the role of Analyst by Orbit with a package of USD 90,000 a year."

    facts = facts_of(forwarded("Orbit - selected", text))

    assert (facts.category, [role.package for role in facts.roles]) == ("placement_offer", [None])


def test_a_name_without_its_number_is_listed_where_the_list_says_so() -> None:
    listed = "S.No\tName\tEnrollment No\n1\tAsha Rao\t22103001\n2\tVikram Seth\t-\n4\tMeera Nair\t22103004"
    headless = "1\t22103001\tAsha Rao\n2\t\tVikram Seth\n4\t22103004\tMeera Nair"

    for rows in (listed, headless):
        roster = facts_of(forwarded("Kestrel - Offers", HEAD + rows)).roster
        assert roster == (ASHA, Student("Vikram Seth", ""), Student("Meera Nair", "22103004"))


def test_without_a_list_the_stated_number_of_offers_counts() -> None:
    text = "Congratulations! Five students have been selected by Orbit. Package: 8 LPA. The list is attached."

    assert facts_of(mail("Orbit - Five Offers", text)).number_of_offers == 5


def test_a_letter_to_one_is_one_offer() -> None:
    text = "Dear Asha Rao,\n\nCongratulations! We are pleased to offer you the position of Analyst at 5 LPA."
    assert facts_of(mail("Letter of Intent - Orbit", text)).number_of_offers == 1
    assert facts_of(mail("Offers - Orbit", text.replace("Asha Rao", "Students"))).number_of_offers is None


def test_a_shortlist_has_stage_place_and_time() -> None:
    text = (
        "Following students are shortlisted for Stage 3 (Coding Round) of Orbit.\n"
        "Venue: LT-3\nDate: 22 Nov 2025\nTime: 10 AM\n\n1\t22103001\tAsha Rao"
    )

    facts = facts_of(forwarded("Orbit - Shortlist", text))

    assert (facts.company, facts.stage, facts.venue) == ("Orbit", "Stage 3 (Coding Round)", "LT-3")
    assert facts.event_at == datetime(2025, 11, 22, 10, 0, tzinfo=INDIA)
    assert facts.is_final_offer is False


def test_a_job_posting_tells_who_may_apply_how_and_until_when() -> None:
    text = (
        "Orbit Systems invites applications.\nRole: Analyst\nCTC: 12 LPA\nLocation: Pune\nJob Type: Full time\n"
        "Eligibility: B.Tech CSE, 7 CGPA\nSelection Process: Test, Interview\nLast date to apply: 25 Nov 2025, 5 PM\n"
        "Apply: https://orbit.example/apply"
    )

    facts = facts_of(forwarded("Orbit Systems is hiring", text))

    assert (facts.company, facts.role, facts.location) == ("Orbit Systems", "Analyst", ("Pune",))
    assert facts.deadline == datetime(2025, 11, 25, 17, 0, tzinfo=INDIA)
    assert facts.extra == {
        "eligibility": "B.Tech CSE, 7 CGPA",
        "hiring_flow": "Test, Interview",
        "job_type": "Full time",
    }
    assert [link.url for link in facts.links] == ["https://orbit.example/apply"]


def test_a_webinar_tells_topic_speaker_and_where() -> None:
    text = (
        "Dear Students,\nJoin a session on Chip Design by Dr. Kavita Menon.\n"
        "Date: 25 Nov 2025\nTime: 4 PM\nPlatform: Zoom\nRegister: https://zoom.example/r/1"
    )

    facts = facts_of(forwarded("Webinar: Chip Design", text))

    assert (facts.extra["topic"], facts.extra["speaker"], facts.venue) == ("Chip Design", "Dr. Kavita Menon", "Zoom")
    assert facts.event_at == datetime(2025, 11, 25, 16, 0, tzinfo=INDIA)


def test_a_hackathon_tells_prize_team_theme_and_organiser() -> None:
    text = "Organised by Nimbus Labs.\nTheme: Climate\nTeams of 2-4, prizes worth INR 2 lakh.\nRegister by 1 Dec 2025."

    extra = facts_of(forwarded("BuildIt Hackathon", text)).extra

    assert extra == {
        "event": "BuildIt Hackathon",
        "theme": "Climate",
        "team_size": "2-4",
        "prize": "INR 2 lakh",
        "organiser": "Nimbus Labs",
    }


def test_a_reminder_tells_what_it_reminds_of() -> None:
    facts = facts_of(forwarded("Gentle Reminder: Orbit - apply by 5 PM, 22 Nov", "Dear students, please apply."))

    assert facts.extra["reminds_of"] == "Orbit - apply by 5 PM, 22 Nov"
    assert facts.deadline == datetime(2025, 11, 22, 17, 0, tzinfo=INDIA)


def test_a_policy_comes_as_markdown_with_its_contents() -> None:
    text = "1. Eligibility\nNo backlogs.\n2. Offers\n- one dream offer\nUpdated on 10 Nov 2025"

    extra = facts_of(forwarded("Placement Policy for Batch 2026", text)).extra

    assert (extra["year"], extra["title"], extra["updated_on"]) == (
        "2026",
        "Placement Policy for Batch 2026",
        "2025-11-10",
    )
    assert extra["table_of_contents"] == "1. Eligibility\n2. Offers"
    assert "## 2. Offers\n\n- one dream offer" in extra["content"]


def test_an_noc_list_names_the_company_also_from_a_column() -> None:
    listed = "S.No\tEnrollment No\tName\tCompany\n1\t22103001\tAsha Rao\tZen Labs\n2\t22103002\tVikram Seth\tZen Labs"

    facts = facts_of(forwarded("NOC issued - winter internship", listed))

    assert (facts.category, facts.company, facts.roster) == ("internship_noc", "Zen Labs", (ASHA, VIKRAM))


def test_what_columns_say_of_each_student_is_told() -> None:
    listed = "Roll No\tName\tCompany\tRole\n22103001\tAsha Rao\tZen Labs\tAnalyst\n22103002\tVikram Seth\tOrbit\tTester"
    for text in (listed, listed.replace("\t", " | ")):
        parsed = laid_out(forwarded("NOC issued", text))

        assert told_of_students(parsed, "company") == {"22103001": "Zen Labs", "22103002": "Orbit"}
        assert told_of_students(parsed, "role") == {"22103001": "Analyst", "22103002": "Tester"}
        assert told_of_students(parsed, "package") == {}


def test_a_label_above_each_of_several_lists_tells_of_its_students() -> None:
    text = "Role: Analyst\n\n1. 22103001 Asha Rao\n\nRole: Tester\n\n1. 22103002 Vikram Seth"
    parsed = laid_out(forwarded("Orbit - Offers", text))

    assert told_of_students(parsed, "role") == {"22103001": "Analyst", "22103002": "Tester"}
    assert told_of_students(laid_out(forwarded("Orbit - Offers", OFFER)), "role") == {}


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        (
            "The deadline of 20 Nov 2025 has been extended to 24 Nov 2025, 5 PM.",
            datetime(2025, 11, 24, 17, 0, tzinfo=INDIA),
        ),
        ("Apply by 31 Feb 2026.", None),
        ("Apply by 5 Dec.", date(2025, 12, 5)),
        ("Apply by tomorrow 6 PM.", datetime(2025, 11, 21, 18, 0, tzinfo=INDIA)),
    ],
)
def test_deadlines_count_from_the_day_the_original_was_sent(text: str, deadline: datetime | date | None) -> None:
    assert facts_of(forwarded("Orbit is hiring", f"Dear students, {text}")).deadline == deadline


def test_links_of_the_forwarder_are_none_of_the_mail() -> None:
    html = '<p><a href="https://me.example">my page</a></p>' + gmail_html(
        "Orbit is hiring", '<p><a href="https://orbit.example/a">Apply</a> <a href="mailto:x@y.example">mail</a></p>'
    )

    facts = facts_of(
        mail("Fwd: Orbit is hiring", gmail_forward("Orbit is hiring", "Apply <https://orbit.example/a>"), html=html)
    )

    assert [(link.url, link.label) for link in facts.links] == [("https://orbit.example/a", "Apply")]


def test_the_explanation_has_the_names_of_the_scoring_tool() -> None:
    told = explain_mail("one.eml", forwarded("Kestrel Analytics - Offers", OFFER))

    assert told["file"] == "one.eml"
    assert told["kind"] == "placement_offer"
    assert told["roles"] == [{"role": "Data Analyst", "package": 8.5, "package_details": "INR 8.5 LPA"}]
    assert told["roster"] == [
        {"name": "Asha Rao", "enrollment": "22103001"},
        {"name": "Vikram Seth", "enrollment": "22103002"},
    ]
    assert {
        "company",
        "location",
        "joining_date",
        "is_final_offer",
        "number_of_offers",
        "deadline",
        "event_at",
        "venue",
        "links",
        "rule",
        "confidence",
        "evidence",
    } <= told.keys()


def test_facts_that_are_shown_hold_no_contacts() -> None:
    text = "Eligibility: B.Tech; ask asha.rao@mail.example or 98765 43210\nRole: Analyst\nCTC: 6 LPA, call 9876543210"

    facts = facts_of(forwarded("Orbit is hiring", text))

    assert "@" not in repr(facts)
    assert "98765" not in repr(facts)


def test_a_subject_in_a_template_of_the_portal_names_company_role_and_stage() -> None:
    subject = "Shortlist published for Stage 4 (Technical interview 1) of Zephyr Labs's Software Engineer Intern"

    facts = facts_of(forwarded(subject, "Following students are shortlisted\n\n1\t22103001\tAsha Rao"))

    assert facts.category == "shortlisting"
    assert (facts.company, facts.role) == ("Zephyr Labs", "Software Engineer Intern")
    assert facts.stage == "Stage 4 (Technical interview 1)"


def test_a_list_that_gives_each_student_a_role_and_a_package_tells_the_roles() -> None:
    listed = "Roll No\tName\tRole\tCTC (LPA)\n22103001\tAsha Rao\tAnalyst\t12\n22103002\tVikram Seth\tTester\t8.5"
    said = "Congratulations on receiving offers from Kestrel."

    for raw in (
        forwarded("Kestrel - Offers", f"{said}\n\n{listed}"),
        mail("Fwd: Kestrel - Offers", html=gmail_html("Kestrel - Offers", f"<p>{said}</p>{html_table(listed)}")),
    ):
        facts = facts_of(raw)
        assert facts.category == "placement_offer"
        assert facts.roster == (ASHA, VIKRAM)
        assert [(role.role, role.package) for role in facts.roles] == [("Analyst", 12.0), ("Tester", 8.5)]


def test_ten_digit_numbers_beside_phones_are_told_apart() -> None:
    listed = (
        "1\t9922103001\tAsha Rao\t9876543210\n2\t9922103002\tVikram Seth\t7012345678\n3\t9922103003\tMeera\t8123456789"
    )

    roster = facts_of(forwarded("Kestrel - Offers", HEAD + listed)).roster

    assert [student.enrollment for student in roster] == ["9922103001", "9922103002", "9922103003"]


def test_other_companies_in_the_text_are_not_the_company() -> None:
    text = (
        "Students already placed at Infinity or Nimbus are not eligible. Our clients include Yonder Bank.\n"
        "Orbit Systems is hiring analysts. Apply by 24 Nov 2025."
    )

    assert facts_of(forwarded("Orbit Systems - Campus Drive 2026", text)).company == "Orbit Systems"


def test_of_two_dates_the_one_to_apply_by_is_the_deadline_and_the_other_the_event() -> None:
    text = "Register by 5 PM, 22 Nov 2025.\nThe online test will be held on 25 Nov 2025 at 10 AM in CL-1."

    facts = facts_of(forwarded("Orbit is hiring", text))

    assert facts.deadline == datetime(2025, 11, 22, 17, 0, tzinfo=INDIA)
    assert facts.event_at == datetime(2025, 11, 25, 10, 0, tzinfo=INDIA)


def test_a_postponed_test_is_at_its_new_time() -> None:
    text = "The online test scheduled on 21 Nov 2025 has been postponed to 24 Nov 2025, 3 PM. All students should come."

    facts = facts_of(forwarded("Orbit - Online test postponed", text))

    assert facts.category == "update"
    assert facts.event_at == datetime(2025, 11, 24, 15, 0, tzinfo=INDIA)


def test_of_a_venue_that_changed_the_new_one_counts() -> None:
    text = "Dear students, the venue for the Orbit interview has been changed from LT-2 to Seminar Hall 1"

    assert facts_of(forwarded("Orbit - Change in venue", text)).venue == "Seminar Hall 1"


def test_a_sentence_broken_inside_the_company_s_name_is_read_whole() -> None:
    said = "Congratulations to the following students on receiving offers from Blue\nOcean Analytics.\nCTC: 8 LPA\n"
    text = f"Dear Students,\n\n{said}"

    assert facts_of(forwarded("Offers - Batch 2026", text + "\n22103001\tAsha Rao")).company == "Blue Ocean Analytics"


def test_a_signature_is_no_student_and_no_company() -> None:
    signature = "\n\nWarm Regards,\nMeera Nair\nSr. Officer, Training & Placement\nPh: 9876543210, Extn: 245"

    facts = facts_of(forwarded("Kestrel - Offers", OFFER + signature))

    assert facts.roster == (ASHA, VIKRAM)
    assert facts.company == "Kestrel Analytics"
