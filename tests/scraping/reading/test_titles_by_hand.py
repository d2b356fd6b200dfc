import pytest

from scraping.items import JobRef
from scraping.reading.facts.naming.companies import find_company
from scraping.reading.facts.roles.named import find_role
from scraping.reading.page import Page


def company_and_role(
    title: str, lines: tuple[str, ...], jobs: tuple[JobRef, ...] = ()
) -> tuple[str | None, str | None]:
    page = Page(title, lines)
    company = find_company(page, jobs)
    return company, find_role(page, company, jobs)


def company(title: str, *lines: str, jobs: tuple[JobRef, ...] = ()) -> str | None:
    return company_and_role(title, lines, jobs)[0]


def role(title: str, *lines: str) -> str | None:
    return company_and_role(title, lines)[1]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Orbit Labs - Campus Hiring -  Managerial interview shortlist - report at 8 Am", "Orbit Labs"),
        ("Orbit-Arena – Batch 2027 – Selection Process – 9:20 AM, 05 Aug", "Orbit-Arena"),
        ("ORB - Batch 2026 Shortlisted Students  3rd Coding test", "ORB"),
        ("Orbit IT -Hiring Trainees From Batch 2026-For One Year", "Orbit IT"),
        ("orbitCamp is Hiring Trainees of Batch 2026", "orbitCamp"),
        ("The Orbit Research Challenge 2026 - Apply by 11 AM", "Orbit Research"),
        ("ORB Group- Hiring For GET Posts", "ORB Group"),
        ("Orbit Analytics Private Limited-Hiring For FT Role--Shortlisted", "Orbit Analytics Private Limited"),
        ("Orbit: Traineeships and Internships for Batch 2027", "Orbit"),
        ("Orbit Sprint 4.0 - Batch 2026 - hiring challenge", "Orbit"),
        ("Code with Orbit-2027 Batch", "Orbit"),
        ("Orbit Hackathon 2026", "Orbit"),
        ("Orbit's Network Engineer -  Online Quiz:  Come early", "Orbit"),
        ("Shortlisted Students for Orbit", "Orbit"),
        ("Gentle Reminder: Orbit - Apply by 5 PM", "Orbit"),
        ("URGENT!! Orbit Systems registration closing today", "Orbit Systems"),
        ("PPT of Orbit Consultancy Services on 20 Aug", "Orbit Consultancy Services"),
        ("Pre-Placement Talk: Orbit Systems", "Orbit Systems"),
        ("Internship Opportunity at Bank of Moon", "Bank of Moon"),
        ("Students placed in Orbit", "Orbit"),
        ("Webinar by Orbit on Cloud", "Orbit"),
        ("Attention all students: Orbit is visiting campus", "Orbit"),
        ("Cancelled: Orbit interview on 18 Sept", "Orbit"),
        ("Pool Campus Drive of Orbit Systems on 24-09-2026 @ XYZ College", "Orbit Systems"),
        ("Orbit | SDE Intern | Online Test", "Orbit"),
        ("Moon & Sons – Selected Students", "Moon & Sons"),
        ("Joining update: Moon & Sons", "Moon & Sons"),
        ("Orbit Bank – Group Discussion – Revised Timing – 12 noon", "Orbit Bank"),
        ("2nd REMINDER: Fill consent form for Orbit Capital", "Orbit Capital"),
        ("JOB ALERT | Associate QA Engineer | Orbit Infotech | 0-1 yr", "Orbit Infotech"),
        ("Hiring | Data Annotators (Part-time) @ Orbit AI", "Orbit AI"),
        ("Resume submission for Moon & Ink Media by 3 PM today", "Moon & Ink Media"),
        ("5 day Workshop on Graphs by Orbit from 21 Sept", "Orbit"),
        ("Off-campus: Orbit Motors hiring GETs (2026 & 2027 batch)", "Orbit Motors"),
        ("Orbit Codefest 2026 - Registrations open till 25th October", "Orbit"),
        ("Orbit Build-a-thon 2026 - register by 20 Aug", "Orbit"),
        ("Orbit Innovation Challenge 2026 - last date 31 July", "Orbit"),
    ],
)
def test_the_company_of_a_title(title: str, name: str) -> None:
    assert company(title) == name


@pytest.mark.parametrize(
    "title",
    [
        "It's Time for a Fresh Start - Learn with our FREE AI-driven Mock Interviews!",
        "Dress Code for Interviews",
        "Resume Building Workshop by Alumni",
        "Library Timings - Exam Week",
        "Placement Brochure data - Photo session",
        "Feedback Form",
        "Important Notice: Holi Holiday",
        "Last Date Extended for Registration",
        "Resume Building Workshop",
        "Online Test link",
        "Kind Attn: Batch 2026",
        "Final Interview Round schedule",
        "Submission of NOC",
        "NOC for summer internship",
        "",
        "Webinar on Careers in Semiconductor Industry",
        "Code Sprint 2026 – coding contest",
        "Placement Policy 2026-27",
        "Campus Placement Guidelines - JIIT 2027 Batch (Revised)",
        "Submission of NOC by students going for internship from Jan 2027",
        "Internship NOC - Procedure",
        "Registration for the season - Fill Consent Form by 5 PM",
        "Take Home Assignment - Submit by 11 PM",
        "Final Batch of Aptitude Training from Monday",
        "Apply for Student Placement Coordinators (SPC)",
        "Placement Brochure – Photographs of students",
        "Meeting with placement coordinators",
        "Prep Week: Resume review by seniors",
        "Sports Day - No placement activity",
        "Fee Deadline Extended",
        "Shortlist for Soft Skills Training",
        "Results of Aptitude Test held by T&P",
        "Merit Scholarship Applications",
        "Company Research Before Interviews",
    ],
)
def test_titles_that_name_no_company(title: str) -> None:
    assert company(title) is None


@pytest.mark.parametrize(
    "line",
    [
        "Kind attention to the aspirants of Orbit Systems - Hiring For FT Role",
        "These are the details received from Orbit Systems.",
        "Congratulations to those placed in Orbit Systems @ 12 LPA",
        "Orbit Systems is offering mock interviews",
        "Company Name: Orbit Systems",
    ],
)
def test_the_text_names_the_company_where_the_title_does_not(line: str) -> None:
    assert company("Important notice", line) == "Orbit Systems"


def test_a_known_company_is_found_anywhere_in_the_title() -> None:
    jobs = (JobRef("1", "Orbit Systems Pvt Ltd", "Intern"), JobRef("2", "Orbit", "Intern"))
    assert company("Feedback on the orbit of the moon", jobs=jobs) is None  # an everyday word, in small letters
    assert company("Feedback on the visit of Orbit Systems", jobs=jobs) == "Orbit Systems"


@pytest.mark.parametrize(
    ("title", "lines", "name"),
    [
        ("Orbit's Network Engineer -  (Campus Talk) 5 PM", (), "Network Engineer"),
        ("Orbit - Graduate Engineer Trainee - Interview", (), "Graduate Engineer Trainee"),
        ("Job Opening – Data Analyst at Orbit", (), "Data Analyst"),
        ("Orbit hiring", ("Role: Marketing Intern",), "Marketing Intern"),
        ("Orbit hiring", ("Job Title\tData Analyst\tPune",), "Data Analyst"),
        ("Orbit hiring", ("We hire for the position of a Field Officer at our Pune office.",), "Field Officer"),
        (
            "Orbit test",
            ("Those cleared for the 3rd coding test for Game Designer Role",),
            "Game Designer",
        ),
        ("Orbit test", ("shortlisted for Software Engineer -1 (SE-1) roles at Orbit.",), "Software Engineer -1 (SE-1)"),
        ("Orbit - SDE-I (Frontend) - Coding Round", (), "SDE-I (Frontend)"),
        ("Orbit: Data Analyst profile only: case round", (), "Data Analyst"),
        ("Reminder: Orbit (Data Trainee) test today", (), "Data Trainee"),
        ("Orbit result", ("Asha is being offered the Design Intern role at Orbit",), "Design Intern"),
        ("Orbit result", ("Asha has been selected by Orbit as Associate Engineer (5 LPA).",), "Associate Engineer"),
        ("Orbit test", ("Role-specific interview simulations (SDE)", "made permanent in a Full Time Role"), None),
    ],
)
def test_the_role(title: str, lines: tuple[str, ...], name: str | None) -> None:
    assert role(title, *lines) == name


CAPITAL = (JobRef("1", "Moon & Orbit Capital Advisors Corporation (MOCA)", "Analyst"),)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (
            "Moon and Orbit Capital Advisors Corporation | Apply before 20th",
            "Moon and Orbit Capital Advisors Corporation",
        ),
        ("Delay in Moon & Orbit results", "Moon & Orbit"),
        ("MOCA Analyst - last date extended", "MOCA"),
    ],
)
def test_a_known_company_by_its_whole_name_its_beginning_or_its_short_form(title: str, name: str) -> None:
    assert company(title, jobs=CAPITAL) == name


def test_a_company_that_says_what_it_does_in_the_text() -> None:
    assert company("National Talent Hunt", "Orbit Steel is pleased to announce its programme.") == "Orbit Steel"
    assert company("Dear all", "The Placement Cell is pleased to announce mock tests.") is None
    assert company("Dear all", "We are pleased to announce mock tests.") is None


def test_a_role_in_brackets_with_an_apostrophe_or_later_in_a_line() -> None:
    assert role("Final result - Orbit (Trainee Engineer)") == "Trainee Engineer"
    assert role("Orbit Labs: Founder's Office Intern") == "Founder's Office Intern"
    assert role("Orbit Labs – ML Engineer (R&D) – Applications invited") == "ML Engineer (R&D)"
    assert role("Orbit Labs – ML Engineer (Online Test) – 5 PM") == "ML Engineer"
    assert role("Orbit", "Send your CV. Role: Content Writer Intern. Stipend: 15k") == "Content Writer Intern"


def test_a_role_without_the_company_before_it_or_the_slash_beside_it() -> None:
    jobs = (JobRef("1", "Orbit", "Product Intern"),)
    assert company_and_role("Orbit Product Intern – Assignment", (), jobs) == ("Orbit", "Product Intern")
    assert company_and_role("1Orbit Product Intern: test", (), (JobRef("1", "1Orbit", "Product Intern"),)) == (
        "1Orbit",
        "Product Intern",
    )
    assert role("Orbit Water / Service Engineer / Apply now") == "Service Engineer"


def test_the_sign_of_possession_in_a_known_companys_name() -> None:
    jobs = (JobRef("1", "Orbit's Kitchen Private Limited", "Founder's Office Intern"),)
    title = "Orbit's Kitchen Founder's Office Intern - Case study"
    assert company_and_role(title, (), jobs) == ("Orbit's Kitchen", "Founder's Office Intern")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Orbit Field Officer Job Profile removed from portal", "Field Officer"),
        ("Orbit Senior Field Officer Job Profile removed", "Senior Field Officer"),
        ("Orbit Field Officer Trainee drive off", "Field Officer Trainee"),
        ("Moon Field Officer Job Profile removed", "Field Officer"),
        ("Orbit: Field Officer (Test) - apply by Monday", "Field Officer (Test)"),
        ("Orbit: Field Officer (Online Test) on Monday", "Field Officer"),
    ],
)
def test_the_role_of_a_known_job_is_found_whole_in_the_title(title: str, name: str | None) -> None:
    assert company_and_role(title, (), (JobRef("1", "Orbit Pvt Ltd", "Field Officer"),))[1] == name


def test_a_longer_name_or_a_higher_role_is_another_one() -> None:
    jobs = (JobRef("1", "Orbit Motors", "Field Officer"),)
    assert company_and_role("Orbit Motors Finance - Data Analyst - test", (), jobs)[0] == "Orbit Motors Finance"
    assert company_and_role("Orbit Motors Field Officer II - test", (), jobs) == (
        "Orbit Motors",
        "Field Officer II",
    )


def test_the_only_job_the_text_names_gives_the_role() -> None:
    jobs = (
        JobRef("1", "Orbit", "Field Officer"),
        JobRef("2", "Orbit", "Sales Officer"),
        JobRef("3", "Moon", "Desk Clerk"),
    )
    offered = "They have been offered the role of Field Officer by Orbit"
    assert company_and_role("Congratulations - Orbit", (offered,), jobs) == ("Orbit", "Field Officer")
    assert company_and_role("Shortlist - Orbit", ("Field Officer", "Asha", "Sales Officer"), jobs) == ("Orbit", None)


def test_a_known_company_possesses_more_than_roles() -> None:
    assert (
        company("Orbit Labs's online test: no link?", jobs=(JobRef("1", "Orbit Labs", "Field Officer"),))
        == "Orbit Labs"
    )
    assert company("Amendment in the offer policy") is None


def test_those_who_do_the_work_are_no_role() -> None:
    assert role("Joining kit collection: Orbit Labs interns") is None


def test_a_title_may_be_parted_by_underscores() -> None:
    title = "Orbit Labs_Shortlist for Round 2_Field Software Engineer"
    assert company_and_role(title, ()) == ("Orbit Labs", "Field Software Engineer")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Orbit Labs is looking for Aerospace Engineering Interns for summer 2027.", "Aerospace Engineering Interns"),
        ("Orbit Labs offers SoC Verification Engineer at 22 LPA.", "SoC Verification Engineer"),
        ("Apply for Orbit Labs (Member of Technical Staff) before 6 PM.", "Member of Technical Staff"),
        ("Form for Orbit Labs Data Analyst Trainee closes today.", "Data Analyst Trainee"),
        ("The role at Orbit Labs will be Assistant Engineer – Quality and no other.", "Assistant Engineer – Quality"),
        ("Orbit Labs is hiring: Quantitative Researcher (FTE)", "Quantitative Researcher"),
        ("Orbit Labs is hiring Jr. Software Engineer (Python / React).", "Jr. Software Engineer"),
        ("Join Orbit Labs as Growth Intern – 3 months, remote", "Growth Intern"),
        ("Orbit Labs Engineers' day is on Monday.", None),
        ("Orbit Labs needs Data Annotation Interns for 4 months.", "Data Annotation Interns"),
        ("Orbit Labs offers Analyst - Risk Advisory: apply by 5 Dec.", "Analyst - Risk Advisory"),
        ("Orbit Labs Risk Analyst - Online Test: 5 Dec.", "Risk Analyst"),
        ("Role A: Software Development Engineer – Data", "Software Development Engineer – Data"),
        ("Pehle PPT hoga fir GD. Profile Area Sales Manager.", "Area Sales Manager"),
        ("Our Training Officer of Orbit Labs will speak.", None),
    ],
)
def test_roles_with_words_that_no_group_knows(line: str, name: str | None) -> None:
    assert role("Orbit Labs", line) == name


def test_a_role_behind_the_short_name_of_a_firm() -> None:
    title, text = "Provisional select list: NTPX Artisan Trainee", "NTPX sends the letters by post."
    assert company_and_role(title, (text,)) == (
        "NTPX",
        "Artisan Trainee",
    )
