from tests.end_to_end.browser import browser, context, page, watched
from tests.notifications.conftest import draft, together
from tests.scraping.conftest import portal, telegram
from tests.supersetbot.conftest import installation

__all__ = ["browser", "context", "draft", "installation", "page", "portal", "telegram", "together", "watched"]
