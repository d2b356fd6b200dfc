"""/join, /waiting, /invite, /names: what a student, an admin and a group see."""

import re
from collections.abc import AsyncIterator

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.models import Subscriber
from accounts.subscribing import members
from accounts.telegram import member_commands
from accounts.telegram.registry import in_database
from notifications.delivery.run import deliver
from notifications.telegram_bot import memberships
from tests.bot import ADMIN, GROUP, OTHER, STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    settings.MEMBERSHIP = "approve"
    async with cast() as api, bot_at_work(api, settings) as talk:
        settings.TELEGRAM_BOT_TOKEN = api.token
        await talk.say("/start", by=ADMIN)
        await talk.say("/start")
        yield talk


async def sees(chat: int = STUDENT) -> bool:
    return await in_database(members.sees_names, chat)


async def test_an_admin_says_yes_and_the_student_hears_of_it(talk: Talk) -> None:
    assert (await talk.say("/join")).text == str(member_commands.ASKED)
    await talk.api.until(lambda: "to become a member" in talk.api.messages(ADMIN)[-1].text)
    question = talk.api.messages(ADMIN)[-1]
    assert "1. Asha" in question.text
    assert (await talk.press(question, "Yes 1", by=ADMIN))["text"] == member_commands.ACCEPTED
    assert await sees()
    await in_database(deliver, ["telegram"])
    assert str(memberships.ADMITTED) in talk.api.messages(STUDENT)[-1].text
    assert (await talk.say("/join")).text == str(member_commands.IS_MEMBER)


async def test_a_second_join_asks_nobody_again(talk: Talk) -> None:
    await talk.say("/join")
    await talk.idle()
    before = len(talk.api.messages(ADMIN))
    assert (await talk.say("/join")).text == str(member_commands.WAITING)
    await talk.idle()
    assert len(talk.api.messages(ADMIN)) == before


async def test_no_is_kept(talk: Talk, settings: Settings) -> None:
    await talk.say("/join")
    page = await talk.say("/waiting", by=ADMIN)
    await talk.press(page, "No 1", by=ADMIN)
    assert not await sees()
    await in_database(deliver, ["telegram"])
    assert "An admin did not accept that you join." in talk.api.messages(STUDENT)[-1].text
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    for words in ("/join", "/join asha@example.edu"):
        assert (await talk.say(words)).text == str(member_commands.REFUSED)
    assert mail.outbox == []
    token = await in_database(lambda: members.invite(uses=1, valid=members.LONGEST_INVITATION))
    await talk.say(f"/start {token}")
    await talk.api.until(lambda: talk.api.messages(STUDENT)[-1].text == str(member_commands.REFUSED))


async def test_all_who_were_shown_are_admitted_at_once(talk: Talk) -> None:
    await talk.say("/start", by=OTHER)
    await talk.say("/join")
    await talk.say("/join", by=OTHER)
    page = await talk.say("/waiting", by=ADMIN)
    await talk.press(page, "Yes to all 2 shown", by=ADMIN)
    assert (await sees(), await sees(OTHER)) == (True, True)


async def test_a_button_of_somebody_who_is_no_admin_changes_nothing(talk: Talk) -> None:
    await talk.say("/join")
    forged = await talk.say("/status")
    pk = await in_database(lambda: Subscriber.objects.get(telegram_id=STUDENT).pk)
    forged.reply_markup = {"inline_keyboard": [[{"text": "forged", "callback_data": f"member:yes:{pk}"}]]}
    await talk.press(forged, "forged")
    assert not await sees()


async def test_an_invitation_is_a_link_that_admits(talk: Talk) -> None:
    answer = await talk.say("/invite 1 7", by=ADMIN)
    found = re.search(r"https://t\.me/\w+\?start=(\S+)", answer.text)
    assert found
    await talk.say(f"/start {found[1]}")
    await talk.api.until(lambda: talk.api.messages(STUDENT)[-1].text == str(member_commands.WELCOME))
    assert await sees()
    await talk.say(f"/start {found[1]}", by=OTHER)
    await talk.api.until(lambda: talk.api.messages(OTHER)[-1].text == str(member_commands.BAD_INVITATION))
    assert not await sees(OTHER)


@pytest.mark.parametrize("words", ["0", "x", "1 99", "9" * 30, "1 " + "9" * 30])
async def test_an_invitation_out_of_range_is_explained(talk: Talk, words: str) -> None:
    assert (await talk.say(f"/invite {words}", by=ADMIN)).text == member_commands.INVITATION_USAGE


@pytest.mark.parametrize("command", ["/waiting", "/invite 5 5"])
async def test_a_group_sees_neither_who_waits_nor_an_invitation(talk: Talk, command: str) -> None:
    assert (await talk.say(command, by=ADMIN, chat=GROUP)).text == str(member_commands.IN_PRIVATE)


async def test_long_names_of_many_who_wait_fit_a_message(talk: Talk) -> None:
    def fill() -> None:
        Subscriber.objects.bulk_create(
            Subscriber(telegram_id=number, name="\N{PILE OF POO}" * 200, username="u" * 32, membership="waiting")
            for number in range(7001, 7031)
        )

    await in_database(fill)
    page = await talk.say("/waiting", by=ADMIN)
    assert page.text.startswith("30 ask to become members")
    assert len(page.text.encode("utf-16-le")) // 2 < 4096


async def test_who_asks_again_and_again_does_not_flood_the_admins(talk: Talk) -> None:
    for _ in range(6):
        await talk.say("/join")
        await talk.idle()
        await in_database(Subscriber.objects.filter(telegram_id=STUDENT).update, membership="none")
    asked = [message for message in talk.api.messages(ADMIN) if "to become a member" in message.text]
    assert len(asked) == 3


async def test_codes_can_not_be_tried_all_day(talk: Talk, settings: Settings) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    answers = [(await talk.say(f"/join 00000{number % 10}")).text for number in range(22)]
    assert sum(text.startswith("That was too often") for text in answers) == 2


async def test_a_group_reads_names_where_an_admin_of_the_bot_says_so(talk: Talk) -> None:
    await talk.say("/start", by=ADMIN, chat=GROUP)
    assert not await sees(GROUP)
    assert (await talk.say("/names on", by=ADMIN, chat=GROUP)).text == "Lists show names here."
    assert await sees(GROUP)
    assert (await talk.say("/names off", by=ADMIN, chat=GROUP)).text == "Lists show no names here."
    assert not await sees(GROUP)


async def test_address_and_code_may_be_sent_without_the_command(talk: Talk, settings: Settings) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    assert (await talk.say("asha@example.edu")).text == str(member_commands.MAILED)
    code = re.findall(r"\d{6}", str(mail.outbox[0].body))[0]
    wrong = "111111" if code == "000000" else "000000"
    assert (await talk.say(wrong)).text.startswith("That is not the code.")
    await talk.idle()
    assert (await talk.say(f"{code[:3]} {code[3:]}")).text == str(member_commands.WELCOME)
    await talk.idle()
    for text in (code, "ravi@example.edu", "asha@example.com"):
        assert (await talk.say(text)).text.startswith("Nothing about"), "nothing waits any more"
        await talk.idle()
    assert len(mail.outbox) == 1


async def test_six_digits_answer_the_question_that_was_asked_last(talk: Talk, settings: Settings) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    await talk.say("/join asha@example.edu")
    await talk.say("/agree")
    assert (await talk.say("221030")).text.startswith("Enrolment number: 221030. Noted.")


async def test_a_code_by_mail(talk: Talk, settings: Settings) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    assert "your.name@example.edu" in (await talk.say("/join")).text
    assert (await talk.say("/join asha@example.edu")).text == str(member_commands.MAILED)
    found = re.search(r"/join (\d{6})", str(mail.outbox[-1].body))
    assert found
    await talk.say(f"/join {found[1]}")
    await talk.api.until(lambda: talk.api.messages(STUDENT)[-1].text == str(member_commands.WELCOME))
    assert await sees()


async def test_ten_thousand_addresses_from_one_chat_are_held(talk: Talk, settings: Settings) -> None:
    settings.MEMBERSHIP, settings.MEMBER_EMAIL_DOMAINS = "email", ["example.edu"]
    answers = [(await talk.say(f"/join s{number}@example.edu")).text for number in range(7)]
    assert answers[:5] == [str(member_commands.MAILED)] * 5
    assert all(text.startswith("That was too often.") for text in answers[5:])
    assert len(mail.outbox) == 5


async def test_the_menu_names_join_and_hides_what_is_for_admins(talk: Talk) -> None:
    text = (await talk.say("/help")).text
    assert "/join" in text
    assert "/invite" not in text
    assert labels(await talk.say("/waiting")) == []
