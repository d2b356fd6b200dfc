import asyncio
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import pytest

from scraping.sources.base import SourceError
from scraping.sources.http import HttpLimits
from scraping.sources.portal.client import Account
from scraping.sources.portal.parse import parse_job, parse_notice
from scraping.sources.portal.source import PortalSource
from supersetbot.sandbox.portal import faults, portal_world
from supersetbot.sandbox.portal.server import Portal
from tests.scraping.sources.portal.conftest import SEASON, Configure, MemorySessions, collect

CSE, ECE = (Account(each.email, each.password, SEASON) for each in portal_world.ACCOUNTS)
SHARED = "Zenith Labs"  # a job both accounts see


def job_of(portal: Portal, company: str) -> str:
    return next(key for key, job in portal.world.jobs.items() if job.short["companyName"] == company)


async def test_the_first_reading_finds_what_any_account_sees_once(portal: Portal, source: PortalSource) -> None:
    found = await collect(source)
    assert len(found.items) == 20
    assert found.keys("notice") == set(portal.world.notices)
    assert found.keys("job") == set(portal.world.jobs)
    assert {(item.source, item.season) for item in found.items} == {("superset", SEASON)}
    assert not found.failures
    assert not found.rejected


async def test_payloads_are_what_the_parsers_read(portal: Portal, source: PortalSource) -> None:
    found = await collect(source)
    for item in found.items:
        if item.kind == "notice":
            assert parse_notice(item.payload).identifier == item.key
        else:
            job = parse_job(item.payload["short"], item.payload["detail"], item.payload["documents"])
            assert (job.identifier, len(job.stages) > 2) == (item.key, True)
            assert all(document.url.startswith("http://127.0.0.1") for document in job.documents)


async def test_notices_come_oldest_first(portal: Portal, source: PortalSource) -> None:
    found = await collect(source)
    published = [item.payload["publishedAt"] for item in found.items if item.kind == "notice"]
    assert all(earlier <= later for earlier, later in pairwise(published))


async def test_nothing_new_costs_two_requests_an_account(portal: Portal, source: PortalSource) -> None:
    known = (await collect(source)).known
    portal.calls.clear()
    found = await collect(source, known)
    assert (found.items, found.unchanged) == ([], 20)
    assert {call: portal.calls[call] for call in ("login", "notices", "jobs", "job", "document")} == {
        "login": 0,
        "notices": 2,
        "jobs": 2,
        "job": 0,
        "document": 0,
    }


async def test_only_what_is_new_is_found(portal: Portal, source: PortalSource) -> None:
    known = (await collect(source)).known
    portal.calls.clear()
    notice, job = portal.publish_notice(), portal.publish_job()
    found = await collect(source, known)
    assert {item.key for item in found.items} == {notice["identifier"], job["jobProfileIdentifier"]}
    assert (found.unchanged, portal.calls["job"]) == (20, 1)


async def test_an_edited_notice_is_found_again(portal: Portal, source: PortalSource) -> None:
    known = (await collect(source)).known
    key = next(iter(portal.world.notices))
    portal.edit_notice(key, content="<p>Moved to Hall 3</p>")
    (item,) = (await collect(source, known)).items
    assert (item.key, item.payload["content"]) == (key, "<p>Moved to Hall 3</p>")


async def test_a_date_moved_alone_is_no_edit(portal: Portal, source: PortalSource) -> None:
    known = (await collect(source)).known
    portal.edit_notice(next(iter(portal.world.notices)))
    assert (await collect(source, known)).items == []


async def test_a_job_whose_short_form_changed_is_read_again(portal: Portal, source: PortalSource) -> None:
    known = (await collect(source)).known
    portal.calls.clear()
    key = job_of(portal, SHARED)
    portal.edit_job(key, short={"jobProfileApplicationDeadline": 1_900_000_000_000}, profile={"package": 1_500_000})
    (item,) = (await collect(source, known)).items
    assert (item.key, item.payload["detail"]["jobProfile"]["package"]) == (key, 1_500_000)
    assert portal.calls["job"] == 1


async def test_what_is_no_longer_listed_is_not_mentioned(portal: Portal, source: PortalSource) -> None:
    known = (await collect(source)).known
    portal.fail(faults.empty(), "notices")
    portal.remove(job_of(portal, SHARED))
    found = await collect(source, known)
    assert (found.items, found.failures, found.unchanged) == ([], [], 7)


async def test_a_refused_account_does_not_hide_the_other(
    portal: Portal, configure: Configure, sessions: MemorySessions
) -> None:
    wrong = Account(CSE.email, "wrong", SEASON)
    found = await collect(PortalSource(configure(wrong, ECE), sessions))
    assert found.keys("job") == set(portal.world.jobs) - {job_of(portal, "Quillstack")}
    assert [(failure.account, failure.code, failure.key) for failure in found.failures] == [
        (CSE.email, "login_refused", "")
    ]
    assert portal.calls["login", CSE.email] == 1


@pytest.mark.parametrize(
    ("fault", "code"), [(faults.html(), "not_json"), (faults.null(), "bad_answer"), (faults.status(500), "http_500")]
)
async def test_a_failing_listing_does_not_hide_the_others(
    portal: Portal, source: PortalSource, fault: faults.Fault, code: str
) -> None:
    portal.fail(fault, "notices", email=CSE.email)
    found = await collect(source)
    assert found.keys("job") == set(portal.world.jobs)
    assert len(found.keys("notice")) == 11
    assert [(failure.account, failure.code) for failure in found.failures] == [(CSE.email, code)]


async def test_one_cause_is_reported_once_an_account(portal: Portal, source: PortalSource) -> None:
    await collect(source)
    portal.expire_sessions()
    portal.fail(faults.status(401), "login", email=CSE.email)
    found = await collect(source)
    assert [(failure.account, failure.code) for failure in found.failures] == [(CSE.email, "login_refused")]


async def test_all_accounts_failing_alike_is_an_error_with_their_code(portal: Portal, source: PortalSource) -> None:
    portal.fail(faults.status(401), "login")
    with pytest.raises(SourceError) as caught:
        await collect(source)
    assert caught.value.code == "login_refused"
    assert CSE.email in caught.value.text
    assert ECE.email in caught.value.text


async def test_all_accounts_failing_differently_is_an_error(portal: Portal, source: PortalSource) -> None:
    portal.fail(faults.status(401), "login", email=CSE.email)
    portal.fail(faults.html(), email=ECE.email)
    with pytest.raises(SourceError) as caught:
        await collect(source)
    assert caught.value.code == "nothing_read"


async def test_the_failures_are_handed_over_before_the_error(portal: Portal, source: PortalSource) -> None:
    portal.fail(faults.status(401), "login")
    async with aclosing(source.collect({})) as batches:
        batch = await anext(batches)
        assert [failure.account for failure in batch.failures] == [CSE.email, ECE.email]
        with pytest.raises(SourceError):
            await anext(batches)


async def test_nothing_configured_is_an_error(configure: Configure, sessions: MemorySessions) -> None:
    with pytest.raises(SourceError) as caught:
        await collect(PortalSource(replace(configure(), accounts=()), sessions))
    assert caught.value.code == "not_configured"


async def test_a_portal_that_comes_back_is_read_as_if_nothing_had_happened(
    portal: Portal, source: PortalSource
) -> None:
    known = (await collect(source)).known
    notice = portal.publish_notice()
    portal.fail(faults.drop())
    with pytest.raises(SourceError):
        await collect(source, known)
    portal.mend()
    assert (await collect(source, known)).keys("notice") == {notice["identifier"]}


async def test_a_job_one_account_may_not_read_is_read_through_another(portal: Portal, source: PortalSource) -> None:
    portal.fail(faults.status(404), "job", email=CSE.email, key=job_of(portal, SHARED))
    found = await collect(source)
    assert found.keys("job") == set(portal.world.jobs)
    assert not found.failures


@pytest.mark.parametrize("fault", [faults.status(500), faults.error_object(), faults.null(), faults.truncated()])
async def test_a_job_without_its_full_form_waits_for_the_next_reading(
    portal: Portal, source: PortalSource, fault: faults.Fault
) -> None:
    key = job_of(portal, SHARED)
    portal.fail(fault, "job", key=key)
    first = await collect(source)
    assert first.keys("job") == set(portal.world.jobs) - {key}
    assert [failure.key for failure in first.failures] == [key]
    portal.mend()
    assert (await collect(source, first.known)).keys("job") == {key}


async def test_a_document_without_a_link_costs_the_link_only(portal: Portal, source: PortalSource) -> None:
    key = job_of(portal, "Quillstack")
    lost, kept = (each["identifier"] for each in portal.world.jobs[key].detail["jobProfile"]["documents"])
    portal.fail(faults.status(500), "document", key=lost)
    found = await collect(source)
    (item,) = (item for item in found.items if item.key == key)
    assert set(item.payload["documents"]) == {kept}
    assert not found.failures


async def test_records_without_identity_are_rejected_once(portal: Portal, source: PortalSource) -> None:
    portal.world.notices["broken"] = portal_world.Notice({"title": "Who am I?"})
    found = await collect(source)
    assert [(each.kind, each.reason) for each in found.rejected] == [("notice", "no identifier")]
    assert len(found.keys("notice")) == 12


async def test_the_cap_on_requests_is_kept(configure: Configure, sessions: MemorySessions) -> None:
    async with Portal(portal_world.generated(notices=0, jobs=20), latency=0.005) as portal:
        config = configure(base_url=portal.url, limits=HttpLimits(concurrency=4))
        assert len((await collect(PortalSource(config, sessions))).items) == 20
    assert portal.busiest == 4


async def test_notices_are_handed_over_while_jobs_are_still_being_read(portal: Portal, source: PortalSource) -> None:
    portal.fail(faults.slow(60), "job")
    async with aclosing(source.collect({})) as batches:
        batch = await anext(batches)
    assert {item.kind for item in batch.items} == {"notice"}


async def test_a_caller_who_stops_leaves_nothing_running(portal: Portal, source: PortalSource) -> None:
    portal.fail(faults.slow(60), "job")
    before = asyncio.all_tasks()
    async with aclosing(source.collect({})) as batches:
        await anext(batches)
    ours = [task for task in asyncio.all_tasks() - before if "scraping" in repr(task.get_coro())]
    assert not ours


async def test_an_account_named_for_two_seasons_reads_for_the_later(
    portal: Portal, configure: Configure, sessions: MemorySessions
) -> None:
    last_year = Account(CSE.email.upper(), CSE.password, 202526)
    found = await collect(PortalSource(configure(last_year, CSE), sessions))
    assert {item.season for item in found.items} == {SEASON}
    assert portal.calls["login"] == 1


async def test_items_belong_to_the_season_of_who_sees_them(
    portal: Portal, configure: Configure, sessions: MemorySessions
) -> None:
    last_year = Account(ECE.email, ECE.password, 202526)
    found = await collect(PortalSource(configure(last_year, CSE), sessions))
    seasons = {item.key: item.season for item in found.items}
    assert seasons[job_of(portal, "Orbit Hinge Robotics")] == 202526
    assert seasons[job_of(portal, SHARED)] == SEASON


async def test_a_caller_who_takes_longer_than_the_reading_gets_everything(source: PortalSource, portal: Portal) -> None:
    def still_reading() -> bool:
        return any(getattr(task.get_coro(), "__name__", "") == "read" for task in asyncio.all_tasks())

    got: set[str] = set()
    async for batch in source.collect({}):
        got |= {item.key for item in batch.items}
        while still_reading():  # noqa: ASYNC110 (it is another task that ends)
            await asyncio.sleep(0)

    assert got == portal.world.notices.keys() | portal.world.jobs.keys()
