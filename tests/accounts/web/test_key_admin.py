"""Keys in the admin: shown once, revoked by an action."""

import re

from django.test import Client

from accounts.models import ApiKey
from accounts.web.keys import identify
from tests.conftest import MakeKey


def test_a_key_is_shown_on_the_page_after_making_it_and_never_again(admin_client: Client) -> None:
    form = {"name": "campus site", "scopes": ["stats"], "expires_at_0": "", "expires_at_1": ""}
    page = admin_client.post("/admin/accounts/apikey/add/", form)
    shown = re.search(r'value="(ssb_[^"]+)"', page.text)
    assert shown
    caller = identify(shown[1])
    assert caller is not None
    assert caller.scopes == {"stats"}
    assert shown[1] not in str(page.cookies)
    key = ApiKey.objects.get()
    for path in ("/admin/accounts/apikey/", f"/admin/accounts/apikey/{key.pk}/change/"):
        assert shown[1] not in admin_client.get(path).text
        assert key.digest not in admin_client.get(path).text


def test_a_change_keeps_the_key(admin_client: Client, api_key: MakeKey) -> None:
    text = api_key("stats")["X-API-Key"]
    form = {"name": "renamed", "scopes": ["stats", "notify"], "expires_at_0": "", "expires_at_1": ""}
    admin_client.post(f"/admin/accounts/apikey/{ApiKey.objects.get().pk}/change/", form)
    caller = identify(text)
    assert caller is not None
    assert (caller.name, caller.scopes) == ("renamed", frozenset({"notify", "stats"}))


def test_a_key_without_a_scope_is_refused(admin_client: Client) -> None:
    page = admin_client.post("/admin/accounts/apikey/add/", {"name": "x"})
    assert "This field is required" in page.text
    assert not ApiKey.objects.exists()


def test_revoking_ends_it_at_once(admin_client: Client, api_key: MakeKey) -> None:
    text = api_key("stats")["X-API-Key"]
    order = {"action": "revoke", "_selected_action": [ApiKey.objects.get().pk]}
    page = admin_client.post("/admin/accounts/apikey/", order, follow=True)
    assert "1 revoked." in page.text
    assert identify(text) is None
