"""Which push addresses may be called: strangers register them, and we send requests there (spec: delivery).

This judges the address as it is written. What its name resolves to is looked at whenever a connection is made
(notifications/channels/webpush/channel.py), as that can change at any time.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from yarl import URL

MAX_LENGTH = 1000  # as long as an address may be in the database; FCM's and Mozilla's have 200 to 400

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # as last label, it makes the host an IPv4 address (WHATWG URL)
_HOME_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".home.arpa")  # RFC 6761, 6762, 8375, ICANN

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only network reaches an IPv4 address
_NEVER_PUBLIC = (IPv6Network("2002::/16"), IPv6Network("fec0::/10"))  # 6to4 and site-local, both deprecated


def check_endpoint(url: str, allow_hosts: frozenset[str] = frozenset()) -> None:
    """Raise ValueError, in one line for people, unless `url` is a place a push service can stand.

    That is https on port 443 or from 1024 up, no user name in it, at most 1,000 characters, a host that is
    a full name or a public address in its usual spelling (no 2130706433, 0x7f.1 or 0177.0.0.1). Hosts of
    `allow_hosts` are exempt, http and all: that is for tests and the sandbox.
    """
    parsed = _parsed(url)
    host = (parsed.raw_host or "").rstrip(".")
    if host in allow_hosts and parsed.scheme in {"http", "https"}:
        return
    if parsed.scheme != "https":
        raise ValueError("A push endpoint must start with https://")
    if parsed.user is not None or parsed.password is not None:
        raise ValueError("A push endpoint can't hold a user name or password")
    if parsed.port != 443 and (parsed.port or 0) < 1024:
        raise ValueError("A push endpoint's port must be 443 or at least 1024")
    _check_host(host)


def is_public(address: str) -> bool:
    """Whether an IP address, as a resolver gives it, is out on the internet. False for what is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if any(ip in network for network in _NEVER_PUBLIC):
            return False
        ip = _embedded(ip)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _embedded(ip: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, else itself."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip


def _parsed(url: str) -> URL:
    """The URL as the HTTP client will read it: a second parser could see another host in it."""
    if not isinstance(url, str) or not url:
        raise ValueError("A push endpoint must be a URL")
    if len(url) > MAX_LENGTH:
        raise ValueError(f"A push endpoint can't be longer than {MAX_LENGTH} characters")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("A push endpoint can hold printable ASCII characters only")
    try:
        parsed = URL(url)
        _ = parsed.host  # decodes an internationalised name, which can fail
    except ValueError:
        raise ValueError("A push endpoint must be a valid URL") from None
    return parsed


def _check_host(host: str) -> None:
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        if not is_public(host):
            raise ValueError("A push endpoint's address must be a public one")
    elif not _NAME.fullmatch(host) or len(host) > 253:
        raise ValueError("A push endpoint's host must be a full domain name")
    elif host.endswith(_HOME_NAMES):
        raise ValueError("A push endpoint's host must be a public name")
