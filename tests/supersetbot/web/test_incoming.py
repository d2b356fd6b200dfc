"""When a request is whole, however its bytes come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supersetbot.web.incoming import HEAD_LIMIT, Incoming

LIMIT = 1000
GET = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: x\r\ncontent-length:  5 \r\nX: y\r\n\r\nhello"
EMPTY = b"POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
CHUNKED = b"POST /x HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"
TRAILERS = CHUNKED[:-2] + b"X-Sum: 1\r\n\r\n"
WHOLE = [GET, POST, EMPTY, CHUNKED, TRAILERS]


def added(*pieces: bytes) -> Incoming:
    incoming = Incoming(LIMIT)
    for piece in pieces:
        incoming.add(piece)
    return incoming


@pytest.mark.parametrize("request_", WHOLE)
def test_a_request_is_whole_with_its_last_byte_and_not_before(request_: bytes) -> None:
    incoming = Incoming(LIMIT)
    for number, byte in enumerate(request_, 1):
        incoming.add(bytes([byte]))
        assert incoming.whole == (number == len(request_)), request_[:number]
    assert not incoming.too_big
    assert incoming.data == request_


@given(st.sampled_from(WHOLE), st.data())
def test_it_does_not_matter_how_a_request_is_cut(request_: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(request_)))))
    pieces = [request_[a:b] for a, b in zip([0, *cuts], [*cuts, len(request_)], strict=True)]
    assert added(*pieces).whole
    assert not added(request_[:-1]).whole


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_comes_it_is_judged(first: bytes, second: bytes) -> None:
    for head in (b"", GET[:-2], CHUNKED[:60]):
        added(head, first, second)


def test_what_comes_behind_a_request_is_kept() -> None:
    incoming = added(GET + GET)
    assert incoming.whole
    assert incoming.data == GET + GET


@pytest.mark.parametrize(
    "broken",
    [
        b"GET / HTTP/1.1\n",
        b"GET / HTTP/1.1\r\nHost: x\n",
        CHUNKED[: CHUNKED.index(b"5\r\n")] + b"not a size\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
    ],
)
def test_what_breaks_the_rules_is_not_waited_for(broken: bytes) -> None:
    assert added(broken).whole


@pytest.mark.parametrize(
    "big",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 999999999999999999\r\n\r\n",
        CHUNKED[: CHUNKED.index(b"5\r\n")] + b"3E9\r\n",
        CHUNKED[: CHUNKED.index(b"5\r\n")] + b"5\r\nhello\r\n" * 201,
        CHUNKED[: CHUNKED.index(b"5\r\n")] + b"1;" + b"x" * (LIMIT + HEAD_LIMIT),
        b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_LIMIT,
    ],
)
def test_what_is_too_big_is_not_waited_for(big: bytes) -> None:
    incoming = added(big)
    assert incoming.too_big


def test_who_expects_to_be_told_to_continue_is_known_when_the_head_is_there() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n"
    assert not added(head[:-1]).expects_continue
    assert added(head).expects_continue
    assert not added(head + b"hello").expects_continue
    assert not added(POST[:-1]).expects_continue
