"""The tagger: what it sees, what it learns, and that the models of the project are those of the features."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scraping.explain.leave_out import groups_of, leave_out, percents
from scraping.explain.lessons import lessons, writer_of
from scraping.reading.page import Page
from scraping.reading.tagger import model
from scraping.reading.tagger.features import lines_for_tagger
from scraping.reading.tagger.training import digest, lesson, train
from tests.paths import ROOT

CORPUS = ROOT / "tests" / "corpus"
DRIVE = Page("Kestrel Softech drive", ("Kestrel Softech will hire a Data Engineer.", "Venue: Seminar Hall 2, 10 am"))
MOST_BYTES = 3_000_000


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """The notices of two writers."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for file in [*(CORPUS / "notices").glob("b15w*"), *(CORPUS / "notices").glob("b16w*")]:
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_the_models_belong_to_the_features() -> None:
    assert model.about().features == digest(), "what the models see has changed: ./manage train_reader"


def test_the_models_are_small() -> None:
    assert sum(len(model.model_file(field).read_bytes()) for field in model.MODELS) < MOST_BYTES


def test_the_models_find_company_role_and_venue() -> None:
    found = {field: max(model.likely(DRIVE, field).values(), key=lambda one: one[1]) for field in model.FIELDS}
    assert {field: text for field, (text, _) in found.items()} == {
        "company": "Kestrel Softech",
        "role": "Data Engineer",
        "venue": "Seminar Hall 2",
    }
    assert all(0.5 < probability <= 1 for _, probability in found.values())


def test_a_text_without_any_has_none() -> None:
    page = Page("Library timings", ("The library is closed on Sunday.",))
    assert not any(probability > 0.5 for field in model.FIELDS for _, probability in model.likely(page, field).values())


@pytest.mark.parametrize("lines", [(), ("",), ("\t\t",), ("\x00" * 50,), ("x" * 100_000,), ("a " * 50_000,) * 3])
def test_any_page_can_be_asked_about(lines: tuple[str, ...]) -> None:
    for field in model.FIELDS:
        assert all(0 <= probability <= 1 for _, probability in model.likely(Page("", lines), field).values())


def test_every_word_has_features() -> None:
    for line in lines_for_tagger(DRIVE):
        assert len(line.spans) == len(line.features)
        assert [line.text[start:end] for start, end in line.spans]


def test_threads_share_the_models() -> None:
    pages = [Page(DRIVE.title, (*DRIVE.lines, f"Room {number}")) for number in range(30)]
    alone = [model.likely(page, "company") for page in pages]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda page: model.likely(page, "company"), pages)) == alone


def test_a_model_learns_from_a_few_texts_and_always_the_same() -> None:
    taught = [
        lesson(Page(f"{name} drive", (f"{name} will visit the campus.",)), {"company": name})
        for name in ("Orbit", "Kestrel Softech", "Lumen Analytics", "Vela", "Norvik Motors")
    ]
    models = {field: train(taught, "company") for field in ("company", "again")}
    assert models["company"] == models["again"]
    with model.reading_with(models):
        found = model.likely(Page("Zeta drive", ("Zeta will visit the campus.",)), "company")
    assert found["zeta"][1] > 0.5


def test_nothing_is_learnt_from_what_a_truth_leaves_open() -> None:
    with pytest.raises(ValueError, match="venue"):
        train([lesson(DRIVE, {"company": "Kestrel Softech", "venue": "Seminar Hall 2", "unsure": ["venue"]})], "venue")


def test_every_writing_that_is_right_is_learnt() -> None:
    truth = {"company": "Orbit Ltd.", "company_also_ok": ["Orbit"], "roles": [{"role": "SDE", "role_also_ok": ["Dev"]}]}
    assert lesson(DRIVE, truth).names == {"company": ["Orbit Ltd.", "Orbit"], "role": ["SDE", "Dev"]}
    assert lesson(DRIVE, {"company": None}).names == {"company": []}


def test_a_writer_is_what_the_names_begin_with() -> None:
    assert {writer_of(name) for name in ("notices/b15w03", "mails/b15m11", "notices/b15n01")} == {"b15"}
    assert writer_of("notices/nykaa-openings") == "nykaa"


def test_writers_are_left_out_whole(small_corpus: Path) -> None:
    learnt = list(lessons(small_corpus))
    groups = groups_of(learnt)
    assert sorted(writer for group in groups for writer in group) == ["b15", "b16"]
    figures = percents(leave_out(learnt, groups[0]))
    assert figures.keys() == set(model.FIELDS)
    assert figures["company"]["right"] > 50


def test_the_command_writes_models(small_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("train_reader", folder=small_corpus, to=tmp_path)
    assert "52 texts" in capsys.readouterr().out
    assert all((tmp_path / f"{field}.crf").stat().st_size for field in model.MODELS)
