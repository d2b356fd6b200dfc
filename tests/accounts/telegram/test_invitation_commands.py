"""Invitations are looked at and ended: by /uninvite, and in the admin."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEntry, Invitation, User
from accounts.subscribing import members
from accounts.telegram import invitation_commands
from accounts.telegram.registry import in_database
from tests.bot import ADMIN, STUDENT, Talk, bot_at_work, cast

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/accounts/invitation/"


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    settings.MEMBERSHIP = "approve"
    async with cast() as api, bot_at_work(api, settings) as talk:
        await talk.say("/start")
        yield talk


def made(uses: int = 5) -> str:
    return members.invite(uses=uses, valid=timedelta(days=7))


async def test_an_admin_ends_all_that_are_open(talk: Talk) -> None:
    tokens = [await in_database(made), await in_database(made)]
    answer = (await talk.say("/uninvite", by=ADMIN)).text
    assert answer == "2 invitations ended: the links admit nobody any more."
    assert (await talk.say("/uninvite", by=ADMIN)).text == invitation_commands.NONE_OPEN
    for token in tokens:
        await talk.say(f"/start {token}")
    assert not await in_database(members.sees_names, STUDENT)


async def test_nobody_else_ends_them(talk: Talk) -> None:
    await in_database(made)
    await talk.say("/uninvite")
    assert await in_database(Invitation.objects.all().open().count) == 1


def test_the_admin_lists_and_ends_them_and_records_it(admin_client: Client) -> None:
    token = made(uses=37)
    page = admin_client.get(LIST).text
    assert ">37</td>" in page
    assert token not in page
    mine = Invitation.objects.get()
    assert mine.digest not in page
    order = {"action": "end_them", "_selected_action": [mine.pk]}
    assert "1 ended." in admin_client.post(LIST, order, follow=True).text
    assert not Invitation.objects.all().open().exists()
    assert AuditEntry.objects.get(action="POST end_them").target == f"{LIST} {mine.pk}"


def test_nothing_else_can_be_done_to_them(admin_client: Client, client: Client) -> None:
    made()
    mine = Invitation.objects.get()
    assert admin_client.get(f"{LIST}add/").status_code == 403
    admin_client.post(f"{LIST}{mine.pk}/change/", {"uses_left": "500"})
    assert admin_client.post(f"{LIST}{mine.pk}/delete/", {"post": "yes"}).status_code == 403
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_invitation"))
    client.force_login(looker)
    client.post(LIST, {"action": "end_them", "_selected_action": [mine.pk]})
    mine.refresh_from_db()
    assert (mine.uses_left, mine.is_open) == (5, True)
