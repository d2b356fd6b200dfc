"""A person's word on a reading: kept over every later one, and told by one edit of each message."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import AuditEntry, User
from notifications.delivery.run import deliver
from notifications.models import Delivery, Notice
from notifications.rendering.render import telegram_text
from scraping.corrections import entries
from scraping.cycle.read_items import read_pending
from scraping.items import Facts
from scraping.models import Offer, OfferedStudent, Policy, RawItem, Review
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.review import closing
from scraping.sources.mailbox.parse import parse_mail
from scraping.telling import mail as mail_reader
from scraping.telling import reviewed
from scraping.telling.base import Reading
from scraping.telling.mail import understand_mail
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.scraping.mail_cast import POLICY, WEBINAR, forwarded, offer, receive
from tests.scraping.review.reviewed_mails import filled_in, page_of, press, publish_notice, receive_at, unclear

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 6, tzinfo=UTC), tick=True):
        yield


def reprocess(*arguments: str) -> None:
    call_command("reprocess", *arguments, stdout=StringIO())


def test_a_list_of_unknown_meaning_is_told_and_waits_for_a_look() -> None:
    receive(unclear())
    review = Review.objects.get()
    assert (review.title, review.doubts[-1]) == ("Lumen Foundry", "students are listed, and it is not known for what")
    assert (review.is_open, review.held_since, review.read["meaning"]) == (True, None, "unknown")
    assert "2 students listed" in telegram_text(Notice.objects.get()).text


def test_what_is_read_without_a_doubt_stands_in_no_list() -> None:
    receive(forwarded("Session on chips", WEBINAR), offer("22103001 Asha Verma", number=2))
    assert not Review.objects.exists()


def test_a_correction_edits_each_message_once_and_stays(
    admin_client: Client, telegram: BotApi, subscribe: Subscribe
) -> None:
    student = int(subscribe().address)
    receive(unclear())
    deliver()
    review = Review.objects.get()

    said = press(
        admin_client,
        review,
        "correct",
        category="shortlisting",
        meaning="shortlisted",
        role="Analyst",
        venue="LT-3",
        event_at_day="2026-11-25",
        event_at_time="10:00",
        deadline_day="2026-11-24",
    )
    assert said == "Corrected: role, deadline, date, venue, the list says."
    assert Delivery.objects.filter(work="edit").count() == 1
    deliver()
    shown = telegram.messages(student)[0].text
    assert "Shortlist · Lumen Foundry" in shown
    assert "Analyst" in shown
    assert "2 students\n22103001  Asha Verma" in shown
    assert "Wed 25 Nov, 10:00 AM" in shown
    assert "LT-3" in shown
    assert telegram.calls["editMessageText"] == 1
    version = Notice.objects.get(follows=None).version

    reprocess("--notify")
    receive_at(unclear(), "2.1")  # the source gives it anew
    receive_at(unclear(number=5), "2.2")  # a copy that somebody else forwards
    reprocess("--notify")
    deliver()
    assert Notice.objects.get(follows=None).version == version
    assert telegram.calls["editMessageText"] == 1
    review.refresh_from_db()
    assert (review.verdict, Review.objects.count()) == ("corrected", 1)


def test_a_press_that_changes_nothing_edits_nothing(admin_client: Client, subscribe: Subscribe) -> None:
    subscribe()
    receive(unclear())
    Delivery.objects.update(state="sent", version_sent=1, message_ids=[7])
    assert press(admin_client, Review.objects.get(), "correct") == "It is right: closed."
    assert Delivery.objects.get().state == "sent"
    assert Review.objects.get().verdict == "right"


def test_it_is_right_closes_and_stays_closed_until_it_is_read_otherwise(admin_client: Client) -> None:
    receive(unclear())
    review = Review.objects.get()
    assert press(admin_client, review, "confirm") == "It is right: closed."
    reprocess()
    review.refresh_from_db()
    assert not review.is_open

    RawItem.objects.update(state="pending")
    Review.objects.update(read=review.read | {"company": "Another"})  # so it was read when somebody looked
    reprocess()
    receive_at(unclear(number=8), "3.1")
    review.refresh_from_db()
    assert review.is_open


def test_a_correction_stays_when_the_source_is_edited_and_somebody_looks_again(admin_client: Client) -> None:
    listed = "<p>Students of Lumen Foundry:</p><p>22103001 Asha Verma</p><p>22103002 Bilal Khan</p>"
    publish_notice(listed)
    review = Review.objects.get()
    press(admin_client, review, "correct", meaning="shortlisted", venue="LT-3")

    publish_notice(f"{listed}<p>Bring your ID card.</p>")
    review.refresh_from_db()
    assert "ID card" in Notice.objects.get(follows=None).body
    assert (Notice.objects.get(follows=None).venue, Notice.objects.get(follows=None).roster_meaning) == (
        "LT-3",
        "shortlisted",
    )
    assert not review.is_open, "what was corrected is read as it was"

    publish_notice(f"{listed}<p>Venue: LT-9</p>")
    review.refresh_from_db()
    assert Notice.objects.get(follows=None).venue == "LT-3"
    assert review.is_open, "the source says another venue than it did, and than the person"


def test_a_reading_that_loses_its_doubt_closes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    receive(unclear())
    monkeypatch.setattr(reviewed, "doubts_of", lambda *_: ())
    reprocess()
    assert Review.objects.get().verdict == "cleared"
    monkeypatch.undo()
    with time_machine.travel(datetime(2026, 11, 23, 6, tzinfo=UTC)):
        reprocess()
    assert Review.objects.get().is_open


def test_what_is_not_for_students_is_taken_back(admin_client: Client, telegram: BotApi, subscribe: Subscribe) -> None:
    student = int(subscribe().address)
    receive(unclear())
    deliver()
    press(admin_client, Review.objects.get(), "correct", category="irrelevant")
    deliver()
    assert "withdrawn" in telegram.messages(student)[0].text.lower()
    assert RawItem.objects.get().state == "irrelevant"
    reprocess("--notify")
    assert Notice.objects.get().withdrawn_at is not None

    press(admin_client, Review.objects.get(), "correct", category="shortlisting", meaning="shortlisted")
    assert Notice.objects.get().withdrawn_at is None


def as_read(raw: bytes) -> Review:
    """A mail that is read without a doubt, and somebody wants to look at all the same."""
    receive(raw)
    item = RawItem.objects.latest("pk")
    assert item.notice is not None
    mail = parse_mail(raw)
    facts = read_mail(lay_out_mail(mail))
    read = entries.Read(item, item.notice.external_key, mail.subject, facts, mail.sent_at, ["somebody asked"])
    review = entries.note(read, announce=True)
    assert review is not None
    return review


def test_an_offer_that_is_none_leaves_the_statistics(admin_client: Client) -> None:
    review = as_read(offer("22103001 Asha Verma", "22103002 Bilal Khan"))
    press(admin_client, review, "correct", category="shortlisting", meaning="shortlisted")
    assert not Offer.objects.exists()
    assert Notice.objects.get().category == "shortlisting"


def test_an_offer_of_another_company_moves(admin_client: Client) -> None:
    receive(offer("22103009 Chitra Rao", number=1))
    review = as_read(offer("22103001 Asha Verma", number=2))
    press(admin_client, review, "correct", company="Quartz Labs")
    named = {offer.company: [one.name for one in offer.students.all()] for offer in Offer.objects.all()}
    assert named == {"Kestrel Systems": ["Chitra Rao"], "Quartz Labs": ["Asha Verma"]}
    assert [role["package"] for offer in Offer.objects.all() for role in offer.roles] == [12.0, 12.0]


def test_a_package_is_corrected_downwards_too(admin_client: Client) -> None:
    review = as_read(offer("22103001 Asha Verma", "22103002 Bilal Khan", package="120 LPA"))
    before = list(OfferedStudent.objects.values_list("pk", flat=True))
    press(admin_client, review, "correct", package="₹12 LPA")
    assert Offer.objects.get().roles[0]["package"] == 12.0
    assert list(OfferedStudent.objects.values_list("pk", "counted_package")) == [(pk, 1_200_000) for pk in before]
    assert "₹12 LPA" in telegram_text(Notice.objects.get()).text
    assert "₹120" not in telegram_text(Notice.objects.get()).text


def test_a_policy_that_is_none_is_no_version(admin_client: Client) -> None:
    review = as_read(forwarded("Placement policy 2027", POLICY))
    assert Policy.objects.exists()
    press(admin_client, review, "correct", category="announcement")
    assert not Policy.objects.exists()


def test_offers_that_were_not_withdrawn_come_back(admin_client: Client) -> None:
    receive(offer("22103001 Asha Verma", "22103002 Bilal Khan"))
    text = "Kestrel Systems has withdrawn the offer made to the following student.\n\n22103001 Asha Verma"
    review = as_read(forwarded("Kestrel Systems - offers withdrawn", text, number=7))
    assert OfferedStudent.objects.count() == 1
    press(admin_client, review, "correct", state="", meaning="absent")
    assert set(OfferedStudent.objects.values_list("name", flat=True)) == {"Asha Verma", "Bilal Khan"}


def test_a_list_that_is_none_is_part_of_the_text(admin_client: Client) -> None:
    receive(unclear())
    press(admin_client, Review.objects.get(), "correct", meaning="")
    notice = Notice.objects.get()
    assert (notice.roster, notice.roster_meaning) == ([], "")


def test_a_student_is_taken_off_one_is_added_and_it_stays(
    admin_client: Client, telegram: BotApi, subscribe: Subscribe
) -> None:
    student = int(subscribe().address)
    receive(unclear())
    deliver()
    said = press(
        admin_client,
        Review.objects.get(),
        "correct",
        students="22103002 Bilal Khan\n22103009 Isha Sen",
        meaning="absent",
    )
    assert said == "Corrected: the list says, students."
    deliver()
    reprocess()
    notice = Notice.objects.get(follows=None)
    assert [one["enrollment"] for one in notice.roster] == ["22103002", "22103009"]
    assert notice.roster_meaning == "absent"
    shown = telegram.messages(student)[0].text
    assert "22103009  Isha Sen" in shown
    assert "Asha" not in shown.partition("Please see")[0]


def test_who_may_apply_is_corrected_and_decides_anew(admin_client: Client) -> None:
    receive(unclear())
    rules = "cgpa: 8\nbranches: computer science, ECE"
    press(admin_client, Review.objects.get(), "correct", category="job_posting", meaning="", eligibility=rules)
    reprocess()
    notice = Notice.objects.get(follows=None)
    assert [(one["name"], one["value"]) for one in notice.eligibility] == [("cgpa", 8.0), ("branches", ["CSE", "ECE"])]
    assert notice.details["Who can apply"] == "CGPA ≥ 8; CSE, ECE"


def test_a_review_of_an_earlier_version_is_shown_and_corrected(admin_client: Client) -> None:
    receive(unclear())
    review = Review.objects.get()
    review.read = {name: value for name, value in review.read.items() if name not in ("students", "eligibility")}
    review.save()
    assert press(admin_client, review, "correct", venue="LT-3") == "Corrected: venue."
    reprocess()
    review.refresh_from_db()
    assert not review.is_open


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"eligibility": "cgpa: high"}, "is no value for cgpa"),
        ({"students": "--"}, "neither a number nor a name"),
        ({"deadline_time": "10:00", "deadline_day": ""}, "a time needs its day"),
        ({"deadline_day": "tomorrow"}, "Enter a valid date"),
        ({"package": "a lot"}, "No amount can be read"),
        ({"category": "gossip"}, "Select a valid choice"),
        ({"company": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_wrong_word_is_said_and_nothing_is_kept(admin_client: Client, typed: dict[str, str], error: str) -> None:
    receive(unclear())
    review = Review.objects.get()
    form = filled_in(admin_client, review) | typed | {"action": "correct"}
    page = admin_client.post(page_of(review), form).text
    assert error in page
    assert "Nothing is corrected yet: see what is marked below." in page
    assert Review.objects.get().is_open


def test_two_people_at_once_the_second_looks_again(admin_client: Client) -> None:
    receive(unclear())
    review = Review.objects.get()
    late = filled_in(admin_client, review) | {"action": "correct", "company": "Late"}
    press(admin_client, review, "correct", company="First")
    assert "It changed meanwhile" in admin_client.post(page_of(review), late, follow=True).text
    assert Review.objects.get().correction == {"company": "First"}


def test_each_press_is_in_the_audit_log_and_names_nobody(admin_client: Client) -> None:
    receive(unclear())
    review = Review.objects.get()
    press(admin_client, review, "correct", company="Asha Verma")
    press(admin_client, review, "confirm")
    rows = AuditEntry.objects.order_by("pk").values_list("action", "target", "outcome")
    assert [*rows] == [("POST correct", page_of(review), "302"), ("POST confirm", page_of(review), "302")]


def test_a_process_that_dies_after_the_word_is_kept_leaves_the_rest_to_the_next_cycle(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(unclear())
    monkeypatch.setattr(closing, "_read_again", lambda *_: None)
    press(admin_client, Review.objects.get(), "correct", company="Quartz Labs")
    assert Notice.objects.get().company == "Lumen Foundry"
    read_pending()
    assert Notice.objects.get().company == "Quartz Labs"


def test_a_mail_that_is_for_students_after_all_brings_its_list(
    admin_client: Client, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe()
    none = Facts("irrelevant", "fallback.unrelated", 0.6, extra={"reason": "nothing of placements"})
    monkeypatch.setattr(mail_reader, "read_mail", lambda *_: none)
    receive(unclear())
    assert RawItem.objects.get().state == "irrelevant"
    review = Review.objects.get()
    assert review.doubts == ["the rules are unsure whether it is for students"]
    press(admin_client, review, "correct", category="shortlisting", meaning="shortlisted", company="Lumen Foundry")
    notice = Notice.objects.get()
    assert (len(notice.roster), notice.roster_meaning, notice.announced) == (2, "shortlisted", True)


def test_what_is_too_old_to_wake_anybody_is_said_to_be(client: Client, admin_user: User) -> None:
    receive(unclear())
    Notice.objects.update(announced=False)
    client.force_login(admin_user)
    said = press(client, Review.objects.get(), "correct", venue="LT-3")
    assert said == "Corrected: venue. It stands on the site; to wake anybody it is too old."


def test_a_cycle_that_read_the_item_just_before_tells_the_correction(admin_client: Client) -> None:
    receive(unclear())
    reading = Reading()
    tell = understand_mail(RawItem.objects.get(), reading)
    press(admin_client, Review.objects.get(), "correct", company="Quartz Labs")
    with transaction.atomic():
        tell()
    assert Notice.objects.get().company == "Quartz Labs"
    assert reading.counts["notices_unchanged"] == 1


def test_what_is_sure_costs_one_statement_more() -> None:
    receive(forwarded("Session on chips", WEBINAR))
    item = RawItem.objects.get()
    with CaptureQueriesContext(connection) as queries:
        understand_mail(item, Reading())
    about = [query["sql"] for query in queries if "scraping_review" in query["sql"]]
    assert len(about) == 1


def test_nothing_is_held_back_by_default(settings: Settings) -> None:
    assert settings.REVIEW == "after"
