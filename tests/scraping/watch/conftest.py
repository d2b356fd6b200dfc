"""A portal and a mailbox on real sockets, and what watches them."""

from tests.scraping.sources.portal.conftest import configure, portal, sessions, source  # noqa: F401 (fixtures)
from tests.supersetbot.conftest import installation  # noqa: F401 (a fixture)
