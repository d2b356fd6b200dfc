"""What is said when a figure of the institute's page moved."""

from collections.abc import Sequence
from html import escape

from django.conf import settings

from accounts.categories import Category
from notifications.publishing.publish import Draft
from notifications.rendering.retold import OPEN_PAGE
from scraping.models import OfficialSnapshot
from scraping.sources.official.page import OfficialPage


def official_draft(snapshot: OfficialSnapshot, page: OfficialPage, moved: Sequence[str]) -> Draft:
    """`Companies visited 81 → 84 · Batch 2027`, and the other figures that moved as text."""
    return Draft(
        external_key=f"official:snapshot:{snapshot.pk}",
        title=f"{moved[0]} · {page.active_batch.label}",
        category=Category.OFFICIAL_FIGURES,
        season=snapshot.season,
        body="".join(f"<p>{escape(text)}</p>" for text in moved[1:]),
        links=({"url": settings.OFFICIAL_PLACEMENT_URL, "label": OPEN_PAGE},),
        rule="official.figure_moved",
        published_at=snapshot.first_seen_at,
    )
