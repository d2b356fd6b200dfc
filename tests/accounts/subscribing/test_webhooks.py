"""Webhooks are made by admins: in the admin or by the command, with a secret that is shown once."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Subscriber, Subscription
from accounts.subscribing import webhooks

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.edu/superset"
ADD = "/admin/accounts/webhook/add/"
LIST = "/admin/accounts/webhook/"


def test_one_is_made_with_what_it_wants() -> None:
    webhook, secret = webhooks.add(" campus  site ", URL, seasons=[202627], categories=["update"], names=True)
    assert secret.startswith("whsec_")
    assert webhooks.secret_of(webhook.keys) == secret
    assert secret not in str(webhook.keys)
    assert (webhook.subscriber.kind, webhook.subscriber.name) == ("program", "campus site")
    assert webhooks.wants(webhooks.named("campus site").get()) == "2026-27; Update; with names of students"
    other, another_secret = webhooks.add("other", f"{URL}/2")
    assert webhooks.wants(other) == "all seasons; all categories; without names of students"
    assert another_secret != secret


@pytest.mark.parametrize(
    ("name", "url", "says"),
    [
        ("", URL, "name has 1 to 80"),
        ("x" * 81, URL, "name has 1 to 80"),
        ("taken", f"{URL}/2", "There is a webhook taken already: choose another name, or remove that one"),
        ("x", URL, "called already"),
        ("x", "http://hooks.example.edu/", "A webhook's address must start with https://"),
        ("x", "https://192.168.0.7/", "A webhook's address must lead out on the internet"),
        ("x", "https://user:secret@hooks.example.edu/", "A webhook's address can't hold a user name"),
        ("x", "https://intranet/", "A webhook's address"),
    ],
)
def test_what_can_not_be_called_is_refused(name: str, url: str, says: str) -> None:
    webhooks.add("taken", URL)
    with pytest.raises(ValueError, match=says):
        webhooks.add(name, url)
    assert Subscriber.objects.count() == 1


def test_the_admin_shows_the_secret_once(admin_client: Client) -> None:
    form = {"name": "campus site", "address": URL, "seasons": ["202627"], "categories": ["update", "reminder"]}
    page = admin_client.post(ADD, form)
    shown = re.search(r'value="(whsec_[^"]+)"', page.text)
    assert shown
    webhook = Subscription.objects.get()
    assert webhooks.secret_of(webhook.keys) == shown[1]
    assert webhooks.wants(webhook) == "2026-27; Update, Reminder; without names of students"
    for path in (LIST, f"{LIST}{webhook.pk}/change/", f"/admin/accounts/subscription/{webhook.pk}/change/"):
        assert shown[1] not in admin_client.get(path).text
    assert shown[1] not in str(page.cookies)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"address": "https://10.1.2.3/"}, "address must lead out on the internet: this one is of a private network."),
        ({"address": "http://hooks.example.edu/"}, "must start with https://"),
        ({"name": ""}, "This field is required"),
        ({"seasons": ["209900"]}, "not one of the available choices"),
    ],
)
def test_the_admins_form_says_what_is_wrong(admin_client: Client, wrong: dict[str, object], says: str) -> None:
    page = admin_client.post(ADD, {"name": "site", "address": URL} | wrong)
    assert says in page.text
    assert not Subscription.objects.exists()


def test_the_admin_switches_gives_names_and_deletes(admin_client: Client) -> None:
    webhook, _ = webhooks.add("site", URL)

    def order(action: str) -> str:
        return str(admin_client.post(LIST, {"action": action, "_selected_action": [webhook.pk]}, follow=True).text)

    assert "1 changed." in order("give_names")
    assert "with names of students" in admin_client.get(LIST).text
    assert "1 changed." in order("end_names")
    assert "without names of students" in admin_client.get(LIST).text
    assert "1 switched off." in order("switch_off")
    assert webhooks.named("site").get().off_reason == "stopped"
    assert "1 switched on." in order("switch_on")
    admin_client.post(LIST, {"action": "delete_selected", "_selected_action": [webhook.pk], "post": "yes"})
    assert not Subscriber.objects.exists()


def test_their_list_costs_the_same_however_many_there_are(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        webhooks.add(f"site {number}", f"{URL}/{number}", seasons=[202627], categories=["update"])
    with django_assert_max_num_queries(9):
        assert admin_client.get(LIST).text.count("2026-27; Update") == 20


def test_one_is_deleted_on_its_page(admin_client: Client) -> None:
    webhook, _ = webhooks.add("site", URL)
    admin_client.post(f"{LIST}{webhook.pk}/delete/", {"post": "yes"})
    assert not Subscriber.objects.exists()


def test_the_command_adds_lists_and_removes(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("webhook", "add", "site", URL, "--season", "2026-27", "--category", "update", "--names")
    secret = capsys.readouterr().out.strip()
    assert webhooks.secret_of(Subscription.objects.get().keys) == secret
    call_command("webhook", "list")
    assert capsys.readouterr().out == f"site: active, {URL}, 2026-27; Update; with names of students\n"
    call_command("webhook", "remove", "site")
    assert not Subscriber.objects.exists()
    call_command("webhook", "list")
    assert capsys.readouterr().out.endswith("No program is called.\n")


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (("remove", "x"), "There is no webhook x."),
        (("add", "x", "https://localhost/"), "A webhook's address"),
    ],
)
def test_the_command_says_in_one_line_what_it_can_not_do(order: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("webhook", *order)
