"""Which addresses of others may be called: strangers register push endpoints, admins webhooks (spec: delivery).

This judges the address as it is written. What its name resolves to is looked at whenever a connection is made
(notifications/channels/outbound.py), as that can change at any time.
"""

import re

from yarl import URL

from accounts.subscribing.public_hosts import is_address, is_public_address, is_public_name

PUSH_ENDPOINT = "A push endpoint"
MAX_LENGTH = 1000  # as long as an address may be in the database; FCM's and Mozilla's have 200 to 400

_UP_TO_PATH = re.compile(r"[^:]*://[^/?#]*/?")


def check_endpoint(url: str, allow_hosts: frozenset[str] = frozenset(), *, what: str = PUSH_ENDPOINT) -> None:
    """Raise ValueError, in one line for people that begins with `what`, unless `url` may be called.

    That is https on port 443 or from 1024 up, no user name in it, at most 1,000 characters, a host that is
    a full name or a public address in its usual spelling (no 2130706433, 0x7f.1 or 0177.0.0.1). Hosts of
    `allow_hosts`, or a host's one port ("127.0.0.1:8443"), are exempt, http and all: that is for tests and the sandbox.
    """
    parsed = _parsed(url, what)
    host = (parsed.raw_host or "").rstrip(".")
    if not allow_hosts.isdisjoint({host, f"{host}:{parsed.port}"}) and parsed.scheme in {"http", "https"}:
        return
    if parsed.scheme != "https":
        raise ValueError(f"{what} must start with https://")
    if parsed.user is not None or parsed.password is not None:
        raise ValueError(f"{what} can't hold a user name or password")
    if parsed.port != 443 and (parsed.port or 0) < 1024:
        raise ValueError(f"{what}'s port must be 443 or at least 1024")
    _check_host(host, what)


def exact_url(url: str) -> URL:
    """The URL of a request to an endpoint that `check_endpoint` accepts. Raises ValueError for others.

    The host is the one that was judged. What follows it is the endpoint's own, byte for byte: it is a secret that the
    push service compares as text (RFC 8030, 8.3), and yarl would write `%2b` as `%2B` and `%3A` as `:`.
    """
    origin = _parsed(url, PUSH_ENDPOINT).origin()
    target = _UP_TO_PATH.sub("/", url.partition("#")[0], count=1)
    # The query stays in the path: yarl would drop an empty one.
    return URL.build(scheme=origin.scheme, authority=origin.raw_authority, path=target, encoded=True)


def _parsed(url: str, what: str) -> URL:
    """The URL as the HTTP client will read it: a second parser could see another host in it."""
    if not isinstance(url, str) or not url:
        raise ValueError(f"{what} must be a URL")
    if len(url) > MAX_LENGTH:
        raise ValueError(f"{what} can't be longer than {MAX_LENGTH} characters")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"{what} can hold printable ASCII characters only")
    try:
        parsed = URL(url)
        _ = parsed.host  # decodes an internationalised name, which can fail
    except ValueError:
        raise ValueError(f"{what} must be a valid URL") from None
    return parsed


def _check_host(host: str, what: str) -> None:
    if is_address(host):
        if not is_public_address(host):
            raise ValueError(f"{what} must lead out on the internet: this one is of a private network")
    elif not is_public_name(host):
        raise ValueError(f"{what} must have a full domain name, and a public one")
