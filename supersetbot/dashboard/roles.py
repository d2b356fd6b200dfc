"""Roles of staff. Whoever is in the group "Readers" sees everything in the admin, and changes nothing."""

from typing import Any

from django.contrib.auth.models import Group, Permission

READERS = "Readers"
APPS = ("accounts", "notifications", "scraping", "supersetbot", "django_q")


def make_readers(*, using: str, **_: Any) -> None:
    """Make the group where it is missing, and let it see what a newer version stores (a receiver of post_migrate)."""
    group, _new = Group.objects.using(using).get_or_create(name=READERS)
    may_see = Permission.objects.using(using).filter(content_type__app_label__in=APPS, codename__startswith="view_")
    missing = may_see.exclude(group=group)
    if missing:
        group.permissions.add(*missing)
