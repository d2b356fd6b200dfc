"""Earlier batches from a file."""

import json

import pytest

from scraping.sources.official.history import read_history
from scraping.sources.official.page import Batch, Card


def test_each_entry_is_a_batch_that_is_not_active() -> None:
    content = json.dumps(
        {
            "seed_version": "1",
            "batches": [
                {
                    "batch_name": "2025",
                    "highlights": [["90+", "Companies Visited"], ["Rs. 7.10 Lacs", "Average"]],
                },
                {"batch_name": " 2024 ", "highlights": [["70+", "Companies Visited"]]},
            ],
        }
    )
    expected = (
        Batch("2025", (Card("90+", "Companies Visited"), Card("Rs. 7.10 Lacs", "Average"))),
        Batch("2024", (Card("70+", "Companies Visited"),)),
    )
    assert read_history(content) == read_history(content.encode()) == expected


GOOD = {"batch_name": "2025", "highlights": [["1", "x"]]}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "not a JSON file"),
        (b"\xff\xfe\x00", "not a JSON file"),
        ("[" * 100_000, "not a JSON file"),
        ("[]", 'no list of "batches"'),
        ('{"batches": {}}', 'no list of "batches"'),
        ('{"batches": []}', 'no list of "batches"'),
        (json.dumps({"batches": [GOOD, 7]}), "batch 2 is not an object"),
        (json.dumps({"batches": [{**GOOD, "batch_name": 2025}]}), 'batch 1 has no "batch_name"'),
        (json.dumps({"batches": [{**GOOD, "batch_name": " "}]}), 'batch 1 has no "batch_name"'),
        (json.dumps({"batches": [{"batch_name": "2025"}]}), 'batch 2025 has no list of "highlights"'),
        (json.dumps({"batches": [{**GOOD, "highlights": [["1"]]}]}), "not a pair of texts"),
        (json.dumps({"batches": [{**GOOD, "highlights": [["1", 2]]}]}), "not a pair of texts"),
        (json.dumps({"batches": [{**GOOD, "highlights": ["ab"]}]}), "not a pair of texts"),
        (json.dumps({"batches": [{**GOOD, "highlights": [["", "x"]]}]}), "not a pair of texts"),
        (json.dumps({"batches": [GOOD, GOOD]}), "stands in the file twice"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_the_reason(content: str | bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_history(content)
