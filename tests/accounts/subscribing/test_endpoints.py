"""Which push addresses may be called: what strangers register must not lead back inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.subscribing.endpoints import MAX_LENGTH, check_endpoint
from accounts.subscribing.public_hosts import is_public_address


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91b-_x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB",
        "https://web.push.apple.com/QGkq",
        "https://wns2-pn1p.notify.windows.com/w/?token=BQYAAAD%2bz",
        "https://push.example.net:8443/x",
        "https://push.example.net:443",
        "https://xn--bcher-kva.example/x",
        "https://push.example.net./x",
        "https://1.push.example.net/x",
        "https://9.9.9.9/x",
        "https://[2606:4700::1111]/x",
        "https://[64:ff9b::909:909]/x",
        "https://push.example.net/" + "a" * (MAX_LENGTH - 25),
    ],
)
def test_push_services_may_be_called(url: str) -> None:
    check_endpoint(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.0.1",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.171",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.175.48.1",
        "198.51.100.7",
        "203.0.113.7",
        "198.18.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2001:1::1]",
        "[2001:2::1]",
        "[2001:3::1]",
        "[2001:4:112::1]",
        "[2001:20::1]",
        "[2001:30::1]",
        "[2620:4f:8000::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[4000::1]",
        "[100::1]",
        "[100:0:0:1::1]",
        "[64:ff9b:1::808:808]",
        "[64:ff9b::c000:9]",
        "[::ffff:192.0.0.8]",
        "[::8.8.8.8]",
        "[2606:4700::1111%25eth0]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    ],
)
def test_addresses_that_are_not_out_on_the_internet_are_refused(host: str) -> None:
    with pytest.raises(ValueError, match="must lead out on the internet"):
        check_endpoint(f"https://{host}/x")


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0X7F.1", "0177.0.0.1", "127.1", "127.0.0.1.", "9.9.9.9.9", "1.2.3.0x", "010.8.8.8"],
)
def test_addresses_in_unusual_spellings_are_refused(host: str) -> None:
    with pytest.raises(ValueError, match="push endpoint"):
        check_endpoint(f"https://{host}/x")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "push.localhost",
        "localhost.localdomain",
        "printer.local",
        "db.internal",
        "nas.home.arpa",
        "push.invalid",
        "a.b.INVALID",
        "push.invalid.",
        "abcdef.onion",
        "name.alt",
        "intranet",
    ],
)
def test_names_from_inside_are_refused(host: str) -> None:
    with pytest.raises(ValueError, match="push endpoint"):
        check_endpoint(f"https://{host}/x")


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example.net/x",
        "ftp://push.example.net/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//push.example.net/x",
        "push.example.net/x",
        "",
        "https://",
        "https:///x",
        "https://user@push.example.net/x",
        "https://:pass@push.example.net/x",
        "https://push.example.net@127.0.0.1/x",
        "https://push.example.net\\@127.0.0.1/x",
        "https://127.0.0.1\t.example.net/x",
        "https://push.example.net/x\r\nHost: inside",
        "https://push example.net/x",
        " https://push.example.net/x",
        "https://①②⑦.⓪.⓪.①/x",
        "https://127。0。0。1/x",
        "https://%6cocalhost/x",
        "https://push..example.net/x",
        "https://-push.example.net/x",
        "https://xn--/x",
        "https://[::1/x",
        "https://push.example.net:22/x",
        "https://push.example.net:80/x",
        "https://push.example.net:0/x",
        "https://push.example.net:99999/x",
        "https://push.example.net:https/x",
        "https://push.example.net/" + "a" * (MAX_LENGTH - 24),
        "https://" + "a." * 200 + "net/x",
    ],
)
def test_anything_else_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(ValueError, match="push endpoint") as caught:
        check_endpoint(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", [None, 5, b"https://push.example.net/x", ["https://push.example.net/x"]])
def test_what_is_no_text_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be a URL"):
        check_endpoint(url)


def complaint(url: str) -> str:
    try:
        check_endpoint(url)
    except ValueError as error:
        return str(error)
    return ""


@given(st.text(max_size=80))
def test_whatever_stands_there_it_is_judged_in_one_line(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}/x"):
        assert "\n" not in complaint(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8099/push", "https://localhost/x", "http://push.test/x"])
def test_allowed_hosts_are_exempt(url: str) -> None:
    allowed = frozenset({"127.0.0.1", "localhost", "push.test"})
    check_endpoint(url, allowed)
    with pytest.raises(ValueError, match="push endpoint"):
        check_endpoint(
            url.replace("127.0.0.1", "127.0.0.2").replace("localhost", "other").replace("push", "x"), allowed
        )


def test_an_exemption_may_be_for_one_port_alone() -> None:
    allowed = frozenset({"127.0.0.1:8099"})
    check_endpoint("http://127.0.0.1:8099/push", allowed)
    for url in ("http://127.0.0.1:8098/push", "http://127.0.0.1/push", "http://127.0.0.2:8099/push"):
        with pytest.raises(ValueError, match="push endpoint"):
            check_endpoint(url, allowed)


def test_an_allowed_host_is_still_called_by_http_alone() -> None:
    with pytest.raises(ValueError, match="https"):
        check_endpoint("ftp://127.0.0.1/x", frozenset({"127.0.0.1"}))


@pytest.mark.parametrize(
    ("address", "public"),
    [("9.9.9.9", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("fe80::1%eth0", False), ("x", False)],
)
def test_a_resolved_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public_address(address) is public
