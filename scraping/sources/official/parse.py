"""The institute's placement page: bytes in, facts out (spec: official-page).

Three readings are tried: today's markup, the flight fragments in the scripts, the markup before the redesign.
The one with most figures counts, so a page that holds its facts in one of them only is read too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml.etree import _Element as Element

from scraping.sources.official import flight, highlights, legacy
from scraping.sources.official.markup import by_class, by_tag, clean, decode, outermost, text_of, tree
from scraping.sources.official.page import Batch, OfficialPage, Recruiter

_HOLDS_LOGOS = by_class("placements-items", "training-placement-logo")


def parse_page(body: bytes | str, base_url: str) -> OfficialPage:
    """Read the page; relative image addresses are resolved against `base_url`.

    Raises:
        ValueError: no batch with a figure on it; the text says what was missing.
    """
    html = decode(body) if isinstance(body, bytes) else body
    root, stream = tree(html), flight.stream(html)
    readings = highlights.batches(root), flight.batches(stream), legacy.batches(root)
    batches = max((_with_figures(reading) for reading in readings), key=_count_figures)
    if not batches:
        raise ValueError(f"no batch on the page: {', '.join(_missing(*readings))}")
    return OfficialPage(
        batches=batches,
        recruiters=_recruiters(root, flight.images(stream), base_url),
        main_heading=_main_heading(root, batches),
        intro_text="\n\n".join(filter(None, highlights.intro(root))) or legacy.intro(root),
    )


def _with_figures(batches: Iterable[Batch]) -> tuple[Batch, ...]:
    """Batches that state something; where none is marked as active, the first is (spec: official-page)."""
    stated = [batch for batch in batches if batch.cards or batch.package_distribution]
    if stated and not any(batch.is_active for batch in stated):
        stated[0] = replace(stated[0], is_active=True)
    return tuple(stated)


def _count_figures(batches: tuple[Batch, ...]) -> int:
    return sum(len(batch.cards) + len(batch.package_distribution) for batch in batches)


def _missing(today: tuple[Batch, ...], fragments: tuple[Batch, ...], earlier: tuple[Batch, ...]) -> Iterator[str]:
    yield "no .highlights .item cards below its heading" if today else "no heading that names a batch"
    yield "empty placement-highlights fragments" if fragments else "no placement-highlights fragments"
    yield "empty tabs in div.tab-containerr" if earlier else "no tabs of the earlier markup"


def _main_heading(root: Element, batches: tuple[Batch, ...]) -> str:
    names = {batch.name for batch in batches}
    large = (heading for heading in highlights.headings(root) if heading not in names)
    first = (text_of(heading) for heading in outermost(root, by_tag("h1")))
    return next(large, "") or legacy.heading(root) or next(first, "")


def _recruiters(root: Element, images: tuple[Recruiter, ...], base_url: str) -> tuple[Recruiter, ...]:
    """The logos shown, each once; those without a name take the one the fragments know for the same file."""
    names = {_path(image.src): image.name for image in images}
    shown = [
        Recruiter(src, clean(logo.get("alt", "")) or names.get(_path(src), ""))
        for block in outermost(root, _HOLDS_LOGOS)
        for logo in outermost(block, by_tag("img"))
        if (src := _image_source(logo))
    ]
    absolute = (replace(logo, src=_absolute(base_url, logo.src)) for logo in shown or images)
    return tuple(dict.fromkeys(logo for logo in absolute if logo.src))


def _image_source(image: Element) -> str:
    """Return where the picture is, also where a placeholder stands in for it until it scrolls into view."""
    src = clean(image.get("src", ""), limit=2000)
    return clean(image.get("data-src", ""), limit=2000) if not src or src.startswith("data:") else src


def _absolute(base_url: str, src: str) -> str:
    """The address resolved against the page; "" where it is none a browser would fetch."""
    try:
        address = urljoin(base_url, src)
        return address if urlsplit(address).scheme in {"http", "https", ""} else ""
    except ValueError:
        return ""


def _path(src: str) -> str:
    """Return what two addresses of one picture share: "/_next/image?url=%2Fuploads%2Fa.webp&w=64" is uploads/a.webp."""
    try:
        address = urlsplit(src)
        return urlsplit(parse_qs(address.query).get("url", [address.path])[0]).path.strip("/")
    except ValueError:
        return src
