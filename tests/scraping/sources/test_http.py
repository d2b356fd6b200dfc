"""The client against a real server whose answers are given one by one."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from scraping.sources.http import RETRY_BUDGET, HttpClient, HttpError, HttpLimits

QUICK = HttpLimits(backoff=0.001, timeout=0.2, connect_timeout=0.5, deadline=1.0)
Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Script:
    """A server that gives its answers in order, the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[web.BaseRequest] = []
        self.times: list[float] = []
        self.url = ""

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        self.requests.append(request)
        self.times.append(time.monotonic())
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        return await answer(request)


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    script = Script()
    runner = web.ServerRunner(web.Server(script.serve), shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    script.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield script
    await runner.cleanup()


def reply(text: str = "[]", status: int = 200, **headers: str) -> Answer:
    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=text, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


async def hang(_: web.BaseRequest) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def hang_up(request: web.BaseRequest) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()


async def half(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"[1, ")
    return await hang_up(request)


async def endless(request: web.BaseRequest) -> web.StreamResponse:
    """More bytes than anyone wants, without a length that tells."""
    response = web.StreamResponse()
    await response.prepare(request)
    while request.transport and not request.transport.is_closing():
        await response.write(b"x" * 65536)
    return response


async def dripping(request: web.BaseRequest) -> web.StreamResponse:
    """A byte now and then, each in time."""
    response = web.StreamResponse()
    await response.prepare(request)
    while request.transport and not request.transport.is_closing():
        await response.write(b" ")
        await asyncio.sleep(0.02)
    return response


async def ask(script: Script, *answers: Answer, limits: HttpLimits = QUICK, path: str = "/list?token=s3cret") -> object:
    script.answers = list(answers)
    async with HttpClient(limits) as http:
        return await http.json("GET", script.url + path)


async def test_an_answer_is_read(script: Script) -> None:
    assert await ask(script, reply('[{"a": 1}]')) == [{"a": 1}]


async def test_a_payload_goes_out_as_json_with_the_headers_given(script: Script) -> None:
    script.answers = [reply("{}")]
    async with HttpClient(QUICK, headers={"X-Of-All": "1"}) as http:
        await http.json("POST", script.url, payload={"a": "é"}, headers={"X-Of-This": "2"})
    request = script.requests[0]
    assert (request.method, await request.json(), request.content_type) == ("POST", {"a": "é"}, "application/json")
    assert (request.headers["X-Of-All"], request.headers["X-Of-This"]) == ("1", "2")


@pytest.mark.parametrize(
    "fault",
    [reply(status=500), reply(status=503), reply(status=429), hang, hang_up, half],
    ids=lambda fault: fault.__name__,
)
async def test_a_passing_fault_is_retried(script: Script, fault: Answer) -> None:
    assert await ask(script, fault, fault, reply("[1]")) == [1]
    assert len(script.requests) == 3


@pytest.mark.parametrize(
    ("fault", "code", "attempts"),
    [
        (reply(status=500), "http_500", 3),
        (hang, "timeout", 3),
        (dripping, "timeout", 3),
        (hang_up, "connection", 3),
        (half, "connection", 3),
        (reply(status=404), "http_404", 1),
        (reply(status=401), "http_401", 1),
        (reply(status=302, Location="/login"), "redirect", 1),
        (reply("<html>Sign in", Content_Type="text/html"), "not_json", 1),
        (reply(""), "not_json", 1),
        (reply("plain", Content_Encoding="gzip"), "broken_body", 1),
    ],
)
async def test_a_lasting_fault_is_an_error(script: Script, fault: Answer, code: str, attempts: int) -> None:
    limits = HttpLimits(backoff=0.001, timeout=0.1, deadline=0.2)
    with pytest.raises(HttpError) as caught:
        await ask(script, fault, limits=limits)
    assert caught.value.code == code
    assert len(script.requests) == attempts
    assert "s3cret" not in str(caught.value)


async def test_a_status_is_kept_with_the_error(script: Script) -> None:
    with pytest.raises(HttpError, match=r"GET 127\.0\.0\.1:\d+/list answered 403") as caught:
        await ask(script, reply(status=403))
    assert caught.value.status == 403


async def test_nobody_listening_is_a_connection_error(unused_tcp_port: int) -> None:
    async with HttpClient(QUICK) as http:
        with pytest.raises(HttpError) as caught:
            await http.request("GET", f"http://127.0.0.1:{unused_tcp_port}/")
    assert caught.value.code == "connection"
    assert f"GET 127.0.0.1:{unused_tcp_port}/ lost its connection" in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "127.0.0.1/x", "http://[::1/", "http://127.0.0.1:99999/"])
async def test_an_address_that_is_none_is_an_error(url: str) -> None:
    async with HttpClient(QUICK) as http:
        with pytest.raises(HttpError) as caught:
            await http.request("GET", url)
    assert caught.value.code == "bad_url"


async def test_an_answer_that_is_no_json_is_quoted_in_the_error(script: Script) -> None:
    with pytest.raises(HttpError, match=r"13 bytes of text/html.* begins '<html>Sign in'"):
        await ask(script, reply("<html>Sign in", Content_Type="text/html"))


async def test_a_confidential_answer_is_not_quoted(script: Script) -> None:
    script.answers = [reply('{"sessionKey": "abc')]
    async with HttpClient(QUICK) as http:
        with pytest.raises(HttpError) as caught:
            await http.json("POST", script.url, confidential=True)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("fault", [endless, reply("[" + "1," * 5000 + "1]")], ids=["without a length", "with one"])
async def test_a_body_over_the_cap_is_an_error(script: Script, fault: Answer) -> None:
    with pytest.raises(HttpError, match=r"more than 0\.00390625 MiB") as caught:
        await ask(script, fault, limits=HttpLimits(max_bytes=4096))
    assert caught.value.code == "too_large"
    assert len(script.requests) == 1


async def test_the_cap_counts_what_compression_hides(script: Script) -> None:
    async def bomb(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=gzip.compress(b"0" * 10_000_000), headers={"Content-Encoding": "gzip"})

    with pytest.raises(HttpError) as caught:
        await ask(script, bomb, limits=HttpLimits(max_bytes=1_000_000))
    assert caught.value.code == "too_large"


async def test_thirty_megabytes_are_fine(script: Script) -> None:
    assert await ask(script, reply('["' + "x" * 30_000_000 + '"]')) == ["x" * 30_000_000]


async def test_a_retry_after_holds_back_the_next_attempt(script: Script) -> None:
    assert await ask(script, reply(status=503, Retry_After="1"), reply("[1]")) == [1]
    assert script.times[1] - script.times[0] >= 0.9


async def test_a_retry_after_holds_back_the_other_requests(script: Script) -> None:
    script.answers = [reply(status=429, Retry_After="1"), reply("[1]")]
    async with HttpClient(HttpLimits(attempts=1)) as http:
        with pytest.raises(HttpError):
            await http.json("GET", script.url)
        await asyncio.gather(*(http.json("GET", script.url) for _ in range(3)))
    assert min(script.times[1:]) - script.times[0] >= 0.9


async def test_a_retry_after_that_is_too_long_ends_the_request(script: Script) -> None:
    with pytest.raises(HttpError, match="asked to wait 86400 s") as caught:
        await ask(script, reply(status=503, Retry_After="86400"))
    assert (caught.value.code, len(script.requests)) == ("http_503", 1)


async def test_an_outage_does_not_multiply_the_requests(script: Script) -> None:
    script.answers = [reply(status=500)]
    async with HttpClient(QUICK) as http:
        await asyncio.gather(*(http.request("GET", script.url) for _ in range(100)), return_exceptions=True)
    assert 100 < len(script.requests) <= 100 + RETRY_BUDGET  # on a busy machine some time out before they are counted


async def test_no_more_requests_are_in_hand_than_allowed(script: Script) -> None:
    in_hand: list[int] = [0]
    most: list[int] = [0]

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        in_hand[0] += 1
        most[0] = max(most[0], in_hand[0])
        await asyncio.sleep(0.005)
        in_hand[0] -= 1
        return web.Response(text="[]")

    script.answers = [answer]
    async with HttpClient(HttpLimits(concurrency=3)) as http:
        await asyncio.gather(*(http.json("GET", script.url) for _ in range(12)))
    assert most[0] == 3


async def test_cookies_are_not_kept(script: Script) -> None:
    script.answers = [reply(Set_Cookie="session=of-another-account; Path=/")]
    async with HttpClient(HttpLimits(concurrency=1)) as http:
        for _ in range(2):
            await http.json("GET", script.url)
    assert "Cookie" not in script.requests[1].headers


async def test_redirects_are_followed_where_wanted(script: Script) -> None:
    script.answers = [reply(status=301, Location="/new"), reply("[1]")]
    async with HttpClient(QUICK, redirects=True) as http:
        assert await http.json("GET", f"{script.url}/old") == [1]
    assert [request.path for request in script.requests] == ["/old", "/new"]
