"""The bot's side of subscriptions: joining, leaving, choosing, being forgotten; blocks, removals, moved groups."""

from collections.abc import Callable

import telegram
from django.utils.translation import gettext_lazy as _lazy
from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from accounts.categories import Category
from accounts.language import spoken
from accounts.models import Subscriber
from accounts.personal import timing
from accounts.seasons import show_season
from accounts.subscribing import forgetting, subscriptions, topics
from accounts.subscribing.subscriptions import BLOCKED, REMOVED, Chat, Standing

# F401: they register themselves
from accounts.telegram import (  # noqa: F401
    data_commands,
    invitation_commands,
    language_commands,
    member_commands,
    profile_answers,
    profile_commands,
    replies,
)
from accounts.telegram.call import Call, Context, Keyboard
from accounts.telegram.group_admins import GROUP_ADMINS, for_who_may_change, may_change
from accounts.telegram.own_menu import drop_menu
from accounts.telegram.registry import HANDLERS, Topic, button, command, in_database, offers, status_lines

Page = Callable[[Standing], tuple[str, Keyboard]]


def chat_of(chat: telegram.Chat) -> Chat:
    """A chat as subscriptions know it."""
    kind = Subscriber.Kind.GROUP
    if chat.type == chat.PRIVATE:
        kind = Subscriber.Kind.PERSON
    elif chat.type == chat.CHANNEL:
        kind = Subscriber.Kind.CHANNEL
    return Chat(chat.id, kind, chat.effective_name or "", chat.username or "", spoken())


async def _may_start(chat: telegram.Chat, user: telegram.User, message: telegram.Message | None = None) -> bool:
    """Return whether this user may start notices in a chat: after an admin switched them off, only an admin may."""
    return not await in_database(subscriptions.is_switched_off, chat.id) or await may_change(chat, user, message)


@command("start", does=_lazy("Get placement notices here"), about=Topic.NOTICES)
async def start(call: Call) -> None:
    if not await _may_start(call.chat, call.user, call.update.message):
        await call.reply(replies.GROUP_ADMINS_ONLY)
        return
    standing, new = await in_database(subscriptions.start, chat_of(call.chat))
    if not await _goes_to_topic(call, standing, new=new):
        await call.reply(replies.TOPIC_FOR_ADMINS)
        return
    name = subscriptions.clean_name(call.user.full_name)
    alone = call.chat.type == call.chat.PRIVATE  # what waits for a group is not deleted by /forget of one in it
    waits = await in_database(timing.waits, call.chat.id)
    text = replies.welcome(name, standing, new=new, waits=waits)
    await call.reply(text, [[replies.choose_key()], *offers()], stored=alone)
    if call.words and call.chat.type == call.chat.PRIVATE:
        await member_commands.accept_invitation(call, call.words[0])


async def _goes_to_topic(call: Call, standing: Standing, *, new: bool) -> bool:
    """Keep the topic of a forum that /start was sent in. Where notices go to another one, only an admin changes it."""
    if call.topic == standing.topic:
        return True
    if not new and not await may_change(call.chat, call.user, call.update.message):
        return False
    return await in_database(topics.choose, call.chat.id, call.topic)


@command("stop", does=_lazy("No more notices"), about=Topic.NOTICES)
@for_who_may_change
async def stop(call: Call) -> None:
    changed = await in_database(subscriptions.switch_off, call.chat.id, subscriptions.STOPPED)
    await call.reply(replies.STOPPED_NOW if changed else replies.STOPPED_BEFORE)


@command("status", does=_lazy("What comes here, and a button to change it"), about=Topic.NOTICES)
async def status(call: Call) -> None:
    standing = await in_database(subscriptions.standing, call.chat.id)
    if standing is None:
        await call.reply(replies.NOT_SUBSCRIBED)
    else:
        more = await in_database(status_lines, call.chat.id)
        await call.reply("\n".join([replies.status(standing), *more]), [[replies.choose_key()]])


@button("choose")
@for_who_may_change
async def choose(call: Call) -> None:
    standing = await in_database(subscriptions.standing, call.chat.id)
    await _show(call, replies.categories, standing, in_place=False)


@button("categories")
@for_who_may_change
async def choose_categories(call: Call) -> None:
    await _show(call, replies.categories, await in_database(subscriptions.standing, call.chat.id))


@command("placement_year", does=_lazy("Choose the seasons you follow"), about=Topic.NOTICES)
@button("seasons")
@for_who_may_change
async def choose_seasons(call: Call) -> None:
    await _show(call, replies.seasons, await in_database(subscriptions.standing, call.chat.id))


@button(r"category:(\w+):(on|off)")
@for_who_may_change
async def switch_category(call: Call) -> None:
    category, to = call.words
    standing = await in_database(subscriptions.mute, call.chat.id, category, on=to == "off")
    label = next((each.label for each in Category if each == category), category)
    await _show(call, replies.categories, standing, toast=replies.switched(label, on=to == "on"))


@button(r"season:(20\d{4}):(on|off)")
@for_who_may_change
async def switch_season(call: Call) -> None:
    season, to = call.words
    standing = await in_database(subscriptions.follow, call.chat.id, int(season), on=to == "on")
    if standing and to == "off" and standing.follows(int(season)):
        await call.toast(replies.LAST_SEASON, alert=True)
    else:
        toast = replies.switched(show_season(int(season)), on=to == "on")
        await _show(call, replies.seasons, standing, toast=toast)


async def _show(call: Call, page: Page, standing: Standing | None, *, in_place: bool = True, toast: str = "") -> None:
    if standing is None:
        await call.toast(replies.NOT_SUBSCRIBED, alert=True)
        return
    await call.toast(toast, seen=True)
    await (call.show if in_place else call.reply)(*page(standing))


@command("forget", does=_lazy("Delete what is stored about you"), about=Topic.YOU)
async def forget(call: Call) -> None:
    if call.chat.type == call.chat.PRIVATE:
        await call.reply(replies.FORGET_QUESTION, replies.forget_keyboard())
    else:
        await call.reply(replies.FORGET_IN_PRIVATE)


@button("forget:(yes|no)")
async def forget_or_keep(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.toast(replies.FORGET_IN_PRIVATE, alert=True)
        return
    await call.toast()
    if call.words == ("no",):
        await call.show(replies.KEPT)
    else:
        known = await in_database(forgetting.forget, call.user.id)
        await call.show(replies.forgotten() if known else replies.NOTHING_TO_FORGET, stored=False)
        await drop_menu(call)


async def membership_changed(update: Update, context: Context) -> None:
    """Handle a block, an unblock, or a change of the bot's place in a group or channel (my_chat_member)."""
    change = update.my_chat_member
    if change is None:
        return
    chat, private = change.chat, change.chat.type == change.chat.PRIVATE
    if not _may_post(change.new_chat_member, chat):
        await in_database(subscriptions.switch_off, chat.id, BLOCKED if private else REMOVED)
    elif private or _may_post(change.old_chat_member, chat):
        await in_database(subscriptions.revive, chat.id)
    elif await _may_start(chat, change.from_user):
        await in_database(subscriptions.start, chat_of(chat))
        if chat.type != chat.CHANNEL:
            await Call(update, context, chat, change.from_user, "joined").reply(replies.GROUP_JOINED)


def _may_post(member: ChatMember, chat: telegram.Chat) -> bool:
    if isinstance(member, telegram.ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    if isinstance(member, telegram.ChatMemberAdministrator) and chat.type == chat.CHANNEL:
        return member.can_post_messages is not False
    return member.status in (*GROUP_ADMINS, ChatMember.MEMBER)


async def group_moved(update: Update, _: Context) -> None:
    """A group became a supergroup: the one of these two messages that comes first moves the subscription."""
    message = update.effective_message
    if message and message.migrate_to_chat_id:
        await in_database(subscriptions.move, message.chat.id, message.migrate_to_chat_id)
    elif message and message.migrate_from_chat_id:
        await in_database(subscriptions.move, message.migrate_from_chat_id, message.chat.id)


HANDLERS += [
    ChatMemberHandler(membership_changed, ChatMemberHandler.MY_CHAT_MEMBER),
    MessageHandler(filters.StatusUpdate.MIGRATE, group_moved),
]
