"""The API for one's own data: the owner's key alone, what each scope may, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import AccountToken, AuditEntry, Subscriber
from accounts.personal import filters, profiles
from accounts.signin import tokens
from accounts.signin.tokens import OwnScope
from accounts.subscribing import subscriptions
from accounts.subscribing.forgetting import forget
from accounts.subscribing.subscriptions import Chat
from notifications.models import Delivery, Interest
from notifications.publishing.publish import publish
from tests.api_document import DOCUMENT
from tests.conftest import MakeKey
from tests.notifications.conftest import MakeDraft
from tests.supersetbot.account.conftest import ASHA, RAVI, Login, key

pytestmark = pytest.mark.django_db

Ask = Callable[..., Any]
PATHS = [path for path in DOCUMENT["paths"] if path.startswith("/api/me")]


def own_key(person: Subscriber, *scopes: str) -> dict[str, str]:
    text = tokens.make(person, "script", scopes or OwnScope.values, timedelta(days=30))
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def asked(asha: Subscriber, settings: Settings) -> Ask:
    """Ask as Asha's program: status and what it is answered."""
    settings.MEMBERSHIP = "approve"
    Subscriber.objects.filter(pk=asha.pk).update(membership="member")
    headers, client = own_key(asha), Client()

    def ask(path: str, body: object = None) -> tuple[int, Any]:
        if body is None:
            answer = client.get(f"/api{path}", headers=headers)
        else:
            answer = client.patch(f"/api{path}", body, content_type="application/json", headers=headers)
        assert answer.status_code >= 400 or "no-store" in answer.headers["Cache-Control"]
        return answer.status_code, answer.json()

    return ask


def test_there_is_a_route_for_each_thing() -> None:
    names = ("profile", "filters", "timing", "applied", "lists", "deadlines", "messages")
    assert sorted(PATHS) == sorted(["/api/me", *(f"/api/me/{name}" for name in names)])


@pytest.mark.parametrize("path", PATHS)
def test_it_takes_the_owners_key_alone(
    path: str, client: Client, login: Login, asha: Subscriber, api_key: MakeKey
) -> None:
    program = api_key("stats", "notify", "update", "metrics")
    bearer = {"Authorization": f"Bearer {program['X-API-Key']}"}
    revoked = own_key(asha)
    assert tokens.revoke_all(ASHA) == 1
    for headers in ({}, program, bearer, revoked, {"Authorization": "Bearer sso_"}, {"Authorization": "Basic x"}):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert login().get(path).status_code == 401  # the page's cookie opens the page alone
    assert client.get(path, headers=own_key(asha)).status_code == 200


@pytest.mark.parametrize("path", ["/api/me/profile", "/api/me/filters", "/api/me/timing"])
def test_a_key_that_reads_changes_nothing(path: str, client: Client, asha: Subscriber) -> None:
    reading, writing = own_key(asha, "me:read"), own_key(asha, "me:write")
    answer = client.patch(path, {}, content_type="application/json", headers=reading)
    assert (answer.status_code, answer.json()["detail"]) == (403, "This key has no scope me:write.")
    assert client.get(path, headers=writing).status_code == 403


def test_a_key_ends_and_is_stored_nowhere(client: Client, asha: Subscriber) -> None:
    headers = own_key(asha)
    assert headers["Authorization"].removeprefix("Bearer ") not in str(list(AccountToken.objects.values()))
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert client.get("/api/me", headers=headers).status_code == 401
    assert client.get("/api/me", headers=headers).status_code == 200
    forget(ASHA)
    assert client.get("/api/me", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", ["me:read"], 1),
        ("x" * 61, ["me:read"], 1),
        ("x", [], 1),
        ("x", ["stats"], 1),
        ("x", ["me:read"], 0),
        ("x", ["me:read"], 400),
    ],
)
def test_a_key_needs_a_name_a_scope_and_an_end(asha: Subscriber, name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(ValueError, match="key"):
        tokens.make(asha, name, scopes, timedelta(days=days))


def test_it_says_who_one_is(asked: Ask) -> None:
    subscriptions.mute(ASHA, "webinar", on=True)
    status, found = asked("/me")
    assert (status, found["name"], found["membership"], found["reads_names"]) == (200, "Asha", "member", True)
    assert (found["seasons"], found["muted"], found["agreed"]) == ([202627], ["webinar"], False)


def test_a_profile_is_changed_in_part_and_whole_or_not_at_all(asked: Ask) -> None:
    assert asked("/me/profile", {"cgpa": "7.8"})[0] == 403
    profiles.agree(ASHA)
    assert asked("/me/profile", {"cgpa": "7,8", "x": "91 %"})[1] | {} == {
        **dict.fromkeys(asked("/me/profile")[1]),
        "cgpa": "7.8",
        "x": "91",
    }
    status, problem = asked("/me/profile", {"xii": "88", "cgpa": "10.5"})
    assert (status, problem["detail"][:29]) == (422, "cgpa: A CGPA is between 0 and")
    status, problem = asked("/me/profile", {"colour": "red"})
    assert (status, problem["detail"]) == (422, "colour: There is no such field: /api/docs lists them")
    assert asked("/me/profile", {"x": None})[1]["x"] is None
    assert profiles.known(ASHA) == {"cgpa": "7.8"}


def test_anothers_number_is_refused_and_claims_are_counted(asked: Ask) -> None:
    profiles.agree(ASHA)
    subscriptions.start(Chat(RAVI, name="Ravi"))
    profiles.agree(RAVI)
    profiles.tell(RAVI, "number", "22103001")
    status, problem = asked("/me/profile", {"number": "22103001"})
    assert (status, "claimed this number" in problem["detail"]) == (422, True)
    assert [asked("/me/profile", {"number": f"221030{n}"})[0] for n in range(10, 21)] == [200] * 9 + [429] * 2


def test_a_lost_key_is_said(asked: Ask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles.agree(ASHA)
    settings.SECRET_KEY = "another"
    assert asked("/me/profile")[0] == 503
    assert asked("/me/profile", {"cgpa": "7"})[0] == 503


def test_filters_are_added_and_removed(asked: Ask) -> None:
    new = [{"kind": "package", "value": "8"}, {"kind": "eligible"}]
    found = asked("/me/filters", {"add": new})[1]
    assert [(each["kind"], each["text"]) for each in found] == [
        ("eligible", "No posting that is not open to me"),
        ("package", "Postings from 8 LPA"),
    ]
    assert len(asked("/me/filters", {"remove": [found[0]["id"]]})[1]) == 1
    assert asked("/me/filters", {"add": [{"kind": "package", "value": "much"}], "remove": [found[1]["id"]]})[0] == 422
    assert asked("/me/filters", {"add": [{"kind": "colour", "value": "red"}]})[0] == 422
    assert asked("/me/filters", {"add": [{"kind": "word", "value": "a\x00b"}]})[0] == 422
    assert len(asked("/me/filters")[1]) == 1
    for number in range(filters.MOST - 1):
        filters.add(ASHA, filters.parse("word", f"w{number}"))
    status, problem = asked("/me/filters", {"add": [{"kind": "word", "value": "one"}]})
    assert (status, "You have 50 filters" in problem["detail"]) == (422, True)
    before = asked("/me/filters")[1]
    two = [{"kind": "word", "value": word} for word in ("one", "two")]
    assert asked("/me/filters", {"remove": [before[-1]["id"]], "add": two})[0] == 422
    assert asked("/me/filters")[1] == before, "all or nothing"


def test_nobody_removes_anothers_filter(asked: Ask) -> None:
    subscriptions.start(Chat(RAVI, name="Ravi"))
    filters.add(RAVI, filters.parse("word", "python"))
    asked("/me/filters", {"remove": [filters.of(RAVI)[0].pk]})
    assert len(filters.of(RAVI)) == 1


def test_times_are_changed_in_part(asked: Ask) -> None:
    found = asked("/me/timing", {"quiet_from": "23:00", "quiet_until": "07:00", "remind_1h": True})[1]
    assert (found["quiet_from"], found["quiet_until"], found["remind_1h"], found["remind_24h"]) == (
        "23:00",
        "07:00",
        True,
        True,
    )
    for wrong in ({"quiet_until": None}, {"quiet_until": "23:00"}, {"quiet_from": "25:00"}, {"quiet_from": "23:00Z"}):
        assert asked("/me/timing", wrong)[0] == 422
    assert (
        asked("/me/timing", {"quiet_from": None, "quiet_until": None, "digest_at": "19:30"})[1]["digest_at"] == "19:30"
    )
    now = timezone.now().replace(microsecond=0)
    in_india = timezone.localtime(now + timedelta(days=4)).replace(tzinfo=None).isoformat()
    muted = asked("/me/timing", {"muted_until": in_india})[1]["muted_until"]
    assert muted == (now + timedelta(days=4)).isoformat()
    for days in (-1, 15):
        assert asked("/me/timing", {"muted_until": (now + timedelta(days=days)).isoformat()})[0] == 422


def test_it_says_where_one_stands_and_what_one_was_told(asked: Ask, asha: Subscriber, draft: MakeDraft) -> None:
    profiles.agree(ASHA)
    profiles.tell(ASHA, "number", "22103001")
    publish(draft("job:1", category="job_posting", company="Zenith", role="Engineer", job_key="1"))
    Interest.objects.create(subscriber=asha, key="1", applied_at=timezone.now())
    roster = ({"name": "Asha Verma", "enrollment": "22103001"}, {"name": "Quirinus Zuck", "enrollment": "22103009"})
    title = "Quirinus Zuck and others"
    soon = timezone.now() + timedelta(days=2)
    publish(draft("list:1", title=title, category="shortlisting", company="Zenith", job_key="1", roster=roster))
    publish(draft("due:1", title="Fill in the form", category="reminder", deadline=soon))
    Delivery.objects.update(sent_at=timezone.now())
    (place,) = asked("/me/applied")[1]
    assert (place["company"], place["role"], bool(place["applied_at"])) == ("Zenith", "Engineer", True)
    (listed,) = asked("/me/lists")[1]
    assert listed["text"].startswith("🎯 You are on the list: Zenith")
    assert place["lists"] == [listed]
    assert [due["title"] for due in asked("/me/deadlines")[1]] == ["Fill in the form"]
    status, told = asked("/me/messages?limit=2")
    assert (status, told["count"], len(told["items"])) == (200, 3, 2)
    rest = asked(f"/me/messages?limit=2&cursor={told['next']}")[1]["items"]
    messages = [*told["items"], *rest]
    assert [message["named"] for message in messages] == ["", "number", ""]
    assert messages[1]["title"] == "… and others"
    assert asked("/me/messages?colour=red")[0] == 422
    Subscriber.objects.filter(pk=asha.pk).update(membership="refused")
    assert asked("/me/lists")[1] == []
    assert asked("/me/applied")[1][0]["lists"] == []


def test_messages_take_so_many_queries(
    asked: Ask, draft: MakeDraft, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked("/me/messages")
    with django_assert_num_queries(4):  # the key, its counter, the rows, how many they are
        asked("/me/messages")
    for number in range(20):
        publish(draft(f"n{number}"))
    Delivery.objects.update(sent_at=timezone.now())
    with django_assert_num_queries(4):
        assert len(asked("/me/messages")[1]["items"]) == 20


def test_a_key_may_not_flood_and_changes_are_no_acts_of_staff(asked: Ask) -> None:
    answers = [asked("/me/filters", {})[0] for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert not AuditEntry.objects.exists()


def test_keys_are_made_and_revoked_on_the_page(login: Login, client: Client, asha: Subscriber) -> None:
    page = login()
    form = {"token-name": "my script", "token-may": "write", "token-days": "30"}
    answer = page.post("/me/change/tokens", {"key": key(page), **form})
    text = answer.content.decode().partition("<code>")[2].partition("</code>")[0]
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/me", headers=headers).status_code == 200
    shown = page.get("/me/").content.decode()
    assert text not in shown
    assert "my script" in shown
    assert page.post("/me/change/tokens", {"key": key(page), **form, "token-days": "999"}).status_code == 422
    subscriptions.start(Chat(RAVI, name="Ravi"))
    ravi, pk = login(RAVI), str(AccountToken.objects.get().pk)
    ravi.post("/me/change/tokens", {"key": key(ravi), "revoke": pk})
    assert client.get("/api/me", headers=headers).status_code == 200
    page.post("/me/change/tokens", {"key": key(page), "revoke": pk})
    assert client.get("/api/me", headers=headers).status_code == 401
    for _ in range(tokens.MOST):
        own_key(asha)
    full = page.post("/me/change/tokens", {"key": key(page), **form})
    assert (full.status_code, "You have 10 keys." in full.content.decode()) == (422, True)
