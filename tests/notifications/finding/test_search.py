"""Notices are found by what their reader may read, and by nothing else (spec: personal, What can be asked)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications.finding import index, search
from notifications.finding.index import bring_up_to_date
from notifications.finding.search import holding, newest_with
from notifications.models import Notice, SearchEntry
from notifications.publishing.publish import publish, withdraw
from notifications.rendering.public import visible_notices
from notifications.tasks import sweep
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db
AARAV = {"name": "Aarav Sharma", "enrollment": "22103001"}


def found(text: str, *, names: bool = False) -> list[str]:
    """The keys of what is found; to strangers the list of the site and that of the bot are the same."""
    keys = [notice.external_key for notice in newest_with(text, names=names, limit=10)]
    if not names and text.strip():
        assert set(keys) == set(visible_notices().filter(holding(text)).values_list("external_key", flat=True))
    return keys


def test_all_words_must_stand_there_in_full_or_as_a_beginning(draft: MakeDraft) -> None:
    publish(draft("a", title="Zenith Labs", body="<p>Interview in <b>LT-3</b>, bring a laptop</p>"))
    publish(draft("b", title="Orbit", body="<p class='laptop'>Nothing</p>"))
    for text in ("zenith", "ZEN labs", "lapt", "zenith laptop interview", "where is zenith?", "lt 3", "LT-3"):
        assert found(text) == ["a"], text
    for text in ("enith", "zenith orbit", "ze", "strong", "class", "hi", "🎯"):
        assert found(text) == [], text


def test_the_newest_come_first_and_as_many_as_asked(draft: MakeDraft) -> None:
    now = timezone.now()
    for age in (3, 1, 2):
        publish(draft(f"{age}", published_at=now - timedelta(hours=age)))
    assert found("zenith", names=True) == ["1", "2", "3"]
    assert [notice.external_key for notice in newest_with("zenith", names=True, limit=2)] == ["1", "2"]


def test_a_word_that_many_hold_finds_the_newest_too(draft: MakeDraft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_FEW", 3)
    now = timezone.now()
    for age in range(7):
        publish(draft(f"{age}", published_at=now - timedelta(hours=age), private=age == 1))
    assert [notice.external_key for notice in newest_with("zenith", names=True, limit=3)] == ["0", "2", "3"]


def test_strangers_find_nobody(draft: MakeDraft) -> None:
    """Neither by a list, nor by one that was not read, nor by a line with a number; members find them all."""
    body = "<p>Aarav Sharma</p><p>Bring a laptop</p>"
    publish(draft("list", category="shortlisting", roster=(AARAV,), body=body, company="Zenith"))
    publish(draft("unread", category="shortlisting", body=body, company="Zenith"))
    publish(draft("update", category="update", roster=(AARAV,), body=body, title="Aarav Sharma is placed"))
    publish(draft("line", category="update", body="<p>22103001 Aarav</p><p>Bring a laptop</p>", roster_unread=1))
    publish(draft("named", category="update", roster=(AARAV,), body="", title="x", company="Aarav Sharma"))
    publish(draft("follows", category="shortlisting", roster=(AARAV,), body="", details={"First": "Aarav Sharma"}))
    for text in ("aarav", "sharma", "22103001", "2210300", "22103", "aarav laptop"):
        assert found(text) == [], text
        assert found(text, names=True), text
    assert found("laptop") == ["line"]
    assert set(found("zenith shortlist")) == {"list", "unread"}
    assert set(found("22103001", names=True)) == {"list", "update", "line", "named", "follows"}


def test_other_peoples_and_withdrawn_notices_are_not_found(draft: MakeDraft) -> None:
    publish(draft("a"))
    publish(draft("b", private=True))
    publish(draft("c"))
    withdraw("c")
    assert found("zenith", names=True) == ["a"]
    publish(draft("c"))
    assert set(found("zenith", names=True)) == {"a", "c"}


def test_every_way_of_writing_is_followed(draft: MakeDraft) -> None:
    publish(draft("a", body="<p>first</p>"))
    assert found("first") == ["a"]
    publish(draft("a", body="<p>second</p>"))
    assert (found("first"), found("second")) == ([], ["a"])
    publish(draft("a", body="<p>third</p>"), announce=False)  # as a reprocessing that tells nobody
    assert (found("second"), found("third")) == ([], ["a"])
    notice = Notice.objects.get()
    notice.body = "<p>by hand</p>"
    notice.save()
    assert (found("third"), found("hand")) == ([], ["a"])
    publish(draft("a", body="<p>fourth</p>", category="shortlisting"))
    assert found("fourth") == [], "the text may hold a list from now on"
    assert found("fourth", names=True) == ["a"]
    Notice.objects.all().delete()
    assert found("fourth", names=True) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM notifications_searchentry")
        assert cursor.fetchone() == (0,)


def test_what_was_not_indexed_yet_is_not_found_by_what_it_said(draft: MakeDraft) -> None:
    publish(draft("a", body="<p>first</p>"))
    assert found("first") == ["a"]
    long_ago = timezone.now() - timedelta(days=1)
    Notice.objects.update(body="<p>second</p>", category="shortlisting", updated_at=long_ago)
    assert (found("first"), found("second")) == ([], []), "a search looks at the last hour only"
    assert bring_up_to_date() == 1
    assert (found("second"), found("second", names=True)) == ([], ["a"])


def test_the_sweep_indexes_what_nobody_looked_for(draft: MakeDraft) -> None:
    publish(draft("a"))
    Notice.objects.update(updated_at=timezone.now() - timedelta(days=1))
    assert found("zenith") == []
    sweep()
    assert found("zenith") == ["a"]


def test_a_notice_that_can_not_be_indexed_does_not_stop_the_others(
    draft: MakeDraft, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = index.found_by
    monkeypatch.setattr(index, "found_by", lambda notice: whole(notice if notice.title != "bad" else None))
    publish(draft("a"))
    publish(draft("b", title="bad"))
    assert found("be there", names=True) == ["a"]
    assert "left out of the search" in caplog.text
    assert bring_up_to_date() == 0


def test_a_busy_database_is_searched_as_it_is(
    draft: MakeDraft, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy(*_: object, **__: object) -> int:
        raise OperationalError("database is locked")

    publish(draft("a"))
    assert found("zenith") == ["a"]
    monkeypatch.setattr(search, "bring_up_to_date", busy)
    assert found("zenith") == ["a"]
    assert "OperationalError" in caplog.text


def test_a_search_takes_three_statements(draft: MakeDraft, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(30):
        publish(draft(f"{number}", roster=(AARAV,)))
    newest_with("zenith", names=True, limit=10)
    with django_assert_num_queries(3):
        assert len(newest_with("zenith", names=True, limit=10)) == 10


@pytest.mark.parametrize(
    "text",
    [
        '"zenith" OR 1=1; DROP TABLE notifications_notice; --',
        "zenith' & !'x | y:* <-> z",
        "{all_words} : zenith NEAR(a b) * ^ + -",
        "all_words:zenith",
        "AND OR NOT NEAR",
        "(((((",
        "🎯 ₹ “zenith” ‘labs’",
        "जेनिथ 面接 собеседование مقابلة",
        "\x00\ud800\u202e",
        "%s %% \\ \\x",
        "zenith " * 570,
        "x" * 4096,
        "🎯" * 4096,
        "क्षत्रिय" * 600,
    ],
)
@pytest.mark.parametrize("names", [True, False])
def test_whatever_people_type_is_a_search(draft: MakeDraft, text: str, names: bool) -> None:
    publish(draft("a", title="and or not near", body=""))
    found(text, names=names)
    assert found("near", names=names) == ["a"]


def test_a_huge_list_is_indexed(draft: MakeDraft) -> None:
    many = tuple({"name": f"Student {number:05} Named", "enrollment": f"22{number:06}"} for number in range(7000))
    publish(draft("a", roster=many, body="<p>laptop</p>" + "<p>".join(f"word{number}" for number in range(30_000))))
    assert found("22006999", names=True) == ["a"]
    assert len(SearchEntry.objects.get().all_words) <= 200_000
