from typing import Any

import pytest

from scraping.sources.base import fingerprint
from scraping.sources.portal.merge import JOB, NOTICE, merge


def notice(identifier: object = "n-1", **fields: object) -> dict[str, Any]:
    return {"identifier": identifier, "title": "T", "content": "C", "lastModifiedByUserName": "A"} | fields


def job(**fields: object) -> dict[str, Any]:
    return {"jobProfileIdentifier": "j-1", "jobProfileTitle": "Engineer", "companyName": "Zenith Labs"} | fields


def print_of(record: dict[str, Any]) -> str:
    return merge("superset", NOTICE, [(0, 202627, [record])], {}).sightings["n-1"].fingerprint


def test_the_union_holds_what_any_account_sees_once() -> None:
    union = merge("superset", NOTICE, [(0, 1, [notice("a"), notice("b")]), (1, 1, [notice("b"), notice("c")])], {})
    assert {key: seen.listed_by for key, seen in union.sightings.items()} == {"a": [0], "b": [0, 1], "c": [1]}


def test_a_record_listed_twice_by_an_account_counts_once() -> None:
    assert merge("superset", NOTICE, [(0, 1, [notice(), notice()])], {}).sightings["n-1"].listed_by == [0]


@pytest.mark.parametrize("change", [{"title": "U"}, {"content": "D"}, {"lastModifiedByUserName": "B"}, {"title": None}])
def test_other_content_is_another_fingerprint(change: dict[str, object]) -> None:
    assert print_of(notice(**change)) != print_of(notice())


@pytest.mark.parametrize("change", [{"lastModifiedOn": 9}, {"publishedAt": 9}, {"readByStudent": True}])
def test_dates_moved_alone_are_no_edit(change: dict[str, object]) -> None:
    assert print_of(notice(**change)) == print_of(notice())


def test_a_missing_field_is_like_null() -> None:
    bare = notice()
    del bare["lastModifiedByUserName"]
    assert print_of(bare) == print_of(notice(lastModifiedByUserName=None))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_version_modified_last_counts(order: tuple[int, int]) -> None:
    versions = [notice(title="old", lastModifiedOn=10), notice(title="new", lastModifiedOn="20")]
    union = merge("superset", NOTICE, [(index, 1, [versions[index]]) for index in order], {})
    assert union.sightings["n-1"].record["title"] == "new"


def test_the_newer_version_counts_also_against_a_known_older_one() -> None:
    old, new = notice(title="old", lastModifiedOn=10), notice(title="new", lastModifiedOn=20)
    union = merge("superset", NOTICE, [(0, 1, [old]), (1, 1, [new])], {"n-1": print_of(old)})
    assert union.sightings["n-1"].record == new


@pytest.mark.parametrize("known", [0, 1])
def test_between_equals_the_known_version_counts(known: int) -> None:
    versions = [job(content="for CSE"), job(content="for ECE")]
    prints = [merge("superset", JOB, [(0, 1, [each])], {}).sightings["j-1"].fingerprint for each in versions]
    union = merge("superset", JOB, [(0, 1, [versions[0]]), (1, 1, [versions[1]])], {"j-1": prints[known]})
    assert union.sightings["j-1"].fingerprint == prints[known]


def test_between_equals_unknown_the_first_counts() -> None:
    union = merge("superset", JOB, [(0, 1, [job(content="x")]), (1, 1, [job(content="y")])], {})
    assert union.sightings["j-1"].record["content"] == "x"


def test_what_two_seasons_see_belongs_to_the_later() -> None:
    union = merge("superset", NOTICE, [(0, 202627, [notice()]), (1, 202526, [notice(), notice("n-2")])], {})
    assert {key: seen.season for key, seen in union.sightings.items()} == {"n-1": 202627, "n-2": 202526}


def test_a_record_without_identity_is_rejected_once_with_its_reason() -> None:
    nameless = {"title": "Who am I?"}
    union = merge("superset", NOTICE, [(0, 1, [nameless, None, "x"]), (1, 1, [dict(nameless)])], {})
    assert [(each.reason, each.payload) for each in union.rejected.values()] == [
        ("no identifier", nameless),
        ("not an object but NoneType", None),
        ("not an object but str", "x"),
    ]
    assert not union.sightings


def test_a_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": [None, 2.5]}) == fingerprint({"b": [None, 2.5], "a": 1})
    assert fingerprint("a", "b") != fingerprint("b", "a")
