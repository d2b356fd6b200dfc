"""Subscribing over the Bot API: what a student sees, and what is stored."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from accounts.models import Subscriber, Subscription
from accounts.subscribing.subscriptions import Standing, standing
from accounts.telegram import replies
from accounts.telegram.registry import in_database
from supersetbot.sandbox.telegram.bot_chats import Message
from supersetbot.sandbox.telegram.bot_topics import TopicState
from tests.bot import ADMIN, CHANNEL, GROUP, OTHER, STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.PLACEMENT_YEARS = [202627, 202526]
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


async def stands(chat: int = STUDENT) -> Standing:
    found = await in_database(standing, chat)
    assert found is not None
    return found


async def categories(talk: Talk) -> Message:
    """The page of categories, opened from the welcome."""
    await talk.press(await talk.say("/start"), "Choose what you want")
    return talk.api.messages(STUDENT)[-1]


async def test_start_registers_and_says_so_in_three_lines(talk: Talk) -> None:
    answer = await talk.say("/start")
    assert answer.text.splitlines() == [
        "Welcome, Asha!",
        "Jobs, shortlists, offers and updates of 2026-27 come here as soon as they are out.",
    ]
    assert labels(answer)[0] == "Choose what you want"
    assert await stands() == Standing(True, "", False, (202627,), frozenset())


async def test_a_strangers_name_is_greeted_as_it_is(talk: Talk) -> None:
    answer = await talk.say("/start", by=OTHER)
    assert answer.text.startswith("Welcome, Tom <3 code!")
    assert answer.entities == []
    subscriber = await in_database(Subscriber.objects.get, telegram_id=OTHER)
    assert (subscriber.name, subscriber.username) == ("Tom <3 code", "tom")


async def test_stop_and_start_again(talk: Talk) -> None:
    await talk.say("/start")
    assert (await talk.say("/stop")).text == str(replies.STOPPED_NOW)
    assert not (await stands()).active
    assert (await talk.say("/stop")).text == str(replies.STOPPED_BEFORE)
    assert (await talk.say("/start")).text.startswith("Welcome back, Asha!")
    assert (await stands()).active


async def test_status_tells_how_to_begin(talk: Talk) -> None:
    assert (await talk.say("/status")).text == str(replies.NOT_SUBSCRIBED)


async def test_status_shows_what_comes_and_a_button_to_change_it(talk: Talk) -> None:
    await talk.say("/start")
    answer = await talk.say("/status")
    assert answer.text == "🔔 Notices come here.\nSeasons: 2026-27\nCategories: all"
    assert labels(answer) == ["Choose what you want"]
    await talk.say("/stop")
    assert (await talk.say("/status")).text.startswith("🔕 Notices are off, as you asked.")


async def test_a_category_is_muted_and_wanted_again(talk: Talk) -> None:
    page = await categories(talk)
    await talk.press(page, "✅ Webinar")
    assert (await stands()).muted == {"webinar"}
    assert "▫️ Webinar" in labels(page)
    assert "Categories: all but Webinar" in (await talk.say("/status")).text
    await talk.press(page, "▫️ Webinar")
    assert (await stands()).muted == frozenset()


async def test_seasons_are_chosen_and_the_last_one_stays(talk: Talk) -> None:
    await talk.say("/start")
    page = await talk.say("/placement_year")
    assert labels(page)[:2] == ["✅ 2026-27", "▫️ 2025-26"]
    await talk.press(page, "▫️ 2025-26")
    assert (await stands()).seasons == (202627, 202526)
    await talk.press(page, "✅ 2026-27")
    answer = await talk.press(page, "✅ 2025-26")
    assert answer["text"] == replies.LAST_SEASON
    assert (await stands()).seasons == (202526,)


async def test_the_two_pages_lead_to_each_other(talk: Talk) -> None:
    page = await categories(talk)
    await talk.press(page, "Seasons: 2026-27 ›")
    assert "✅ 2026-27" in labels(page)
    await talk.press(page, "‹ Categories")
    assert "✅ Job posting" in labels(page)


async def test_a_second_tap_on_the_same_button_changes_nothing(talk: Talk) -> None:
    page = await categories(talk)
    for _ in range(2):
        talk.api.press(STUDENT, page.message_id, "category:webinar:off")
    await talk.idle()
    assert (await stands()).muted == {"webinar"}
    assert talk.api.messages(STUDENT)[-1] is page


@pytest.mark.parametrize(
    "data", ["season:202599:on", "season:203132:on", "category:nothing:off", "season:1:on", "x" * 64, "forget:"]
)
async def test_forged_buttons_change_nothing(talk: Talk, data: str) -> None:
    page = await categories(talk)
    before = await stands()
    page.reply_markup = {"inline_keyboard": [[{"text": "forged", "callback_data": data}]]}
    await talk.press(page, "forged")
    assert await stands() == before


async def test_buttons_of_one_who_is_gone_lead_to_start(talk: Talk) -> None:
    page = await categories(talk)
    await in_database(Subscriber.objects.all().delete)
    for button in ("choose", "newest"):
        talk.api.press(STUDENT, talk.api.messages(STUDENT)[0].message_id, button)
    answer = await talk.press(page, "✅ Webinar")
    assert answer["text"] == replies.NOT_SUBSCRIBED


async def test_forget_deletes_after_a_confirmation(talk: Talk) -> None:
    await talk.say("/start")
    question = await talk.say("/forget")
    assert await in_database(Subscriber.objects.count) == 1
    await talk.press(question, "Delete it all")
    assert question.text == replies.forgotten()
    assert labels(question) == []
    assert await in_database(Subscriber.objects.count) == 0
    await talk.press(await talk.say("/forget"), "Delete it all")
    assert talk.api.messages(STUDENT)[-1].text == str(replies.NOTHING_TO_FORGET)


async def test_forget_can_be_thought_over(talk: Talk) -> None:
    await talk.say("/start")
    question = await talk.say("/forget")
    await talk.press(question, "Keep it")
    assert question.text == str(replies.KEPT)
    assert await in_database(Subscriber.objects.count) == 1


async def test_a_block_switches_off_and_its_end_on_again(talk: Talk) -> None:
    await talk.say("/start")
    since = (await in_database(Subscription.objects.get)).active_since
    talk.api.block(STUDENT)
    await talk.idle()
    assert (await stands()).off_reason == "blocked"
    talk.api.unblock(STUDENT)
    await talk.idle()
    assert (await stands()).active
    assert (await in_database(Subscription.objects.get)).active_since > since


async def test_the_end_of_a_block_does_not_undo_a_stop(talk: Talk) -> None:
    await talk.say("/start")
    await talk.say("/stop")
    talk.api.block(STUDENT)
    talk.api.unblock(STUDENT)
    await talk.idle()
    assert (await stands()).off_reason == "stopped"


async def test_an_unblock_registers_nobody(talk: Talk) -> None:
    talk.api.unblock(STUDENT)
    await talk.idle()
    assert await in_database(standing, STUDENT) is None


@pytest.mark.parametrize(("chat", "kind"), [(GROUP, "group"), (CHANNEL, "channel")])
async def test_a_group_or_channel_gets_every_season_while_the_bot_is_in_it(talk: Talk, chat: int, kind: str) -> None:
    talk.api.kick(chat, silent=True)
    talk.api.add_bot(chat)
    await talk.idle()
    assert (await stands(chat)).every_season
    assert (await in_database(Subscriber.objects.get, telegram_id=chat)).kind == kind
    assert len(talk.api.messages(chat)) == (kind == "group")
    talk.api.kick(chat)
    await talk.idle()
    assert (await stands(chat)).off_reason == "removed"
    talk.api.add_bot(chat)
    await talk.idle()
    assert (await stands(chat)).active


async def test_a_channel_that_takes_the_right_to_post_is_off_until_it_gives_it_back(talk: Talk) -> None:
    talk.api.kick(CHANNEL, silent=True)
    talk.api.add_bot(CHANNEL)
    chat = talk.api.chats[CHANNEL]
    granted = talk.api.membership(chat)
    refused = granted | {"can_post_messages": False}
    for old, new, active in ((granted, refused, False), (refused, granted, True)):
        change = {"chat": chat.json(), "from": granted["user"], "date": 1}
        talk.api.add_update("my_chat_member", {**change, "old_chat_member": old, "new_chat_member": new})
        await talk.idle()
        assert (await stands(CHANNEL)).active is active


async def test_a_promotion_in_a_group_does_not_undo_a_stop(talk: Talk) -> None:
    await talk.say("/start", chat=GROUP)
    await talk.say("/stop", by=ADMIN, chat=GROUP)
    talk.api.add_bot(GROUP)  # it was a member before
    await talk.idle()
    assert (await stands(GROUP)).off_reason == "stopped"


async def test_in_a_group_commands_carry_the_bots_name(talk: Talk) -> None:
    name = talk.api.bot.username
    answer = await talk.say(f"/start@{name.upper()}", chat=GROUP)
    assert answer.text.startswith("Welcome, Asha!\nJobs, shortlists, offers and updates of all seasons")
    talk.api.user_says(STUDENT, "/stop@another_bot", chat_id=GROUP)
    talk.api.user_says(STUDENT, "hello", chat_id=GROUP)
    await talk.idle()
    assert talk.api.messages(GROUP) == [answer]


async def test_only_admins_change_what_comes_into_a_group(talk: Talk) -> None:
    welcome = await talk.say("/start", chat=GROUP)
    assert (await talk.say("/stop", chat=GROUP)).text == str(replies.GROUP_ADMINS_ONLY)
    assert (await talk.press(welcome, "Choose what you want"))["text"] == replies.GROUP_ADMINS_ONLY
    assert (await stands(GROUP)).active
    assert (await talk.say("/stop", by=ADMIN, chat=GROUP)).text == str(replies.STOPPED_NOW)


async def test_what_an_admin_of_a_group_switched_off_only_an_admin_switches_on(talk: Talk) -> None:
    talk.api.chats[GROUP].owner = OTHER
    await talk.say("/start", chat=GROUP)
    await talk.say("/stop", by=OTHER, chat=GROUP)
    assert (await talk.say("/start", chat=GROUP)).text == str(replies.GROUP_ADMINS_ONLY)
    assert (await stands(GROUP)).off_reason == "stopped"
    assert (await talk.say("/start", by=OTHER, chat=GROUP)).text.startswith("Welcome back")
    assert (await stands(GROUP)).active


async def test_putting_the_bot_into_a_group_again_does_not_undo_a_stop_but_for_an_admin(talk: Talk) -> None:
    talk.api.chats[GROUP].owner = OTHER
    await talk.say("/start", chat=GROUP)
    await talk.say("/stop", by=OTHER, chat=GROUP)
    for by, active in ((STUDENT, False), (OTHER, True)):
        talk.api.kick(GROUP, silent=True)
        talk.api.add_bot(GROUP, by=by)
        await talk.idle()
        assert (await stands(GROUP)).active is active


async def test_a_group_switched_off_because_the_bot_was_removed_may_be_started_by_anybody(talk: Talk) -> None:
    await talk.say("/start", chat=GROUP)
    talk.api.kick(GROUP)
    await talk.idle()
    talk.api.chats[GROUP].state = "open"
    assert (await talk.say("/start", chat=GROUP)).text.startswith("Welcome back")


async def test_nobody_is_forgotten_in_a_group(talk: Talk) -> None:
    assert (await talk.say("/forget", chat=GROUP)).text == str(replies.FORGET_IN_PRIVATE)


async def test_a_group_that_becomes_a_supergroup_keeps_its_subscription(talk: Talk) -> None:
    await talk.say("/start", chat=GROUP)
    talk.api.migrate(GROUP, CHANNEL - 1)
    await talk.idle()
    assert await in_database(standing, GROUP) is None
    assert (await stands(CHANNEL - 1)).active


async def test_an_admin_gets_the_admins_menu_on_start(talk: Talk) -> None:
    await talk.say("/start", by=ADMIN)
    await talk.say("/help", by=ADMIN)
    assert talk.api.methods.menu(talk.api.chats[ADMIN])


# --- forums --------------------------------------------------------------------

FORUM, PLACEMENTS, GOSSIP = -1_001_000_000_077, 7, 8


@pytest.fixture
async def forum(talk: Talk) -> Talk:
    talk.api.add_forum(FORUM, "CSE 2027", owner=OTHER, topics=(PLACEMENTS, GOSSIP))
    return talk


async def test_start_in_a_topic_keeps_it_and_is_answered_there(forum: Talk) -> None:
    answer = await forum.say("/start", chat=FORUM, topic=PLACEMENTS)
    assert answer.text.startswith("Welcome")
    assert answer.thread == PLACEMENTS
    assert (await stands(FORUM)).topic == PLACEMENTS


async def test_start_in_general_keeps_no_topic(forum: Talk) -> None:
    answer = await forum.say("/start", chat=FORUM)
    assert (answer.thread, (await stands(FORUM)).topic) == (0, None)


async def test_only_an_admin_of_the_group_moves_notices_to_another_topic(forum: Talk) -> None:
    await forum.say("/start", chat=FORUM, topic=PLACEMENTS)
    assert (await forum.say("/start", chat=FORUM, topic=GOSSIP)).text == str(replies.TOPIC_FOR_ADMINS)
    assert (await stands(FORUM)).topic == PLACEMENTS
    assert (await forum.say("/start", by=OTHER, chat=FORUM, topic=GOSSIP)).text.startswith("Welcome back")
    assert (await stands(FORUM)).topic == GOSSIP
    await forum.say("/start", by=OTHER, chat=FORUM)
    assert (await stands(FORUM)).topic is None


@pytest.mark.parametrize("state", ["closed", "deleted"])
async def test_an_answer_to_a_topic_that_is_closed_or_gone_comes_to_general(forum: Talk, state: TopicState) -> None:
    forum.api.set_topic(FORUM, GOSSIP, state)
    answer = await forum.say("/status", chat=FORUM, topic=GOSSIP)
    assert (answer.text, answer.thread) == (str(replies.NOT_SUBSCRIBED), 0)


async def test_an_answer_to_a_group_that_is_closed_altogether_delays_no_other(forum: Talk) -> None:
    forum.api.set_topic(FORUM, GOSSIP, "closed")
    forum.api.set_topic(FORUM, 0, "closed")
    forum.api.user_says(STUDENT, "/status", chat_id=FORUM, topic=GOSSIP)
    await forum.idle()
    assert (await forum.say("/start")).text.startswith("Welcome, Asha!")
