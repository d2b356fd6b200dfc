"""/find, and any other text: what the bot finds, for whom, and what it shows once more."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscriber, Subscription
from accounts.personal import profiles
from accounts.subscribing import members
from accounts.telegram.registry import in_database
from notifications.models import Delivery, Notice, WaitingReply
from notifications.publishing.publish import Draft, publish
from notifications.telegram_bot import find_commands, numbered
from supersetbot.sandbox.telegram.bot_chats import Message
from tests.bot import ADMIN, GROUP, OTHER, STUDENT, Talk, bot_at_work, cast, labels
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db(transaction=True)
ASHA = {"name": "Asha Verma", "enrollment": "22103001"}


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.MEMBERSHIP = "approve"
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def fill(*drafts: Draft) -> list[Notice]:
    return [publish(draft, announce=False).notice for draft in drafts]


def keys(message: Message) -> list[list[object]]:
    rows = (message.reply_markup or {})["inline_keyboard"]
    assert isinstance(rows, list)
    return rows


async def test_a_line_of_a_list_says_its_round_and_no_word_twice(talk: Talk, draft: MakeDraft) -> None:
    fields = {"category": "shortlisting", "company": "Zenith"}
    await in_database(fill, draft("a", **fields, stage="Round 2"), draft("b", **fields))
    answer = (await talk.say("/find zenith")).text
    assert answer.count("Shortlist") == 2
    assert "    Round 2 · " in answer


async def test_a_search_shows_the_newest_ten_and_each_of_them_once_more(talk: Talk, draft: MakeDraft) -> None:
    now = timezone.now()
    await in_database(
        fill, *(draft(f"{n}", title=f"Zenith {n}", published_at=now - timedelta(hours=n)) for n in range(12))
    )
    answer = await talk.say("/find zenith")
    lines = answer.text.splitlines()
    assert lines[0] == "The newest 10 notices about “zenith”:"
    assert lines[2].startswith("1. 📌 Zenith 0")
    assert lines[3].startswith("    Update · ")
    assert labels(answer) == [f"{n}" for n in range(1, 11)]
    await talk.press(answer, "3")
    shown = talk.api.messages(STUDENT)[-1]
    assert shown.text.startswith("📌 Zenith 2")
    assert "Be there." in shown.text
    assert shown.entities[0]["type"] == "bold"


async def test_any_other_text_is_a_search_kindly_met_where_nothing_is_found(talk: Talk, draft: MakeDraft) -> None:
    await in_database(fill, draft("a", links=({"url": "https://example.org/form", "label": "Form"},)))
    answer = await talk.say("is there anything of Zenith?")
    assert answer.text.startswith("Nothing about “is there anything of Zenith?”"), "'anything' says something"
    answer = await talk.say("when is Zenith?")
    assert answer.text.startswith("1 notice about “when is Zenith?”:\n\n1. 📌 Zenith Labs visits\n")
    await talk.press(answer, "1")
    assert labels(talk.api.messages(STUDENT)[-1]) == ["Form", "🔕 Mute this kind"]
    assert (await talk.say("kestrel")).text == find_commands.NOTHING % {"words": "kestrel"}
    assert (await talk.say("/find")).text == str(find_commands.USAGE)


async def test_a_waiting_question_comes_before_the_search(talk: Talk, draft: MakeDraft) -> None:
    await in_database(fill, draft("a", body="<p>7.8 points</p>"))
    await talk.say("/start")
    await in_database(profiles.agree, STUDENT)
    await talk.say("/me cgpa")
    assert "CGPA: 7.8. Noted." in (await talk.say("7.8")).text
    await in_database(profiles.ask, STUDENT, "")
    assert (await talk.say("7.8")).text.startswith("1 notice about “7.8”:")


async def test_a_stranger_neither_finds_nor_reads_who_is_on_a_list_and_a_member_does(
    talk: Talk, draft: MakeDraft
) -> None:
    body = "<p>Selected: Asha Verma</p><p>Come at nine.</p>"
    listed = draft(
        "a", category="shortlisting", title="Asha Verma: Kestrel", company="Kestrel", roster=(ASHA,), body=body
    )
    await in_database(fill, listed)
    await talk.say("/start")
    for text in ("Asha", "/find 22103001"):
        assert (await talk.say(text)).text.startswith("Nothing about")
    for text in ("Verma kestrel", "Nobody kestrel"):  # the same, whether or not somebody is called so
        answer = await talk.say(text)
        assert answer.text == "No notice has all these words. This is known of the company:\n\n🏢 Kestrel"
    answer = await talk.say("kestrel")
    assert "Asha" not in answer.text
    await talk.press(answer, "1")
    shown = talk.api.messages(STUDENT)[-1].text
    assert "Asha" not in shown
    assert "1 student is listed. Members read the name: /join" in shown
    await in_database(lambda: members.admit(Subscriber.objects.filter(telegram_id=STUDENT), by="approval"))
    await talk.idle()
    answer = await talk.say("/find 22103001")
    assert "1. 🎯 Shortlist · Kestrel" in answer.text
    await talk.press(answer, "1")
    assert "22103001  Asha Verma" in talk.api.messages(STUDENT)[-1].text
    await talk.say("/find kestrel", chat=GROUP)
    assert "Asha" not in talk.api.messages(GROUP)[-1].text, "what is said in a group is read by all of it"


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE x --", '"((*a', "🎯 b", "{a}:b", "x" * 4000, "zenith " * 570, "जेनिथ 面接", "%s %d {} {0}"],
)
async def test_whatever_is_typed_gets_an_answer(talk: Talk, draft: MakeDraft, text: str) -> None:
    await in_database(fill, draft("a"))
    answer = await talk.say(text)
    assert answer.text.startswith(("Nothing about", "1 notice about"))
    assert len(answer.text) < 300


async def test_a_notice_that_is_gone_or_not_for_all_is_not_shown(talk: Talk, draft: MakeDraft) -> None:
    gone, private = await in_database(fill, draft("a"), draft("b", private=True))
    answer = await talk.say("zenith")
    await in_database(gone.delete)
    await talk.press(answer, "1")
    assert talk.api.messages(STUDENT)[-1].text == str(find_commands.GONE)
    answer.reply_markup = {"inline_keyboard": [[{"text": "forged", "callback_data": f"show:{private.pk}"}]]}
    await talk.press(answer, "forged")
    assert talk.api.messages(STUDENT)[-1].text == str(find_commands.GONE)
    answer.reply_markup = {"inline_keyboard": [[{"text": "huge", "callback_data": f"show:{'9' * 18}"}]]}
    await talk.press(answer, "huge")
    assert talk.api.messages(STUDENT)[-1].text == str(find_commands.GONE)


async def test_what_was_for_some_alone_is_shown_again_to_whom_it_was_sent(talk: Talk, draft: MakeDraft) -> None:
    (private,) = await in_database(fill, draft("own", title="For you alone", private=True))
    await in_database(fill, draft("a"))
    for chat in (STUDENT, OTHER):
        await talk.say("/start", by=chat)
    mine = await in_database(Subscription.objects.get, address=str(STUDENT))
    sent = await in_database(
        lambda: Delivery.objects.create(
            notice=private, subscription=mine, channel="telegram", state="sent", next_attempt_at=timezone.now()
        )
    )
    for chat, shown in ((STUDENT, True), (OTHER, False)):
        answer = await talk.say("zenith", by=chat)
        answer.reply_markup = {"inline_keyboard": [[{"text": "1", "callback_data": f"show:{private.pk}"}]]}
        await talk.press(answer, "1", by=chat)
        assert ("For you alone" in talk.api.messages(chat)[-1].text) is shown
    await in_database(lambda: Delivery.objects.filter(pk=sent.pk).update(state="pending"))
    answer = await talk.say("zenith", by=STUDENT)
    answer.reply_markup = {"inline_keyboard": [[{"text": "1", "callback_data": f"show:{private.pk}"}]]}
    await talk.press(answer, "1", by=STUDENT)
    assert talk.api.messages(STUDENT)[-1].text == str(find_commands.GONE)


async def test_a_very_long_notice_is_shown_as_far_as_it_is_bearable(
    talk: Talk, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(numbered, "MOST_PARTS", 2)
    settings.WEBSITE_URL = "https://placements.example.org"
    await in_database(fill, draft("a", body="<p>" + "word " * 3000 + "</p>"))
    answer = await talk.say("zenith")
    before = len(talk.api.messages(STUDENT))
    await talk.press(answer, "1")
    *_, last = shown = talk.api.messages(STUDENT)[before:]
    assert len(shown) == 3
    assert last.text == str(numbered.CUT)
    assert labels(last) == ["Read it on the web"]


async def test_more_is_found_on_the_web(talk: Talk, draft: MakeDraft, settings: Settings) -> None:
    settings.WEBSITE_URL = "https://placements.example.org/"
    await in_database(fill, *(draft(f"{n}") for n in range(11)))
    answer = await talk.say("zenith labs")
    more = {"text": "More on the web", "url": "https://placements.example.org/?q=zenith%20labs"}
    assert more in [key for row in keys(answer) for key in row]


async def test_what_is_looked_for_stands_in_no_log_and_no_table(
    talk: Talk, draft: MakeDraft, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "notifications")
    await talk.say("Bilal Khan", by=OTHER)
    await talk.idle()
    assert "Bilal" not in "".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    assert not await in_database(WaitingReply.objects.exists)


async def test_no_link_holds_the_name_or_number_of_a_student(talk: Talk, draft: MakeDraft, settings: Settings) -> None:
    settings.WEBSITE_URL = "https://bot.example"
    await talk.say("/start")
    await in_database(lambda: members.admit(Subscriber.objects.filter(telegram_id=STUDENT), by="approval"))
    listed = {"category": "shortlisting", "company": "Zenith Labs", "roster": (ASHA,)}
    await in_database(fill, *(draft(f"{n}", **listed) for n in range(12)))
    for words in ("22103001", "Asha", "Zenith Asha"):
        answer = await talk.say(f"/find {words}")
        assert answer.text.startswith("The newest 10 notices")
        assert "More on the web" not in labels(answer)
    assert "More on the web" in labels(await talk.say("/find zenith"))


async def test_a_word_in_devanagari_is_looked_for_as_it_sounds(talk: Talk, draft: MakeDraft) -> None:
    await in_database(fill, draft("job:1", category="job_posting", company="Zenith Labs"))
    assert "Zenith Labs" in (await talk.say("/find ज़ेनिथ")).text
