"""Mails that somebody should look at, and a person who looks."""

from hashlib import sha256
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scraping.cycle.read_items import read_pending
from scraping.cycle.store import store
from scraping.items import SourceItem
from scraping.models import Review
from scraping.sources.base import Batch
from scraping.sources.mailbox.source import as_item
from tests.conftest import SEASON
from tests.scraping.mail_cast import forwarded

LISTED = (
    "Dear Students,\n\nPlease see the students below for Lumen Foundry.\n\n"
    "1\t22103001\tAsha Verma\n2\t22103002\tBilal Khan\n"
)


def unclear(number: int = 1, text: str = LISTED) -> bytes:
    """A mail with a list, and no word on what for."""
    return forwarded("Lumen Foundry", text, number=number)


def receive_at(raw: bytes, place: str) -> None:
    """Store a mail that lies at this place of the mailbox, and read it."""
    store(Batch(items=[as_item(raw, place, SEASON)]), {})
    read_pending()


def publish_notice(content: str, title: str = "Lumen Foundry", identifier: str = "n1") -> None:
    """Store a notice as the portal gives it, or its edit, and read it."""
    now = int(timezone.now().timestamp() * 1000)
    payload = {"identifier": identifier, "title": title, "content": content, "publishedAt": now, "lastModifiedOn": now}
    store(
        Batch(
            items=[SourceItem("superset", "notice", identifier, SEASON, payload, sha256(content.encode()).hexdigest())]
        ),
        {},
    )
    read_pending()


def page_of(review: Review) -> str:
    return reverse("admin:scraping_review_change", args=[review.pk])


def filled_in(client: Client, review: Review) -> dict[str, Any]:
    """The form of the page as it is shown, to be sent back."""
    context = client.get(page_of(review)).context
    form = context["form"]
    typed = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in typed.items()} | {"seen": context["seen"]}


def press(client: Client, review: Review, action: str, **changes: object) -> str:
    """What the admin says after a press."""
    form = filled_in(client, review) | changes | {"action": action}
    answer = client.post(page_of(review), form, follow=True)
    assert answer.status_code == 200
    return " ".join(map(str, answer.context["messages"]))
