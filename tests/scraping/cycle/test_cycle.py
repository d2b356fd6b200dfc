"""Update cycles against the sandbox's portal and Bot API, over real sockets."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from pytest_django import Settings

from notifications.models import Delivery, Notice
from scraping.cycle.cycle import cycle, look, update
from scraping.cycle.reprocess import read_before, reprocess
from scraping.cycle.runs import CycleRunningError, one_run
from scraping.models import Job, PortalAccount, RawItem, UpdateRun
from supersetbot.sandbox.portal import faults, portal_world
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.paths import SAMPLES as ALL_SAMPLES
from tests.scraping.conftest import use_portal

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = ALL_SAMPLES / "portal"


def texts(telegram: BotApi, address: str) -> list[str]:
    return [message.text for message in telegram.messages(int(address))]


def test_what_is_published_arrives_once(portal: Portal, telegram: BotApi, subscribe: Subscribe) -> None:
    student = subscribe()
    notice = portal.publish_notice()

    first, second = cycle("test"), cycle("test")

    assert (first.notices, first.queued, first.sent) == (1, 1, 1)
    assert (second.notices, second.queued, second.sent) == (0, 0, 0)
    assert first.state == UpdateRun.State.OK
    assert len(texts(telegram, student.address)) >= 1
    assert RawItem.objects.get().key == notice["identifier"]


def test_a_second_cycle_asks_for_no_detail_and_no_login(portal: Portal) -> None:
    portal.publish_job()
    update("test")
    portal.calls.clear()

    run = update("test")

    calls = {name: count for name, count in portal.calls.items() if isinstance(name, str)}
    assert calls == {"notices": 2, "jobs": 2}
    assert run.sources["superset"]["unchanged"] == 1


def test_a_new_job_without_a_notice_is_announced(portal: Portal, telegram: BotApi, subscribe: Subscribe) -> None:
    student = subscribe()
    short = portal.publish_job()

    cycle("test")

    (message,) = texts(telegram, student.address)
    assert message.startswith(f"💼 {short['companyName']} · {short['jobProfileTitle']}\n")
    assert Job.objects.get().notice == RawItem.objects.get().notice == Notice.objects.get()
    assert not any(reprocess(read_before(), keep=False))


@pytest.mark.parametrize("kinds", [("job", "notice"), ("job",)])
def test_what_a_job_has_read_again_is_told_to_nobody_after_a_reprocess(
    portal: Portal, telegram: BotApi, subscribe: Subscribe, kinds: tuple[str, ...]
) -> None:
    student = subscribe()
    portal.publish_job()
    portal.publish_notice()
    cycle("test")
    about = RawItem.objects.get(kind="notice").notice
    assert about is not None
    Notice.objects.filter(pk=about.pk).update(
        job_key=Job.objects.get().identifier, title="As an older rule read it", content_hash="other"
    )
    told = texts(telegram, student.address)

    read = list(reprocess(read_before().filter(kind__in=kinds), keep=True))
    cycle("test")

    assert len(read) == 2
    assert Notice.objects.get(pk=about.pk).title == about.title
    assert texts(telegram, student.address) == told
    assert not Delivery.objects.filter(work="edit").exists()


def test_an_edited_notice_is_the_same_item_and_edits_the_message(
    portal: Portal, telegram: BotApi, subscribe: Subscribe
) -> None:
    student = subscribe()
    notice = portal.publish_notice()
    cycle("test")
    before = len(texts(telegram, student.address))

    portal.edit_notice(notice["identifier"], content=notice["content"] + "<p>Bring two pens.</p>")
    run = cycle("test")

    assert run.sources["superset"]["changed"] == 1
    assert Notice.objects.filter(follows=None).count() == 1
    after = texts(telegram, student.address)
    assert len(after) == before
    assert any("Bring two pens." in text for text in after)


def test_a_touched_notice_with_the_same_content_is_no_edit(portal: Portal) -> None:
    notice = portal.publish_notice()
    update("test")
    portal.edit_notice(notice["identifier"])
    assert update("test").sources["superset"]["changed"] == 0


def test_a_moved_deadline_of_a_job_is_told_once_more(portal: Portal, telegram: BotApi, subscribe: Subscribe) -> None:
    student = subscribe()
    short = portal.publish_job()
    cycle("test")
    later = short["jobProfileApplicationDeadline"] + 86_400_000

    portal.edit_job(short["jobProfileIdentifier"], short={"jobProfileApplicationDeadline": later})
    run = cycle("test")

    assert run.queued == 1
    edited, ping = texts(telegram, student.address)
    assert edited.startswith("✏️ Edited")
    assert ping.startswith(f"✏️ {short['companyName']}")
    assert "Deadline moved from" in ping


def test_old_notices_of_a_first_cycle_wake_nobody(portal: Portal, telegram: BotApi, subscribe: Subscribe) -> None:
    student = subscribe()
    long_ago = portal_world.epoch(datetime.now(UTC) - timedelta(days=3))
    notice = portal.publish_notice()
    portal.edit_notice(notice["identifier"], publishedAt=long_ago, lastModifiedOn=long_ago)

    assert cycle("test").notices == 1
    assert texts(telegram, student.address) == []


def test_one_account_that_fails_does_not_hide_what_the_others_see(portal: Portal) -> None:
    portal.publish_notice()
    portal.fail(faults.status(500), email=portal.world.accounts[0].email)

    run = update("test")

    assert run.notices == 1
    assert run.state == UpdateRun.State.PARTLY
    assert portal.world.accounts[0].email in run.sources["superset"]["errors"][0]


@pytest.mark.parametrize("fault", [faults.status(503), faults.html(), faults.body("null")])
def test_a_portal_that_talks_rubbish_loses_nothing_and_the_next_cycle_recovers(
    portal: Portal, telegram: BotApi, subscribe: Subscribe, fault: faults.Fault
) -> None:
    subscribe()
    portal.publish_notice()
    cycle("test")
    portal.publish_notice()
    portal.fail(fault)

    failed = cycle("test")
    portal.mend()
    mended = cycle("test")

    assert (failed.state, failed.queued) == (UpdateRun.State.FAILED, 0)
    assert failed.sources["superset"]["errors"]
    assert (mended.state, mended.queued) == (UpdateRun.State.OK, 1)


def test_an_empty_list_deletes_and_resends_nothing(portal: Portal, telegram: BotApi, subscribe: Subscribe) -> None:
    subscribe()
    portal.publish_notice()
    cycle("test")
    portal.fail(faults.body("[]"), "notices", times=2)

    cycle("test")
    run = cycle("test")

    assert run.queued == 0
    assert Notice.objects.count() == 1


def test_a_refused_password_is_tried_three_times_at_most(portal: Portal, settings: Settings) -> None:
    settings.SUPERSET_CREDENTIALS = [{**settings.SUPERSET_CREDENTIALS[0], "password": "wrong"}]

    runs = [update("test") for _ in range(5)]

    assert portal.calls["login"] == 3
    assert all("login_refused" in run.sources["superset"]["errors"][0] for run in runs)
    assert "wrong" not in str([run.sources for run in runs])
    assert PortalAccount.objects.get().refusals == 3


def test_the_right_password_is_tried_at_once(portal: Portal, settings: Settings) -> None:
    right = settings.SUPERSET_CREDENTIALS
    settings.SUPERSET_CREDENTIALS = [{**right[0], "password": "wrong"}]
    for _ in range(4):
        update("test")
    settings.SUPERSET_CREDENTIALS = right
    assert update("test").state == UpdateRun.State.OK


def test_a_record_that_makes_no_sense_is_set_aside_and_the_rest_goes_on(portal: Portal) -> None:
    bad = portal.publish_notice()
    portal.edit_notice(bad["identifier"], title=None, content=None)
    portal.publish_notice()

    run = update("test")

    assert run.notices == 1
    aside = RawItem.objects.get(state=RawItem.State.SET_ASIDE)
    assert aside.reason == "neither title nor content"


def test_a_dry_run_without_a_source_says_so(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SUPERSET_CREDENTIALS = []
    call_command("update", "--dry-run")
    assert "No source is set up" in capsys.readouterr().out


def test_a_dry_run_stores_nothing(portal: Portal) -> None:
    portal.publish_notice()
    assert look()["superset"].new == 1
    assert not RawItem.objects.exists()


def test_a_second_update_steps_aside(portal: Portal) -> None:
    with one_run("first"), pytest.raises(CycleRunningError, match="Another update is running"):
        update("second")


def test_a_run_whose_process_died_is_taken_for_lost(portal: Portal) -> None:
    with one_run("first") as run:
        pass
    UpdateRun.objects.filter(pk=run.pk).update(
        state=UpdateRun.State.RUNNING, process=run.process.rsplit(":", 2)[0] + ":999999999:1"
    )

    update("second")

    run.refresh_from_db()
    assert run.state == UpdateRun.State.LOST


def test_all_samples_are_stored_and_told_once(telegram: BotApi, subscribe: Subscribe, settings: Settings) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"*** no sample notices at {SAMPLES} ***")
    settings.NOTIFY_MAX_AGE_HOURS = 0
    student = subscribe()
    with Portal(portal_world.load(SAMPLES)).in_thread() as portal:
        use_portal(settings, portal)
        first, second = update("test"), update("test")

    world = portal.world
    assert RawItem.objects.filter(state=RawItem.State.DONE).count() == len(world.notices) + len(world.jobs)
    assert first.queued == first.notices == Delivery.objects.filter(subscription=student).count()
    assert first.notices >= len(world.notices)
    assert (second.notices, second.queued) == (0, 0)
