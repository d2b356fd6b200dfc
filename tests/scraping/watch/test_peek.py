"""Peeks over a real socket: two requests an account, nothing parsed where nothing changed, refusals end them."""

import orjson
import pytest

from scraping.watch import peek as peek_module
from scraping.watch.peek import Peeker
from supersetbot.sandbox.portal import faults, portal_world
from supersetbot.sandbox.portal.portal_world import Notice
from supersetbot.sandbox.portal.server import Portal
from tests.scraping.sources.portal.conftest import Configure, MemorySessions


@pytest.fixture
def peeker(configure: Configure, sessions: MemorySessions) -> Peeker:
    return Peeker(configure(), sessions)


async def test_the_first_peek_finds_everything_new_and_the_next_nothing(portal: Portal, peeker: Peeker) -> None:
    assert (await peeker.peek()).changed
    portal.calls.clear()
    again = await peeker.peek()
    assert (again.changed, again.error) == (False, None)
    assert set(again.requests.values()) == {2}
    assert (portal.calls["login"], portal.calls["notices"], portal.calls["jobs"]) == (0, 2, 2)


async def test_nothing_is_parsed_where_nothing_changed(
    portal: Portal, peeker: Peeker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await peeker.peek()
    monkeypatch.setattr(peek_module, "_records_digest", lambda _: pytest.fail("parsed"))
    assert not (await peeker.peek()).changed


@pytest.mark.parametrize("what", ["notice", "job", "edit", "removal"])
async def test_what_is_new_edited_or_gone_is_seen(portal: Portal, peeker: Peeker, what: str) -> None:
    await peeker.peek()
    key = next(iter(portal.world.notices))
    match what:
        case "notice":
            portal.publish_notice()
        case "job":
            portal.publish_job()
        case "edit":
            portal.edit_notice(key, content="<p>Moved to Hall 3</p>")
        case "removal":
            portal.remove(key)
    assert (await peeker.peek()).changed
    assert not (await peeker.peek()).changed


async def test_another_order_of_the_same_is_nothing_new(portal: Portal, peeker: Peeker) -> None:
    await peeker.peek()
    portal.world.notices = dict(reversed(portal.world.notices.items()))
    assert not (await peeker.peek()).changed


async def test_an_empty_list_where_there_was_one_is_an_error_and_nothing_new(portal: Portal, peeker: Peeker) -> None:
    await peeker.peek()
    portal.fail(faults.empty())
    emptied = await peeker.peek()
    assert (emptied.changed, emptied.error and emptied.error.code) == (False, "bad_answer")
    portal.mend()
    assert not (await peeker.peek()).changed


@pytest.mark.parametrize(("fault", "code"), [(faults.html(), "bad_answer"), (faults.drop(), "connection")])
async def test_rubbish_and_an_outage_slow_it_down_only(
    portal: Portal, peeker: Peeker, fault: faults.Fault, code: str
) -> None:
    await peeker.peek()
    portal.fail(fault)
    failed = await peeker.peek()
    assert failed.error is not None
    assert (failed.changed, failed.error.code, failed.must_stop) == (False, code, False)


@pytest.mark.parametrize(
    ("call", "fault", "code"),
    [
        ("login", faults.status(401), "login_refused"),
        ("notices", faults.status(429, Retry_After="3600"), "http_429"),
        ("notices", faults.status(403), "http_403"),
    ],
)
async def test_a_refusal_ends_the_peeks(
    portal: Portal, peeker: Peeker, call: str, fault: faults.Fault, code: str
) -> None:
    if call != "login":
        await peeker.peek()
    portal.fail(fault, call)
    refused = await peeker.peek()
    assert refused.error is not None
    assert (refused.must_stop, refused.error.code) == (True, code)
    assert refused.wait == (3600 if code == "http_429" else 0)


async def test_one_accounts_failure_does_not_hide_what_another_sees(portal: Portal, peeker: Peeker) -> None:
    await peeker.peek()
    portal.fail(faults.status(500), email=peeker.config.accounts[0].email)
    portal.publish_notice(Notice(portal_world.random_notice(portal.world).record))  # everyone sees it
    found = await peeker.peek()
    assert found.changed
    assert found.error is not None


async def test_a_request_refused_with_a_new_session_counts_too(portal: Portal, peeker: Peeker) -> None:
    await peeker.peek()
    portal.expire_sessions()
    again = await peeker.peek()
    assert (again.changed, again.error) == (False, None)
    assert all(count >= 4 for count in again.requests.values())


def test_a_list_that_is_no_json_is_compared_by_its_bytes() -> None:
    assert peek_module._records_digest(b"[{") != peek_module._records_digest(b"[")
    assert peek_module._records_digest(orjson.dumps([{"a": 1}, {"b": 2}])) == peek_module._records_digest(
        orjson.dumps([{"b": 2}, {"a": 1}])
    )
