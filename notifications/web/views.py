"""Public pages: notices, one of them, their feed, and where a browser subscribes (no page names a student)."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from pydantic import ValidationError

from accounts.categories import Category
from accounts.models import default_season
from accounts.subscribing.subscriptions import seasons_offered
from accounts.web.caching import cached_by_version
from notifications.api import NoticeFilter
from notifications.models import Notice
from notifications.rendering.formats import printable
from notifications.rendering.public import PublicNotice, version, visible_notices
from notifications.rendering.render import link_label
from notifications.rendering.retold import retold
from notifications.telegram_bot.bot_link import bot_link, qr_code
from notifications.web.files import links_to_files
from notifications.web.push_api import public_key

PAGE_SIZE = 20
FEED_SIZE = 50
_FILTERS = ("q", "category", "season", "company")


@require_safe
@cached_by_version(version)
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first, searched and filtered by the query; a filter that makes no sense finds nothing."""
    chosen = {name: value for name in _FILTERS if (value := request.GET.get(name, "").strip())}
    page = Paginator(_found(chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    entries = [PublicNotice(notice) for notice in page.object_list]
    context = {
        "page": page,
        "entries": entries,
        "chosen": chosen,
        "categories": Category.choices,
        "seasons": seasons_shown(),
    }
    return render(request, "notifications/pages/notices.html", context)


@require_safe
@cached_by_version(version)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    found = PublicNotice(get_object_or_404(visible_notices(), pk=notice_id))
    context = {
        "entry": found,
        "files": [file for file in links_to_files(found.notice) if not found.names_someone(str(file["name"]))],
        "details": found.details.items(),
        "links": web_links([*found.links, {"url": found.url, "label": link_label(found.notice)}]),
    }
    return render(request, "notifications/pages/notice.html", context)


@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    link = bot_link()
    context = {
        "bot": link,
        "here_only": urlsplit(link).hostname in ("127.0.0.1", "localhost"),
        "qr_code": qr_code(link) if link else "",
        "key": public_key(),
        "categories": Category.choices,
        "seasons": seasons_shown(),
        "default_season": str(default_season()),
    }
    return render(request, "notifications/pages/subscribe.html", context | {"said": said_by_script()})


def said_by_script() -> dict[str, str]:
    """Return what subscribe.js says, by the names it has there."""
    return {
        "wait": _("One moment…"),
        "on": _("Notifications are on in this browser."),
        "off": _("Notifications are off. Nothing more will come."),
        "turnOn": _("Turn on notifications"),
        "save": _("Save my choice"),
        "failed": _("That didn't work. Try again in a minute."),
        "tooMany": _("Too many at once. Try again in %(seconds)s seconds."),
        "notAllowed": _("Your browser does not let this page notify you. Its site settings can change that."),
        "cannot": _("This browser takes no messages from pages. On an iPhone, first add this page to the Home Screen."),
        "noCategory": _("Choose at least one kind of notice."),
        "noSeason": _("Choose at least one season."),
    }


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it stands at the root, as it may only look after what lies below it."""
    icon = static("site/icon-192.png")
    return render(request, "notifications/worker.js", {"icon": icon}, content_type="text/javascript; charset=utf-8")


class NoticeFeed(Feed[Notice, None]):
    """The newest notices for feed readers."""

    feed_type = Atom1Feed
    title = _lazy("SuperSet Bot: notices")
    subtitle = _lazy("What is new in placements")
    author_name = "SuperSet Bot"  # RFC 4287 asks for one

    def link(self) -> str:
        return reverse("home")

    def items(self) -> list[Notice]:
        return list(visible_notices()[:FEED_SIZE])

    def item_title(self, item: Notice) -> str:
        return printable(PublicNotice(item).headline)

    def item_description(self, item: Notice) -> str:
        return printable(PublicNotice(item).html)

    def item_link(self, item: Notice) -> str:
        return reverse("notice", args=[item.pk])

    def item_pubdate(self, item: Notice) -> Any:
        return item.published_at

    def item_updateddate(self, item: Notice) -> Any:
        return item.edited_at or item.published_at

    def item_categories(self, item: Notice) -> tuple[str, ...]:
        return (str(item.get_category_display()),) if item.category else ()


def web_links(links: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the links that are web addresses, each with a label."""
    shown = []
    for link in links:
        try:
            parts = urlsplit(link.get("url", ""))
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.netloc:
            shown.append(
                {"url": link["url"], "label": retold(link.get("label") or "") or parts.netloc.removeprefix("www.")}
            )
    return shown


def _found(chosen: dict[str, str]) -> Any:
    try:
        filters = NoticeFilter(**chosen)  # type: ignore[arg-type] # it reads and checks text
    except ValidationError:
        return Notice.objects.none()
    return filters.filter(visible_notices().defer("body", "links"))


def seasons_shown() -> list[str]:
    """The newest first."""
    return [str(season) for season in sorted(seasons_offered(), reverse=True)]
