"""The admin's pages of offers, head counts, official figures and policies."""

from typing import Any

import orjson
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.season_admin import BY_SEASON, EditsSeason, ShowsSeason, season
from notifications.rendering.formats import lpa
from scraping.models import Branch, EarlierBatch, Offer, OfferedStudent, OfficialSnapshot, Policy
from scraping.placements.counted import RUPEES_A_LAKH, settle
from scraping.placements.offers import key_of
from scraping.placements.statistics_output import table


class ReadOnly:
    """What programs write and people only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class StudentInline(admin.TabularInline[OfferedStudent, Offer]):
    model = OfferedStudent
    fields = ("name", "enrollment", "role", "package", "counts_as")
    readonly_fields = ("counts_as",)
    extra = 0

    @admin.display(description="counts with (LPA)")
    def counts_as(self, student: OfferedStudent) -> str:
        return f"{student.counted_package / RUPEES_A_LAKH:g}" if student.counted_package else "–"


@admin.register(Offer)
class OfferAdmin(EditsSeason[Offer], admin.ModelAdmin[Offer]):
    list_display = ("company", season, "named", "number_of_offers", "packages", "job", "told_at", "updated_at")
    list_filter = (BY_SEASON, ("job", admin.EmptyFieldListFilter))
    raw_id_fields = ("job", "notice")
    inlines = (StudentInline,)
    actions = ("export",)
    date_hierarchy = "first_seen_at"

    def has_export_permission(self, request: HttpRequest) -> bool:
        """The table names students."""
        return request.user.has_perm("scraping.view_offeredstudent")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Who may not see names must not find an offer by one."""
        names = ("students__name", "students__enrollment") if self.has_export_permission(request) else ()
        return ("company", *names)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return super().get_queryset(request).select_related("job").annotate(named_count=Count("students"))

    @admin.display(description="students", ordering="named_count")
    def named(self, offer: Any) -> int:
        return int(offer.named_count)

    @admin.display(description="packages")
    def packages(self, offer: Offer) -> str:
        return ", ".join(f"{role['role'] or 'any role'}: {_pay(role['package'])}" for role in offer.roles)

    def save_model(self, request: HttpRequest, obj: Offer, form: ModelForm[Offer], change: bool) -> None:
        obj.company_key = key_of(obj.company)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        settle(form.instance)

    @admin.action(description="Export the students as CSV", permissions=["export"])
    def export(self, request: HttpRequest, queryset: QuerySet[Offer]) -> HttpResponse:
        students = OfferedStudent.objects.filter(offer__in=queryset).select_related("offer")
        rows = [_row(student) for student in students.order_by("offer__company", "enrollment")]
        head = ("Season", "Company", "Name", "Enrolment number", "Role", "Package (LPA)")
        return HttpResponse(
            table(head, rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="placed-students.csv"'},
        )


def _pay(package: float | None) -> str:
    return lpa([package]) if package else "?"


def _row(student: OfferedStudent) -> tuple[object, ...]:
    package = student.counted_package / RUPEES_A_LAKH if student.counted_package else ""
    offer = student.offer
    return (offer.season, offer.company, student.name, student.enrollment, student.counted_role, package)


@admin.register(Branch)
class BranchAdmin(EditsSeason[Branch], admin.ModelAdmin[Branch]):
    list_display = ("branch", "campus", season, "start", "end", "students")
    list_editable = ("students",)
    list_filter = (BY_SEASON, "branch")


@admin.register(OfficialSnapshot)
class OfficialSnapshotAdmin(ShowsSeason, ReadOnly, admin.ModelAdmin[OfficialSnapshot]):
    list_display = ("__str__", season, "last_seen_at", "what_changed", "notice")
    list_filter = (BY_SEASON,)
    list_select_related = ("notice",)
    fields = ("first_seen_at", "last_seen_at", "season_shown", "what_changed", "shown", "content_hash", "notice")

    @admin.display(description="changed against the one before")
    def what_changed(self, snapshot: OfficialSnapshot) -> SafeString | str:
        lines = ((change["text"],) for change in snapshot.differences)
        return format_html_join("", "<div>{}</div>", lines) or "the first one"

    @admin.display(description="content")
    def shown(self, snapshot: OfficialSnapshot) -> SafeString:
        return format_html("<pre>{}</pre>", orjson.dumps(snapshot.content, option=orjson.OPT_INDENT_2).decode())


@admin.register(EarlierBatch)
class EarlierBatchAdmin(EditsSeason[EarlierBatch], admin.ModelAdmin[EarlierBatch]):
    list_display = ("name", season, "figures", "loaded_at")

    @admin.display(description="figures")
    def figures(self, batch: EarlierBatch) -> SafeString:
        return format_html_join("", "<div>{} {}</div>", batch.cards)


@admin.register(Policy)
class PolicyAdmin(ReadOnly, admin.ModelAdmin[Policy]):
    list_display = ("title", "year", "version", "updated_on", "created_at")
    list_filter = ("year",)
    search_fields = ("title", "content")
    fields = ("year", "version", "title", "updated_on", "what_changed", "text", "mail", "notice")

    @admin.display(description="changed against the version before")
    def what_changed(self, policy: Policy) -> SafeString | str:
        return format_html("<pre>{}</pre>", policy.changes) if policy.changes else "the first version"

    @admin.display(description="content")
    def text(self, policy: Policy) -> SafeString:
        return format_html("<pre>{}</pre>", policy.content)
