"""Files on the site, in prune, doctor and metrics."""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import cast

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import FileResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from notifications.models import Notice, StoredFile
from notifications.publishing.publish import Draft, publish
from scraping.attachments import care, process
from scraping.attachments.store import keep, keep_files, text_of
from scraping.attachments.text import State
from scraping.items import AttachedFile
from scraping.models import Attachment, FileReading, RawItem
from supersetbot.operations import retention
from supersetbot.operations.doctor import examination, results
from supersetbot.operations.metrics import Figures
from supersetbot.sandbox import made_files
from tests.conftest import SEASON
from tests.scraping.attachments.layouts import LAYOUTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: object) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def item() -> RawItem:
    return RawItem.objects.create(source="email", kind="mail", key="1", season=SEASON, payload={}, fingerprint="")


def attach(item: RawItem, data: bytes, name: str = "list.xlsx") -> StoredFile:
    keep_files(item, [AttachedFile(name, name, data)])
    file = Attachment.objects.select_related("file").get(item=item, reference=name).file
    assert file
    text_of(file)
    return StoredFile.objects.get(pk=file.pk)


def page_of(*files: StoredFile) -> Notice:
    entries = tuple({"digest": file.digest, "name": f"file{n}.pdf", "state": "read"} for n, file in enumerate(files))
    return publish(Draft(external_key="x", title="Zenith Labs", season=SEASON, files=entries)).notice


def links(client: Client, notice: Notice) -> list[str]:
    return re.findall(r'href="(/files/[^"]+)"', client.get(f"/notices/{notice.pk}").content.decode())


def test_a_file_that_names_people_is_for_those_who_may_see_names(client: Client, item: RawItem) -> None:
    data = LAYOUTS["plain_sheet"](Random(1), 5).data
    (url,) = links(client, page_of(attach(item, data)))

    refused = client.get(url)
    assert refused.status_code == 403
    assert refused["Cache-Control"] == "no-store"

    client.force_login(User.objects.create_user("officer", is_staff=True))
    answer = cast("FileResponse", client.get(url))
    assert answer.getvalue() == data
    answer.close()
    assert answer["Content-Disposition"] == 'attachment; filename="file0.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_that_names_nobody_is_for_everybody_with_its_link(client: Client, item: RawItem) -> None:
    (url,) = links(client, page_of(attach(item, b"CTC,Role\n12 LPA,Analyst\n8 LPA,Tester\n")))
    answer = client.get(url)
    assert answer.status_code == 200
    answer.close()
    token = url.split("/")[2]
    assert client.get(url.replace(token, token[:-2] + "xx")).status_code == 404


def test_what_cant_be_read_may_name_anybody(client: Client, item: RawItem) -> None:
    (url,) = links(client, page_of(attach(item, b"\0\1\2")))
    assert client.get(url).status_code == 403


def test_prune_removes_what_nothing_points_to(item: RawItem) -> None:
    of_an_item, of_a_notice, of_nobody = attach(item, b"a,b\n1,2\n"), keep(b"told"), keep(b"left over")
    young = keep(b"young")
    page_of(of_a_notice)
    storage = storages["attachments"]
    storage.save("aa/stray", ContentFile(b"x"))
    StoredFile.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=2))

    assert retention.prune(dry_run=True)["attached files"] == 1
    assert retention.prune()["attached files"] == 1

    assert set(StoredFile.objects.all()) == {of_an_item, of_a_notice, young}
    assert not storage.exists(of_nobody.path)
    assert all(storage.exists(file.path) for file in (of_an_item, of_a_notice, young))
    assert storage.exists("aa/stray")  # put down just now


def test_the_same_bytes_are_kept_and_read_once(item: RawItem, monkeypatch: pytest.MonkeyPatch) -> None:
    first = attach(item, b"a,b\n1,2\n", "one.csv")
    monkeypatch.setattr("scraping.attachments.store.read_bytes", None)
    assert attach(item, b"a,b\n1,2\n", "two.csv") == first


def test_a_file_that_is_gone_from_the_storage_is_out_of_reach_until_it_is_back() -> None:
    file = keep(b"a,b\n1,2\n")
    storage = storages["attachments"]
    storage.delete(file.path)
    assert text_of(file).state == State.UNREACHABLE
    storage.save(file.path, ContentFile(b"a,b\n1,2\n"))
    assert text_of(file).state == State.READ


def test_a_file_that_a_full_disk_cut_off_is_not_read_and_is_kept_whole_the_next_time() -> None:
    data = b"a,b\n1,2\n"
    cut_off = StoredFile.objects.create(digest=sha256(data).hexdigest(), size=len(data))
    storage = storages["attachments"]
    storage.save(cut_off.path, ContentFile(data[:3]))
    assert text_of(cut_off).state == State.UNREACHABLE
    FileReading.objects.create(file=cut_off, state=State.BROKEN, text={"state": State.BROKEN})  # by an older version
    assert keep(data) == cut_off
    assert text_of(cut_off).state == State.READ


def test_a_storage_that_takes_nothing_does_not_hold_up_the_item(item: RawItem, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", fail)
    keep_files(item, [AttachedFile("1", "list.xlsx", b"bytes")])
    assert Attachment.objects.get().state == State.UNREACHABLE


def test_doctor_reads_a_file_and_counts(item: RawItem) -> None:
    attach(item, b"PK\x03\x04", "broken.xlsx")
    keep_files(item, [AttachedFile("x", "x.pdf", state=State.NEEDS_LOGIN)])
    (found,) = [finding for finding in examination.examine() if finding.name == "attached files"]
    assert found.ok
    assert found.detail.startswith("0 files read, 0.0 MB kept; not read: 1 broken, 1 needs_login; ")


def test_doctor_says_when_no_file_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MEMORY", 1)
    monkeypatch.setattr(process.read_bytes, "__kwdefaults__", {"seconds": 5, "memory": 1_000_000})
    with pytest.raises(results.CheckFailedError, match="the process that reads attached files"):
        examination.CHECKS["attached files"]()


def test_metrics_count_files_by_their_word(item: RawItem) -> None:
    attach(item, b"a,b\n1,2\n", "list.csv")
    samples = {
        (sample.name, sample.labels.get("state", "")): sample.value
        for metric in Figures().collect()
        for sample in metric.samples
        if sample.name.startswith("supersetbot_files")
    }
    assert samples == {("supersetbot_files", "read"): 1, ("supersetbot_files_bytes", ""): 8}
    assert care.summary().startswith("1 files read, 0.0 MB kept; ")


@pytest.mark.parametrize("make", [made_files.sheet, made_files.pdf])
def test_the_sandboxs_files_are_read(item: RawItem, make: Callable[[list[list[str]]], bytes]) -> None:
    rows = [["Roll No", "Name", "Room"], ["22103001", "Asha (A) Verma", "CL1"], ["22103002", "Ravi Rao", "CL2"]]
    text = process.read_bytes(make(rows))
    assert text.lines[0].split("\t") == rows[0]
    assert text.lines[2].split("\t") == rows[2]
