"""The text of a notice without the students it lists: those are told apart, in columns of their own."""

import re
from collections.abc import Sequence
from html import escape

from lxml import etree, html

from scraping.reading.facts.students.rosters import read_roster
from scraping.reading.layout.markup import read_markup

_LISTS = ("ol", "ul", "table")
# What the portal itself writes above a list: the notice's stage says the same.
_HEADING_OF_A_LIST = re.compile(
    r"(?:the )?following students (?:are|have been) (?:shortlisted|selected) for\b(?:(?![.!?]\s).)*", re.IGNORECASE
)


def without_roster(content: str) -> str:
    """HTML without the lists and tables that hold its roster; as plain lines where it stands in loose text."""
    if not _lists_students(content):
        return content
    rest = _without_lists(content)
    rest = _other_lines(rest) if _lists_students(rest) else rest
    return "" if _is_heading_alone(read_markup(rest).lines) else rest


def _is_heading_alone(lines: Sequence[str]) -> bool:
    """Whether nothing is left but the line above the list: a sentence more says what the stage does not."""
    written = [line.strip() for line in lines if line.strip()]
    return len(written) == 1 and bool(_HEADING_OF_A_LIST.fullmatch(written[0]))


def _lists_students(content: str) -> bool:
    return bool(read_roster(read_markup(content).lines).students)


def _without_lists(content: str) -> str:
    """Drop each outermost list or table with students in it."""
    try:
        root = html.fragment_fromstring(content, create_parent="div")
    except (etree.ParserError, ValueError):
        return content
    inner = " or ".join(f"self::{tag}" for tag in _LISTS)
    for element in root.xpath(f".//*[{inner}][not(ancestor::*[{inner}])]"):
        if _lists_students(html.tostring(element, encoding="unicode", with_tail=False)):
            element.drop_tree()
    return "".join([escape(root.text or ""), *(html.tostring(child, encoding="unicode") for child in root)])


def _other_lines(content: str) -> str:
    lines = read_markup(content).lines
    students = read_roster(lines).rows
    return "".join(
        f"<p>{escape(line.replace(chr(9), '  '))}</p>" for number, line in enumerate(lines) if number not in students
    )
