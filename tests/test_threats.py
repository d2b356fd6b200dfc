"""docs/threats.md names only what there is, and leaves no point of the standard out."""

import re
from collections import Counter
from functools import cache

import pytest

from tests.paths import ROOT

TEXT = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
# OWASP ASVS 5.0.0: of each section the last point of levels 1 and 2, and those of level 3 between them.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3
15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
LEVEL_1 = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2
3.5.3 4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1
6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3
10.4.4 10.4.5 11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1
""".split()
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$", TEXT, re.MULTILINE)
PLACES = sorted(set(re.findall(r"`([\w./-]+/[\w.-]+\.\w+|\.[\w-]+|[\w-]+\.(?:txt|toml))(?:::(\w+))?`", TEXT)))


@cache
def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "test"), PLACES)
def test_what_is_named_is_there(path: str, test: str) -> None:
    assert (ROOT / path).is_file(), f"{path} is named and is not there"
    assert not test or re.search(rf"^(?:async )?def {test}\(", source(path), re.MULTILINE), f"{path} has no {test}"


def test_every_point_of_levels_1_and_2_has_its_row() -> None:
    sections = (section.split(":") for section in SECTIONS.split())
    wanted = [f"{section}.{number}" for section, last in sections for number in range(1, int(last) + 1)]
    assert [point for point, *_ in ROWS] == wanted
    assert len(wanted) == 253
    assert [point for point, level, *_ in ROWS if level == "1"] == LEVEL_1
    assert len(LEVEL_1) == 70


def test_a_point_that_is_held_says_by_what_and_one_that_is_not_says_what_remains() -> None:
    assert {state for _, _, _, state, _ in ROWS} == {"met", "part", "open", "n/a"}
    assert all(len(how) > 3 for *_, how in ROWS)


if __name__ == "__main__":
    print(Counter(state for _, _, _, state, _ in ROWS))
