"""One's own words above a push message, of which a phone shows the first lines."""

import pytest

from notifications.rendering import own
from notifications.rendering.messages import PushPart
from notifications.rendering.own import Own, with_own
from scraping.reading.facts.students.meanings import CHOSEN, DENIED, WAITLISTED

REMINDER = PushPart(
    "📅 Zenith Labs · Interview", "Sat 8 Aug, 10:00 AM, LT-3", "https://x.example", "n1", "n1", 60, "high"
)
LISTED = "🎯 You are on the list"


def test_each_meaning_that_is_read_from_a_list_has_its_own_words() -> None:
    assert {*CHOSEN, *DENIED, WAITLISTED} <= own._SAID.keys() - {"unknown"}


@pytest.mark.parametrize(
    ("own", "title", "body"),
    [
        (
            Own(LISTED, ".", urgent=True),
            LISTED,
            f"{REMINDER.title}\n{REMINDER.body}",
        ),
        (
            Own(LISTED, ": Panel 2.", urgent=True),
            LISTED,
            f"Panel 2.\n{REMINDER.title}\n{REMINDER.body}",
        ),
        (
            Own(LISTED, ": Zenith Labs.", urgent=True, says=frozenset({"title", "count"})),
            LISTED,
            "Zenith Labs.",
        ),
        (
            Own(LISTED, ": Zenith Labs.", urgent=True, says=frozenset({"count"})),
            LISTED,
            f"Zenith Labs.\n{REMINDER.title}",
        ),
        (Own("", "✅ Open to you"), REMINDER.title, f"✅ Open to you\n{REMINDER.body}"),
    ],
)
def test_a_push_says_what_the_own_words_do_not(own: Own, title: str, body: str) -> None:
    (part,) = with_own([REMINDER], own)
    assert isinstance(part, PushPart)
    assert (part.title, part.body) == (title, body)
