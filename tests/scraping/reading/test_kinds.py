import pytest

from accounts.categories import Category
from scraping.reading.rules.kinds import IRRELEVANT, View, by_rules, classify


def category(title: str, text: str = "", *, students: bool = False, package: bool = False) -> str:
    known = {"students": students, "package": package}
    return by_rules(View(title, text, facts=frozenset(name for name, value in known.items() if value))).category


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
    assert by_rules(view).category == Category.SHORTLISTING
    with_package = View("", "", "title.final_shortlist", frozenset(("students", "package")))
    assert by_rules(with_package).rule == "title.final_offer"


def test_a_company_that_selects_students_makes_an_offer() -> None:
    assert category("Orbit selects our students for a job", students=True, package=True) == Category.PLACEMENT_OFFER


def test_an_invitation_to_the_shortlisted_only_is_a_step_of_theirs() -> None:
    text = "Shortlisted students are required to register at the company's link. Where to apply?"
    assert category("Orbit is Hiring Interns Only", text) == Category.UPDATE
    assert category("Orbit is Hiring - Register Immediately", text) == Category.JOB_POSTING
    assert category("Orbit is Hiring", "Shortlisted students will be called for interviews") == Category.JOB_POSTING


def test_templates_are_sure_words_less_so_and_guesses_say_so() -> None:
    sure = by_rules(View("t", "", "title.shortlist")).confidence
    words = by_rules(View("Orbit Hackathon")).confidence
    text = by_rules(View("Orbit", "a coding competition")).confidence
    guess = by_rules(View("Orbit", facts=frozenset(("process",))))
    assert sure > words > text > guess.confidence
    assert (guess.category, guess.rule) == (Category.UPDATE, "fallback.process")


def test_every_verdict_says_what_it_saw() -> None:
    verdict = by_rules(View("Orbit Hackathon 2026"))
    assert (verdict.rule, verdict.evidence) == ("title.contest_held", "title: Hackathon")


@pytest.mark.parametrize(
    ("title", "text", "by_the_table"),
    [
        (
            "Soft skills sessions resume",
            "The sessions go on from Monday as per the class time table. Nobody should remain absent.",
            Category.WEBINAR,
        ),
        (
            "Sample resumes for internships",
            "Many juniors asked how to write one. A few samples are uploaded on the club's drive. Happy reading.",
            Category.JOB_POSTING,
        ),
    ],
)
def test_the_model_speaks_where_a_rule_is_not_sure(title: str, text: str, by_the_table: str) -> None:
    view = View(title, text)
    assert by_rules(view).category == by_the_table
    verdict = classify(view)
    assert (verdict.category, verdict.rule) == (Category.ANNOUNCEMENT, "model.kind")
    assert by_the_table in verdict.evidence
    assert verdict.confidence <= 0.7


TITLES = ("Congratulations to all selected", "9 new followers", "Your invoice", "Orbit shortlist", "Final results")


@pytest.mark.parametrize("facts", [frozenset[str](), frozenset(("students",)), frozenset(("concerns",))])
def test_the_model_makes_no_good_news_and_hides_nothing_that_concerns_students(facts: frozenset[str]) -> None:
    more = "CTC 8 LPA. The following have registered so far. Congratulations to them. Offer letters follow."
    said = [classify(View(title, more, None, facts, is_mail=True)) for title in TITLES]
    by_model = {verdict.category for verdict in said if verdict.rule == "model.kind"}
    assert not by_model & {Category.PLACEMENT_OFFER, Category.SHORTLISTING}
    assert not (IRRELEVANT in by_model and facts)


def test_no_notice_is_left_untold() -> None:
    view = View("Library hours", "Open till 10 PM. Bring your card. See the wing for research and development too.")
    assert {classify(view).category, by_rules(view).category} == {Category.ANNOUNCEMENT}


def test_what_follows_a_template_of_the_portal_is_left_to_it() -> None:
    view = View(
        "Final shortlist for Orbit's Analyst", "Sessions resume", "title.final_shortlist", frozenset(("students",))
    )
    assert classify(view) == by_rules(view)
