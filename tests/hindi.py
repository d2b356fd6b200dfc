"""Looks for English in what somebody reads who reads Hindi."""

import html
import re
from collections.abc import Iterable

from notifications.models import Notice
from scraping.models import Job, Offer, Policy
from tests.season import NAMES

# Names, units and short forms that an Indian student reads in Latin letters.
KEPT = frozenset(
    "SuperSet Bot Telegram Atom API Google Calendar iPhone Mac Outlook JSON JavaScript CSV MongoDB English ID AM PM LPA"
    " CGPA NOC PDF QR B Tech x M MCA MBA BE CSE IT ECE EE ME CE BT A C UG PG X XII Mechanical".split()
)
# What a student types, as the bot quotes it.
_ARGUMENTS = "|".join(
    (
        r"interview|new|off|on|quietly|events|\d+[hd]|[\d:]+|your\.name@\S+|number|cgpa|x|xii|program|branch|batch",
        "backlogs|delete|Zenith|company|word|not-company|not-word|package|place|type|eligible|python|webinar|Noida",
        "internship|me",
    )
)
_COMMAND = re.compile(rf"/[a-z_]+(?: (?:{_ARGUMENTS})\b)*")
_VALUES = re.compile(r"\b(?:full time|internship|\d+[hd])\b")
_ADDRESS = re.compile(r"https?://\S+|[\w.]+@[\w.]+|www\.\S+")
_NUMBERS = re.compile(r"\b(?=\w*\d)[A-Z\d]+\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_SAID_BY_TAGS = re.compile(r'\b(?:alt|title|placeholder|aria-label)="([^"]*)"')


def written_by_others() -> set[str]:
    """The texts of the stored notices, jobs, offers and policies, a line each: they stay as they were written."""
    texts: list[object] = [*NAMES]
    for notice in Notice.objects.all():
        texts += [notice.title, notice.company, notice.role, notice.stage, notice.location, notice.venue]
        texts += [notice.author, notice.package, _plain(notice.body), *notice.details.values()]
        texts += [value for link in notice.links for value in link.values()]
        texts += [value for student in notice.roster for value in student.values()]
    for job in Job.objects.prefetch_related("documents"):
        texts += [job.company, job.role, job.location, job.position_type, job.category_name, *job.stages, *job.skills]
        texts += [*job.courses, _plain(job.description), _plain(job.package_info)]
        texts += [document.name for document in job.documents.all()]
    for offer in Offer.objects.all():
        texts += [offer.company, *(str(role.get("role") or "") for role in offer.roles), *offer.locations]
    for policy in Policy.objects.all():
        texts += [policy.title, re.sub(r"[#*|>-]|\d\.", "\n", policy.content)]
    return {line.strip() for text in texts for line in str(text).split("\n") if re.search("[A-Za-z]", line)}


def english_in(text: str, others: Iterable[str] = ()) -> list[str]:
    """Return the lines that have a Latin word which is no name, command or unit, nor written by others."""
    own = sorted((text for text in others if len(text) > 1), key=len, reverse=True)
    known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, own))})(?!\w)") if own else None
    found = []
    for line in text.split("\n"):
        left = line
        for kept in (_ADDRESS, _COMMAND, _VALUES, *([known] if known else []), _NUMBERS):
            left = kept.sub(" ", left)
        if any(word not in KEPT for word in _WORD.findall(left)):
            found.append(line.strip())
    return found


def english_on(page: str, others: Iterable[str] = ()) -> list[str]:
    """The same of a page: what stands in it and what its tags say. What is marked as English may be."""
    body = re.sub(r'<a\b[^>]*\blang="en"[^>]*>.*?</a>', "", _TAGS.sub("", page))
    said = [html.unescape(found) for found in _SAID_BY_TAGS.findall(body)]
    return english_in("\n".join([*said, _plain(body)]), others)


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "\n", markup))
