"""A person reads one name of each source, a program its key."""

from accounts.language import speaking
from scraping.sources.names import in_words, label
from scraping.sources.registry import SOURCES


def test_every_source_has_a_name() -> None:
    assert {name: label(name) for name in SOURCES} == {
        "superset": "Portal",
        "email": "Mailbox",
        "official": "Placement page",
    }
    assert in_words("email") == "the mailbox"
    with speaking("hi"):
        assert label("superset") == "पोर्टल"


def test_one_without_a_name_is_called_by_its_key() -> None:
    assert (label("rumours"), in_words("rumours")) == ("Rumours", "rumours")
