"""What Telegram signed for a Mini App is believed, and nothing else."""

import hmac
import json
import time
from urllib.parse import quote, urlencode

import pytest

from accounts.signin.init_data import FRESH_SECONDS, InitDataError, is_replayed, sign, telegram_id_of

TOKEN = "1000001:AAExample-of-a-token_for-tests"
ASHA = 1001


def signed(token: str = TOKEN, *, order: tuple[str, ...] = (), **changed: str) -> str:
    """`tgWebAppData` as Telegram's clients hand it over, made from its description alone."""
    user = {"id": ASHA, "first_name": "Asha", "last_name": "Verma & <b>", "username": "asha", "language_code": "en"}
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps(user),
        "auth_date": str(int(time.time())),
        "signature": "zXtUO-u9WmkcuMiQvf2qq2iIIRHDvyDuf0-1aA",
        **changed,
    }
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.new(b"WebAppData", token.encode(), "sha256").digest()
    fields["hash"] = hmac.new(key, lines.encode(), "sha256").hexdigest()
    return urlencode({name: fields[name] for name in order or fields}, quote_via=quote)


def test_what_telegram_signed_names_the_person() -> None:
    assert telegram_id_of(signed(), TOKEN) == ASHA


def test_the_signature_is_what_openssl_makes_of_the_same_fields() -> None:
    fields = 'auth_date=1700000000\nquery_id=AAH\nuser={"id":1001}'
    assert sign(fields, "42:vector") == "09061d46dca9da3fc26205867ae834beb16528be84f1f528d4cdcce9d482a774"


@pytest.mark.parametrize("start", range(5))
def test_the_order_of_the_fields_does_not_matter(start: int) -> None:
    names = ["hash", "signature", "user", "query_id", "auth_date"]
    assert telegram_id_of(signed(order=(*names[start:], *names[:start])), TOKEN) == ASHA


@pytest.mark.parametrize(
    "forged",
    [
        signed("1000002:AnotherBotsToken"),
        signed() + "0",
        signed().replace("%22id%22%3A%201001", "%22id%22%3A%201002"),
        signed().replace("hash=", "hsah="),
        signed().partition("&hash=")[0],
        signed() + "&user=" + quote('{"id": 1002}'),
        signed() + "&auth_date=1",
        signed() + "&extra=1",
        "user=" + quote('{"id": 1002}') + "&" + signed(),
        signed().upper(),
        "hash=",
        "hash=&hash=",
        "",
        "x",
        "&".join(f"f{number}=1" for number in range(100)),
        "a=" + "x" * 5000,
        "hash=\ud800",
        "%ff=%fe&hash=%00",
    ],
)
def test_what_is_forged_doubled_or_made_up_is_refused(forged: str) -> None:
    with pytest.raises(InitDataError):
        telegram_id_of(forged, TOKEN)


@pytest.mark.parametrize("age", [-FRESH_SECONDS - 5, FRESH_SECONDS + 5, 86_400])
def test_what_is_too_old_or_of_tomorrow_is_refused(age: int) -> None:
    with pytest.raises(InitDataError, match="stale"):
        telegram_id_of(signed(auth_date=str(int(time.time()) - age)), TOKEN)


@pytest.mark.parametrize("when", ["", "-1", "1e9", "٣", "9" * 400, "now"])
def test_a_time_that_is_none_is_refused(when: str) -> None:
    with pytest.raises(InitDataError):
        telegram_id_of(signed(auth_date=when), TOKEN)


@pytest.mark.parametrize(
    "user", ["", "{}", "[]", "null", "7", '{"id": "1001"}', '{"id": -5}', '{"id": true}', '{"id": 1e3}', "{" * 2000]
)
def test_a_user_that_is_none_is_refused(user: str) -> None:
    with pytest.raises(InitDataError):
        telegram_id_of(signed(user=user), TOKEN)


def test_a_bot_without_a_token_believes_nobody() -> None:
    with pytest.raises(InitDataError):
        telegram_id_of(signed(""), "")


@pytest.mark.django_db
def test_the_same_text_counts_once_in_whatever_order_it_comes() -> None:
    at = str(int(time.time()))
    names = ("hash", "signature", "user", "query_id", "auth_date")
    assert not is_replayed(signed(auth_date=at))
    assert is_replayed(signed(auth_date=at))
    assert is_replayed(signed(auth_date=at, order=names))
    assert not is_replayed(signed(auth_date=at, query_id="another"))
