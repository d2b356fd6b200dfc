"""Who may see the names of students on a page (spec: attachments, Telling)."""

from django.http import HttpRequest


def may_see_names(request: HttpRequest) -> bool:
    """Return whether the request comes from staff. Nobody else sees names on the open pages."""
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_staff)
