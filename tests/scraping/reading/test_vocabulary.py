"""The words the rules know, and an institute's own."""

import json
import os
import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest

from scraping.reading.vocabulary import alternatives, words


def test_every_group_says_what_it_is_for() -> None:
    groups = tomllib.loads(files("scraping.reading.vocabulary").joinpath("words.toml").read_text(encoding="utf-8"))
    assert all(group["about"] and words(name) for name, group in groups.items())


def test_words_of_groups_and_the_longest_alternative_first() -> None:
    assert {"monday", "june"} <= words("weekdays", "months")
    assert alternatives("months").startswith("september|")
    with pytest.raises(KeyError):
        words("no_such_group")


READ = """
import django
django.setup()
from scraping.reading.facts.naming.companies import find_company
from scraping.reading.facts.venues.finding import find_venue
from scraping.reading.page import Page
page = Page("ZQX Drive of Orbit on 5 Dec", ("Test of Orbit: Nehru Wada, 5 Dec, 9 AM.",))
print(find_company(page), find_venue(page, has_event=True), sep="|")
"""


@pytest.mark.parametrize(
    ("own", "read"),
    [({}, "Orbit|None"), ({"venue_kinds": ["wada"], "no_company": ["ZQX"]}, "Orbit|Nehru Wada")],
)
def test_an_institutes_own_words_count(own: dict[str, list[str]], read: str) -> None:
    environ = os.environ | {"INSTITUTE_WORDS": json.dumps(own), "DJANGO_SETTINGS_MODULE": "supersetbot.settings"}
    said = subprocess.run([sys.executable, "-c", READ], env=environ, capture_output=True, text=True, check=True).stdout
    assert said.strip() == read
