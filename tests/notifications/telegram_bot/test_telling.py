"""A broadcast on chosen channels, with a title of its own; and a message for one alone."""

import pytest

from notifications.models import Delivery, Notice
from notifications.publishing.broadcasts import broadcast, tell
from notifications.rendering.public import visible_notices
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db


def test_it_goes_out_on_the_channels_chosen(subscribe: Subscribe) -> None:
    subscribe()
    subscribe(channel="web-push", address="https://push.example.net/1")
    assert broadcast("Hello", channels=["web-push"]).queued == 1
    assert Delivery.objects.get().channel == "web-push"


def test_a_title_leaves_the_first_line_in_the_text() -> None:
    notice = broadcast("Be there at 10.\nAll of you.", title=" Season\nkick-off ").notice
    assert notice.title == "Season kick-off"
    assert "Be there at 10.<br>All of you." in notice.body


@pytest.mark.parametrize(("channels", "shown"), [((), True), (("web-push",), True), (("telegram",), False)])
def test_what_is_told_on_telegram_alone_is_not_on_the_site(channels: tuple[str, ...], shown: bool) -> None:
    broadcast("Come at 10.", channels=channels)
    assert visible_notices().exists() is shown


def test_a_message_for_one_is_queued_for_them_and_seen_by_nobody_else(subscribe: Subscribe) -> None:
    me, _other = subscribe(), subscribe()
    notice = tell([me], "It works.", title="A test").notice
    delivery = Delivery.objects.get()
    assert (delivery.subscription, delivery.notice, delivery.priority) == (me, notice, Delivery.Priority.URGENT)
    assert Notice.objects.get().private
    assert not visible_notices().exists()
