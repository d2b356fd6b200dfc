"""Telling everybody: nothing goes out before it was looked at and confirmed, and it can be stopped on its way."""

import re
from html import unescape

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.personal import profiles
from notifications.models import Delivery, Notice
from notifications.publishing import orders
from tests.conftest import Subscribe
from tests.supersetbot.dashboard.conftest import Outbox

pytestmark = pytest.mark.django_db
URL = "/admin/dashboard/broadcast"
MESSAGE = {
    "title": "Season kick-off",
    "message": "Be there at 10.\n<b>All</b> of you.",
    "channels": ["telegram"],
    "on_site": "on",
}


@pytest.fixture
def _audience(subscribe: Subscribe) -> None:
    for number in range(3):
        subscribe()
        subscribe(channel="web-push", address=f"https://push.example.net/{number}")
    subscribe(state="off")


@pytest.mark.usefixtures("_audience")
def test_first_it_is_shown_with_how_many_it_goes_to(admin_client: Client) -> None:
    page = admin_client.post(URL, MESSAGE).text
    assert "It goes to <strong>3</strong>: 3 on Telegram. " in page
    assert "Be there at 10.\n&lt;b&gt;All&lt;/b&gt; of you." in page
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("_audience")
def test_then_it_is_queued_on_the_channels_chosen(admin_client: Client) -> None:
    response = admin_client.post(URL, {**MESSAGE, "confirmed": "on"})
    notice = Notice.objects.get()
    assert response.headers["Location"] == f"{URL}/{notice.pk}"
    assert set(Delivery.objects.values_list("channel", "state")) == {("telegram", "pending")}
    assert Delivery.objects.count() == 3


@pytest.mark.usefixtures("_audience")
def test_what_is_confirmed_is_what_was_shown(admin_client: Client) -> None:
    """The preview has no fields to write in: to change something one goes back, and looks again."""
    page = admin_client.post(URL, MESSAGE).text
    assert "<textarea" not in page
    assert '<input type="hidden" name="title" value="Season kick-off"' in page
    page = admin_client.post(URL, {**MESSAGE, "change": ""}).text
    assert "Be there at 10.\n&lt;b&gt;All&lt;/b&gt; of you.</textarea>" in page
    assert "It goes to" not in page
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("_audience")
def test_a_second_press_sends_nothing_twice(admin_client: Client) -> None:
    for _ in range(2):
        page = admin_client.post(URL, {**MESSAGE, "confirmed": "on"}, follow=True).text
    assert "nothing was sent again" in page
    assert Notice.objects.count() == 1
    admin_client.post(URL, {**MESSAGE, "message": "At 11.", "confirmed": "on"})
    assert Notice.objects.count() == 2


@pytest.mark.usefixtures("_audience")
def test_a_message_that_could_not_be_queued_may_be_sent_again(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("supersetbot.dashboard.broadcasts.orders.send", fail)
        with pytest.raises(OperationalError):
            admin_client.post(URL, {**MESSAGE, "confirmed": "on"})
    admin_client.post(URL, {**MESSAGE, "confirmed": "on"})
    assert Notice.objects.count() == 1


@pytest.mark.usefixtures("_audience")
def test_a_message_may_be_planned_for_its_hour(admin_client: Client) -> None:
    page = admin_client.post(URL, {**MESSAGE, "at": "23:59"}).text
    assert "to whoever is subscribed then" in page
    page = admin_client.post(URL, {**MESSAGE, "at": "23:59", "confirmed": "on"}, follow=True).text
    assert "Planned for " in page
    assert not Notice.objects.exists()
    (waits,) = orders.planned()
    assert waits.name == "broadcast: Season kick-off"
    assert "Season kick-off</span>" in page
    for said in ("Called off: it goes to nobody.", "It is not planned any more."):
        page = admin_client.post(f"{URL}/planned/{waits.pk}/call-off", follow=True).text
        assert said in page
        assert "Season kick-off" not in page
    assert orders.planned() == []


def test_a_message_to_a_season_and_a_branch_is_for_them_alone(admin_client: Client, subscribe: Subscribe) -> None:
    old, new = subscribe(seasons=(202526,)), subscribe(seasons=(202627,))
    for subscription in (old, new):
        profiles.agree(int(subscription.address))
        profiles.tell(int(subscription.address), "branch", "CSE")
    asked = {**MESSAGE, "season": "202627", "branch": "computer science"}
    assert "Nobody else sees it" in admin_client.post(URL, asked).text
    admin_client.post(URL, {**asked, "confirmed": "on"})
    assert Delivery.objects.get().subscription == new
    assert Notice.objects.get().private


def test_where_nobody_would_get_it_there_is_nothing_to_send(admin_client: Client) -> None:
    page = admin_client.post(URL, MESSAGE).text
    assert "Nobody would get it" in page
    assert "confirmed" not in page


def test_who_could_not_be_told_is_a_link_away(admin_client: Client, outbox: Outbox) -> None:
    notice, _other = outbox("sent", "failed"), outbox("failed", "failed")
    page = admin_client.get(f"{URL}/{notice.pk}").text
    link = re.search(r'href="([^"]+)">Who could not be told', page)
    assert link
    assert "1 delivery" in admin_client.get(unescape(link[1])).text


@pytest.mark.parametrize(
    "wrong",
    [{"message": ""}, {"message": " "}, {"channels": []}, {"channels": ["fax"]}, {"branch": "Nowhere"}, {"at": "late"}],
)
def test_a_form_that_makes_no_sense_is_shown_again(admin_client: Client, wrong: dict[str, object]) -> None:
    page = admin_client.post(URL, {**MESSAGE, **wrong, "confirmed": "on"}).text
    assert "errorlist" in page
    assert not Notice.objects.exists()


def test_it_is_watched_as_a_page_and_as_json(admin_client: Client, outbox: Outbox) -> None:
    notice = outbox("sent", "sent", "pending", "failed")
    page = admin_client.get(f"{URL}/{notice.pk}").text
    assert '<dd data-figure="sent">2</dd>' in page
    found = admin_client.get(f"{URL}/{notice.pk}", headers={"Accept": "application/json"}).json()
    assert {name: found[name] for name in ("total", "sent", "waiting", "failed", "state")} == {
        "total": 4,
        "sent": 2,
        "waiting": 1,
        "failed": 1,
        "state": "running",
    }
    assert admin_client.get(f"{URL}/999").status_code == 404


def test_it_is_paused_resumed_and_cancelled(admin_client: Client, outbox: Outbox) -> None:
    notice = outbox("sent", "pending")

    def states() -> list[str]:
        return sorted(Delivery.objects.values_list("state", flat=True))

    for order, expected in (("pause", "held"), ("resume", "retry"), ("cancel", "skipped")):
        admin_client.post(f"{URL}/{notice.pk}/{order}")
        assert states() == sorted([expected, "sent"])
    page = admin_client.post(f"{URL}/{notice.pk}/cancel", follow=True).text
    assert "nothing was done" in page
    assert "Cancel the rest" not in page
