"""Versions of a placement policy."""

from datetime import date
from typing import Any

import pytest

from scraping.models import Policy, RawItem
from scraping.placements.policies import PolicyNews, batch_year, difference, put_policy, table_of_contents, tidy
from scraping.telling.policy_draft import policy_draft
from tests.conftest import SEASON

pytestmark = pytest.mark.django_db
TEXT = "## Eligibility\n\nStudents with 60 % may register.\n\n## Offers\n\n- one offer\n"


def put(content: str = TEXT, **fields: Any) -> tuple[Policy, bool]:
    return put_policy(PolicyNews(**{"year": 2027, "title": "Placement policy", "content": content, **fields}))


def item(key: str) -> RawItem:
    return RawItem.objects.create(source="email", kind="mail", key=key, season=SEASON, payload={}, fingerprint="")


def test_the_first_text_is_version_1() -> None:
    policy, is_new = put(updated_on=date(2026, 11, 1))
    assert (policy.version, is_new, policy.changes, policy.updated_on) == (1, True, "", date(2026, 11, 1))


def test_the_same_text_again_is_no_version() -> None:
    put()
    _, is_new = put(TEXT + "\n\n  ")
    assert not is_new
    assert Policy.objects.count() == 1


def test_another_text_is_a_version_with_what_changed() -> None:
    put()
    policy, is_new = put(TEXT.replace("60", "65") + "- two with leave\n")
    assert (policy.version, is_new) == (2, True)
    assert policy.changes.split("\n") == [
        "-Students with 60 % may register.",
        "+Students with 65 % may register.",
        "+- two with leave",
    ]


def test_each_batch_has_versions_of_its_own() -> None:
    put()
    assert put("Other.", year=2026)[0].version == 1


def test_a_mail_read_by_other_rules_mends_its_version() -> None:
    mail = item("1")
    put(mail=mail)
    policy, is_new = put("Mended.", mail=mail)
    assert (policy.version, policy.content, is_new) == (1, "Mended.", False)
    assert Policy.objects.count() == 1


def test_an_older_mail_read_again_mends_its_own_version() -> None:
    mail = item("1")
    put("One.", mail=mail)
    put("Two.", mail=item("2"))
    policy, is_new = put("One, mended.", mail=mail)
    assert (policy.version, policy.content, is_new) == (1, "One, mended.", False)
    assert list(Policy.objects.order_by("version").values_list("content", flat=True)) == ["One, mended.", "Two."]


def test_the_contents_have_unique_ids_and_levels() -> None:
    assert table_of_contents("# A b\ntext\n## A b\n### ???\n#no heading") == [
        {"id": "a-b", "text": "A b", "level": 1},
        {"id": "a-b-2", "text": "A b", "level": 2},
        {"id": "section", "text": "???", "level": 3},
    ]


@pytest.mark.parametrize(
    ("text", "year"),
    [("2027", 2027), ("2026-27", 2027), ("2023-2027", 2027), ("batch of 2025", 2025), ("", None), ("62", None)],
)
def test_the_batch_year_is_the_graduating_one(text: str, year: int | None) -> None:
    assert batch_year(text) == year


def test_lines_that_look_like_a_diffs_head_are_lines() -> None:
    assert difference("--- a\n@@ b", "+++ c\n@@ b") == "---- a\n++++ c"


def test_blanks_do_not_count() -> None:
    assert tidy("a  \n\n\n\nb\n") == "a\n\nb"
    assert difference("a\n\nb", "a\nb") == ""


def test_a_long_policy_is_told_by_its_contents() -> None:
    long, _ = put("## Offers\n" + "One offer a student.\n" * 1000)
    assert policy_draft(long, SEASON).body == "<ul><li>Offers</li></ul>"


def test_what_changed_is_told_as_text() -> None:
    put("a <b>\n- one\n")
    policy, _ = put("a <i>\n- one\n")
    assert policy_draft(policy, SEASON).body == "<p>➖ a &lt;b&gt;<br>➕ a &lt;i&gt;</p>"
