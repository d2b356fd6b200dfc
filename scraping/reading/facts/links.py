"""Links of a notice or a mail: anchors first, then addresses written out in the text."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, quote, unquote, urlsplit

from scraping.items import Link

_ADDRESS = re.compile(
    r"""(?<![\w@./-])(?i:https?://|www\.)[^\s<>"'“”‘’]{3,2000}
    | (?<![\w@./:-])(?!asp\.net)(?:[a-z\d](?:[a-z\d-]{0,62}[a-z\d])?\.){1,4}
      (?:com|org|net|in|io|ai|co|app|dev|edu|me|ly|gle|gl|link|page|site|tech|cloud|jobs
      |careers)/[^\s<>"'“”‘’]{1,2000}""",
    re.VERBOSE,
)
_WRITTEN = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_END = ".,;:!?…*'\"”’>]}"
# Hosts that only count the click; the address they show is the real one.
_TRACKER = re.compile(
    r"(?:^|[.-])(?:click|clicks|track|tracking|trk|links?|email|mailtrack|sendgrid|mandrillapp|list-manage|mailchimp"
    r"|hubspot\w*|awstrack|sparkpost\w*|sendinblue|mailjet|yamm-track|cmail\d*|rs\d+|ct)\b.*\.",
    re.IGNORECASE,
)
_WRAPPERS = {"google": ("/url", ("q", "url")), "safelinks.protection.outlook": ("/", ("url",))}
# How to use the portal itself is printed under many notices; it is no link of the notice.
_PORTAL_HELP = re.compile(r"^/support/?$")
_LONGEST = 2048
_MOST = 50


def read_links(anchors: Iterable[Link], lines: Iterable[str]) -> tuple[Link, ...]:
    """Web links, each once, in order: those of `anchors`, then those written out in `lines`.

    Wrapped addresses (google.com/url, safelinks) are unwrapped; where an anchor shows an address and leads through
    a tracker, the one it shows counts. Only http and https; at most 50.
    """
    anchors = list(anchors)
    shown = {_key(anchor.label.strip("<> ")) for anchor in anchors}
    written = (Link(url) for line in lines for url in _written(line) if _key(url) not in shown)
    found: dict[str, Link] = {}
    for link in (*filter(None, map(_from_anchor, anchors)), *written):
        if len(found) < _MOST:
            found.setdefault(_key(link.url), link)
    return tuple(found.values())


def _from_anchor(anchor: Link) -> Link | None:
    label = "".join(anchor.label.split()).strip("<>")
    url = _web_address(_unwrapped(anchor.url))
    if url is None:
        return None
    if not _WRITTEN.fullmatch(label):
        return Link(url, anchor.label)
    visible = _web_address(label)
    hidden = visible is not None and _host(visible) != _host(url)
    if visible and hidden and (_TRACKER.search(_host(url)) or _host(visible) in unquote(url)):
        return Link(visible)
    return Link(url)


def _written(line: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(line):
        text = match[0]
        while text.endswith(tuple(_END)) or (text.endswith(")") and text.count(")") > text.count("(")):
            text = text[:-1]
        if url := _web_address(text):
            yield url


def _web_address(text: str) -> str | None:
    """A full, safe address; None where it is no web address or the portal's own help."""
    text = text.strip()
    if not re.match(r"[a-z][a-z\d+.-]*:", text, re.IGNORECASE) and re.match(r"(?:www\.|[\w-]+\.[\w.-]+/)", text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or "." not in (parts.hostname or "") or len(text) > _LONGEST:
        return None
    if _PORTAL_HELP.match(parts.path) and parts.fragment.startswith("/"):
        return None
    rest = text[len(parts.scheme) :]
    return parts.scheme.lower() + quote(rest, safe="%/:=&?~#+!$,;'@()*[]", errors="replace")


def _unwrapped(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        query = parse_qs(parts.query)
    except ValueError:
        return ""
    for host, (path, names) in _WRAPPERS.items():
        if host in (parts.hostname or "") and parts.path.rstrip("/") == path.rstrip("/"):
            return next((query[name][0] for name in names if name in query), url)
    return url


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _key(url: str) -> str:
    """Scheme, www and a last slash tell no two links apart."""
    return re.sub(r"^https?://", "", "".join(url.split())).removeprefix("www.").rstrip("/")
