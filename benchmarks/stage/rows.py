"""Subscribers by the hundred thousand, and a notice for them."""

from itertools import count
from typing import Any

from django.db import connection
from django.utils import timezone

from notifications.publishing.publish import Draft

SEASON = 202627
_numbers = count(1)


def subscribe(people: int, first_id: int = 100_000_000) -> None:
    """Make so many people with a Telegram subscription to SEASON, in three statements."""
    ids = (
        "SELECT g AS id FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS g"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE n(id) AS (SELECT %(first)s UNION ALL SELECT id + 1 FROM n WHERE id < %(last)s) "
        "SELECT id FROM n"
    )
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values: dict[str, Any] = {"first": first_id, "last": first_id + people - 1, "now": now, "season": SEASON}
    statements = (
        f"INSERT INTO accounts_subscriber (id, kind, telegram_id, username, name, is_admin, created_at, updated_at) "
        f"SELECT id, 'person', id, '', '', %(no)s, %(now)s, %(now)s FROM ({ids}) AS ids",
        f"INSERT INTO accounts_subscription (id, subscriber_id, channel, address, keys, state, off_reason, "
        f"state_changed_at, active_since, every_season) SELECT id, id, 'telegram', CAST(id AS text), '{{}}', 'active', "
        f"'', %(now)s, %(now)s, %(no)s FROM ({ids}) AS ids",
        f"INSERT INTO accounts_followedseason (subscription_id, season) SELECT id, %(season)s FROM ({ids}) AS ids",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values | {"no": False})
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


def draft(**fields: Any) -> Draft:
    """A notice as long as most are; each call makes another one."""
    defaults: dict[str, Any] = {
        "external_key": f"bench:{next(_numbers)}",
        "title": "Zenith Labs visits the campus",
        "category": "update",
        "season": SEASON,
        "body": "<p>" + "Be at the hall by nine, with your college card. " * 8 + "</p>",
    }
    return Draft(**defaults | fields)
