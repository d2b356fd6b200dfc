"""What came in, how it was read, and how each update went."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.season_admin import BY_SEASON, EditsSeason, ShowsSeason, season
from accounts.web.paging import open_at
from scraping.changes import announce
from scraping.models import Job, JobDocument, PortalAccount, RawItem, UpdateRun
from scraping.placements import placements_admin  # noqa: F401 (registers itself)
from scraping.review import review_admin  # noqa: F401 (registers itself)
from scraping.sources.mailbox.source import raw_of
from scraping.sources.names import label
from scraping.sources.registry import SOURCES
from scraping.telling.pay import pay

_NOT_TOLD = (
    'This changes the pages and figures of the job. What students were told stands in <a href="{}">its notice</a>: '
    "change it there, too."
)
_LONGEST_CONTENT = 50_000  # characters shown
_FIGURES = ("fetched", "new", "changed", "unchanged", "failed", "seconds")


class DocumentInline(admin.TabularInline[JobDocument, Job]):
    model = JobDocument
    extra = 0


class OpenFilter(admin.SimpleListFilter):
    """The jobs that one may still apply to."""

    title = "open now"
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str], ...]:
        return (("yes", "Yes"), ("no", "No"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        wanted = {"yes": True, "no": False}.get(self.value() or "")
        return queryset.filter(open_at(timezone.now(), wanted=wanted))


@admin.register(Job)
class JobAdmin(EditsSeason[Job], admin.ModelAdmin[Job]):
    list_display = ("company", "role", "deadline", "pay", "category_name", season, "created_at")
    list_filter = (OpenFilter, BY_SEASON, "category_name")
    search_fields = ("company", "role", "identifier")
    autocomplete_fields = ("notice",)
    inlines = (DocumentInline,)
    date_hierarchy = "created_at"

    @admin.display(description="package", ordering="package")
    def pay(self, job: Job) -> str:
        return pay(job)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        job = form.instance
        announce(Job, job.pk)
        if job.notice_id:
            page = reverse("admin:notifications_notice_change", args=[job.notice_id])
            self.message_user(request, format_html(_NOT_TOLD, page), messages.WARNING)


def _as_file(item: RawItem) -> tuple[str, bytes]:
    """An item as it came, with a name for its file: a mail as it was sent, anything else as JSON."""
    if item.kind == "mail" and "eml" in item.payload:
        return f"item-{item.pk}.eml", raw_of(item.payload)
    return f"item-{item.pk}.json", orjson.dumps(item.payload, option=orjson.OPT_INDENT_2)


class SourceFilter(admin.AllValuesFieldListFilter):
    """The sources that rows have, by the names that people know."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            name = str(choice["display"])
            yield {**choice, "display": label(name)} if name in SOURCES else choice


@admin.register(RawItem)
class RawItemAdmin(ShowsSeason, admin.ModelAdmin[RawItem]):
    list_display = ("what", season, "state", "reason", "doubt", "first_seen_at", "changed_at")
    list_filter = ("state", ("doubt", admin.EmptyFieldListFilter), ("source", SourceFilter), "kind", BY_SEASON)
    search_fields = ("key", "reason", "notice__title")
    raw_id_fields = ("notice",)
    exclude = ("payload", "season", "source")
    readonly_fields = ("source_shown", "kind", "key", "season_shown", "fingerprint", "content")
    actions = ("read_again",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawItem]:
        return super().get_queryset(request).defer("payload")

    @admin.display(description="item", ordering="pk")
    def what(self, item: RawItem) -> str:
        return f"{label(item.source)}: {item.kind} {item.key}"

    @admin.display(description="source")
    def source_shown(self, item: RawItem) -> str:
        return label(item.source)

    @admin.display(description="as it came")
    def content(self, item: RawItem) -> SafeString | str:
        if not item.pk:
            return "-"
        name, content = _as_file(item)
        text = content.decode(errors="replace")[:_LONGEST_CONTENT]
        link = reverse("admin:scraping_rawitem_file", args=[item.pk])
        return format_html('<a href="{}">Save it as {}</a><pre>{}</pre>', link, name, text)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.save_as_file)
        return [path("<int:item>/file/", view, name="scraping_rawitem_file"), *super().get_urls()]

    def save_as_file(self, request: HttpRequest, item: int) -> HttpResponse:
        """What `explain` reads (docs/misreads.md)."""
        found = get_object_or_404(RawItem, pk=item)
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        name, content = _as_file(found)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type="application/octet-stream", headers=headers)

    @admin.action(description="Read again at the next update")
    def read_again(self, request: HttpRequest, queryset: QuerySet[RawItem]) -> None:
        readable = queryset.exclude(key__startswith="rejected-")
        count = readable.update(state=RawItem.State.PENDING, reason="", attempts=0)
        self.message_user(request, f"{count} will be read again.", messages.SUCCESS)


@admin.register(PortalAccount)
class PortalAccountAdmin(admin.ModelAdmin[PortalAccount]):
    list_display = ("email", "last_login_at", "refusals", "last_refused_at")
    exclude = ("session", "refused_password")
    readonly_fields = ("email", "last_login_at", "last_refused_at", "refusals")
    actions = ("try_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Sign in anew at the next update, also with a password refused before")
    def try_again(self, request: HttpRequest, queryset: QuerySet[PortalAccount]) -> None:
        queryset.update(refusals=0, session=None)
        self.message_user(request, "The next update signs in anew.", messages.SUCCESS)


@admin.register(UpdateRun)
class UpdateRunAdmin(admin.ModelAdmin[UpdateRun]):
    list_display = ("id", "trigger", "state", "started_at", "ended_at", "notices", "queued", "sent", "error")
    list_filter = ("state", "trigger")
    date_hierarchy = "started_at"
    exclude = ("sources", "lease_until")
    readonly_fields = ("by_source",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UpdateRun | None = None) -> bool:
        return False

    @admin.display(description="sources")
    def by_source(self, run: UpdateRun) -> SafeString | str:
        """A line a source, its errors below."""
        lines = []
        for name, report in sorted(run.sources.items()):
            known = [key for key in _FIGURES if key in report]
            others = sorted(report.keys() - {*_FIGURES, "errors", "failed_whole", "told"})
            figures = ", ".join(f"{report[key]} {key}" for key in (*known, *others))
            lines.append((label(name), figures, "\n".join(map(str, report.get("errors") or ()))))
        return format_html_join("", "<p><strong>{}</strong>: {}</p><pre>{}</pre>", lines) or "nothing was read"
