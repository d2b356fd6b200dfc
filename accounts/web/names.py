"""Who may see the names of students on a page (spec: attachments, Telling)."""

from django.http import HttpRequest


def may_see_names(request: HttpRequest) -> bool:
    """Staff may; nobody else on the open pages. Members, once there are any, are asked for here."""
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_staff)
