"""A student subscribes in a browser, is told something, and leaves: pages, service, push service and worker."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import BrowserContext, CDPSession, Page, Route, expect
from pytest_django import Settings

from accounts.models import FollowedSeason, Subscriber, Subscription
from accounts.personal import profiles
from accounts.signin import links
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import Chat
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.delivery.run import deliver
from notifications.models import Notice
from notifications.publishing.publish import publish
from tests.end_to_end.browser import Watched
from tests.notifications.channels.webpush.browser import Browser as Receiver
from tests.notifications.conftest import MakeDraft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What the browser would ask of a real push service: an address of ours, with keys of ours.
FAKE = """
(subscription) => {
  let current = JSON.parse(localStorage.getItem("fake"));
  const made = () => current && {
    endpoint: current.endpoint,
    options: {userVisibleOnly: true, applicationServerKey: Uint8Array.from(current.key).buffer},
    toJSON: () => subscription,
    unsubscribe: async () => { current = null; localStorage.removeItem("fake"); return true; },
  };
  PushManager.prototype.getSubscription = async () => made();
  PushManager.prototype.subscribe = async (options) => {
    window.asked = {...options, applicationServerKey: Array.from(options.applicationServerKey)};
    current = {key: window.asked.applicationServerKey};
    localStorage.setItem("fake", JSON.stringify(current));
    return made();
  };
}
"""


@dataclass
class PushService:
    """Takes messages on loopback, and keeps them."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def push_service() -> Iterator[PushService]:
    service = PushService()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            service.headers.append(dict(self.headers))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing on standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        service.url = f"http://127.0.0.1:{server.server_port}/send/abc"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield service
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture(autouse=True)
def public_key(settings: Settings) -> str:
    settings.VAPID_PRIVATE_KEY, public = make_vapid_keys()
    settings.VAPID_PUBLIC_KEY, settings.VAPID_EMAIL = public, "ops@example.edu"
    settings.PUSH_ALLOW_HOSTS = frozenset({"127.0.0.1"})
    return public


@pytest.fixture
def fake(context: BrowserContext, push_service: PushService, receiver: Receiver) -> None:
    subscription = {"endpoint": push_service.url, "expirationTime": None, "keys": receiver.keys}
    context.add_init_script(f"({FAKE})({json.dumps(subscription)})")
    context.grant_permissions(["notifications"])


def in_a_thread_of_its_own() -> int:
    """Deliver as the scheduler does; this thread has Playwright's event loop."""

    def work() -> int:
        try:
            return deliver(["web-push"])["web-push"].sent
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(30)


# Asking for the notifications while one is being shown can take it away: the worker itself says what it showed.
NOTE_WHAT_IS_SHOWN = """() => {
  const show = self.registration.showNotification.bind(self.registration);
  self.shown = new Promise((resolve) => {
    self.registration.showNotification = async (title, options) => {
      await show(title, options);
      resolve({title, ...options});
    };
    setTimeout(resolve, 30000);
  });
}"""


def push(page: Page, data: str) -> dict[str, Any] | None:
    """Hand a message to the page's service worker, as the browser does, and return the notification that it shows."""
    session: CDPSession = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(row["registrationId"] for row in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    (worker,) = page.context.service_workers
    worker.evaluate(NOTE_WHAT_IS_SHOWN)
    origin = page.evaluate("location.origin")
    session.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": found[0], "data": data})
    shown: dict[str, Any] | None = worker.evaluate("() => self.shown")
    return shown


@pytest.mark.usefixtures("fake")
def test_a_student_subscribes_is_told_and_leaves(
    page: Page, push_service: PushService, receiver: Receiver, draft: MakeDraft, public_key: str
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Get notified").click()
    page.get_by_label("Webinar").uncheck()
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    assert len(page.evaluate("window.asked.applicationServerKey")) == 65

    subscription = Subscription.objects.get(channel="web-push")
    assert (subscription.address, subscription.keys) == (push_service.url, receiver.keys)
    assert list(subscription.muted.values_list("category", flat=True)) == ["webinar"]

    publish(draft("a", title="Zenith Labs visits", body="<p>Be in LT-3 at 10.</p>"))
    publish(draft("b", title="A webinar", category="webinar"))
    assert in_a_thread_of_its_own() == 1
    (body,) = push_service.bodies
    assert push_service.headers[0]["Content-Encoding"] == "aes128gcm"
    assert f"k={public_key}" in push_service.headers[0]["Authorization"]

    notification = push(page, receiver.decrypt(body).decode())
    assert notification
    assert notification["title"] == "📌 Zenith Labs visits"
    assert "Be in LT-3 at 10." in notification["body"]
    assert notification["tag"].startswith("notice-")
    assert notification["icon"].endswith(".png")

    page.reload()
    expect(page.get_by_role("button", name="Save my choice")).to_be_enabled()
    expect(page.get_by_label("Webinar")).not_to_be_checked()
    page.get_by_label("Webinar").check()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    assert not subscription.muted.exists()

    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing more will come")
    subscription.refresh_from_db()
    assert (subscription.state, subscription.off_reason) == ("off", "stopped")
    expect(page.get_by_role("button", name="Turn on notifications")).to_be_enabled()
    expect(page.get_by_role("button", name="Turn off")).to_be_hidden()


@pytest.mark.usefixtures("fake")
def test_a_browser_that_the_server_has_forgotten_is_off_and_subscribes_anew(page: Page) -> None:
    page.goto("/subscribe")
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    Subscription.objects.all().delete()
    page.reload()
    expect(page.get_by_role("button", name="Turn on notifications")).to_be_enabled()
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.get_by_role("button", name="Turn off")).to_be_hidden()
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    assert Subscription.objects.get(channel="web-push").state == "active"
    assert page.evaluate("window.asked") is None, "the browser's subscription was there"
    page.reload()
    expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    expect(page.get_by_role("button", name="Turn off")).to_be_visible()


@pytest.mark.usefixtures("fake")
def test_an_address_made_for_another_key_is_off_and_made_anew(page: Page, settings: Settings) -> None:
    page.goto("/subscribe")
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("button", name="Turn off")).to_be_visible()
    asked = page.evaluate("window.asked.applicationServerKey")
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    page.reload()
    expect(page.get_by_role("button", name="Turn on notifications")).to_be_enabled()
    expect(page.get_by_role("button", name="Turn off")).to_be_hidden()
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    assert page.evaluate("window.asked.applicationServerKey") not in (None, asked)


@pytest.mark.usefixtures("fake")
def test_where_the_server_does_not_say_the_browser_is_believed(watched: Watched) -> None:
    page = watched.page
    page.goto("/subscribe")
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    answers: list[Callable[[Route], None]] = [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=503, body="no"),
        lambda _: None,  # never
    ]
    for answer in answers:
        page.route("**/api/push/subscribed", answer)
        page.reload()
        expect(page.get_by_role("button", name="Save my choice")).to_be_enabled()
        expect(page.get_by_role("status")).to_have_text("Notifications are on in this browser.")
    assert [problem[:23] for problem in watched.problems] == ["Failed to load resource"] * 2


@pytest.mark.usefixtures("fake")
def test_a_browser_that_could_not_subscribe_is_not_shown_as_on(watched: Watched) -> None:
    page = watched.page
    page.route("**/api/push/subscribe", lambda route: route.fulfill(status=503, body="no"))
    page.goto("/subscribe")
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_contain_text("didn't work")
    expect(page.get_by_role("button", name="Turn on notifications")).to_be_enabled()
    expect(page.get_by_role("button", name="Turn off")).to_be_hidden()


@pytest.mark.usefixtures("fake")
def test_seasons_are_chosen_and_the_choice_is_remembered(page: Page, settings: Settings) -> None:
    settings.PLACEMENT_YEARS = [202627, 202526]
    page.goto("/subscribe")
    expect(page.get_by_label("2026-27")).to_be_checked()
    page.get_by_label("2025-26").check()
    page.get_by_label("2026-27").uncheck()
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_contain_text("are on")
    assert list(FollowedSeason.objects.values_list("season", flat=True)) == [202526]
    page.reload()
    expect(page.get_by_role("button", name="Save my choice")).to_be_enabled()
    expect(page.get_by_label("2026-27")).not_to_be_checked()
    page.get_by_label("2025-26").uncheck()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_role("status")).to_have_text("Choose at least one season.")
    page.evaluate("caches.open('choice').then((cache) => cache.put('/choice', new Response('[\"webinar\"]')))")
    page.reload()
    expect(page.get_by_label("Webinar")).to_be_checked()
    expect(page.get_by_label("Reminder")).not_to_be_checked()
    expect(page.get_by_label("2026-27")).to_be_checked()


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("data", ["", "not JSON", '{"title": "x"}', "null"])
def test_the_worker_shows_something_whatever_is_pushed(page: Page, data: str) -> None:
    page.goto("/subscribe")
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_contain_text("are on")
    assert push(page, data)


@pytest.mark.usefixtures("fake")
def test_a_pressed_notification_opens_its_page(page: Page, context: BrowserContext) -> None:
    page.goto("/subscribe")
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_contain_text("are on")
    assert push(page, '{"title": "x", "url": "/jobs"}')
    (worker,) = context.service_workers
    opened = worker.evaluate(
        """async () => {
          const opened = new Promise((resolve) => { self.clients.openWindow = async (url) => resolve(url); });
          const [notification] = await self.registration.getNotifications();
          self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
          return opened;
        }"""
    )
    assert opened == page.evaluate("location.origin") + "/jobs"
    assert worker.evaluate("async () => (await self.registration.getNotifications()).length") == 0


@pytest.mark.usefixtures("fake")
def test_without_a_choice_nothing_is_asked_of_the_browser(page: Page) -> None:
    page.goto("/subscribe")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_have_text("Choose at least one kind of notice.")
    assert page.evaluate("window.asked") is None


def test_a_browser_that_refuses_is_told_what_to_do(page: Page, context: BrowserContext) -> None:
    context.add_init_script('Notification.requestPermission = async () => "denied";')
    page.goto("/subscribe")
    page.get_by_role("button", name="Turn on notifications").click()
    expect(page.get_by_role("status")).to_contain_text("site settings")
    assert not Subscription.objects.exists()
    expect(page.get_by_role("button", name="Turn on notifications")).to_be_enabled()


@pytest.mark.usefixtures("fake")
def test_a_browser_of_ones_own_is_told_when_a_list_names_one(
    page: Page, push_service: PushService, receiver: Receiver, draft: MakeDraft, settings: Settings
) -> None:
    settings.HTTPS = False
    context = page.context
    subscriptions.start(Chat(1001, name="Asha Verma"))
    Subscriber.objects.filter(telegram_id=1001).update(membership="member")
    profiles.agree(1001)
    profiles.tell(1001, "number", "22103001")
    page.goto(f"/me/in#{links.make(1001)}")
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("button", name="Tell me in this browser").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop in")).to_be_visible()
    roster = ({"name": "Asha Verma", "enrollment": "22103001"},)
    publish(draft("list", title="Shortlist", category="shortlisting", company="Zenith", roster=roster))
    assert in_a_thread_of_its_own() == 1
    told = json.loads(receiver.decrypt(push_service.bodies[0]))
    assert told["title"] == "🎯 You are on the list"
    assert told["url"].endswith(f"/notices/{Notice.objects.get().pk}")
    assert push_service.headers[0]["Urgency"] == "high"
    before = {"endpoint": push_service.url, "keys": receiver.keys}
    renew = "({before, now}) => renew({oldSubscription: {toJSON: () => before}, newSubscription: {toJSON: () => now}})"
    context.service_workers[0].evaluate(
        renew, {"before": before, "now": {**before, "endpoint": f"{push_service.url}2"}}
    )
    own = Subscription.objects.get(channel="web-push")
    assert (own.address, own.subscriber.telegram_id) == (f"{push_service.url}2", 1001)
    page.get_by_role("button", name="Stop in").click()
    expect(page.get_by_role("button", name="Stop in")).to_be_hidden()
    assert Subscription.objects.get(channel="web-push").state == "off"
