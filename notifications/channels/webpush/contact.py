"""Whom a push service may write to about this server: the `sub` of a VAPID token (RFC 8292, 2.1)."""

import re

from accounts.subscribing.public_hosts import is_public_name

WANTS = "a mail address such as placements@example.edu, or an https:// address"
_MAIL = re.compile(r"[a-z0-9!$&'*+=^_`{|}~-]+(\.[a-z0-9!$&'*+=^_`{|}~-]+)*@([a-z0-9.-]+)", re.IGNORECASE)
_HTTPS = re.compile(r"https://([a-z0-9.-]+)(:[0-9]{1,5})?(/[!-~]*)?", re.IGNORECASE)


def contact_uri(text: str) -> str:
    """The contact as a `mailto:` or `https:` URI.

    Raises ValueError, in a few words, for what push services refuse: Apple's answers BadJwtToken to a host that is not
    public, to a space, to a name beside the address and to `mailto:` twice.
    """
    if "\n" in text or "\r" in text:
        raise ValueError("it has a line end")
    text = text.strip(" \t")
    if not text:
        raise ValueError("it is not set")
    if text.lower().startswith("https:"):
        return _checked(_HTTPS.fullmatch(text), text, host=1)
    address = text[len("mailto:") :] if text.lower().startswith("mailto:") else text
    return _checked(_MAIL.fullmatch(address), f"mailto:{address}", host=2)


def _checked(match: re.Match[str] | None, uri: str, *, host: int) -> str:
    if match is None:
        raise ValueError("it is no such address, or something stands beside it")
    if not is_public_name(match[host].lower()):
        raise ValueError(f"{match[host]} is not a name on the internet")
    return uri
