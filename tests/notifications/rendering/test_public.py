"""Strangers read notices, and never who the students in them are."""

from collections.abc import Callable

import pytest

from notifications.models import Notice
from notifications.publishing.publish import Draft, publish, withdraw
from notifications.rendering.public import PublicNotice, version

AARAV = {"name": "Aarav Sharma", "enrollment": "22103001"}
RAM = {"name": "Ram", "enrollment": ""}


def notice(body: str = "", **fields: object) -> PublicNotice:
    defaults = {"title": "Shortlist", "category": "shortlisting", "roster": [AARAV, RAM]}
    return PublicNotice(Notice(**{**defaults, "body": body, **fields}))


def test_lines_with_a_name_or_a_number_are_left_out() -> None:
    body = (
        "<p>Be in LT-3 at 10.</p><ul><li>AARAV  sharma</li><li>22103001</li><li>ram, CSE</li></ul>"
        "<table><tr><td>Another One</td><td>9922103044</td></tr></table><p>Bring a laptop.</p>"
    )
    shown = notice(body)
    assert shown.text.split() == "Be in LT-3 at 10. Bring a laptop.".split()
    for word in ("aarav", "22103001", "ram,", "Another", "9922103044"):
        assert word not in shown.html.lower()


def test_a_word_that_holds_a_name_stays() -> None:
    assert notice("<p>The programme starts at 10.</p>").text == "The programme starts at 10."


def test_a_list_that_could_not_be_read_withholds_the_text() -> None:
    shown = notice("<p>Congratulations to Somebody Unread.</p>", roster=[])
    assert (shown.text, shown.html, shown.text_withheld) == ("", "", True)
    assert not notice("", roster=[]).text_withheld


def test_what_names_nobody_keeps_its_formatting() -> None:
    shown = notice("<p>Apply <b>today</b> <script>x</script></p>", category="update", roster=[])
    assert "<b>today</b>" in shown.html
    assert "script" not in shown.html


def test_a_number_in_any_notice_is_left_out() -> None:
    shown = notice("<p>Call 9876543210</p><p>21803012 must come</p>", category="update", roster=[])
    assert shown.text == "Call 9876543210"
    assert "21803012" not in shown.html


def test_titles_and_facts_name_nobody() -> None:
    shown = notice(title="Aarav Sharma placed", details={"First": "Aarav Sharma", "Dress": "formal"})
    assert (shown.title, shown.details) == ("… placed", {"Dress": "formal"})


@pytest.mark.parametrize("title", ["Aarav  Sharma is placed", "aarav sharma is placed", "E-22-7 is placed"])
def test_a_title_names_nobody_however_it_is_spaced(title: str) -> None:
    students = [AARAV, {"name": "", "enrollment": "E-22-7"}]
    assert notice(title=title, roster=students).title == "… is placed"


def test_a_name_that_goes_on_in_the_next_line_and_one_as_a_label_are_left_out() -> None:
    shown = notice(
        "<p>Come at 10.</p><p>Well done, Aarav<br>Sharma!</p>", details={"Aarav Sharma": "first", "Round": "2"}
    )
    assert (shown.text, shown.details) == ("Come at 10.", {"Round": "2"})


def test_lines_are_text_and_never_markup() -> None:
    shown = notice("<p>&lt;img src=x&gt; https://example.org/a?b=1&amp;c=2</p>")
    assert "<img" not in shown.html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in shown.html


@pytest.mark.django_db
def test_the_version_moves_with_every_notice_edit_and_withdrawal(draft: Callable[..., Draft]) -> None:
    seen = [version()]
    for step in (
        lambda: publish(draft("a")),
        lambda: publish(draft("b")),
        lambda: publish(draft("a", venue="LT-3")),
        lambda: withdraw("b"),
    ):
        step()
        seen.append(version())
    assert len(set(seen)) == 5
