"""/agree and /me: what a student is asked, what is noted, and that nothing is stored or kept in between."""

import logging
import re
from collections.abc import AsyncIterator

import pytest
from django.core import mail
from django.db import connection
from pytest_django import Settings

from accounts.models import Consent, Profile, Subscriber
from accounts.personal import profiles
from accounts.telegram import profile_commands
from accounts.telegram.registry import in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from notifications.delivery.run import deliver
from notifications.models import WaitingReply
from scraping.models import Branch
from tests.bot import ADMIN, GROUP, OTHER, STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        settings.TELEGRAM_BOT_TOKEN = api.token
        await talk.say("/start")
        yield talk


async def told(chat: int = STUDENT) -> dict[str, str]:
    return await in_database(profiles.known, chat)


def stored() -> str:
    """All that our tables hold, as text; an index of words keeps those of other tests' notices for a while."""
    with connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True)
        return "".join(str(_rows(cursor, table)) for table in tables)


def _rows(cursor: object, table: str) -> object:
    cursor.execute(f'SELECT * FROM "{table}"')  # type: ignore[attr-defined] # Django's cursor has no public type
    return cursor.fetchall()  # type: ignore[attr-defined] # the same


async def test_a_value_sent_too_early_is_kept_by_the_button_and_nowhere_else(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        notice = await talk.say("/me number 22103001")
        assert notice.text.startswith("Before I store anything")
        assert "22103001" not in await in_database(stored)
        assert not await in_database(Profile.objects.exists)
        await talk.press(notice, "Agree")
    assert await told() == {"number": "22103001"}
    assert talk.api.messages(STUDENT)[-1].text.startswith("Enrolment number: 22103001. Noted.")
    assert "22103001" not in await in_database(stored)
    assert not [line for line in caplog.messages if "22103001" in line and "supersetbot" in line]
    assert not await in_database(WaitingReply.objects.exists)


async def test_agree_in_words_then_one_line_each(talk: Talk) -> None:
    answer = await talk.say("/agree")
    assert answer.text.startswith("You agreed to this:\n\nWhat is stored about you")
    assert str(profile_commands.AGREED) in answer.text
    assert (await talk.say("/agree")).text.startswith(str(profile_commands.AGREED)), "the notice is not shown twice"
    for line in ("number 22103001", "branch CSE", "cgpa 7.8", "x 91", "xii 88.4", "backlogs 0"):
        assert (await talk.say(f"/me {line}")).text.endswith("Noted.")
    page = await talk.say("/me")
    assert "CGPA: 7.8\nClass 10: 91 %\nClass 12: 88.4 %\nLive backlogs: 0" in page.text
    assert "Not told: Programme, Batch, Past backlogs, Gap years, Gender" in page.text
    assert await in_database(Consent.objects.count) == 1


async def test_questions_come_one_at_a_time_with_what_the_number_says(talk: Talk) -> None:
    await in_database(
        lambda: Branch.objects.create(
            season=202526, branch="CSE", campus="62", start=22103000, end=22104000, students=9
        )
    )
    await talk.say("/agree")
    question = await talk.say("22103001")
    assert "Which programme" in question.text
    await talk.press(question, "Skip")
    assert "Branch: is it CSE?" in question.text
    await talk.press(talk.api.messages(STUDENT)[-1], "CSE")
    await talk.press(talk.api.messages(STUDENT)[-1], "2026")
    wrong = await talk.say("seventy")
    assert wrong.text == "I can't read that as a CGPA, such as 7.8."
    await talk.say("7,85")
    await talk.press(talk.api.messages(STUDENT)[-1], "That is enough")
    assert await told() == {"number": "22103001", "branch": "CSE", "batch": "2026", "cgpa": "7.85"}
    assert (await talk.say("7.9")).text.startswith("Nothing about"), "no question waits any more"


async def test_a_question_is_over_with_any_other_command(talk: Talk) -> None:
    await talk.say("/agree")
    assert "Which programme" in (await talk.say("/me program")).text
    await talk.say("/status")
    await talk.idle()
    assert (await talk.say("MCA")).text.startswith("Nothing about “MCA”")
    assert await told() == {}


async def test_what_does_not_fit_is_asked_for_once_more_and_then_taken_as_any_text(talk: Talk) -> None:
    await talk.say("/agree")
    await talk.say("/me program")
    refused = await talk.say("Zenith Labs")
    assert refused.text.startswith("I do not know that programme.")
    assert labels(refused) == ["Skip", "That is enough"]
    await talk.idle()
    assert (await talk.say("Zenith Labs")).text.startswith("Nothing about “Zenith Labs”")
    await talk.idle()
    assert (await talk.say("MCA")).text.startswith("Nothing about “MCA”"), "the question is over"
    await talk.say("/me program")
    await talk.say("B Tec")
    await talk.idle()
    assert "Programme: MCA. Noted." in (await talk.say("MCA")).text


async def test_a_second_answer_that_does_not_fit_is_left_and_said_how_to_give_later(talk: Talk) -> None:
    await talk.say("/agree")
    await talk.say("/me cgpa")
    assert (await talk.say("eight point two")).text == "I can't read that as a CGPA, such as 7.8."
    await talk.idle()
    left = await talk.say("82")
    assert left.text == "I leave it at that. When you like, send it so: /me cgpa 7.8"
    await talk.idle()
    assert (await talk.say("Zenith 2")).text.startswith("Nothing about"), "the question is over"
    await talk.press(left, "Go on")
    assert "How many per cent did you have in Class 10?" in left.text
    await talk.say("9")
    await talk.idle()
    await talk.say("9.1")
    await talk.idle()
    assert (await talk.say("91")).text.startswith("Nothing about")


async def test_what_is_left_can_still_be_chosen(talk: Talk) -> None:
    await talk.say("/agree")
    await talk.say("/me backlogs")
    await talk.say("99 or so")
    await talk.idle()
    left = await talk.say("99")
    assert labels(left) == ["0", "1", "2", "3", "Go on"]
    await talk.press(left, "2")
    assert await told() == {"backlogs": "2"}


async def test_a_value_in_words_is_offered_to_be_noted(talk: Talk) -> None:
    asked = await talk.say("mera cgpa 8.5 hai")
    assert (asked.text, labels(asked)) == ("CGPA: 8.5. Shall I note it?", ["Yes, note it"])
    await talk.press(asked, "Yes, note it")
    assert talk.api.messages(STUDENT)[-1].text.startswith("Before I store anything")
    await talk.press(talk.api.messages(STUDENT)[-1], "Agree")
    assert await told() == {"cgpa": "8.5"}
    await talk.say("/me cgpa")
    await talk.idle()
    asked = await talk.say("my class 12 is 88")
    assert asked.text == "Class 12: 88 %. Shall I note it?", "it answers no question on something else"
    await talk.press(asked, "Yes, note it")
    assert await told() == {"cgpa": "8.5", "xii": "88"}
    await talk.say("/status")
    await talk.idle()
    assert (await talk.say("Zenith cgpa 7.5 cutoff")).text.startswith("Nothing about")


async def test_skip_may_be_written(talk: Talk) -> None:
    await talk.say("/agree")
    await talk.say("/me program")
    assert (await talk.say("Skip")).text.startswith("Which branch are you in?")


async def test_a_greeting_or_a_question_is_no_answer_and_the_question_waits_on(talk: Talk) -> None:
    await talk.say("/agree")
    await talk.say("/me branch")
    for text in ("thanks", "👍", "when is the interview of Zenith?", "I would like to know what is new here"):
        assert "I do not know that branch" not in (await talk.say(text)).text
        await talk.idle()
    assert "Branch: CSE. Noted." in (await talk.say("cse")).text


async def test_a_number_alone_is_offered_as_ones_own_until_one_is_told(talk: Talk) -> None:
    for text in ("my number is 22103001.", "22103001 hai mera number", "मेरा नंबर 22103001 है"):
        assert (await talk.say(text)).text.startswith("Is that your enrolment number?")
        await talk.idle()
    asked = await talk.say("22103001")
    assert asked.text.startswith("Is that your enrolment number?")
    assert "/find 22103001" in asked.text
    await talk.press(asked, "Yes, it is mine")
    await talk.press(talk.api.messages(STUDENT)[-1], "Agree")
    assert await told() == {"number": "22103001"}
    await talk.say("/status")
    await talk.idle()
    for text in ("22103002", "call 9876543210", "2027"):
        assert (await talk.say(text)).text.startswith("Nothing about")
        await talk.idle()


async def test_what_can_not_be_taken_is_told(talk: Talk) -> None:
    await talk.say("/agree")
    assert "between 0 and 10" in (await talk.say("/me cgpa 78")).text
    assert "between 0 and 10" in (await talk.say("/me cgpa 10.5")).text
    assert "I do not know that branch" in (await talk.say("/me branch Potions")).text
    assert "The names are: number" in (await talk.say("/me shoe 43")).text
    assert await told() == {}


async def test_anothers_number_and_who_claims_too_many(talk: Talk) -> None:
    await talk.say("/start", by=OTHER)
    await talk.say("/agree", by=OTHER)
    await talk.say("/agree")
    await talk.say("/me number 22103001", by=OTHER)
    assert (await talk.say("/me number 22103001")).text == profiles.taken()
    for _ in range(9):
        last = await talk.say("/me number 22103001")
        await talk.idle()
    assert last.text == profiles.taken()
    assert (await talk.say("/me number 22103001")).text.startswith("That was too often.")


async def test_who_loses_a_number_is_told(talk: Talk) -> None:
    await talk.say("/start", by=OTHER)
    for student in (STUDENT, OTHER):
        await talk.say("/agree", by=student)
    await talk.say("/me number 22103001", by=OTHER)
    await in_database(lambda: Subscriber.objects.filter(telegram_id=STUDENT).update(email_digest="x"))
    await talk.say("/me number 22103001")
    await in_database(deliver, ["telegram"])
    assert "is no longer yours here" in talk.api.messages(OTHER)[-1].text
    assert await told(OTHER) == {}


async def test_delete_takes_the_agreement_back(talk: Talk) -> None:
    await talk.say("/agree")
    await talk.say("/me cgpa 8")
    question = await talk.say("/me delete")
    await talk.press(question, "Keep it")
    assert await told() == {"cgpa": "8"}
    page = await talk.say("/me")
    await talk.press(page, "Delete my profile")
    await talk.press(talk.api.messages(STUDENT)[-1], "Delete it")
    assert await told() == {}
    assert (await talk.say("/me cgpa 8")).text.startswith("Before I store anything")


async def test_in_a_group_and_before_start(talk: Talk) -> None:
    assert (await talk.say("/me", chat=GROUP)).text == str(profile_commands.IN_PRIVATE)
    assert (await talk.say("/agree", chat=GROUP)).text == str(profile_commands.IN_PRIVATE)
    assert (await talk.say("/agree", by=OTHER)).text == str(NOT_SUBSCRIBED)
    assert (await talk.say("/me cgpa 8", by=OTHER)).text == str(NOT_SUBSCRIBED)


async def test_a_lost_key_is_said_and_nothing_is_overwritten(talk: Talk, settings: Settings) -> None:
    await talk.say("/agree")
    await talk.say("/me cgpa 8")
    settings.SECRET_KEY = "another one"
    assert (await talk.say("/me")).text == str(profiles.UNREADABLE)
    assert (await talk.say("/me x 91")).text == str(profiles.UNREADABLE)


async def test_a_long_value_is_asked_for_again(talk: Talk) -> None:
    notice = await talk.say("/me program bachelor of technology in computer science and engineering")
    await talk.press(notice, "Agree")
    assert "enrolment number" in talk.api.messages(STUDENT)[-1].text
    assert "Skip" in labels(talk.api.messages(STUDENT)[-1])


async def test_a_member_proves_an_address_and_takes_the_number(talk: Talk, settings: Settings) -> None:
    settings.MEMBER_EMAIL_DOMAINS = ["example.edu"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    await talk.say("/start", by=OTHER)
    for student in (STUDENT, OTHER):
        await talk.say("/agree", by=student)
    await talk.say("/me number 22103009", by=OTHER)
    assert (await talk.say("/me number 22103009")).text == str(profiles.TAKEN_PROVE)
    await talk.say("/join asha@example.edu")
    code = re.search(r"\d{6}", str(mail.outbox[-1].body))
    assert code
    await talk.say(f"/join {code[0]}")
    assert (await talk.say("/me number 22103009")).text.startswith("Enrolment number: 22103009. Noted.")
    assert await told(OTHER) == {}


async def test_an_admin_frees_a_number(talk: Talk, settings: Settings) -> None:
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    await talk.say("/agree")
    await talk.say("/me number 22103009")
    assert (await talk.say("/free 22103008", by=ADMIN)).text == profile_commands.NOT_CLAIMED
    assert (await talk.say("/free 2210 3009", by=ADMIN)).text == profile_commands.FREED
    assert await told() == {}
    assert (await talk.say("/free", by=ADMIN)).text == profile_commands.FREE_USAGE


@pytest.mark.parametrize(
    "data", ["me:enough", "me:delete:yes", "me:set:cgpa:8", "agree:cgpa:8", "forget:no", "forget:yes"]
)
async def test_in_a_group_no_forged_press_changes_a_message(talk: Talk, data: str) -> None:
    page = await talk.say("/start", chat=GROUP)
    page.reply_markup = {"inline_keyboard": [[{"text": "forged", "callback_data": data}]]}
    before = page.text
    answer = await talk.press(page, "forged", by=OTHER)
    assert answer["show_alert"]
    assert (page.text, len(talk.api.messages(GROUP))) == (before, 1)


async def test_a_refused_answer_can_be_skipped_and_delete_without_a_profile_says_so(talk: Talk) -> None:
    assert (await talk.say("/me delete")).text == str(profile_commands.NOTHING_TO_DELETE)
    await talk.say("/agree")
    refused = await talk.say("Zenith 7")
    assert labels(refused) == ["Skip", "That is enough"]


async def test_what_is_no_number_is_no_claim_and_words_are_searched_for(talk: Talk) -> None:
    await talk.say("/agree")
    assert (await talk.say("Zenith")).text.startswith("Nothing about")
    for _ in range(profiles.CLAIMS_A_DAY):
        assert (await talk.say("/me number Zenith 7")).text.startswith("That is no enrolment number.")
        await talk.idle()
    assert (await talk.say("/me number 22103001")).text.startswith("Enrolment number: 22103001. Noted.")


async def test_a_question_answered_in_a_line_waits_no_more(talk: Talk) -> None:
    await talk.say("/agree")
    await talk.say("/me number 22103001")
    assert (await talk.say("Zenith 7")).text.startswith("Nothing about")
    await talk.say("/me cgpa")
    await talk.say("/me x 91")
    assert (await talk.say("7.8")).text.startswith("Nothing about"), "another command ends it"
