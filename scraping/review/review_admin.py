"""The admin's list of what somebody should look at, and the page with text and reading side by side."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.timesince import timesince

from notifications.models import Notice
from scraping.models import Review
from scraping.review import closing, corpus
from scraping.review.forms import CorrectionForm
from scraping.review.page import LABELS, SEES_NAMES, Entry, ReviewPage

OPEN = "open"
STANDINGS: dict[str, tuple[str, Q]] = {
    OPEN: ("Open", Q(closed_at=None)),
    "held": ("Held back", Q(held_since__isnull=False)),
    "done": ("Done", Q(closed_at__isnull=False)),
    "all": ("All", Q()),
}


class StandingFilter(admin.SimpleListFilter):
    """Open ones, unless others are asked for."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in STANDINGS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        return queryset.filter(STANDINGS.get(self.value() or OPEN, STANDINGS[OPEN])[1])


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin[Review]):
    list_filter = (StandingFilter,)
    ordering = ("opened_at", "pk")
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "admin/scraping/review/list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        """A review that is gone would take its correction along."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).select_related("item", "closed_by").defer("item__payload")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Who may not see names must not find a text by one."""
        return ("title", "key") if request.user.has_perm(SEES_NAMES) else ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        counts = Review.objects.aggregate(
            **{name: Count("pk", filter=condition) for name, (_, condition) in STANDINGS.items()},
            oldest=Min("opened_at", filter=Q(closed_at=None)),
        )
        now = request.GET.get(StandingFilter.parameter_name) or OPEN
        tabs = [(name, label, counts[name], name == now) for name, (label, _) in STANDINGS.items()]
        oldest = timesince(counts["oldest"], depth=1) if counts["oldest"] else ""
        response = super().changelist_view(request, {"title": "Readings to look at", "tabs": tabs, "oldest": oldest})
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            names = request.user.has_perm(SEES_NAMES)
            found = response.context_data["cl"].result_list
            response.context_data["entries"] = [Entry(review, names=names) for review in found]
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page; with an `action` in a POST what a press means."""
        review = self.get_object(request, unquote(object_id or ""))
        if not self.has_view_or_change_permission(request, review):
            raise PermissionDenied
        if review is None:
            raise Http404
        if request.method != "POST":
            return self._page(request, review)
        if not self._may_change(request):
            raise PermissionDenied
        press = {"correct": self._correct, "confirm": self._confirm, "save_to_corpus": self._save_to_corpus}
        action: Callable[..., HttpResponse] = press.get(request.POST.get("action", ""), self._page)
        try:
            return action(request, review)
        except closing.ChangedMeanwhileError:
            self.message_user(request, "It changed meanwhile: look again. Nothing was done.", messages.WARNING)
            return redirect("admin:scraping_review_change", review.pk)

    def _may_change(self, request: HttpRequest) -> bool:
        """Who can't see whom a text names can't judge how it was read."""
        return self.has_change_permission(request) and request.user.has_perm(SEES_NAMES)

    def _confirm(self, request: HttpRequest, review: Review) -> HttpResponse:
        return self._closed(request, closing.confirm(review.pk, request.user.pk, request.POST.get("seen", "")))

    def _correct(self, request: HttpRequest, review: Review) -> HttpResponse:
        form = CorrectionForm(review.read | review.correction, review.read, request.POST)
        if not form.is_valid():
            return self._page(request, review, form)
        seen = request.POST.get("seen", "")
        return self._closed(request, closing.correct(review.pk, request.user.pk, seen, form.correction()))

    def _save_to_corpus(self, request: HttpRequest, review: Review) -> HttpResponse:
        """The pair as a download, and in the corpus where there is one."""
        try:
            pair = corpus.pair_of(review)
        except ValueError as error:
            self.message_user(request, f"It can't be saved: {error}", messages.ERROR)
            return redirect("admin:scraping_review_change", review.pk)
        try:
            corpus.keep(pair)
        except OSError as error:
            said = f"It could not be written into the corpus here ({error.strerror}): take the download."
            self.message_user(request, said, messages.WARNING)
        return HttpResponse(
            corpus.zipped(pair),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="review-{review.pk}.zip"'},
        )

    def _closed(self, request: HttpRequest, review: Review) -> HttpResponse:
        """Say what became of it, and lead back to the list."""
        if review.is_open:
            said = "Your word is kept. It is read otherwise now than it was shown: look again."
            self.message_user(request, said, messages.WARNING)
            return redirect("admin:scraping_review_change", review.pk)
        names = ", ".join(label.lower() for name, label in LABELS.items() if name in review.correction)
        lines = [f"Corrected: {names}." if names else "It is right: closed."]
        if Notice.objects.filter(external_key=review.key, announced=False, withdrawn_at=None).exists():
            lines.append("It stands on the site; to wake anybody it is too old.")
        self.message_user(request, " ".join(lines), messages.SUCCESS)
        return redirect("admin:scraping_review_changelist")

    def _page(self, request: HttpRequest, review: Review, form: CorrectionForm | None = None) -> HttpResponse:
        page = ReviewPage(review, names=request.user.has_perm(SEES_NAMES))
        if form is None and self._may_change(request):
            form = CorrectionForm(review.read | review.correction, review.read)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "A reading to look at" if review.is_open else "A reading that was looked at",
            "review": review,
            "page": page,
            "form": form,
            "fields": page.fields(form) if form else (),
            "seen": closing.stamp(review),
            "has_corpus": corpus.corpus_folder() is not None,
        }
        return TemplateResponse(request, "admin/scraping/review/page.html", context)
