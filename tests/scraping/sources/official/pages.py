"""Pages of an invented institute in the shapes the real one had and has."""

import json
from collections.abc import Iterable

Cards = Iterable[tuple[str, str]]

URL = "https://institute.example/students/placement"
RUNNING = (
    ("37", "Quality Companies Visited So Far"),
    ("Rs. 41.50 Lacs", "Highest Package by Kestrel Systems (2 Offers)"),
    ("Rs. 10.42 Lacs", "Average Package"),
)
FINISHED = (("143", "Quality Companies Visited So Far"), ("Rs. 7.60 Lacs", "Median Package"))
HEADING_2027 = "Placement Highlights – Graduating Batch 2027"
HEADING_2026 = "Placement Highlights – Graduating Batch 2026"


def page(*parts: str) -> str:
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>"


def top() -> str:
    return (
        '<div class="inner-banner"><div class="mainheading__large">Training &amp; Placement</div>'
        "<h1>Placement</h1></div>"
        '<div class="vector-bg-sec desc-sec"><div class="left"><p>One office for both campuses.</p><p>Write to us.</p>'
        "</div></div>"
    )


def section(heading: str, cards: Cards, classes: str = "palcement-sec student-placement-pg colum-1") -> str:
    items = "".join(
        f'<div class="item"><div class="title ">{title}</div><div class="desc">{description}</div></div>'
        for title, description in cards
    )
    return (
        f'<div class="{classes}"><div class="mainheading__large">\n  {heading}\n</div>'
        f'<div class="highlights inner-page items grid">{items}</div></div>'
    )


def logos(*images: str) -> str:
    items = "".join(f'<div class="item">{image}</div>' for image in images)
    return (
        '<section class="student-training-page"><div class="mainheading__large">Key Recruiters : 2020-26</div>'
        f'<div class="placements-items grid">{items}</div></section>'
    )


def today() -> str:
    return page(top(), section(HEADING_2027, RUNNING), section(HEADING_2026, FINISHED), logos('<img src="/a.webp">'))


def component(heading: str, cards: Cards) -> dict[str, object]:
    return {
        "__component": "cms.placement-highlights",
        "title": heading,
        "list": [{"title": title, "description": description} for title, description in cards],
    }


def images(*entries: tuple[str, str]) -> dict[str, object]:
    return {"slidecount": 1, "Images": [{"image": image, "name": name} for image, name in entries]}


def flight(*objects: dict[str, object]) -> str:
    """The rows of a flight stream."""
    return "".join(f"{row:x}:{json.dumps(['$', {'data': value}])}\n" for row, value in enumerate(objects, 5))


def pushes(stream: str, size: int = 10_000) -> str:
    """The stream as a page's scripts push it, `size` characters each."""
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    return "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)


def tab(pointers: Iterable[str], rows: Iterable[tuple[str, str, str]] = (), style: str = "display: none;") -> str:
    lines = "".join(f"<li>{pointer}</li>" for pointer in pointers)
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="content" style="{style}"><div class="scroll_sec"><ul>{lines}</ul><table>'
        '<tr><th colspan="3">Distribution of Packages</th></tr>'
        f"<tr><th>Category</th><th>Average</th><th>Median</th></tr>{table}</table></div></div>"
    )


def legacy(names: Iterable[str], tabs: Iterable[str]) -> str:
    return page(
        '<div class="annouc-heading line-three">Training &amp; Placement</div><div class="text">About us.</div>',
        '<div class="training-placement-logo"><img src="/files/k.png" alt="Kestrel Systems"></div>',
        '<ul class="tab-ul">' + "".join(f"<li>{name}</li>" for name in names) + "</ul>",
        '<div class="tab-containerr">' + "".join(tabs) + "</div>",
    )
