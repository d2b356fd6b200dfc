"""Which company a mail is about."""

from datetime import UTC, datetime

import pytest

from scraping.items import Student
from scraping.reading.facts.naming.companies import find_company, read_companies
from scraping.reading.facts.naming.digests import companies_of_lines
from scraping.reading.facts.naming.names import company_key
from scraping.reading.layout.fields import readable_lines
from scraping.reading.page import Page


def company_of(subject: str, text: str) -> str | None:
    return find_company(Page(subject, tuple(readable_lines(text))))


@pytest.mark.parametrize(
    ("subject", "text", "company"),
    [
        (
            "Offers - Batch 2026",
            "Congratulations to the following students on receiving offers from Zephyr.ai. Please note.",
            "Zephyr.ai",
        ),
        (
            "Final Selection",
            "The students have been selected by S. Chandra & Co. Pvt. Ltd. for the role of Editor",
            "S. Chandra & Co. Pvt. Ltd",
        ),
        ("Offers", "CONGRATULATIONS ON RECEIVING OFFERS FROM ZEN LABS PVT LTD FOR THE ROLE OF SDE", "ZEN LABS PVT LTD"),
        ("Offers", "receiving offers from orbitCamp.", "orbitCamp"),
        ("Fwd: Big - Offers", "receiving offers from Bigfile Labs.", "Bigfile Labs"),
        ("To The Moon - Offers", "receiving offers from To The Moon.", "To The Moon"),
        ("August Campus-Final Offers", "receiving offers from August Campus.", "August Campus"),
        ("zigzag : Offers", "receiving offers from zigzag.", "zigzag"),
        ("Offers", "securing offers in Octant Infotech.", "Octant Infotech"),
        ("Offers", "receiving offers from 3i Infotech.", "3i Infotech"),
        ("Offers", "receiving offers from Yonder Bank, Noida.", "Yonder Bank"),
        (
            "Offers",
            "receiving offers from Wide Fields International Private Limited (Batch 2026).",
            "Wide Fields International Private Limited",
        ),
        ("D. E. Shore - Offers", "receiving offers from D. E. Shore & Co.", "D. E. Shore & Co"),
        (
            "Dr. Ramesh Laboratories - Final Offers",
            "receiving offers from Dr. Ramesh Laboratories.",
            "Dr. Ramesh Laboratories",
        ),
        ("Results", "Bank of Malwa has selected the following students", "Bank of Malwa"),
        (
            "Placement offer",
            "they have been placed in Toto Consultancy Services (TCX) with a package of 7 LPA",
            "Toto Consultancy Services (TCX)",
        ),
        ("PPO - Arcflow", "our students have got PPO at Arcflow after their summer internship", "Arcflow"),
        (
            "CodeWithOrbit 2026 - Orbit Systems (Batch 2026) - Offers",
            "receiving offers from Orbit Systems.",
            "Orbit Systems",
        ),
        ("Final Result | Acme Corp | Batch 2026", "Heartiest congratulations to the selected students", "Acme Corp"),
        ("Orbit Systems - Campus Drive", "Students already placed at Infinity are not eligible.", "Orbit Systems"),
        ("Shortlist for next round", "shortlisted for Technical Interview of Nova Tech", "Nova Tech"),
        ("Job Opportunity at Blue Ocean Analytics", "Apply now", "Blue Ocean Analytics"),
        ("Zenith Softworks is hiring", "Zenith Softworks is hiring interns for 2026", "Zenith Softworks"),
        ("Opening", "Company Name: abc solutions\nRole: QA", "abc solutions"),
        ("Opening", "Company: Zen Labs is a product company in Pune", "Zen Labs"),
        ("Opening", "Company: Zen Labs (https://zen.example)", "Zen Labs"),
        ("Internship list", "going for internship from Jan to June at Kestrel Labs", "Kestrel Labs"),
    ],
)
def test_the_company_is_named_as_the_text_writes_it(subject: str, text: str, company: str) -> None:
    assert company_key(company_of(subject, text) or "") == company_key(company)


def test_students_in_the_title_are_no_company() -> None:
    page = Page("Not going ahead: Harsimran, Yuvraj (Orbit)", ("They were not selected after the Orbit interview.",))
    students = [Student("Harsimran Gill", "MBA/25/051"), Student("Yuvraj Chopra", "MBA/25/093")]
    assert find_company(page, (), students) == "Orbit"


def test_companies_of_the_drives_of_a_week() -> None:
    lines = (
        "🟢 Mon 23/11 - Nagarwal OA, 5 pm, online",
        "🟢 Tue 24/11 - Zenith Stainless pool drive, Rohtak",
        "🔴 Orbit - on hold till further notice",
    )
    near = datetime(2026, 11, 20, tzinfo=UTC)
    assert companies_of_lines(Page("Drives of the week", lines, near)) == ("Nagarwal", "Zenith Stainless", "Orbit")
    steps = ("Registration: 5 Dec", "Aptitude test: 8 Dec", "Interviews: 9 Dec", "Orbit result: 10 Dec")
    assert companies_of_lines(Page("Orbit", steps, near)) == ()


def test_the_firm_that_sent_a_mail() -> None:
    text = "We are not in a position to conduct the drive on 13th October."
    page = Page("Placement drive at your campus", (text,), sender="HR Kestrel Softech <hr@kestrelsoft.example>")
    assert find_company(page) == "Kestrel Softech"
    assert find_company(Page(page.title, page.lines, sender="Asha Rao <asha@mail.example>")) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Security alert", "New sign-in on Windows"),
        ("Placement policy 2026", "Each student can hold two offers"),
        ("Dress code for interviews", "Come in formals"),
        ("Guest Lecture: Careers in VLSI", "A lecture at 4 PM by Dr. Kavita Menon"),
        ("Offer letters", "from the T&P Cell"),
        ("", ""),
        ("Office closed for Durga Puja", "The cell will remain closed on account of Durga Puja."),
        ("Office closed for Deepawali", "The Centre will be closed on account of Deepawali vacation."),
        ("Register for NPTEL courses", "NPTEL January 2027 courses are open for enrolment till 25 January."),
        ("University Youth Festival", "Youth festival team selection on 24th November at the OAT."),
        ("Blood donation camp", "Blood donation camp on 27 November from 9 AM in the Seminar Hall."),
        ("Office closed", "The office is closed on account of Guru Nanak Jayanti."),
        ("Mock interviews by alumni association", "The Alumni Association will conduct mock interviews on Saturday."),
        ("Opt-out form", "Fill the placement opt-out form and submit it at Room 12 by 29 August."),
        ("CPP course", "The attendance in the Career Preparation Program (CPP) sessions has dropped."),
        ("CRT classes for pre-final years", "The Campus Recruitment Training (CRT) begins on 4th January."),
    ],
)
def test_no_company_where_none_is_named(subject: str, text: str) -> None:
    assert company_of(subject, text) is None


def test_a_bracket_that_is_no_short_name_is_left_out() -> None:
    assert company_of("Shortlist", "for the Technical Interview of Zen Labs (Role: Analyst, CTC 9 LPA)") == "Zen Labs"
    assert company_of("Offers", "receiving offers from Zen Labs (ZL).") == "Zen Labs (ZL)"


@pytest.mark.parametrize(
    ("subject", "text", "company"),
    [
        ("Good news", "We found our tenth: he's joining Hopwise as a Backend Engineer.", "Hopwise"),
        ("CANCELED DRIVE", "THIS IS TO INFORM THAT REDPETAL INFO SOLUTIONS CAMPUS DRIVE ON 16-10-2026 IS CANCELED.",
         "REDPETAL INFO SOLUTIONS"),
        ("PathFinder Hack '26", "Yatri Mobility is back with PathFinder Hack '26, a 24-hour hackathon.\n"
         "Sign up: https://pathfinder.yatrimobility.example", "Yatri Mobility"),
        ("Selection of Ms. Anu Rao", "Dear Sir,\nWe are happy to inform you.\nShe, NSTU22IN0064, was selected.\n"
         "The letter follows.\nYours faithfully,\nfor Ostara Controls Pvt. Ltd.\nM. Iyer, GM",
         "Ostara Controls Pvt. Ltd"),
        ("Corrigendum to Circular No. ABC/T&P/2026-27/163 (Orbit Construction)",
         "The interviews of M/s Orbit Construction are notified.", "Orbit Construction"),
        ("Expert session by Orbit", "Join an expert session by Mr. Prakash Iyer, Director, Orbit Technology.",
         "Orbit"),
        ("Hiring notice", "General Payments Corporation of India (GPCI)\nCompensation: 11 LPA",
         "General Payments Corporation of India (GPCI)"),
        ("Urgent requirement: Java Developers", "Client: Zen Technologies\nPositions: 8", "Zen Technologies"),
        ("Hiring of Teaching Assistants - Mosaic School", "Mosaic School needs Teaching Assistants.", "Mosaic School"),
        ("Fresher hiring for Support Analyst at Finserve", "About Finserve: a leader in payments.", "Finserve"),
        ("Interview list for Baiju's – BDA", "The HR interview of Baiju's is on 21/09.", "Baiju's"),
        ("Venue for Infosoft (SP & DSE) test", "SP : Lab 301 ; DSE : Lab 304", "Infosoft"),
        ("Vacancy of Research Assistant in QRDO-sponsored project", "One post in the project.", None),
        ("Result of Mahesh & Mahesh written test", "Those who cleared the test of Mahesh & Mahesh.", "Mahesh & Mahesh"),
        ("Internship drive: Sun Pharmics R&D", "Sun Pharmics | Research Intern | Vadodara", "Sun Pharmics"),
        ("Fireside chat with the CTO of Kestrel", "Hear from Ankit Sobti's team about products.", "Kestrel"),
        ("Cities Ideathon with Kestrel and others", "Form teams, pitch on 12 September.", "Kestrel"),
        ("Result - Dr. Ramesh's Self Managed Team", "Nobody cleared the round of Dr. Ramesh's Laboratories.",
         "Dr. Ramesh's Laboratories"),
        ("Issue of No Objection Certificate", "The application in Proforma-IV shall reach us.", None),
        ("5 hrs left", "Form for Deltora USI – Analyst Trainee closes today. Baad me form nahi milega.", "Deltora USI"),
        ("Shortlisted for TR - Kestrel by Deltora", "PFB the list for Round 1 of Kestrel by Deltora.", "Kestrel"),
        ("Appointment of our B.Ed. students", "Two have been appointed by Orbit Public School.", "Orbit Public School"),
        ("Fwd: Letter of Intent - Gadriel & Bose - Campus 2027", "The below are selected.", "Gadriel & Bose"),
        ("NOC for training", "They go for internship at Orbit Alkalies and Chemicals Ltd from 4-1-2027.",
         "Orbit Alkalies and Chemicals Ltd"),
        ("Appointment of our students", "Two have been appointed by Orbit Chemicals.", "Orbit Chemicals"),
    ],
)  # fmt: skip
def test_companies_as_other_colleges_write_them(subject: str, text: str, company: str | None) -> None:
    assert company_of(subject, text) == company


@pytest.mark.parametrize(
    ("subject", "text", "companies"),
    [
        (
            "Bosch and Danfoss: two drives",
            "1. Bosch - Interviews on 6 November, Seminar Hall A\n2. Danfoss - Online test on 7 November, Lab 5",
            ("Bosch", "Danfoss"),
        ),
        (
            "2 updates",
            "Update 1: Sapient test link will be active from 6 PM to 8 PM on 4 Nov.\n"
            "Update 2: Siemens interviews are shifted from 5 Nov to 9 Nov, 10 AM.",
            ("Sapient", "Siemens"),
        ),
    ],
)
def test_of_several_told_of_alike_none_is_the_one(subject: str, text: str, companies: tuple[str, ...]) -> None:
    one, several = read_companies(Page(subject, tuple(text.split("\n"))))
    assert one is None
    assert set(several) == set(companies)


def test_two_known_companies_in_one_name_are_two() -> None:
    page = Page("Adobe & Microsoft test of 6 November", ("The test of Adobe & Microsoft is on 6 November, 10 AM.",))
    assert read_companies(page) == (None, ("Adobe", "Microsoft"))


def test_a_company_of_the_title_is_the_one_whatever_its_lines_begin_with() -> None:
    lines = ("Infosys - test on 6 November at 10 AM in Lab 5", "Bring - college ID", "Trade - Fitter, Welder")
    one, several = read_companies(Page("Infosys drive", lines))
    assert one is not None
    assert (one.value, several) == ("Infosys", ())


@pytest.mark.parametrize(
    ("subject", "text", "company"),
    [
        ("Josh Tech test timing", "Josh Technology test ka schedule:\nRound 1 MCQ - 27 Aug, 11 AM", "Josh Technology"),
        (
            "Joining formalities - Hitachi Payment",
            "The students selected in Hitachi Payment Services have to accept the offer letter by 03-12-2026.",
            "Hitachi Payment Services",
        ),
        ("Dressing and grooming session", "Session on etiquette for BBA final semester on 24th September.", None),
        ("Smart India Hackathon internal round", "Internal hackathon for Smart India Hackathon 2026.", None),
        ("Placement office closed for Deepavali", "The office is closed. Wishing you a happy Deepavali.", None),
    ],
)
def test_a_name_is_cut_where_it_ends(subject: str, text: str, company: str | None) -> None:
    assert company_key(company_of(subject, text) or "") == company_key(company or "")


def test_who_was_selected_is_no_company() -> None:
    said = "Aarav Sharma of BBA LLB has been offered the position of Legal Associate by Orbit & Co. at 16 LPA."
    assert company_of("Congratulations Aarav Sharma!", said) == "Orbit & Co"


def test_an_officer_is_no_company() -> None:
    said = "Maj Gen R K Sharma (Retd) will take a session on SSB interviews on 24 Nov at 11:30 hrs."
    assert company_of("Guidance by Major General (Retd.)", said) is None


def test_the_city_behind_a_known_company_is_left_out() -> None:
    assert company_of("Vacancy Cipla Baddi", "Cipla Baddi is hiring 12 trainees.") == "Cipla"


@pytest.mark.parametrize(
    ("subject", "text", "company"),
    [
        ("EY Shortlist for GD", "Come at nine.", "EY"),
        ("LinkedIn profile workshop", "Make your LinkedIn speak, by an alumna.", None),
        ("Pool drive at Sagar", "Pool campus at Sagar Institute on 6 December. Give your name in the office.", None),
        ("Fee for placement training", "Pay only through the SBI Collect link.", None),
        ("HackFest 3.0, School of Computing", "The School of Computing announces a contest.", None),
        (
            "Benz R&D - list",
            "Students are called for group discussion by Benz Research and Development India, at nine.",
            "Benz Research and Development India",
        ),
        ("hyundai technical round list", "all, the list is below", "hyundai"),
        ("Axis Bank AB&I - GD groups", "Group 1", "Axis Bank"),
        ("Byju's BDA - interview", "Come at eleven.", "Byju's"),
        ("Job fair at Govt Polytechnic Nashik", "30 companies will come.", None),
    ],
)
def test_what_is_a_company_and_what_is_none(subject: str, text: str, company: str | None) -> None:
    assert company_of(subject, text) == company
