"""The corpus of texts: pairs are saved without persons, compared field by field, and read no worse than recorded."""

import json
from io import StringIO
from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command

from scraping.explain.compare import compare
from scraping.explain.corpus import pair_of_mail, pair_of_notice, texts
from scraping.explain.mail import explain_mail
from scraping.explain.notice import explain_notice
from scraping.management.commands import explain
from scraping.sources.mailbox.parse import parse_mail
from tests.corpus.__main__ import FOLDER, SCORE, changes, score, texts_of_the_last_commit

NOTICE = {
    "identifier": "3a0c",
    "title": "Shortlist - Zenith Labs",
    "content": "<p>The following students are shortlisted by Zenith Labs:</p>"
    "<table><tr><th>Name</th><th>Roll No</th></tr>"
    "<tr><td>Meera Kohli</td><td>22103977</td></tr>"
    "<tr><td>Arjun Sethi</td><td>22103978</td></tr></table>"
    "<p>Meera Kohli must mail meera.kohli@example.org.</p>",
    "lastModifiedByUserName": "Prof. Real Name",
    "lastModifiedOn": 1795952400000,
    "publishedAt": 1795952400000,
}
MAIL = (
    b"From: Real Person <real@example.org>\r\nSubject: Shortlist - Zenith Labs\r\nMessage-ID: <1@example.org>\r\n"
    b"Date: Fri, 27 Nov 2026 10:00:00 +0530\r\n\r\nShortlisted by Zenith Labs:\r\n22103977 Meera Kohli\r\n"
    b"22103978 Arjun Sethi\r\n"
)
PERSONS = ("Meera", "Kohli", "Arjun", "Sethi", "22103977", "22103978", "Real", "@example.org")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(explain, "CORPUS", tmp_path)
    return tmp_path


def save(folder: Path, name: str, content: bytes, suffix: str) -> str:
    source = folder / f"source{suffix}"
    source.write_bytes(content)
    call_command("explain", str(source), save=name, stdout=StringIO(), stderr=StringIO())
    source.unlink()
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "suffix"), [(orjson.dumps(NOTICE), ".json"), (MAIL, ".eml")])
def test_a_saved_pair_names_nobody_and_reads_as_before(folder: Path, content: bytes, suffix: str) -> None:
    saved = save(folder, "zenith-1", content, suffix)
    assert [person for person in PERSONS if person in saved] == []
    truth = json.loads(next(folder.rglob("zenith-1.truth.json")).read_text(encoding="utf-8"))
    assert (truth["company"], len(truth["roster"])) == ("Zenith Labs", 2)
    text = next(path for path in folder.rglob(f"zenith-1{suffix}")).read_bytes()
    reading = explain_mail("", text) if suffix == ".eml" else explain_notice(json.loads(text))
    assert all(dict(compare(truth, reading)).values())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../x", "A b", ""])
def test_a_bad_name_is_one_clear_error(folder: Path, name: str) -> None:
    with pytest.raises(CommandError, match="is no name"):
        save(folder, name or " ", orjson.dumps(NOTICE), ".json")


@pytest.mark.django_db
def test_nothing_is_overwritten(folder: Path) -> None:
    save(folder, "twice", MAIL, ".eml")
    with pytest.raises(CommandError, match="choose another name"):
        save(folder, "twice", MAIL, ".eml")


def test_a_field_that_is_unsure_is_not_compared_and_another_answer_may_count() -> None:
    truth = {"category": "update", "also_ok": ["announcement"], "company": "Zeta", "unsure": ["company"], "venue": None}
    assert dict(compare(truth, {"category": "announcement", "company": "X"})) == {"category": True, "venue": True}
    assert dict(compare(truth, {"category": "update", "venue": "LT-3"})) == {"category": True, "venue": False}


def test_changes_are_told_both_ways() -> None:
    assert changes({"a": ["company", "venue"]}, {"a": ["venue"], "b": ["role"]}) == [
        "  mended: a: company",
        "  broken: b: role",
    ]
    assert changes({}, {"b": ["role"]}, new={"b"}) == ["  new, read wrongly: b: role"]


def test_the_texts_of_the_last_commit_are_known_by_their_names() -> None:
    committed = texts_of_the_last_commit()
    assert committed <= {text.name for text in texts(FOLDER)}
    assert not committed or "notices/x21n07" in committed


def test_no_text_of_the_corpus_is_read_worse_than_recorded() -> None:
    recorded = json.loads(SCORE.read_text(encoding="utf-8"))
    assert not [line for line in changes(recorded, score()[2]) if line.startswith("  broken")]


@pytest.mark.parametrize(
    "row",
    [
        "22103977 Meera Kohli",
        "meera kohli 22103977 CSE",
        "1. MEERA KOHLI (22103977) - Present",
        "22103977\tMeera\tKohli",
    ],
)
def test_who_stands_beside_a_number_on_no_list_is_replaced_too(row: str) -> None:
    read = {"roster": [], "other_lists": [], "company": "Zenith Labs", "category": "update"}
    last = "Meera Kohli brings a laptop.\nBe at Zenith Labs, Noida Office 22103990."
    text = f"Zenith Labs asks for these:\n{row}\n{last}"
    notice = {"title": "x", "content": text.replace("\n", "<br>"), "createdBy": "Meera Kohli"}
    for pair in (pair_of_notice("n", notice, read), pair_of_mail("m", parse_mail(MAIL), text, read)):
        saved = b"".join(pair.values()).decode().casefold()
        assert [person for person in ("kohli", "22103977") if person in saved] == []
        for kept in ("zenith labs asks for these", "brings a laptop", "be at zenith labs, noida office"):
            assert kept in saved
