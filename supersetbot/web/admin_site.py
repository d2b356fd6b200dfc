"""The admin's site: what holds for each of its pages, also for those that other packages register."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.main import ChangeList
from django.db.models import CharField, Model, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts import audit


class ListedLookups(ChangeList):
    """A list that is filtered by what its `list_filter` and `date_hierarchy` offer, and by nothing else.

    Django also takes any lookup of the model's own fields from the address, JSON included: whoever may see a list could
    read, sign by sign, what the page keeps from them (spec: personal, Staff).
    """

    def get_filters(self, request: HttpRequest) -> Any:
        """Raises DisallowedModelAdminLookup, which is answered with 400, for a lookup that no filter took."""
        found = super().get_filters(request)
        days = f"{self.date_hierarchy}__"
        if any(not (self.date_hierarchy and name.startswith(days)) for name in found[2]):
            raise DisallowedModelAdminLookup("This list is not filtered by that.")
        return found


class NamedValues(admin.AllValuesFieldListFilter):
    """A filter by the values of a text column, in which the empty one has a name to press."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "None"}


admin.FieldListFilter.register(
    lambda field: isinstance(field, CharField) and not field.choices, NamedValues, take_priority=True
)


class GuardedAdmin(admin.ModelAdmin[Any]):
    """Stands before each registered class."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ListedLookups

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *more: Any, **named: Any
    ) -> HttpResponse | None:
        """Have the rows that were chosen stand in the audit log; read before the action, which may delete them."""
        if request.POST.get("select_across", "0") != "0":
            audit.done_to(request, audit.chosen(queryset))
        elif keys := request.POST.getlist(helpers.ACTION_CHECKBOX_NAME):
            audit.done_to(request, audit.chosen(queryset.filter(pk__in=keys)))
        return super().response_action(request, queryset, *more, **named)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """An action that names no right is for those who may change the rows."""
        actions = super().get_actions(request)
        if self.has_change_permission(request):
            return actions
        return {name: found for name, found in actions.items() if found and hasattr(found[0], "allowed_permissions")}


class Site(admin.AdminSite):
    """Registers each class below GuardedAdmin."""

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        base = admin_class or admin.ModelAdmin
        super().register(
            model_or_iterable, type(base.__name__, (GuardedAdmin, base), {"__module__": base.__module__}), **options
        )
