"""The institute's page from its server to snapshots and notices, over a socket."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from notifications.models import Delivery, Notice
from scraping.cycle.cycle import update
from scraping.cycle.runs import one_run
from scraping.models import EarlierBatch, OfficialSnapshot, RawItem, UpdateRun
from supersetbot.sandbox.official_page import OfficialPageServer
from tests.conftest import SEASON, Subscribe

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(settings: Settings) -> Iterator[OfficialPageServer]:
    with OfficialPageServer().in_thread() as server:
        settings.OFFICIAL_PLACEMENT_URL = server.url
        settings.SOURCE_TIMEOUT_SECONDS = 5
        yield server


def read() -> UpdateRun:
    return update("test", sources=["official"])


def official(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("official", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_first_reading_is_kept_and_told_to_nobody(page: OfficialPageServer, subscribe: Subscribe) -> None:
    subscribe()

    run = read()

    snapshot = OfficialSnapshot.objects.get()
    assert (snapshot.season, snapshot.differences, snapshot.notice) == (SEASON, [], None)
    assert snapshot.content["batches"][0]["batch_name"].endswith("2027")
    assert "scrape_timestamp" not in snapshot.content
    assert (run.sources["official"]["new"], run.notices, Delivery.objects.count()) == (1, 0, 0)


def test_unchanged_content_only_moves_when_it_was_last_seen(page: OfficialPageServer) -> None:
    read()
    before = OfficialSnapshot.objects.get()

    run = read()

    after = OfficialSnapshot.objects.get()
    assert run.sources["official"]["unchanged"] == 1
    assert after.last_seen_at > before.last_seen_at
    assert after.first_seen_at == before.first_seen_at
    assert (page.requests, page.unmodified) == (2, 1)


def test_a_version_that_was_not_stored_is_asked_for_whole_again(page: OfficialPageServer) -> None:
    read()
    OfficialSnapshot.objects.all().delete()
    read()
    assert (page.unmodified, OfficialSnapshot.objects.count()) == (0, 1)


def test_a_moved_figure_is_a_snapshot_and_a_notice(page: OfficialPageServer, subscribe: Subscribe) -> None:
    wants = subscribe()
    subscribe(seasons=(202526,))
    read()
    page.move_figure(says="40")

    run = read()

    newest, first = OfficialSnapshot.objects.all()
    notice = Notice.objects.get()
    assert newest.differences == [{"text": "Companies visited 37 → 40", "figure_moved": True}]
    assert (notice.title, notice.category) == ("Companies visited 37 → 40 · Batch 2027", "official_figures")
    assert (newest.notice, first.notice) == (notice, None)
    assert run.queued == 1
    assert Delivery.objects.get().subscription == wants


def test_a_figure_of_another_batch_is_kept_and_not_told(page: OfficialPageServer, subscribe: Subscribe) -> None:
    subscribe()
    read()
    page.batches[1].figures["Average Package"] = "Rs. 9.99 Lacs"

    read()

    assert OfficialSnapshot.objects.count() == 2
    assert OfficialSnapshot.objects.latest().differences[0]["text"].startswith("Batch 2026: Average package")
    assert not Notice.objects.exists()


def test_a_figure_that_goes_back_is_told_again(page: OfficialPageServer) -> None:
    read()
    for says in ("40", "37", "40"):
        page.move_figure(says=says)
        read()
    assert Notice.objects.count() == 3


@pytest.mark.parametrize("fault", ["down", "no_batches"])
def test_a_failed_reading_leaves_the_last_good_snapshot(page: OfficialPageServer, fault: str) -> None:
    read()
    page.fault = fault  # type: ignore[assignment]  # a stand-in of the test

    with pytest.raises(CommandError, match="Placement page: "):
        official()

    assert OfficialSnapshot.objects.count() == 1
    assert UpdateRun.objects.latest("pk").state == UpdateRun.State.FAILED


def test_a_cycle_leaves_the_page_alone(page: OfficialPageServer) -> None:
    update("test")
    assert page.requests == 0


def test_its_slot_neither_waits_for_a_cycle_nor_stops_one(page: OfficialPageServer) -> None:
    with one_run("cycle"):
        assert read().state == UpdateRun.State.OK


def test_a_dry_run_prints_what_would_be_stored(page: OfficialPageServer) -> None:
    read()
    page.move_figure(says="40")

    out, err = official("--dry-run")

    assert json.loads(out)["batches"][0]["placement_pointers"][0] == "40 Quality Companies Visited So Far"
    assert err == "Companies visited 37 → 40 (told)\n"
    assert OfficialSnapshot.objects.count() == RawItem.objects.count() == 1


def test_the_command_says_what_changed(page: OfficialPageServer) -> None:
    assert "The first snapshot is stored." in official()[0]
    assert "Unchanged since" in official()[0]
    page.move_figure(says="40")
    assert official()[0] == "Companies visited 37 → 40\nNotices: 1. Messages to send: 0.\n"


def test_a_page_of_another_season_is_refused(page: OfficialPageServer) -> None:
    with pytest.raises(CommandError, match=r"active batch is .* 2027"):
        official("--year", "2025-26")
    assert not OfficialSnapshot.objects.exists()


def test_earlier_batches_are_loaded_once(tmp_path: Path) -> None:
    file = tmp_path / "batches.json"
    file.write_text(json.dumps({"batches": [{"batch_name": "2025", "highlights": [["9+", "Companies Visited"]]}]}))

    official("--history", str(file))
    out, _ = official("--history", str(file))

    assert out == "Loaded 1 earlier batches: Batch 2025.\n"
    batch = EarlierBatch.objects.get()
    assert (batch.name, batch.season, batch.cards) == ("2025", 202425, [["9+", "Companies Visited"]])


@pytest.mark.parametrize("content", ["[]", "{", '{"batches": [{}]}'])
def test_a_file_that_holds_no_batches_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "batches.json"
    file.write_text(content)
    with pytest.raises(CommandError, match=r"batches\.json: "):
        official("--history", str(file))
    assert not EarlierBatch.objects.exists()
