"""Finding the command or button that was meant, in whatever strangers send."""

import pytest

from accounts.telegram import registry
from accounts.telegram.call import Call
from accounts.telegram.registry import Answer

BOT = "Placement_bot"


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site of its own: two commands, one of them for admins under two names, and two buttons."""
    monkeypatch.setattr(registry, "COMMANDS", {})
    monkeypatch.setattr(registry, "BUTTONS", [])

    async def answer(call: Call) -> None:
        """Never called here."""

    registered: Answer = answer
    registry.command("fu", "s", does="Run a cycle", admin=True)(registered)
    registry.command("start", does="Begin")(registered)
    registry.button(r"season:(\d{6}):(on|off)")(registered)
    registry.button("newest", offer="Show me the newest")(registered)


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("/start", "start", ()),
        ("/START@placement_BOT", "start", ()),
        ("/s now\nplease", "fu", ("now", "please")),
        ("  /start", "start", ()),
    ],
)
def test_a_command_is_found(text: str, name: str, words: tuple[str, ...]) -> None:
    found = registry.find_command(text, BOT)
    assert found is not None
    assert (found[0].names[0], found[1]) == (name, words)


@pytest.mark.parametrize(
    "text", ["", " ", "/", "/@", "start", "say /start", "/starts", "//start", "/start@other_bot", "/старт"]
)
def test_other_texts_are_no_commands(text: str) -> None:
    assert registry.find_command(text, BOT) is None


def test_a_button_is_found_by_all_of_its_data() -> None:
    found = registry.find_button("season:202627:on")
    assert found is not None
    assert found[1] == ("202627", "on")
    for data in ("season:202627:on ", "xseason:202627:on", "season:2026271:on", "season:202627:on\n", ""):
        assert registry.find_button(data) is None


def test_the_menu_shows_admins_more_and_each_command_once() -> None:
    assert [entry.command for entry in registry.menu(admin=False)] == ["start"]
    assert [entry.command for entry in registry.menu(admin=True)] == ["start", "fu"]


def test_offered_buttons_say_what_they_answer_to() -> None:
    (row,) = registry.offers()
    assert [(key.text, key.callback_data) for key in row] == [("Show me the newest", "newest")]
