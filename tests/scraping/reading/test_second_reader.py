"""The optional language model, against an endpoint on loopback that answers as it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pytest_django import Settings

from notifications.models import Notice
from scraping.items import Facts, JobRef
from scraping.models import Job, RawItem
from scraping.reading.second_reader import second_reading
from tests.conftest import SEASON
from tests.scraping.mail_cast import OPENING, forwarded, receive

pytest.importorskip("pydantic_ai", reason="*** the extra llm is not installed ***")
pytestmark = pytest.mark.django_db

KEY = "sk-loopback-secret"
UNSURE = Facts("announcement", "fallback.general", 0.4)
TITLE, TEXT = "About tomorrow", "Kestrel Systems will come for a talk. Asha Verma 22103001 is asked to be there."
JOBS = (JobRef("j1", "Kestrel Systems", "Engineer"), JobRef("j2", "Faraway", "Analyst"))


class Model:
    """What the endpoint answers, and what it was asked."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | Callable[[], Any] = {"category": "webinar"}
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    def reply(self, question: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(question)
        answer = self.answer() if callable(self.answer) else self.answer
        tool = question["tools"][0]["function"]["name"]
        call = {"id": "1", "type": "function", "function": {"name": tool, "arguments": json.dumps(answer)}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


@pytest.fixture
def model(settings: Settings) -> Iterator[Model]:
    told = Model()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answer, status = json.dumps(told.reply(json.loads(body))).encode(), 200
            except RuntimeError:
                answer, status = b"{}", 503
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        told.url = f"http://127.0.0.1:{server.server_port}/v1"
        settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_MODEL = told.url, KEY, "m"
        settings.LLM_TIMEOUT_SECONDS, settings.LLM_MAX_RETRIES, settings.LLM_DAILY_CAP = 5, 0, 10
        yield told
        server.shutdown()


def test_its_answer_is_added_to_what_the_rules_read(model: Model) -> None:
    model.answer = {"category": "webinar", "company": "Kestrel Systems"}
    facts, doubt = second_reading(UNSURE, TITLE, TEXT, JOBS)
    assert (facts.category, facts.company, facts.rule, doubt) == (
        "webinar",
        "Kestrel Systems",
        "fallback.general+llm",
        "",
    )


def test_it_is_given_only_the_jobs_the_text_may_be_about(model: Model) -> None:
    model.answer = {"category": "update", "job_id": "j1"}
    facts, _ = second_reading(UNSURE, TITLE, TEXT, JOBS)
    question = json.dumps(model.asked[0]["messages"])
    assert "j1: Engineer at Kestrel Systems" in question
    assert "Faraway" not in question
    assert (facts.company, facts.role) == ("Kestrel Systems", "Engineer")


def test_students_it_names_count_where_they_stand_in_the_text(model: Model) -> None:
    model.answer = {"category": "shortlisting", "students": [{"name": "Asha Verma", "enrollment": "22103001"}]}
    facts, _ = second_reading(UNSURE, TITLE, TEXT, JOBS)
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
    facts, doubt = second_reading(UNSURE, TITLE, TEXT, JOBS)
    assert facts == UNSURE
    assert why in doubt


def test_a_model_that_is_down_leaves_the_rules(model: Model) -> None:
    def down() -> None:
        raise RuntimeError

    model.answer = down
    facts, doubt = second_reading(UNSURE, TITLE, TEXT, JOBS)
    assert facts == UNSURE
    assert doubt.startswith("the second reader was of no help")
    assert KEY not in doubt


def test_a_model_that_is_slow_is_not_waited_for(model: Model, settings: Settings) -> None:
    settings.LLM_TIMEOUT_SECONDS = 0.2
    answered = threading.Event()
    model.answer = lambda: {"category": "webinar", "late": answered.wait(30)}
    facts, doubt = second_reading(UNSURE, TITLE, TEXT, JOBS)
    assert not answered.is_set()
    answered.set()
    assert facts == UNSURE
    assert doubt


def test_it_is_asked_so_many_times_a_day(model: Model, settings: Settings) -> None:
    settings.LLM_DAILY_CAP = 2
    doubts = [second_reading(UNSURE, TITLE, TEXT, JOBS)[1] for _ in range(3)]
    assert doubts == ["", "", "not asked: the second reader's questions of the day are used up"]
    assert len(model.asked) == 2


def test_without_a_model_nothing_changes(model: Model, settings: Settings) -> None:
    settings.LLM_BASE_URL = settings.LLM_API_KEY = ""
    assert second_reading(UNSURE, TITLE, TEXT, JOBS) == (UNSURE, "")
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
