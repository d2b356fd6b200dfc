"""Each button of the verdict leads somewhere, and asks for a right there is."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from supersetbot.dashboard import verdict

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", verdict.PAGES)
def test_a_button_leads_to_a_page_and_asks_for_a_right_there_is(kind: str) -> None:
    _, page, right = verdict.PAGES[kind]
    assert reverse(page).startswith("/admin/")
    app, _, name = right.partition(".")
    assert Permission.objects.filter(content_type__app_label=app, codename=name).exists()
