import pytest

from scraping.sources.lenient_json import decode_json, excerpt


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}),
        (b"null", None),
        (b'[NaN, Infinity, -Infinity, 1e999, {"a": NaN}]', [None, None, None, None, {"a": None}]),
        (rb'{"title": "cut here \ud83d"}', {"title": "cut here ?"}),
        (rb'["whole \ud83d\ude00", "half \ud83d"]', ["whole \U0001f600", "half ?"]),
        (rb'{"a\u0000b": "c\u0000d"}', {"ab": "cd"}),
        (b'["tab\there"]', ["tab\there"]),
        (b"\xef\xbb\xbf[1]", [1]),
        (b'["caf\xe9"]', ["caf\ufffd"]),
        (b"[123456789012345678901234567890]", [1.2345678901234568e29]),
        (b"[123456789012345678901234567890, NaN]", [None, None]),
    ],
)
def test_json_is_read_as_others_write_it(body: bytes, value: object) -> None:
    assert decode_json(body) == value


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'[{"a": 1}, {"b"', b"[" * 100_000, b"[" * 900_000 + b"]" * 900_000, b"\xff\xfe", b'{"a": 1} {}'],
    ids=["nothing", "page", "cut", "open", "deep", "binary", "two"],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_json(body)


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt(b"<html>\n\t<body>" + b"x" * 1_000_000) == "<html> <body>" + "x" * 86
