"""Public answers kept in a worker's memory: rendered once a version of what they show, and a minute at most.

What strangers may all read is the same for all; the version makes sure that nobody sees what is no longer so.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from accounts.language import spoken

View = Callable[..., HttpResponse]
SECONDS = 60  # "in 2 days" moves, too
LARGEST = 150_000


def cached_by_version(version: Callable[[], object]) -> Callable[[View], View]:
    """Decorates a GET view: its 200 answers are kept while `version()` stays the same, and a minute at most."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asked = repr((request.get_host(), request.is_secure(), request.get_full_path(), spoken(), version()))
            key = blake2b(asked.encode(errors="replace"), digest_size=16).hexdigest()
            content = caches["pages"].get(key)
            if content is not None:
                response = HttpResponse(content[1], content_type=content[0])
            else:
                response = view(request, *args, **kwargs)
                if response.status_code == 200 and len(response.content) <= LARGEST:
                    caches["pages"].set(key, (response.headers["Content-Type"], response.content), SECONDS)
            if response.status_code == 200:
                patch_cache_control(response, public=True, max_age=SECONDS)
            return response

        return wrapper

    return decorate
