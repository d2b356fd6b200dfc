"""`measure_reader`: a corpus of a few texts, and an endpoint on loopback that knows some of them better."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, load_command_class
from pytest_django import Settings

from notifications.models import Notice
from scraping.models import Review
from tests.paths import ROOT
from tests.scraping.reading.model_endpoint import KEY, Model

pytest.importorskip("pydantic_ai", reason="*** the extra llm is not installed ***")
pytestmark = pytest.mark.django_db

REMINDER, KESTREL = {"category": "reminder"}, {"company": "Kestrel Systems"}
# Each text with its truth, and what the model answers.
TEXTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Something about kestrel systems": (REMINDER | KESTREL, REMINDER | KESTREL),
    "Something about Lumen Foundry": ({"category": "announcement"}, {"category": "webinar"}),
    "Something about Quartz Labs": ({"category": "announcement"}, {"category": "announcement", "company": "Invented"}),
    "Something quite plain": ({"category": "announcement", "company": None}, {"category": "announcement"}),
}


@pytest.fixture
def corpus(tmp_path: Path, model: Model) -> Path:
    """Notices the rules are unsure of, one they are sure of, and the model that is asked about them."""
    for number, (title, (truth, _)) in enumerate(TEXTS.items()):
        write(tmp_path, f"t{number}", title, truth)
    title = "Open for applications - Orbit Labs's Job Profile - Analyst"
    write(tmp_path, "sure", title, {"category": "job_posting", "company": "Orbit Labs"})

    def reply() -> dict[str, Any]:
        question = json.dumps(model.asked[-1]["messages"])
        return next((answer for title, (_, answer) in TEXTS.items() if title in question), {"category": "job_posting"})

    model.answer = reply
    return tmp_path


def write(folder: Path, name: str, title: str, truth: dict[str, Any]) -> None:
    notice = {"identifier": name, "title": title, "content": "<p>Please take note of it.</p>"}
    (folder / f"{name}.json").write_text(json.dumps(notice))
    (folder / f"{name}.truth.json").write_text(json.dumps(truth))


def measured(*arguments: object, **options: object) -> list[str]:
    out = StringIO()
    call_command("measure_reader", *arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def test_it_says_what_the_reader_mends_breaks_and_costs(corpus: Path, model: Model) -> None:
    lines = measured(folder=corpus, price=[0.3, 2.5])
    assert lines[0] == "4 of 5 texts asked, 3 answers could be used"
    assert "agrees with the rules in: category 1, company" in lines[1]
    table = {line.split()[0]: line.split()[1:] for line in lines[2:7]}
    assert table["category"] == ["4", "3", "3", "1", "1"]
    assert table["company"] == ["2", "1", "2", "1", "0"]
    assert "  mended: t0: category" in lines
    assert "  broke: t1: category" in lines
    assert "  no use: t2: it names a company that does not stand in the text" in lines
    cost = r"1600 tokens in, 200 out, \d+\.\d\d s a question; \$0\.0010, \$0\.24 for 1,000 questions"
    assert re.fullmatch(cost, lines[-1])
    assert len(model.asked) == 4


def test_every_text_may_be_asked_about(corpus: Path, model: Model) -> None:
    assert measured(folder=corpus, all=True)[0] == "5 of 5 texts asked, 4 answers could be used"


def test_another_endpoint_and_model(corpus: Path, model: Model, settings: Settings) -> None:
    settings.LLM_BASE_URL, settings.LLM_API_KEY = "", ""
    with pytest.raises(CommandError, match="No model is set up"):
        measured(folder=corpus)
    assert measured(folder=corpus, base_url=model.url, model="another")[0].startswith("4 of 5")
    assert {question["model"] for question in model.asked} == {"another"}


def test_a_reader_that_is_down_mends_and_breaks_nothing(corpus: Path, model: Model) -> None:
    def down() -> None:
        raise RuntimeError

    model.answer = down
    lines = measured(folder=corpus)
    assert lines[0] == "4 of 5 texts asked, 0 answers could be used"
    assert any(line.startswith("  no use: t0: ") for line in lines)
    assert KEY not in "\n".join(lines)


def test_nothing_is_stored_and_nobody_is_told(corpus: Path, model: Model) -> None:
    measured(folder=corpus)
    assert not Review.objects.exists()
    assert not Notice.objects.exists()


def test_the_projects_own_corpus_is_asked_about_by_default() -> None:
    parser = load_command_class("scraping", "measure_reader").create_parser("manage.py", "measure_reader")
    assert parser.get_default("folder") == ROOT / "tests" / "corpus"


@pytest.mark.parametrize(("content", "error"), [(None, "no text with a truth"), ("[]", "t0: ")])
def test_a_folder_of_something_else_is_one_line_of_error(
    tmp_path: Path, model: Model, content: str | None, error: str
) -> None:
    if content:
        (tmp_path / "t0.json").write_text(content)
        (tmp_path / "t0.truth.json").write_text("{}")
    with pytest.raises(CommandError, match=error):
        measured(folder=tmp_path)
