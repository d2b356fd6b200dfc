import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from scraping.sources.base import SourceError
from scraping.sources.http import HttpClient
from scraping.sources.portal.client import (
    Account,
    LoginRefusedError,
    MfaRequiredError,
    PortalClient,
    PortalConfig,
    Session,
    encrypt,
)
from supersetbot.sandbox.portal import faults, portal_world
from supersetbot.sandbox.portal.server import Portal
from tests.scraping.sources.portal.conftest import SEASON, Configure, MemorySessions

CSE = portal_world.ACCOUNTS[0]
GOOD = Account(CSE.email, CSE.password, SEASON)
WRONG = Account(CSE.email, "not-my-passw0rd", SEASON)
MakeClient = Callable[..., PortalClient]


@pytest.fixture
async def make_client(configure: Configure, sessions: MemorySessions) -> AsyncIterator[MakeClient]:
    """Makes the client of one reading."""
    opened: list[HttpClient] = []

    def make(account: Account = GOOD, **changes: object) -> PortalClient:
        config: PortalConfig = configure(account, **changes)
        opened.append(config.open())
        return PortalClient(opened[-1], config, account, sessions)

    yield make
    for http in opened:
        await http.__aexit__(None, None, None)


async def test_one_login_serves_all_calls(make_client: MakeClient, portal: Portal) -> None:
    client = make_client()
    notices, jobs = await asyncio.gather(client.notices(), client.jobs())
    assert (len(notices), len(jobs)) == (11, 7)  # what is for CSE
    assert portal.calls["login"] == 1


async def test_a_session_is_kept_for_the_next_reading(make_client: MakeClient, portal: Portal) -> None:
    await make_client().notices()
    await make_client().notices()
    assert portal.calls["login"] == 1


async def test_a_job_and_its_documents(make_client: MakeClient, portal: Portal) -> None:
    client = make_client()
    listed = {job["companyName"]: job["jobProfileIdentifier"] for job in await client.jobs()}
    detail = await client.job(listed["Zenith Labs"])
    document = detail["jobProfile"]["documents"][0]["identifier"]
    assert detail["jobProfile"]["package"] == 1_400_000
    assert f"/files/{document}?" in await client.document_url(listed["Zenith Labs"], document)


async def test_identifiers_stay_within_their_part_of_the_path(make_client: MakeClient, portal: Portal) -> None:
    with pytest.raises(SourceError, match="404"):
        await make_client().job("../../notices?page=0")
    assert portal.calls["notices"] == 0


async def test_an_ended_session_is_renewed_once_for_all_calls(
    make_client: MakeClient, portal: Portal, sessions: MemorySessions
) -> None:
    await make_client().sign_in()
    before = sessions.kept[CSE.email]
    portal.expire_sessions()
    client = make_client()
    await asyncio.gather(*(client.notices() for _ in range(5)), *(client.jobs() for _ in range(5)))
    assert portal.calls["login"] == 2
    assert sessions.kept[CSE.email].key != before.key


@pytest.mark.parametrize("status", [401, 403])
async def test_a_call_that_is_always_refused_renews_the_session_once(
    make_client: MakeClient, portal: Portal, status: int
) -> None:
    portal.fail(faults.status(status), "job")
    client = make_client()
    for _ in range(3):
        with pytest.raises(SourceError) as caught:
            await client.job("any")
        assert caught.value.code == f"http_{status}"
    assert portal.calls["login"] == 2
    assert await client.notices()


@pytest.mark.parametrize("status", [400, 401, 403, 422, 423])
async def test_a_refused_password_is_not_tried_again(make_client: MakeClient, portal: Portal, status: int) -> None:
    portal.fail(faults.status(status), "login")
    client = make_client()
    for call in (client.notices, client.jobs, client.sign_in):
        with pytest.raises(LoginRefusedError, match=rf"{CSE.email}: the portal refused the login \({status}\)"):
            await call()
    assert portal.calls["login"] == 1


async def test_a_wrong_password_is_refused(make_client: MakeClient, sessions: MemorySessions) -> None:
    with pytest.raises(LoginRefusedError) as caught:
        await make_client(WRONG).notices()
    assert caught.value.code == "login_refused"
    assert not sessions.kept


async def test_a_refusal_while_renewing_ends_the_account_for_this_reading(
    make_client: MakeClient, portal: Portal, sessions: MemorySessions
) -> None:
    sessions.kept[WRONG.email] = Session(CSE.uuid, "ended")
    client = make_client(WRONG)
    answers = await asyncio.gather(*(client.notices() for _ in range(4)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LoginRefusedError] * 4
    assert portal.calls["login"] == 1
    assert not sessions.kept


async def test_a_second_factor_is_its_own_error(make_client: MakeClient, portal: Portal) -> None:
    portal.world.accounts = [portal_world.Account(CSE.email, CSE.password, mfa=True)]
    with pytest.raises(MfaRequiredError, match=CSE.email) as caught:
        await make_client().notices()
    assert caught.value.code == "mfa_required"


async def test_a_session_given_along_with_a_second_factor_is_tried(make_client: MakeClient, portal: Portal) -> None:
    answer = '{"uuid": "u-1", "sessionKey": "half-way", "enableMfa": true}'
    portal.fail(faults.body(answer), "login")
    with pytest.raises(MfaRequiredError):
        await make_client().notices()
    assert portal.calls["notices"] == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ('{"uuid": "u-1", "sessionKey": null, "message": "no"}', "login_refused"),
        ('{"uuid": "u-1", "sessionKey": "a\\nb c\\u00e9"}', "login_refused"),
        ('{"message": "Account locked"}', "login_refused"),
        ("{}", "bad_answer"),
        ("null", "bad_answer"),
        ("[1]", "bad_answer"),
        ('{"sessionKey": "abc', "not_json"),
    ],
)
async def test_a_login_without_a_usable_session(
    make_client: MakeClient, portal: Portal, answer: str, code: str
) -> None:
    portal.fail(faults.body(answer), "login")
    with pytest.raises(SourceError) as caught:
        await make_client().notices()
    assert caught.value.code == code
    assert "abc" not in str(caught.value)


async def test_a_login_is_tried_again_where_the_portal_is_at_fault(make_client: MakeClient, portal: Portal) -> None:
    portal.fail(faults.status(502), "login", times=2)
    assert await make_client().notices()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.html(), "not_json"),
        (faults.cut(), "not_json"),
        (faults.null(), "bad_answer"),
        (faults.error_object(), "bad_answer"),
        (faults.truncated(), "connection"),
        (faults.drop(), "connection"),
        (faults.slow(60), "timeout"),
        (faults.status(500), "http_500"),
    ],
)
async def test_a_listing_that_is_none_is_an_error(
    make_client: MakeClient, portal: Portal, fault: faults.Fault, code: str
) -> None:
    portal.fail(fault, "notices")
    with pytest.raises(SourceError) as caught:
        await make_client().notices()
    assert caught.value.code == code


async def test_an_unexpected_answer_is_quoted(make_client: MakeClient, portal: Portal) -> None:
    portal.fail(faults.error_object(), "jobs")
    with pytest.raises(SourceError, match=r"job profiles: unexpected answer '\{\"status\":500,\"error\""):
        await make_client().jobs()


@pytest.mark.parametrize("fault", [faults.null(), faults.empty(), faults.error_object(), faults.body('"x"')])
async def test_an_answer_with_nothing_of_a_job_is_no_job(
    make_client: MakeClient, portal: Portal, fault: faults.Fault
) -> None:
    portal.fail(fault, "job")
    with pytest.raises(SourceError, match="job profile j-1: unexpected answer"):
        await make_client().job("j-1")


@pytest.mark.parametrize("answer", ["null", "[]", "{}", '{"url": 3}', '{"url": "javascript:alert(1)"}'])
async def test_a_document_without_a_link_is_an_error(make_client: MakeClient, portal: Portal, answer: str) -> None:
    portal.fail(faults.body(answer), "document")
    with pytest.raises(SourceError, match="no link for document d-1 of job profile j-1"):
        await make_client().document_url("j-1", "d-1")


async def test_the_size_of_the_notices_page_is_asked_for(make_client: MakeClient) -> None:
    assert len(await make_client(notices_size=3).notices()) == 3


async def test_the_base_url_may_end_with_a_slash(make_client: MakeClient, portal: Portal) -> None:
    assert await make_client(base_url=f"{portal.url}/").jobs()


async def test_another_tenant_is_refused(make_client: MakeClient) -> None:
    with pytest.raises(SourceError, match="400"):
        await make_client(tenant_id="another_college").notices()


async def test_a_huge_listing_is_read(make_client: MakeClient, portal: Portal) -> None:
    portal.fail(faults.huge(30), "notices")
    assert len((await make_client().notices())[0]["content"]) == 30 * 1024 * 1024


async def test_no_secret_is_logged_or_told(
    make_client: MakeClient, portal: Portal, sessions: MemorySessions, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "httpx", "httpcore"):  # the settings keep these quiet
        caplog.set_level(logging.DEBUG, name)
    portal.fail(faults.html(), "jobs")
    client = make_client()
    told = [repr(client.account), repr(await client.sign_in()), repr(await client.notices())]
    for call in (client.jobs, make_client(WRONG).log_in):
        with pytest.raises(SourceError) as caught:
            await call()
        told.append(repr(caught.value))
    assert "login" in caplog.text  # otherwise this test proves nothing
    for secret in (sessions.kept[CSE.email].key, GOOD.password, WRONG.password):
        assert secret not in caplog.text + "".join(told)


@pytest.mark.parametrize("frame", ["{}", "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", "{}\\n", " {}"])
async def test_the_public_key_may_be_framed(make_client: MakeClient, portal: Portal, frame: str) -> None:
    assert (await make_client(public_key=frame.format(portal.public_key)).sign_in()).key


@pytest.mark.parametrize(
    "key", ["", "not base64!", "AAAA", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="]
)
def test_a_public_key_that_is_none(key: str) -> None:
    with pytest.raises(SourceError, match="SUPERSET_PUBLIC_KEY") as caught:
        encrypt("secret", key)
    assert caught.value.code == "bad_public_key"


def test_a_password_too_long_for_the_key(portal: Portal) -> None:
    with pytest.raises(SourceError, match="longer than the portal's key can carry"):
        encrypt("x" * 200, portal.public_key)
