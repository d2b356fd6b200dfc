"""The files of notices on the site, by signed links (spec: attachments, Telling)."""

from django.core import signing
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.web.names import may_see_names
from notifications.models import Notice, StoredFile
from notifications.rendering.files import stored_files

_SALT = "notifications.web.files"
_VALID_SECONDS = 7 * 24 * 3600


def links_to_files(notice: Notice) -> list[dict[str, object]]:
    """Name and address of each file; `members_only` where it names people, or may."""
    files = stored_files([notice])
    return [
        {"name": entry["name"], "url": _address(file, entry["name"]), "members_only": file.names_people}
        for entry in notice.files
        if (file := files.get(entry["digest"]))
    ]


def _address(file: StoredFile, name: str) -> str:
    plain = "".join(sign if sign.isalnum() or sign in "._- " else "_" for sign in name)[:100] or "file"
    return reverse("notice-file", args=[signing.dumps(file.digest, salt=_SALT), plain])


@require_safe
def notice_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A file for whoever has the link; one that names people for those who may see names."""
    try:
        digest = signing.loads(token, salt=_SALT, max_age=_VALID_SECONDS)
    except signing.BadSignature:
        raise Http404("No such file, or the link is too old.") from None
    file = get_object_or_404(StoredFile, digest=digest)
    if file.names_people and not may_see_names(request):
        response = render(request, "notifications/pages/members_only.html", status=403)
        response["Cache-Control"] = "no-store"
        return response
    try:
        opened = storages["attachments"].open(file.path)
    except OSError:
        raise Http404("The file is gone.") from None
    sent = FileResponse(opened, as_attachment=True, filename=name, content_type="application/octet-stream")
    sent["Content-Security-Policy"] = "sandbox; default-src 'none'"
    sent["X-Content-Type-Options"] = "nosniff"
    sent["Cache-Control"] = "private, no-store" if file.names_people else "private, max-age=3600"
    return sent
