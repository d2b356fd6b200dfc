"""Every action of an admin, of staff and by a key leaves its row, also one that somebody adds later."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command, get_commands
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import audit
from accounts.models import AuditEntry, Subscriber, User
from accounts.pseudonyms import pseudonym
from accounts.subscribing import members
from accounts.telegram import registry
from accounts.telegram.call import Call
from accounts.telegram.registry import in_database
from notifications.models import Notice
from supersetbot.api import api
from supersetbot.dashboard import urls as dashboard_urls
from supersetbot.operations import retention
from supersetbot.operations.audited_commands import NOT_RECORDED, recorded
from tests import leaks
from tests.bot import ADMIN, GROUP, OTHER, STUDENT, Talk, bot_at_work, cast
from tests.conftest import MakeKey

pytestmark = pytest.mark.django_db(transaction=True)


async def nothing(call: Call) -> None:
    await call.reply("done")


@pytest.fixture
async def talk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talk]:
    """A bot whose admin commands and buttons are all there, and do nothing."""
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    async with cast() as api, bot_at_work(api, settings) as talk:
        for name, command in registry.COMMANDS.items():
            if command.admin:
                monkeypatch.setitem(registry.COMMANDS, name, replace(command, answer=nothing))
        quiet = [replace(button, answer=nothing) if button.admin else button for button in registry.BUTTONS]
        monkeypatch.setattr(registry, "BUTTONS", quiet)
        yield talk


async def test_every_admin_command_of_the_bot_leaves_its_row(talk: Talk) -> None:
    names = {command.names[0] for command in registry.COMMANDS.values() if command.admin}
    for name in names:
        await talk.say(f"/{name}", by=ADMIN)
    found = await in_database(lambda: set(AuditEntry.objects.values_list("action", flat=True)))
    assert {f"bot {name}" for name in names} <= found
    assert len(names) > 5


async def test_every_admin_button_of_the_bot_leaves_its_row(talk: Talk) -> None:
    patterns = [button.pattern.pattern for button in registry.BUTTONS if button.admin]
    message = await talk.say("/users", by=ADMIN)
    for pattern in patterns:
        data = re.sub(r"\(\\d[^)]*\)", "1", re.sub(r"\((\w+)(?:\|\w+)+\)", r"\1", pattern))
        message.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        await talk.press(message, "x", by=ADMIN)
    found = await in_database(lambda: set(AuditEntry.objects.values_list("action", flat=True)))
    assert {f"bot {pattern}" for pattern in patterns} <= found
    assert len(patterns) > 3


async def last_row() -> tuple[str, str, str]:
    row = await in_database(AuditEntry.objects.latest, "pk")
    return row.action, row.target, row.outcome


@pytest.fixture
async def working(settings: Settings) -> AsyncIterator[Talk]:
    """A bot whose commands do what they say."""
    settings.ADMIN_TELEGRAM_USER_IDS, settings.MEMBERSHIP = [ADMIN], "approve"
    async with cast() as api, bot_at_work(api, settings) as talk:
        for person in (ADMIN, STUDENT, OTHER):
            await talk.say("/start", by=person)
        yield talk


async def test_a_row_of_the_bot_says_to_whom_or_what_and_how_it_ended(working: Talk) -> None:
    home, group = pseudonym(ADMIN), pseudonym(GROUP)
    await working.say("/start", chat=GROUP)
    for text, chat, expected in (
        ("/names on", GROUP, ("bot names", f"{group} on", "done")),
        ("/names off", GROUP, ("bot names", f"{group} off", "done")),
        ("/names Asha", GROUP, ("bot names", group, "refused")),
        ("/invite 300 7", ADMIN, ("bot invite", f"{home} 300 7", "done")),
        ("/invite 9000 7", ADMIN, ("bot invite", home, "refused")),
        ("/invite Asha", ADMIN, ("bot invite", home, "refused")),
        ("/users", GROUP, ("bot users", group, "refused")),
        ("/boo", ADMIN, ("bot boo", home, "refused")),
        (f"/boo {STUDENT} Come to the cell, Asha", ADMIN, ("bot boo", f"{home} {pseudonym(STUDENT)}", "done")),
    ):
        await working.say(text, by=ADMIN, chat=chat)
        await working.idle()
        assert await last_row() == expected, text


async def test_yes_to_all_says_whom_it_admitted(working: Talk) -> None:
    await working.say("/join")
    await working.say("/join", by=OTHER)
    page = await working.say("/waiting", by=ADMIN)
    first, last = await in_database(lambda: [person.pk for person in members.waiting()])
    await working.press(page, "Yes to all 2 shown", by=ADMIN)
    action, target, outcome = await last_row()
    assert (action, outcome) == (r"bot member:all:(\d{1,18})", "done")
    assert target == f"{pseudonym(ADMIN)} {last} {first} {last}"


async def test_what_breaks_is_written_as_failed(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(call: Call) -> None:
        raise RuntimeError("broken")

    monkeypatch.setitem(registry.COMMANDS, "users", replace(registry.COMMANDS["users"], answer=breaks))
    await talk.say("/users", by=ADMIN)
    assert await last_row() == ("bot users", pseudonym(ADMIN), "failed")


async def test_who_is_no_admin_leaves_none_and_no_row_names_anybody(talk: Talk) -> None:
    await talk.say("/users", by=OTHER)
    await talk.say("/users", by=ADMIN)
    rows = await in_database(lambda: list(AuditEntry.objects.values("actor", "action", "target")))
    assert len(rows) == 1
    assert str(ADMIN) not in str(rows)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root", password="x"))
    return client


def actions() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("actor", "target"))


def test_every_admin_page_that_changes_something_leaves_its_row(staff: Client) -> None:
    pages = [f"admin:{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    for page in pages:
        for suffix in ("changelist", "add"):
            address = reverse(f"{page}_{suffix}")
            AuditEntry.objects.all().delete()
            staff.post(address, {"action": "delete_selected"})
            assert [target for _, target in actions()] == [address], f"{address} leaves no row"


def test_every_action_of_the_admin_leaves_its_row_under_its_name(staff: Client) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.get()
    for model, page in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for name in page.get_actions(request):
            AuditEntry.objects.all().delete()
            staff.post(address, {"action": name, "_selected_action": ["0"]})
            found = list(AuditEntry.objects.values_list("action", "target"))
            assert found == [(f"POST {name}", address)], f"{name} of {address} leaves no row"


def test_an_action_of_the_admin_says_to_whom_in_pseudonyms(staff: Client) -> None:
    people = [Subscriber.objects.create(telegram_id=number, name=f"Asha {number}") for number in range(1, 24)]
    address = reverse("admin:accounts_subscriber_changelist")
    staff.post(address, {"action": "admit", "_selected_action": [person.pk for person in people[:2]]})
    assert actions()[-1][1] == f"{address} {pseudonym(1)} {pseudonym(2)}"
    staff.post(address, {"action": "refuse", "_selected_action": [people[0].pk], "select_across": "1"})
    shown = " ".join(pseudonym(number) for number in range(1, 21))
    assert actions()[-1][1] == f"{address} {shown} and 3 more"


def test_an_action_of_the_admin_says_to_what_by_key_and_never_by_title(staff: Client) -> None:
    notice = Notice.objects.create(external_key="n", title="Asha Verma is placed", published_at=timezone.now())
    address = reverse("admin:notifications_notice_changelist")
    for action in ("withdraw_them", "delete_selected"):
        staff.post(address, {"action": action, "_selected_action": [notice.pk], "post": "yes", "sure": "yes"})
        assert actions()[-1][1] == f"{address} {notice.pk}"
    assert not Notice.objects.exists()


def test_every_address_below_the_admin_leaves_its_row(client: Client) -> None:
    root = User.objects.create_superuser("root")
    below = reverse("admin:index").lstrip("/")
    found = {re.sub(r"<[^>]+>", "1", route) for route, _ in leaks.routes() if route.startswith(below)}
    addresses = sorted(f"/{route}" for route in found if "(" not in route)
    assert len(addresses) > 100
    for address in addresses:
        client.force_login(root)  # one of them logs out
        AuditEntry.objects.all().delete()
        client.post(address)
        assert [target for _, target in actions()] == [address], f"{address} leaves no row"


def test_every_button_of_the_dashboard_leaves_its_row(staff: Client) -> None:
    for pattern in dashboard_urls.urlpatterns:
        route = re.sub(r"<[^>]*int:[^>]*>", "1", str(pattern.pattern))
        address = reverse("admin:index") + "dashboard/" + re.sub(r"<[^>]+>", "x", route)
        AuditEntry.objects.all().delete()
        staff.post(address)
        assert [target for _, target in actions()] == [address], f"{address} leaves no row"


def test_every_operation_of_the_api_by_a_key_leaves_its_row(client: Client, api_key: MakeKey) -> None:
    key = api_key("notify", "update", "stats", name="site")
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            own = path.startswith("/api/me")  # a person's own data; a key of theirs is no admin's
            if own or method == "get" or not methods[method].get("security"):
                continue
            AuditEntry.objects.all().delete()
            client.generic(method.upper(), path, b"{}", content_type="application/json", headers=key)
            assert actions() == [("key:site", path)], f"{method} {path} leaves no row"


def test_logins_leave_a_row_whether_they_work_or_not(client: Client) -> None:
    User.objects.create_superuser("root", password="right")
    for password in ("wrong", "right"):
        client.post(reverse("admin:login"), {"username": "root", "password": password})
    first = AuditEntry.objects.earliest("pk")
    assert (first.actor, first.outcome) == ("nobody", "200")
    last = AuditEntry.objects.latest("pk")
    assert (last.actor.startswith("staff:"), last.outcome) == (True, "302 by password")


def test_failed_logins_fill_no_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supersetbot.web.audited._FAILED_LOGINS_AN_HOUR", 3)
    for _ in range(6):
        client.post(reverse("admin:login"), {"username": "root", "password": "wrong"})
    assert AuditEntry.objects.count() == 3


def test_a_strangers_request_leaves_none(client: Client) -> None:
    client.post("/api/push/unsubscribe", "{}", content_type="application/json")
    client.get("/")
    assert actions() == []


def test_nobody_changes_the_log_in_the_admin(staff: Client) -> None:
    audit.record("command", "test")
    row = AuditEntry.objects.get()
    for page, arguments in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        answer = staff.post(reverse(f"admin:accounts_auditentry_{page}", args=arguments), {"actor": "x"})
        assert answer.status_code == 403
    row.refresh_from_db()
    assert row.actor == "command"


def test_it_is_exported_and_a_formula_stays_a_text(staff: Client) -> None:
    audit.record("=1+1", "test")
    answer = staff.post(
        reverse("admin:accounts_auditentry_changelist"),
        {"action": "export", "_selected_action": [AuditEntry.objects.get().pk]},
    )
    assert "'=1+1,test" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    said = StringIO()
    call_command("audit", since="2026-01-01", format="json", stdout=said)
    assert '"actor": "=1+1"' in said.getvalue()


def test_a_command_that_changes_something_leaves_a_row_with_how_it_ended() -> None:
    with recorded(["prune", "--dry-run", "--verbosity=2"]):
        pass
    with pytest.raises(CommandError), recorded(["create_api_key", "Somebody", "--scope", "stats"]):
        raise CommandError("no such scope")
    rows = list(AuditEntry.objects.order_by("pk").values_list("action", "target", "outcome"))
    assert rows == [
        ("manage.py prune", "--dry-run --verbosity", "done"),
        ("manage.py create_api_key", "--scope", "failed"),
    ]


@pytest.mark.parametrize("arguments", [["doctor"], [], ["--version"], ["prune", "--help"]])
def test_commands_that_only_look_leave_none(arguments: list[str]) -> None:
    with recorded(arguments):
        pass
    assert not AuditEntry.objects.exists()


def test_every_command_of_ours_is_recorded_or_named_as_one_that_only_looks() -> None:
    ours = {name for name, app in get_commands().items() if app in ("notifications", "scraping", "supersetbot")}
    looking = {"audit", "daemon", "doctor", "explain", "qcluster", "runbot", "sandbox", "together"}
    assert ours & NOT_RECORDED == looking


def test_rows_are_kept_for_more_than_a_year_and_then_deleted(settings: Settings) -> None:
    audit.record("command", "old")
    AuditEntry.objects.update(at=timezone.now() - timedelta(days=settings.KEEP_AUDIT_DAYS + 1))
    audit.record("command", "new")
    assert retention.prune()["audit log"] == 1
    assert AuditEntry.objects.get().action == "new"
    assert settings.KEEP_AUDIT_DAYS >= 365
