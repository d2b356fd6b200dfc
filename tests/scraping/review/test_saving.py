"""A reviewed text as a pair of the corpus: without its persons, and it agrees with what the person said."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from pytest_django import Settings

from scraping.explain.compare import compare
from scraping.explain.mail import explain_mail
from scraping.explain.notice import explain_notice
from scraping.models import RawItem, Review
from tests.scraping.mail_cast import receive
from tests.scraping.review.reviewed_mails import filled_in, page_of, press, publish_notice, unclear

pytestmark = pytest.mark.django_db
PERSONS = ("Asha", "Verma", "Bilal", "Khan", "22103001", "22103002", "Rohan", "rohan1@mail.example")


def saved(client: Client, review: Review) -> dict[str, bytes]:
    """The files of the download."""
    answer = client.post(page_of(review), filled_in(client, review) | {"action": "save_to_corpus"})
    assert answer["Content-Disposition"] == f'attachment; filename="review-{review.pk}.zip"'
    with ZipFile(BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_mail_with_what_a_person_said_of_it(admin_client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    receive(unclear())
    review = Review.objects.get()
    press(admin_client, review, "correct", category="update", meaning="shortlisted", venue="LT-3", role="")
    files = saved(admin_client, review)
    name = f"mails/review-{review.pk}"
    assert list(files) == [f"{name}.eml", f"{name}.truth.json"]
    text = b"".join(files.values()).decode()
    assert [person for person in PERSONS if person in text] == []
    truth = json.loads(files[f"{name}.truth.json"])
    told = {field: truth[field] for field in ("kind", "meaning", "venue", "company")}
    assert told == {"kind": "update", "meaning": "shortlisted", "venue": "LT-3", "company": "Lumen Foundry"}
    assert len(truth["roster"]) == 2
    differing = {field for field, agrees in compare(truth, explain_mail("", files[f"{name}.eml"])) if not agrees}
    assert differing == {"kind", "meaning", "venue"}, "what the rules do not read yet"
    assert list(tmp_path.iterdir()) == [], "there is no corpus here"


def test_a_corpus_that_can_not_be_written_leaves_the_download(
    admin_client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "tests" / "corpus").mkdir(parents=True)
    (tmp_path / "tests" / "corpus" / "mails").write_text("no folder")
    receive(unclear())
    review = Review.objects.get()
    assert len(saved(admin_client, review)) == 2
    assert "could not be written into the corpus here" in admin_client.get(page_of(review)).text


def test_what_can_not_be_unpacked_is_said(admin_client: Client) -> None:
    receive(unclear())
    review = Review.objects.get()
    form = filled_in(admin_client, review) | {"action": "save_to_corpus"}
    RawItem.objects.update(payload={"eml": ""})
    page = admin_client.post(page_of(review), form, follow=True).text
    assert "the stored mail can&#x27;t be unpacked" in page
    assert "It has no text." in page


def test_a_notice_whose_list_is_none_and_the_corpus_that_is_there(
    admin_client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "tests" / "corpus").mkdir(parents=True)
    publish_notice("<p>Students of Lumen Foundry:</p><p>22103001 Asha Verma</p><p>22103002 Bilal Khan</p>")
    review = Review.objects.get()
    press(admin_client, review, "correct", meaning="")
    files = saved(admin_client, review)
    name = f"notices/review-{review.pk}"
    truth: dict[str, Any] = json.loads(files[f"{name}.truth.json"])
    assert truth["roster"] is None
    text = b"".join(files.values()).decode()
    assert [person for person in PERSONS if person in text] == [], "also where it is no list"
    assert explain_notice(json.loads(files[f"{name}.json"]))["company"] == "Lumen Foundry"
    written = tmp_path / "tests" / "corpus" / f"{name}.json"
    assert written.read_bytes() == files[f"{name}.json"]
    written.write_bytes(b"mine")
    saved(admin_client, review)
    assert written.read_bytes() == b"mine", "what is there stays"
