"""Who tries to become a member by any means: over the bot, a real mail server and a database."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import EmailCode, Invitation, RequestCount, Subscriber
from accounts.subscribing import members
from accounts.telegram import member_commands
from accounts.telegram.registry import in_database
from notifications.delivery.run import deliver
from notifications.publishing.publish import publish
from tests import leaks, season
from tests.bot import ADMIN, GROUP, OTHER, STUDENT, Talk, bot_at_work, cast
from tests.mail_server import Inbox, mail_server
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "asha@example.edu"
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
TOO_OFTEN = "That was too often."


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
async def talk(settings: Settings, inbox: Inbox) -> AsyncIterator[Talk]:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    async with cast() as api, bot_at_work(api, settings) as talk:
        settings.TELEGRAM_BOT_TOKEN = api.token
        for person in (STUDENT, OTHER, ADMIN):
            await talk.say("/start", by=person)
        yield talk


async def join(talk: Talk, words: str, by: int = STUDENT) -> str:
    answer = (await talk.say(f"/join {words}", by=by)).text
    await talk.idle()
    return answer


async def sees(chat: int = STUDENT) -> bool:
    return await in_database(members.sees_names, chat)


@pytest.mark.parametrize("form", ["{0} {1}", "{0}-{1}", "{0}{1}", "  {0}\n{1}"])
async def test_a_code_may_be_written_as_a_person_writes_it(talk: Talk, inbox: Inbox, form: str) -> None:
    assert await join(talk, ADDRESS) == str(member_commands.MAILED)
    code = inbox.code().translate(DEVANAGARI)
    assert await join(talk, form.format(code[:3], code[3:])) == str(member_commands.WELCOME)
    assert await sees()


async def test_a_code_is_worth_nothing_in_another_chat_nor_twice(talk: Talk, inbox: Inbox) -> None:
    await join(talk, ADDRESS)
    code = inbox.code()
    assert "no longer valid" in await join(talk, code, OTHER)
    assert await join(talk, code) == str(member_commands.WELCOME)
    await in_database(Subscriber.objects.filter(telegram_id=STUDENT).update, membership="none")
    assert "no longer valid" in await join(talk, code)
    assert (await sees(), await sees(OTHER)) == (False, False)


@pytest.mark.parametrize("spelled", [ADDRESS, "ASHA@Example.edu", "asha+second@example.edu"])
async def test_one_address_makes_one_of_two_chats_a_member(talk: Talk, inbox: Inbox, spelled: str) -> None:
    await join(talk, ADDRESS)
    await join(talk, inbox.code())
    await join(talk, spelled, OTHER)
    assert "belongs to another chat" in await join(talk, inbox.code(), OTHER)
    assert (await sees(), await sees(OTHER)) == (True, False)


async def test_every_code_of_a_day_can_not_be_tried(talk: Talk, inbox: Inbox) -> None:
    """Five for a code, and twenty a day for a chat, however many codes it asks for."""
    guesses = 0
    for _ in range(5):
        await join(talk, ADDRESS)
        wrong = f"{(int(inbox.code()) + 1) % 10**6:06}"
        answers = [await join(talk, wrong) for _ in range(6)]
        guesses += sum("not the code" in answer for answer in answers)
    assert guesses == 15  # three codes an hour for an address, five tries each
    assert not await sees()
    assert TOO_OFTEN in await join(talk, inbox.code())


async def test_many_chats_together_can_not_try_every_code(talk: Talk, inbox: Inbox) -> None:
    await join(talk, ADDRESS)
    tomorrow = timezone.now() + timedelta(days=1)
    await in_database(RequestCount.objects.create, key="join:tries", count=1000, ends_at=tomorrow)
    assert TOO_OFTEN in await join(talk, inbox.code())
    assert not await sees()


def test_five_hundred_addresses_from_one_chat_get_five_mails(settings: Settings, inbox: Inbox) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    Subscriber.objects.create(telegram_id=STUDENT)
    for number in range(500):
        member_commands._by_mail(STUDENT, f"student{number}@example.edu")
    assert len(inbox.mails) == 5
    assert EmailCode.objects.count() == 1


async def test_while_the_mail_server_is_away_it_is_said_and_later_it_works(
    talk: Talk, inbox: Inbox, settings: Settings, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_PORT = unused_tcp_port
    assert await join(talk, ADDRESS) == str(member_commands.MAIL_AWAY)
    assert ADDRESS not in caplog.text
    settings.EMAIL_PORT = inbox.port
    assert await join(talk, ADDRESS) == str(member_commands.MAILED)
    assert await join(talk, inbox.code()) == str(member_commands.WELCOME)


async def test_whether_an_address_exists_is_not_told(talk: Talk, inbox: Inbox) -> None:
    inbox.unknown.add("nobody@example.edu")
    assert await join(talk, "nobody@example.edu") == await join(talk, ADDRESS) == str(member_commands.MAILED)
    assert len(inbox.mails) == 1


async def test_what_is_no_address_of_ours_gets_no_mail(talk: Talk, inbox: Inbox) -> None:
    for typed in (
        "asha@evil.example",
        "asha@sub.example.edu",
        "аsha@example.edu",
        "asha@example.edu\nBcc:b@example.edu",
    ):
        assert await join(talk, typed) not in (str(member_commands.MAILED), str(member_commands.WELCOME))
    assert inbox.mails == []


@pytest.mark.parametrize("kind", ["used up", "expired", "forged"])
async def test_an_invitation_that_is_no_good_admits_nobody(talk: Talk, kind: str) -> None:
    token = await in_database(members.invite, uses=1, valid=timedelta(days=1))
    if kind == "used up":
        assert await in_database(members.accept, OTHER, token)
    elif kind == "expired":
        await in_database(Invitation.objects.update, expires_at=timezone.now() - timedelta(seconds=1))
    else:
        token = f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}"
    talk.api.user_says(STUDENT, f"/start {token}")
    await talk.api.until(lambda: talk.api.messages(STUDENT)[-1].text == str(member_commands.BAD_INVITATION))
    assert not await sees()


async def test_in_a_group_where_some_are_members_nobody_reads_names(talk: Talk, inbox: Inbox, draft: MakeDraft) -> None:
    """The group counts, not who asks in it: all of it reads the answer."""
    await join(talk, ADDRESS)
    await join(talk, inbox.code())
    await talk.say("/start", by=STUDENT, chat=GROUP)
    students = tuple({"name": name, "enrollment": str(22103001 + place)} for place, name in enumerate(season.NAMES))
    body = "".join(f"<p>{row['name']} {row['enrollment']}</p>" for row in students)
    listed = draft(title="Zenith shortlist", body=body, category="shortlisting", roster=students)
    published = await in_database(publish, listed)
    known = await in_database(leaks.secrets)
    await in_database(deliver, ["telegram"])
    assert known.found_in(talk.api.messages(STUDENT)[-1].text)
    page = await talk.say("/status", by=STUDENT, chat=GROUP)
    await talk.press(await talk.say("/start", by=STUDENT, chat=GROUP), "Show me the newest five", by=STUDENT)
    for text in ("/find Zenith", "/find shortlist", "/me", "/mydata", "/join", "/stats Zenith"):
        await talk.say(text, by=STUDENT, chat=GROUP)
        await talk.idle()
    page.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": f"show:{published.notice.pk}"}]]}
    await talk.press(page, "x", by=STUDENT)
    said = "\n".join(message.text for message in talk.api.messages(GROUP))
    assert "students are listed. Members read the names: /join" in said
    assert known.found_in(said) == []
