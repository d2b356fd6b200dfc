"""Programs are told of new, changed and withdrawn notices through the ledger, as people are."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscriber, Subscription
from accounts.subscribing import webhooks
from notifications.channels.registry import configured
from notifications.delivery import ledger
from notifications.delivery.run import deliver
from notifications.delivery.tally import Tally
from notifications.models import Delivery
from notifications.publishing.broadcasts import broadcast
from notifications.publishing.publish import Draft, publish, withdraw
from supersetbot.sandbox.settings import free_port
from tests.conftest import SEASON, Subscribe
from tests.notifications.programs import Program, program

ROSTER = ({"name": "Aarav Sharma", "enrollment": "22103001"},)
BODY = "<p>Be in LT-3.</p><p>Aarav Sharma 22103001</p>"
pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
def site(settings: Settings, transactional_db: None) -> Iterator[Program]:
    """A program that is told of everything, without names."""
    settings.PUSH_ALLOW_HOSTS = frozenset({"127.0.0.1"})
    with program() as found:
        found.secret = webhooks.add("campus site", found.url)[1]
        yield found


def run() -> Tally:
    return deliver(["webhook"])["webhook"]


def test_a_new_notice_is_told_as_the_api_shows_it(site: Program, draft: Callable[..., Draft]) -> None:
    notice = publish(draft(company="Zenith Labs", package="₹12 LPA")).notice
    assert run().sent == 1
    message_id, message = site.calls[0]
    assert (message_id, message["type"]) == (f"notice-{notice.pk}-v1", "notice.published")
    assert message["timestamp"].endswith("Z")
    data = message["data"]
    assert (data["id"], data["key"], data["company"], data["text"]) == (
        *(notice.pk, notice.external_key, "Zenith Labs"),
        "Be there.",
    )
    assert data["pay"] == {"low": 1_200_000, "high": 1_200_000, "text": "₹12 LPA"}


def test_what_changes_and_goes_is_told_once_each_and_a_moved_deadline_not_twice(
    site: Program, draft: Callable[..., Draft]
) -> None:
    deadline = timezone.now() + timedelta(days=1)
    publish(draft(deadline=deadline))
    run()
    publish(draft(deadline=deadline + timedelta(days=1)))
    run()
    withdraw("test:1")
    run()
    assert run().counts == {}
    assert site.events == ["notice.published", "notice.changed", "notice.withdrawn"]
    assert [message_id[-3:] for message_id, _ in site.calls] == ["-v1", "-v2", "-v3"]
    assert site.calls[1][1]["data"]["edit_note"].startswith("deadline moved from")
    assert list(site.calls[2][1]["data"]) == ["id", "key"]


def test_names_go_only_where_an_admin_says_so(site: Program, draft: Callable[..., Draft], settings: Settings) -> None:
    settings.MEMBERSHIP = "open"
    with program() as trusted:
        trusted.secret = webhooks.add("placement office", trusted.url, names=True)[1]
        publish(draft(category="shortlisting", roster=ROSTER, body=BODY))
        assert run().sent == 2
    told, told_trusted = site.calls[0][1]["data"], trusted.calls[0][1]["data"]
    assert (told["students"], told["text"], "roster" in told) == (1, "Be in LT-3.", False)
    assert "Aarav" not in str(told)
    assert (told_trusted["roster"], "Aarav Sharma" in told_trusted["text"]) == ([*ROSTER], True)


def test_who_gets_names_later_gets_the_lists_again(site: Program, draft: Callable[..., Draft]) -> None:
    publish(draft(category="shortlisting", roster=ROSTER, body=BODY))
    run()
    assert webhooks.may_read_names(Subscriber.objects.all(), names=True) == 1
    run()
    assert (site.events[-1], site.calls[-1][0][-9:]) == ("notice.changed", "-v1-names")
    assert site.calls[-1][1]["data"]["roster"] == [*ROSTER]


def test_seasons_and_categories_narrow_what_is_told(
    settings: Settings, transactional_db: None, draft: Callable[..., Draft]
) -> None:
    settings.PUSH_ALLOW_HOSTS = frozenset({"127.0.0.1"})
    with program() as found:
        found.secret = webhooks.add("site", found.url, seasons=[SEASON], categories=["update"])[1]
        several: list[dict[str, object]] = [{}, {"category": "reminder"}, {"season": 202526}, {"season": None}]
        for number, fields in enumerate(several):
            publish(draft(str(number), **fields))
        run()
    assert [message["data"]["key"] for _, message in found.calls] == ["0", "3"]


def test_a_failure_is_tried_again_and_known_by_its_id(site: Program, draft: Callable[..., Draft]) -> None:
    site.statuses = [500, 404, 302]
    publish(draft())
    while not site.calls:
        Delivery.objects.update(next_attempt_at=timezone.now())
        run()
    assert (site.tries, len(site.calls)) == (4, 1)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("sent", 3)


@pytest.mark.parametrize("changed", [False, True])
def test_what_is_given_up_is_a_dead_letter_that_an_admin_tries_again(
    site: Program, draft: Callable[..., Draft], monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    monkeypatch.setattr("notifications.delivery.outcomes.MAX_ATTEMPTS", 1)
    publish(draft())
    if changed:
        run()
        publish(draft(body="Another text"))
    site.statuses = [500]
    run()
    dead = Delivery.objects.get()
    assert (dead.state, dead.error_code) == ("failed", "http_500")
    assert ledger.retry_failed(Delivery.objects.all()) == 1
    run()
    assert site.events[-1] == ("notice.changed" if changed else "notice.published")


def test_410_switches_it_off(site: Program, draft: Callable[..., Draft]) -> None:
    site.statuses = [410]
    publish(draft())
    run()
    webhook = Subscription.objects.get()
    assert (webhook.state, webhook.off_reason) == ("off", "gone")
    publish(draft("another"))
    assert Delivery.objects.count() == 1


def test_one_that_is_down_delays_no_other(site: Program, draft: Callable[..., Draft]) -> None:
    with program() as down:
        down.secret = webhooks.add("down", down.url)[1]
    for number in range(20):
        publish(draft(str(number)))
    assert run().sent == 20
    assert len(site.calls) == 20
    assert Delivery.objects.exclude(state="sent").count() == 20


def test_a_broadcast_reaches_programs_unless_it_goes_elsewhere_alone(site: Program) -> None:
    broadcast("Drive at 10.")
    broadcast("For phones", channels=["telegram", "web-push"])
    run()
    assert [message["data"]["title"] for _, message in site.calls] == ["Drive at 10."]


def test_it_is_a_channel_once_there_is_one(db: None, settings: Settings) -> None:
    settings.TELEGRAM_BOT_TOKEN = settings.VAPID_PRIVATE_KEY = ""
    assert configured() == []
    webhooks.add("site", "https://hooks.example.edu/x")
    assert configured() == ["webhook"]


def test_the_command_tests_one_alone(site: Program, subscribe: Subscribe, capsys: pytest.CaptureFixture[str]) -> None:
    subscribe()
    call_command("webhook", "test", "campus site")
    assert capsys.readouterr().out == "It was taken.\n"
    assert (len(site.calls), Delivery.objects.count()) == (1, 1)
    site.statuses = [500] * 20
    with pytest.raises(CommandError, match="Not taken: it answered HTTP 500"):
        call_command("webhook", "test", "campus site")
    webhooks.add("nowhere", f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(CommandError, match="Not taken: nothing listens there"):
        call_command("webhook", "test", "nowhere")
    Subscription.objects.filter(channel="webhook").switch_off("gone")
    with pytest.raises(CommandError, match="switched off \\(gone\\)"):
        call_command("webhook", "test", "campus site")
