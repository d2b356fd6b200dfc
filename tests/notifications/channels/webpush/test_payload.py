"""What a push message holds, how it is shortened, and that only its browser can read it."""

import json
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.base import PermanentError
from notifications.channels.webpush.payload import PAYLOAD_LIMIT, encrypt, payload, shorten
from notifications.rendering.messages import PushPart
from tests.notifications.channels.webpush.browser import Browser, decoded
from tests.paths import SAMPLES as ALL_SAMPLES

SAMPLE = ALL_SAMPLES / "webpush" / "rfc8291_appendixA.json"
PART = PushPart("Zenith Labs", "₹12 LPA", "https://x.example/n/1", "notice-1", "n1", 3600, "high", "/icon.png")


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"*** no {SAMPLE} ***")
def test_the_browser_here_reads_the_rfcs_own_example() -> None:
    example = json.loads(SAMPLE.read_text())
    key = ec.derive_private_key(int.from_bytes(decoded(example["ua_private"]), "big"), ec.SECP256R1())
    browser = Browser(key, decoded(example["auth"]))
    assert browser.keys["p256dh"] == example["ua_public"]
    assert browser.decrypt(decoded(example["body"])).decode() == example["plaintext"]


def test_the_browser_it_is_for_can_read_it_and_no_other() -> None:
    browser = Browser()
    body = encrypt(browser.keys, b"12 placed")
    assert browser.decrypt(body) == b"12 placed"
    with pytest.raises(InvalidTag):
        Browser().decrypt(body)


def test_the_largest_payload_stays_within_4096_bytes() -> None:
    assert len(encrypt(Browser().keys, payload(replace(PART, body="x" * 9000), PAYLOAD_LIMIT))) <= 4096


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"p256dh": Browser().keys["p256dh"]},
        {"p256dh": "", "auth": ""},
        {"p256dh": "AAAA", "auth": "AAAA"},
        {"p256dh": "ключ", "auth": "секрет"},
        {**Browser().keys, "auth": ""},
        {**Browser().keys, "p256dh": "B" + "A" * 86},
        {"p256dh": 5, "auth": None},
        None,
    ],
)
def test_keys_nothing_can_be_encrypted_for_switch_the_subscription_off(keys: dict[str, str]) -> None:
    with pytest.raises(PermanentError) as caught:
        encrypt(keys, b"12 placed")
    assert (caught.value.code, caught.value.switch_off) == ("bad_keys", True)


def test_it_holds_title_body_url_tag_and_icon() -> None:
    assert json.loads(payload(PART, 3000)) == {
        "title": "Zenith Labs",
        "body": "₹12 LPA",
        "url": "https://x.example/n/1",
        "tag": "notice-1",
        "icon": "/icon.png",
    }


def test_no_icon_is_no_empty_icon() -> None:
    assert "icon" not in json.loads(payload(replace(PART, icon=""), 3000))


@given(st.text(), st.integers(120, 400))
def test_whatever_the_body_it_fits_and_stays_json(body: str, limit: int) -> None:
    data = payload(replace(PART, body=body), limit)
    assert len(data) <= limit
    shown = json.loads(data)["body"]
    assert shown == body or (shown == "" or shown.endswith("…"))


@given(st.text(alphabet=st.characters(codec="utf-8")), st.integers(0, 60))
def test_what_is_cut_is_the_start_of_the_text(text: str, room: int) -> None:
    short = shorten(text, room)
    assert short in {text, ""} or text.startswith(short.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "room", "short"),
    [
        ("Zenith Labs", 11, "Zenith Labs"),
        ("Zenith Labs", 10, "Zenith…"),
        ("₹₹₹₹", 11, "₹₹…"),
        ('"""""', 8, '""…'),
        ("🎯🎯🎯", 11, "🎯🎯…"),
        ("ok 👩‍💻 done and more", 13, "ok…"),  # a joined sign is whole or not there
        ("कि कि कि", 13, "कि…"),  # a vowel sign stays with its letter
        ("x👍🏽 and more", 9, "x…"),
        ("Zenith", 3, ""),
        ("Zenith", 0, ""),
    ],
)
def test_text_is_cut_between_what_a_reader_sees_as_characters(text: str, room: int, short: str) -> None:
    assert shorten(text, room) == short


def test_half_a_surrogate_pair_can_be_sent() -> None:
    assert json.loads(payload(replace(PART, body="Zenith \ud83d"), 3000))["body"] == "Zenith ?"


def test_a_long_title_is_shortened_too() -> None:
    shown = json.loads(payload(replace(PART, title="Zenith " * 100), 3000))
    assert shown["title"].endswith("…")
    assert shown["body"] == PART.body


def test_a_url_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(PermanentError) as caught:
        payload(replace(PART, url="https://x.example/" + "a" * 3000), 3000)
    assert (caught.value.code, caught.value.switch_off) == ("too_long", False)
