"""/calendar: the secret address of one's own calendar (spec: personal, My time)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InlineKeyboardButton as Key
from telegram import MessageEntity

from accounts.models import Subscriber
from accounts.telegram.call import Call
from accounts.telegram.registry import Topic, command, in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from notifications.my_time import calendar_links
from notifications.rendering.pages import is_button_url, web_url
from notifications.telegram_bot.numbered import Message


@command("calendar", does=_lazy("Your dates in the calendar of your phone"), about=Topic.YOU)
async def calendar(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(_("Please send me /calendar in a private chat."))
        return
    asked = call.words[0].lower() if call.words else ""
    text, entities, keyboard = await in_database(_answer, call.user.id, asked)
    await call.reply(text, keyboard, entities=entities, stored=False)


def _answer(telegram_id: int, asked: str) -> Message:
    person = Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON).first()
    if person is None:
        return str(NOT_SUBSCRIBED), [], []
    if asked == "off":
        return _off(person), [], []
    if not web_url("/"):
        return _("There is no web page yet that a calendar could ask."), [], []
    if asked not in ("", "new"):
        return _("Send /calendar for your address, /calendar new for another one, /calendar off to end it."), [], []
    token = calendar_links.renew(person) if asked else calendar_links.link_token(person)
    if not token:
        return _("Your address can't be shown any more, but it still works. /calendar new makes another one."), [], []
    return _shown(token, is_new=bool(asked))


def _off(person: Subscriber) -> str:
    if calendar_links.revoke(person):
        return _("Your calendar is off: its address opens nothing any more.")
    return _("You have no calendar. /calendar makes one.")


def _shown(token: str, *, is_new: bool) -> Message:
    address = web_url(calendar_links.FEED_PATH.format(token=token))
    text = _(
        "%(begin)s\n\n%(address)s\n\nAdd it to your calendar app as a subscription; it keeps itself up to date. "
        "Whoever has the address reads your dates, so keep it to yourself. /calendar new makes another one and ends "
        "this one, /calendar off ends it."
    ) % {"begin": _begin(is_new=is_new), "address": address}
    code = MessageEntity(MessageEntity.CODE, text.index(address), len(address))
    entities = list(MessageEntity.adjust_message_entities_to_utf_16(text, [code]))
    keys = [Key(label, url=url) for label, url in calendar_links.add_to_calendar(token).items()]
    return text, entities, [keys] if is_button_url(address) else []


def _begin(*, is_new: bool) -> str:
    if is_new:
        return _("📅 Your new calendar; the old address opens nothing any more:")
    return _("📅 Your deadlines and dates as a calendar:")
