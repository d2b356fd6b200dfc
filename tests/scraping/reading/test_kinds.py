import pytest

from accounts.categories import Category
from scraping.reading.rules.kinds import View, classify


def category(title: str, text: str = "", *, students: bool = False, package: bool = False) -> str:
    known = {"students": students, "package": package}
    return classify(View(title, text, facts=frozenset(name for name, value in known.items() if value))).category


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Orbit - Batch 2026 - Shortlisted Students", Category.SHORTLISTING),
        ("Orbit - List of Students - GD - 11:15 AM", Category.SHORTLISTING),
        ("Updated shortlist of Orbit", Category.SHORTLISTING),
        ("Orbit Hackathon 2026", Category.HACKATHON),
        ("The Orbit Challenge", Category.HACKATHON),
        ("Orbit Ideathon", Category.HACKATHON),
        ("HackOrbit registrations now open", Category.HACKATHON),
        ("Placed students need not apply further", Category.ANNOUNCEMENT),
        ("Hackathon postponed", Category.UPDATE),
        ("Orbit - Online Test: Revised Date - 17 July", Category.UPDATE),
        ("Deadline extended - Orbit", Category.UPDATE),
        ("Orbit hiring - Pre Placement talk at 2.30 Pm on 16 June", Category.UPDATE),
        ("Interview schedule - Orbit", Category.UPDATE),
        ("PPT by Orbit in Seminar Hall-2", Category.UPDATE),
        ("Reminder: Apply for Orbit", Category.REMINDER),
        ("Last call: Orbit registrations", Category.REMINDER),
        ("LAST DATE TODAY: Orbit", Category.REMINDER),
        ("Webinar on how to crack interviews", Category.WEBINAR),
        ("Guest Lecture by Dr. Rao", Category.WEBINAR),
        ("Orbit Campus Connect 2.0", Category.WEBINAR),
        ("Orbit is Hiring Interns - Register Immediately", Category.JOB_POSTING),
        ("Internship opportunity at Orbit", Category.JOB_POSTING),
        ("Orbit hiring - apply by 5 PM - online test on 20 Aug", Category.JOB_POSTING),
        ("Announcement: Orbit invites applications", Category.JOB_POSTING),
        ("Feedback form for campus drive", Category.ANNOUNCEMENT),
        ("NOC for summer internship", Category.INTERNSHIP_NOC),
        ("Placement Policy 2026-27", Category.ANNOUNCEMENT),
        ("Practice with mock interviews", Category.ANNOUNCEMENT),
        ("Orbit - Free certification - Register on or before 20 October", Category.ANNOUNCEMENT),
        ("Attention please! Unfair means in online tests", Category.ANNOUNCEMENT),
        ("Mock Interviews - Register by Friday", Category.ANNOUNCEMENT),
        ("Aptitude Training by Orbit", Category.ANNOUNCEMENT),
        ("Blood donation camp by Orbit", Category.ANNOUNCEMENT),
        ("Orbit - Pool Drive on 12 Sept", Category.JOB_POSTING),
        ("Submission of Internship completion certificate", Category.ANNOUNCEMENT),
        ("Registration for Orbit Game-a-thon", Category.HACKATHON),
        ("Document verification for selected candidates of Orbit", Category.ANNOUNCEMENT),
        ("Document verification for Orbit Labs selected students", Category.ANNOUNCEMENT),
        ("Registration for the internship season - Fill the consent form", Category.ANNOUNCEMENT),
        ("Orbit - Final list for Case Study round", Category.SHORTLISTING),
        ("Updated list: Orbit technical round 2", Category.SHORTLISTING),
        ("Final list of holidays", Category.ANNOUNCEMENT),
        ("", Category.ANNOUNCEMENT),
    ],
)
def test_titles_written_by_hand(title: str, expected: Category) -> None:
    assert category(title) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is a gentle reminder to fill the form", Category.REMINDER),
        ("The drive has been postponed", Category.UPDATE),
        ("Pay the dues to be eligible to register for placement.", Category.ANNOUNCEMENT),
        ("This is more than a coding competition", Category.HACKATHON),
        ("Orbit is hiring. Interested students may apply through the link", Category.JOB_POSTING),
        ("All students must wear formals", Category.ANNOUNCEMENT),
        ("Interested students should send their resume today", Category.JOB_POSTING),
        ("We are looking for developers", Category.JOB_POSTING),
        ("Interested final year students of B.Tech may register", Category.JOB_POSTING),
    ],
)
def test_the_text_decides_where_the_title_says_nothing(text: str, expected: Category) -> None:
    assert category("Orbit", text) == expected


def test_a_final_selection_is_an_offer_with_a_package_and_a_shortlist_without() -> None:
    title = "Congratulations to the students selected by Orbit"
    assert category(title, students=True, package=True) == Category.PLACEMENT_OFFER
    assert category(title, students=True) == Category.SHORTLISTING
    assert category("Orbit", "following students are placed", students=True, package=True) == Category.PLACEMENT_OFFER


@pytest.mark.parametrize("title", ["Orbit | Interview Schedule | Slot-wise list", "Panel wise list - Orbit"])
def test_slots_are_a_shortlist_where_students_stand_there(title: str) -> None:
    assert category(title, students=True) == Category.SHORTLISTING


def test_the_final_shortlist_of_the_portal_is_an_offer_where_a_package_is_stated() -> None:
    view = View("Final shortlist for Orbit's Analyst", "", "title.final_shortlist", frozenset(("students",)))
    assert classify(view).category == Category.SHORTLISTING
    with_package = View("", "", "title.final_shortlist", frozenset(("students", "package")))
    assert classify(with_package).rule == "title.final_offer"


def test_a_company_that_selects_students_makes_an_offer() -> None:
    assert category("Orbit selects our students for a job", students=True, package=True) == Category.PLACEMENT_OFFER


def test_an_invitation_to_the_shortlisted_only_is_a_step_of_theirs() -> None:
    text = "Shortlisted students are required to register at the company's link. Where to apply?"
    assert category("Orbit is Hiring Interns Only", text) == Category.UPDATE
    assert category("Orbit is Hiring - Register Immediately", text) == Category.JOB_POSTING
    assert category("Orbit is Hiring", "Shortlisted students will be called for interviews") == Category.JOB_POSTING


def test_templates_are_sure_words_less_so_and_guesses_say_so() -> None:
    sure = classify(View("t", "", "title.shortlist")).confidence
    words = classify(View("Orbit Hackathon")).confidence
    text = classify(View("Orbit", "a coding competition")).confidence
    guess = classify(View("Orbit", facts=frozenset(("process",))))
    assert sure > words > text > guess.confidence
    assert (guess.category, guess.rule) == (Category.UPDATE, "fallback.process")


def test_every_verdict_says_what_it_saw() -> None:
    verdict = classify(View("Orbit Hackathon 2026"))
    assert (verdict.rule, verdict.evidence) == ("title.contest_held", "title: Hackathon")
