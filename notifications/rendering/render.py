"""A notice as messages of a channel: once a notice, however many it goes to (spec: messages)."""

import re
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.categories import Category
from accounts.language import spoken
from accounts.models import Subscription
from accounts.times import moment, until
from notifications.details import Label
from notifications.models import Delivery, Notice, StoredFile
from notifications.rendering import reminding
from notifications.rendering.answers import with_answers
from notifications.rendering.digest import digest_messages, digested
from notifications.rendering.emoji import EMOJI, OTHER
from notifications.rendering.files import document_parts, edited_parts, stored_files
from notifications.rendering.headline import headline_of, placed_in_all
from notifications.rendering.messages import Button, Part, PushPart, RichText, TelegramPart, Told
from notifications.rendering.own import Own, Reader, own_words, readers, with_own
from notifications.rendering.pages import is_button_url, opened_by_push, page_buttons
from notifications.rendering.public import without_names
from notifications.rendering.reminder_messages import reminder_parts
from notifications.rendering.reminding import Reminders, is_reminder
from notifications.rendering.retold import retold, retold_body, retold_detail, retold_label
from notifications.rendering.richtext import clean_html, split, to_rich_text

_OWN_TEMPLATE: dict[str, str] = {Category.JOB_POSTING: "job_posting", Category.PLACEMENT_OFFER: "placement_offer"}
_TOLD_LATE = timedelta(hours=1)  # what reached people later says when it was published: Telegram shows when it came
_DEADLINE_ALONE = re.compile(r"deadline (?!.*, (?:date|venue) )")
_GREETING = re.compile(
    r"^<p>(?:(?:Dear|Respected)(?:\s+[\w/&.'’-]+){1,6}\s*,"
    r"|(?:Hello|Hi|Greetings)(?:\s+(?:dear|all|everyone|students?|team|there))*\s*[,!.]?)\s*(?:</p>|<br>)",
    re.IGNORECASE,
)
CLASH = "clash"  # the rule of a message that my_time/clashes.py makes
_MOST_BUTTONS = 2
_OWN_PLACE = frozenset(Label)
_KEPT = 200
_URGENT_TTL, _BULK_TTL = 12 * 3600, 3 * 24 * 3600
_NO_LONGER_NEEDED = TelegramPart(RichText("…"))  # an edit made the notice shorter than what went out


@dataclass(frozen=True, slots=True)
class Rendered:
    """The messages of one version of a notice."""

    version: int
    parts: tuple[Part, ...]
    told: tuple[tuple[Told, ...], ...] = ()  # by each part, of a digest

    def answering(self, message: int) -> "Rendered":
        """Return these messages, the first of them as an answer to one of the chat."""
        first = self.parts[0]
        if not isinstance(first, TelegramPart):
            return self
        return replace(self, parts=(replace(first, reply_to=message), *self.parts[1:]))

    @property
    def told_by_all(self) -> tuple[Told, ...]:
        return tuple(chain.from_iterable(self.told))

    def told_by(self, part: int) -> tuple[Told, ...]:
        """Return what the message tells that is sent as this part."""
        return self.told[part] if part < len(self.told) else ()


class Addressed(reminding.Addressed, Protocol):
    """A delivery, as far as its text depends on its reader."""

    @property
    def named(self) -> str: ...
    @property
    def names(self) -> bool: ...


class Renderer:
    """Renders for one channel, once a version of a notice."""

    def __init__(self, channel: str) -> None:
        self._render = _RENDERERS[channel]
        self._channel = channel
        self._digests: dict[int, list[Delivery]] = {}
        self.reminders = Reminders((), {})
        self._sends_files = channel == Subscription.Channel.TELEGRAM
        self._notices: dict[int, Notice] = {}
        self._files: dict[str, StoredFile] = {}
        self._readers: dict[int, Reader] = {}
        self._done: dict[tuple[Any, ...], Rendered] = {}

    def load(self, addressed: Collection[Addressed]) -> None:
        """Read the notices of a batch as they are now, and what is known of whom they concern: one query each."""
        self._notices = Notice.objects.select_related("follows").in_bulk({item.notice_id for item in addressed})
        self._files = stored_files(self._notices.values()) if self._sends_files else {}
        asking = {notice.pk for notice in self._notices.values() if notice.eligibility}
        self._readers = readers({item.subscriber_id for item in addressed if item.named or item.notice_id in asking})
        self._digests = digested([item.id for item in addressed if self._is_digest(item)])
        self.reminders = Reminders(addressed, self._notices)
        if len(self._done) > _KEPT:
            self._done.clear()

    def notice(self, notice_id: int) -> Notice | None:
        """Returns a notice of the batch last loaded; None where it was deleted."""
        return self._notices.get(notice_id)

    def follows(self, notice_id: int) -> int | None:
        """Return which notice a notice of the batch tells a change of."""
        notice = self._notices.get(notice_id)
        return notice.follows_id if notice else None

    def own(self, notice: Notice, item: Addressed) -> Own | None:
        """Returns what concerns the reader of a delivery of the batch; None where nothing does."""
        reader = self._readers.get(item.subscriber_id)
        return own_words(notice, reader, item.named if item.names else "") if reader else None

    def _is_digest(self, item: Addressed) -> bool:
        notice = self._notices.get(item.notice_id)
        return notice is not None and notice.is_digest

    def digest(self, item: Addressed, *, edited: bool, parts_out: int) -> Rendered:
        """Returns the messages of a digest of the batch, which says how its notices stand now."""
        found = digest_messages(self._channel, self._digests.get(item.id, []), names=item.names)
        parts: tuple[Part, ...] = tuple(part for part, _ in found)
        if edited:
            parts = edited_parts(parts, (), parts_out, _NO_LONGER_NEEDED)
        return Rendered(1, parts, tuple(told for _, told in found))

    def refusal(self, notice: Notice, item: Addressed) -> str:
        """Returns why a delivery that has not begun must not go out any more; "" where it may."""
        return self.reminders.refusal(item.id) if is_reminder(notice) else ""

    def reminder(self, notice: Notice, item: Addressed, *, edited: bool, parts_out: int) -> Rendered:
        """Returns the messages of a reminder of the batch, below its reader's own words."""
        told = self.reminders.told(item.id, edited=edited)
        parts = with_own(reminder_parts(self._channel, told, names=item.names), self.own(notice, item))
        if edited:
            parts = edited_parts(parts, (), parts_out, _NO_LONGER_NEEDED)
        return Rendered(notice.version, parts, (told.others,))

    def rendered(
        self, notice: Notice, *, edited: bool, names: bool, personal: bool, parts_out: int, own: Own | None = None
    ) -> Rendered:
        """Returns the messages of a notice in the language spoken, below its reader's `own` words.

        They have students' names with `names` only.

        In a `personal` chat they have the buttons that say where one stands. An edit also covers the `parts_out`
        messages that went out before.
        """
        hour = int(time.time()) // 3600  # "in 2 hours" and "published" are true for a while
        own = None if notice.withdrawn_at else own
        said = own.says if own else frozenset()
        key = (notice.pk, notice.version, edited, names, personal, spoken(), hour, said)
        if key not in self._done:
            shared = self._render(notice, edited=edited, names=names, said=said)
            self._done[key] = Rendered(notice.version, with_answers(shared, notice) if personal else shared)
        texts = with_own(self._done[key].parts, own)
        documents = document_parts(notice, self._files, names=names) if self._sends_files else ()
        parts = edited_parts(texts, documents, parts_out, _NO_LONGER_NEEDED) if edited else (*texts, *documents)
        return Rendered(notice.version, parts)


def telegram_parts(notice: Notice, *, edited: bool = False, said: Collection[str] = ()) -> tuple[TelegramPart, ...]:
    """The notice as Telegram messages, without what the reader's own words `said`; buttons below the last one."""
    links = _buttons(notice)
    buttons = (*links, *page_buttons(notice))
    bodies = split(telegram_text(notice, edited=edited, with_links=not links, said=said))
    return tuple(
        TelegramPart(body, buttons if number == len(bodies) else ()) for number, body in enumerate(bodies, start=1)
    )


def telegram_text(
    notice: Notice, *, edited: bool = False, with_links: bool = True, said: Collection[str] = ()
) -> RichText:
    """The whole text with its formatting, however long, but for what was `said` above it (see Own)."""
    template = "change" if notice.follows_id else _OWN_TEMPLATE.get(notice.category, "base")
    details, headline = _details(notice), headline_of(notice)
    stage = "" if "stage" in said or notice.stage.casefold() in str(headline).casefold() else notice.stage
    context = {
        "notice": notice,
        "headline": headline,
        "stage": stage,
        "venue": "" if "venue" in said else notice.venue,
        "said": said,
        "in_all": placed_in_all(notice.details),
        "withheld": getattr(notice, "students_withheld", 0),
        "edited": edited,
        "emoji": "⚠️" if notice.rule == CLASH else EMOJI.get(notice.category, OTHER),
        "body": "" if _tells_all(notice, details) else _body(notice),
        "folded": _has_facts(notice, stage, details),
        "details": details,
        "near": _near(notice),
        "told": _told(notice, edited=edited),
        "documents": notice.details.get(Label.DOCUMENTS, "").splitlines(),
        "links": notice.links if with_links else [],
    }
    return to_rich_text(render_to_string(f"notifications/telegram/{template}.html", context))


def _details(notice: Notice) -> list[tuple[str, str]]:
    told = ((label, text) for label, text in notice.details.items() if label not in _OWN_PLACE)
    return [(retold_label(label), retold_detail(text, label)) for label, text in told]


def _tells_all(notice: Notice, details: Sequence[tuple[str, str]]) -> bool:
    """Whether the facts of a posting stand for its text, which is a press away."""
    return notice.category == Category.JOB_POSTING and bool(details and notice.url)


def _body(notice: Notice) -> SafeString:
    """Return the text as it was written, but for its greeting."""
    return mark_safe(_GREETING.sub(_kept_open, clean_html(retold_body(notice.body))))  # noqa: S308 (cleaned just here)


def _kept_open(greeting: re.Match[str]) -> str:
    return "<p>" if greeting[0].endswith("<br>") else ""


def _has_facts(notice: Notice, stage: str, details: Sequence[tuple[str, str]]) -> bool:
    """Whether facts stand above the text: then it repeats them, and is folded."""
    facts = (notice.package, notice.location, stage, notice.event_at, notice.venue, notice.deadline, notice.roster)
    return any(facts) or bool(details)


def _told(notice: Notice, *, edited: bool) -> str:
    """Return who wrote it; and when, where the time that Telegram shows beside the message is a later one."""
    shown_at = notice.first_seen_at if edited else timezone.now()
    is_late = shown_at - notice.published_at >= _TOLD_LATE
    return " · ".join(filter(None, (notice.author, moment(notice.published_at) if is_late else "")))


def _near(notice: Notice) -> str:
    """Return how near the deadline is, where the change is about it alone (publishing/changes.py)."""
    is_about = _DEADLINE_ALONE.match(notice.edit_note)
    words = until(notice.deadline, timezone.now()) if notice.deadline and is_about else ""
    return f" ({words})" if words else ""


def push_parts(notice: Notice, *, edited: bool = False) -> tuple[PushPart, ...]:
    """The notice as one Web Push message: the first line its title, the next lines its body."""
    lines = [line for line in telegram_text(notice, edited=edited, with_links=False).text.split("\n") if line.strip()]
    urgent = notice.category == Category.SHORTLISTING
    key = f"notice-{notice.follows_id or notice.pk}"
    part = PushPart(
        title=lines[0] if lines else retold(notice.title),
        body="\n".join(lines[1:3]),
        url=opened_by_push(notice),
        tag=key,
        topic=key,
        ttl=_URGENT_TTL if urgent else _BULK_TTL,
        urgency="high" if urgent else "normal",
    )
    return (part,)


def _buttons(notice: Notice) -> tuple[Button, ...]:
    """One or two links as buttons; more of them stand as a list in the text."""
    links = [(_worded(link), link["url"]) for link in notice.links if link.get("url")]
    if notice.url:
        links.append((link_label(notice), notice.url))
    fit = len(notice.links) <= _MOST_BUTTONS
    return tuple(Button(text[:64], url) for text, url in (links if fit else links[-1:]) if is_button_url(url))


def link_label(notice: Notice) -> str:
    """Return what the button to the place where a notice is opened says."""
    return retold(notice.url_label) or _("Open")


def _worded(link: dict[str, str]) -> str:
    """Return what the button of a link says: its words as a line of their own, else where it leads."""
    label = retold(link.get("label", ""))
    return label[:1].upper() + label[1:] if label else _host(link["url"])


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or _("link")).removeprefix("www.")
    except ValueError:
        return _("link")


def _telegram(notice: Notice, *, edited: bool, names: bool, said: Collection[str]) -> tuple[Part, ...]:
    return telegram_parts(notice if names else without_names(notice), edited=edited, said=said)


def _push(notice: Notice, *, edited: bool, names: bool, said: Collection[str]) -> tuple[Part, ...]:
    return push_parts(notice if names else without_names(notice), edited=edited)


def _webhook(notice: Notice, *, edited: bool, names: bool, said: Collection[str]) -> tuple[Part, ...]:
    from notifications.rendering.webhook import webhook_parts  # the API's schemas: nobody else here needs them

    return webhook_parts(notice, edited=edited, names=names)


_RENDERERS: dict[str, Callable[..., tuple[Part, ...]]] = {
    Subscription.Channel.TELEGRAM: _telegram,
    Subscription.Channel.WEB_PUSH: _push,
    Subscription.Channel.WEBHOOK: _webhook,
}
