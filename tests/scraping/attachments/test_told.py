"""Files of the portal, from its server to the chats of students, over real sockets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
import time_machine
from django.core.files.storage import storages
from pytest_django import Settings

from notifications.models import Delivery, Notice, StoredFile
from scraping.cycle.cycle import cycle, update
from scraping.models import Attachment, RawItem
from scraping.telling.attached import AGAIN_AFTER, TRIED_FOR, with_files_due
from supersetbot.sandbox.portal import portal_world
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.scraping.attachments import writers
from tests.scraping.attachments.people import people

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Shortlist for Technical interview - Orbit Labs's Job Profile - Analyst"


@pytest.fixture(autouse=True)
def fetching(settings: Settings) -> None:
    settings.ATTACHMENTS_FETCH = True


def pdf_list(count: int = 40) -> bytes:
    rows = [["S.No", "Enrollment No", "Name", "Room"]]
    rows += [[str(n), p.number, p.name, p.room] for n, p in enumerate(people(Random(5), count), 1)]
    return writers.pdf(["Shortlisted students", rows])


def publish(portal: Portal, url: str, title: str = TITLE) -> dict[str, object]:
    content = f'<p>The following students are shortlisted: see <a href="{url}">the list</a>.</p>'
    return portal.publish_notice(portal_world.make_notice((title, content), datetime.now(UTC), Random(title)))


def documents(telegram: BotApi) -> list[object]:
    """What was given as the file in each sendDocument: an upload, or a file_id."""
    return [params.get("document") for name, params in telegram.requests if name == "sendDocument"]


def test_a_list_behind_a_link_is_the_roster_and_the_file_is_uploaded_once(
    portal: Portal, telegram: BotApi, subscribe: Subscribe
) -> None:
    students = [subscribe() for _ in range(5)]
    publish(portal, portal.publish_file("shortlist.pdf", pdf_list()))

    run = cycle("test")

    notice = Notice.objects.get()
    assert [(s["enrollment"], s["room"]) for s in notice.roster] == [(p.number, p.room) for p in people(Random(5), 40)]
    assert (run.sent, Delivery.objects.filter(state="sent").count()) == (5, 5)
    uploads = [given for given in documents(telegram) if isinstance(given, dict)]
    assert (len(uploads), len(documents(telegram))) == (1, 5)
    assert StoredFile.objects.get().telegram_id == uploads[0]["file_id"]
    for student in students:
        *texts, file = telegram.messages(int(student.address))
        assert people(Random(5), 40)[7].number in "".join(message.text for message in texts)
        assert file.document is not None
        assert file.document["file_name"] == "shortlist.pdf"


def test_who_subscribes_later_gets_the_file_by_its_id(portal: Portal, telegram: BotApi, subscribe: Subscribe) -> None:
    subscribe()
    url = portal.publish_file("shortlist.pdf", pdf_list())
    publish(portal, url)
    cycle("test")
    publish(portal, url, title="Shortlist for HR interview - Orbit Labs's Job Profile - Analyst")
    cycle("test")
    assert sorted(isinstance(given, dict) for given in documents(telegram)) == [False, True]


def test_a_file_id_that_telegram_forgot_is_uploaded_anew(
    portal: Portal, telegram: BotApi, subscribe: Subscribe
) -> None:
    student = subscribe()
    publish(portal, portal.publish_file("shortlist.pdf", pdf_list()))
    update("test")
    StoredFile.objects.update(telegram_id="of another bot")
    cycle("test")
    assert telegram.messages(int(student.address))[-1].document is not None
    assert StoredFile.objects.get().telegram_id != "of another bot"


def test_an_edit_changes_the_text_and_leaves_the_file(portal: Portal, telegram: BotApi, subscribe: Subscribe) -> None:
    student = subscribe()
    record = publish(portal, portal.publish_file("shortlist.pdf", pdf_list(3)))
    cycle("test")
    before = len(telegram.messages(int(student.address)))

    portal.edit_notice(str(record["identifier"]), content=f"{record['content']}<p>Bring your card.</p>")
    cycle("test")

    messages = telegram.messages(int(student.address))
    assert len(messages) == before
    assert "Bring your card" in "".join(message.text for message in messages)
    assert messages[-1].document is not None
    assert len(documents(telegram)) == 1


def test_the_description_of_a_job_adds_what_its_posting_leaves_open(
    portal: Portal, telegram: BotApi, subscribe: Subscribe
) -> None:
    subscribe()
    job = portal_world.random_job(random=Random(3))
    profile = job.detail["jobProfile"]
    profile |= {"package": None, "ctcMin": None, "ctcMax": None, "location": "", "stages": []}
    profile["documents"] = [{"name": "JD.pdf", "identifier": "jd1"}]
    job.detail["jobProfileLocation"] = None
    text = [
        "Job description",
        "CTC: 11.5 LPA",
        "Location: Hyderabad",
        "Eligibility: B.Tech CSE with at least 7.5 CGPA and no active backlogs",
        "Selection process: Online test, Technical interview, HR interview",
    ]
    portal.publish_file("jd1", writers.pdf(text))
    portal.publish_job(job)

    cycle("test")

    notice = Notice.objects.get()
    assert notice.package == "₹11.5 LPA (JD.pdf)"
    assert notice.location == "Hyderabad (JD.pdf)"
    assert {c["name"] for c in notice.eligibility if c["quote"].startswith("JD.pdf: ")} >= {"backlogs"}
    assert [file["name"] for file in notice.files] == ["JD.pdf"]


@pytest.mark.parametrize("name", ["missing.pdf", "broken.pdf"])
def test_a_file_that_cant_be_read_holds_up_nothing(
    portal: Portal, telegram: BotApi, subscribe: Subscribe, name: str
) -> None:
    student = subscribe()
    portal.publish_file("broken.pdf", b"%PDF-1.4 and no more")
    publish(portal, f"{portal.url.partition('/tnpsuite')[0]}/{'files/' if name[0] == 'b' else ''}{name}")
    cycle("test")
    assert RawItem.objects.get().state == "done"
    assert f"{name}: could not be read: open it yourself" in telegram.messages(int(student.address))[0].text


def test_what_there_was_no_time_for_is_told_by_an_edit(
    portal: Portal, telegram: BotApi, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = subscribe()
    publish(portal, portal.publish_file("shortlist.pdf", pdf_list(3)))
    with monkeypatch.context() as patch:
        patch.setattr("scraping.telling.attached.SECONDS_A_PASS", 0.0)
        cycle("test")
    assert Attachment.objects.get().state == "waiting"
    assert Notice.objects.get().roster == []

    cycle("test")

    assert len(Notice.objects.get().roster) == 3
    texts = "".join(message.text for message in telegram.messages(int(student.address)))
    assert people(Random(5), 3)[2].number in texts


@contextmanager
def no_room_for(data: bytes) -> Iterator[None]:
    """A storage that can't keep these bytes, as on a full disk: a file stands where their folder would be."""
    path = Path(storages["attachments"].path(StoredFile(digest=sha256(data).hexdigest()).path)).parent
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    try:
        yield
    finally:
        path.unlink()


def test_a_list_that_could_not_be_had_for_a_moment_is_had_later(
    portal: Portal, telegram: BotApi, subscribe: Subscribe
) -> None:
    student, data = subscribe(), pdf_list(3)
    publish(portal, portal.publish_file("shortlist.pdf", data))
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        with no_room_for(data):
            cycle("test")
        assert Notice.objects.get().roster == []
        cycle("test")
        assert Attachment.objects.get().state == "unreachable", "it is not asked for at each pass"
        clock.shift(AGAIN_AFTER)
        cycle("test")

    assert len(Notice.objects.get().roster) == 3
    texts = "".join(message.text for message in telegram.messages(int(student.address)))
    assert people(Random(5), 3)[2].number in texts


def test_a_file_that_is_never_to_be_had_is_asked_for_during_a_day(portal: Portal, subscribe: Subscribe) -> None:
    subscribe()
    data = pdf_list(3)
    publish(portal, portal.publish_file("shortlist.pdf", data))
    with time_machine.travel(datetime.now(UTC), tick=True) as clock, no_room_for(data):
        cycle("test")
        clock.shift(TRIED_FOR - AGAIN_AFTER)
        assert with_files_due().exists()
        clock.shift(2 * AGAIN_AFTER)
        assert not with_files_due().exists()
