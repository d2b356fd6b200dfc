"""The optional language model, against an endpoint on loopback that answers as it is told to."""

import json
import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.models import Notice
from scraping.items import Facts, JobRef
from scraping.models import Job, RawItem, Review
from scraping.reading.second_reader import second_reading
from tests.conftest import SEASON
from tests.scraping.mail_cast import OPENING, forwarded, receive
from tests.scraping.reading.model_endpoint import KEY, Model

pytest.importorskip("pydantic_ai", reason="*** the extra llm is not installed ***")
pytestmark = pytest.mark.django_db

UNSURE = Facts("announcement", "fallback.general", 0.4)
TITLE, TEXT = "About tomorrow", "Kestrel Systems will come for a talk. Asha Verma 22103001 is asked to be there."
JOBS = (JobRef("j1", "Kestrel Systems", "Engineer"), JobRef("j2", "Faraway", "Analyst"))


def asked(facts: Facts = UNSURE) -> tuple[Facts, str]:
    """The facts after the second reader, and why somebody should look."""
    read = second_reading(facts, TITLE, TEXT, JOBS)
    return read.facts, read.doubt


def test_its_answer_is_added_to_what_the_rules_read(model: Model) -> None:
    model.answer = {"category": "webinar", "company": "Kestrel Systems"}
    facts, doubt = asked()
    assert (facts.category, facts.company, facts.rule, doubt) == (
        "webinar",
        "Kestrel Systems",
        "fallback.general+llm",
        "",
    )


def test_it_is_given_only_the_jobs_the_text_may_be_about(model: Model) -> None:
    model.answer = {"category": "update", "job_id": "j1"}
    facts, _ = asked()
    question = json.dumps(model.asked[0]["messages"])
    assert "j1: Engineer at Kestrel Systems" in question
    assert "Faraway" not in question
    assert (facts.company, facts.role) == ("Kestrel Systems", "Engineer")


def test_students_it_names_count_where_they_stand_in_the_text(model: Model) -> None:
    model.answer = {"category": "shortlisting", "students": [{"name": "Asha Verma", "enrollment": "22103001"}]}
    facts, _ = asked()
    assert [student.enrollment for student in facts.roster] == ["22103001"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"category": "update", "job_id": "j2"}, "a job that it was not given"),
        ({"category": "update", "company": "Invented Works"}, "a company that does not stand"),
        ({"category": "update", "role": "Astronaut"}, "a role that does not stand"),
        ({"category": "shortlisting", "students": [{"name": "Bilal", "enrollment": "1"}]}, "a student who does not"),
        ({"category": "gossip"}, "UnexpectedModelBehavior"),
        ({}, "UnexpectedModelBehavior"),
    ],
)
def test_a_wrong_answer_leaves_the_rules_and_is_flagged(model: Model, answer: dict[str, Any], why: str) -> None:
    model.answer = answer
    facts, doubt = asked()
    assert facts == UNSURE
    assert why in doubt


def test_a_model_that_is_down_leaves_the_rules(model: Model) -> None:
    def down() -> None:
        raise RuntimeError

    model.answer = down
    facts, doubt = asked()
    assert facts == UNSURE
    assert doubt.startswith("the second reader was of no help")
    assert KEY not in doubt


def test_a_model_that_is_slow_is_not_waited_for(model: Model, settings: Settings) -> None:
    settings.LLM_TIMEOUT_SECONDS = 0.2
    answered = threading.Event()
    model.answer = lambda: {"category": "webinar", "late": answered.wait(30)}
    facts, doubt = asked()
    assert not answered.is_set()
    answered.set()
    assert facts == UNSURE
    assert doubt


def test_it_is_asked_so_many_times_a_day(model: Model, settings: Settings) -> None:
    settings.LLM_DAILY_CAP = 2
    doubts = [asked()[1] for _ in range(3)]
    assert doubts == ["", "", "not asked: the second reader's questions of the day are used up"]
    assert len(model.asked) == 2


def test_without_a_model_nothing_changes(model: Model, settings: Settings) -> None:
    settings.LLM_BASE_URL = settings.LLM_API_KEY = ""
    assert asked() == (UNSURE, "")
    assert model.asked == []


PLAIN = "Dear Students,\n\nPlease take note of what Kestrel Systems told us about tomorrow and come in time.\n"


def test_a_mail_the_rules_are_unsure_of_is_read_twice(model: Model) -> None:
    model.answer = {"category": "update", "company": "Kestrel Systems"}
    Job.objects.create(identifier="j1", season=SEASON, company="Kestrel Systems", role="Engineer")
    receive(forwarded("Tomorrow", PLAIN), forwarded("Hiring: Tarang Analytics - Batch 2027", OPENING, number=2))
    assert len(model.asked) == 1
    assert "rohan1@mail.example" not in json.dumps(model.asked)
    assert Notice.objects.get(title="Tomorrow").category == "update"
    assert not RawItem.objects.exclude(doubt="").exists()


def test_an_item_nobody_could_help_with_is_told_and_flagged(model: Model) -> None:
    model.answer = {"category": "gossip"}
    receive(forwarded("Tomorrow", PLAIN))
    item = RawItem.objects.get()
    assert item.doubt.startswith("the second reader was of no help")
    assert item.state in (RawItem.State.DONE, RawItem.State.IRRELEVANT)


def test_where_both_readers_say_the_same_nobody_needs_to_look(model: Model) -> None:
    model.answer = {"category": "announcement"}
    assert asked()[0].confidence > UNSURE.confidence
    model.answer = {"category": "update"}
    assert asked()[0].confidence == UNSURE.confidence


def test_the_same_question_is_not_asked_twice(model: Model) -> None:
    first = second_reading(UNSURE, TITLE, TEXT, JOBS)
    again = second_reading(UNSURE, TITLE, TEXT, JOBS, first.said)
    assert (again, len(model.asked)) == (first, 1)
    second_reading(UNSURE, TITLE, f"{TEXT} It is new.", JOBS, first.said)
    assert len(model.asked) == 2


def test_after_no_answer_it_is_asked_again(model: Model) -> None:
    model.answer = {"category": "gossip"}
    failed = second_reading(UNSURE, TITLE, TEXT, JOBS)
    model.answer = {"category": "webinar"}
    assert second_reading(UNSURE, TITLE, TEXT, JOBS, failed.said).facts.category == "webinar"


def test_reading_again_asks_nothing_and_tells_the_same(model: Model) -> None:
    model.answer = {"category": "update", "company": "Kestrel Systems"}
    receive(forwarded("Tomorrow", PLAIN))
    version = Notice.objects.get().version
    call_command("reprocess", "--notify", stdout=StringIO())
    assert (Notice.objects.get().version, Notice.objects.get().company) == (version, "Kestrel Systems")
    assert len(model.asked) == 1


def test_in_the_shadow_it_is_noted_and_told_to_nobody(model: Model, settings: Settings, admin_client: Client) -> None:
    settings.LLM_MODE = "shadow"
    model.answer = {"category": "reminder", "company": "Kestrel Systems"}
    receive(forwarded("Tomorrow", PLAIN))
    notice, review = Notice.objects.get(), Review.objects.get()
    assert (notice.category, notice.rule.endswith("+llm")) == ("update", False)
    assert review.second["answer"]["category"] == "reminder"
    page = admin_client.get(reverse("admin:scraping_review_change", args=[review.pk])).text
    assert "The second reader says otherwise" in page
    assert "<dt>Company</dt><dd>Kestrel Systems</dd>" in page


def test_in_the_shadow_an_answer_that_never_comes_is_no_doubt(model: Model, settings: Settings) -> None:
    settings.LLM_MODE = "shadow"
    model.answer = {"category": "gossip"}
    assert asked() == (UNSURE, "")
