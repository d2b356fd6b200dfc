"""What only some kinds of mail state: a speaker, a prize, who may apply, the text of a policy (spec: mailbox)."""

import re
from collections.abc import Sequence

from accounts.categories import Category
from scraping.items import ParsedMail
from scraping.reading.facts.policies import read_policy
from scraping.reading.layout.fields import Field, values
from scraping.reading.layout.text import shorten

_LONGEST = 600
_LONGEST_TEXT = 20_000

# Kind of mail → what is kept of its labelled statements: name in Facts.extra → names of the labels.
_LABELLED: dict[str, dict[str, tuple[str, ...]]] = {
    Category.JOB_POSTING: {
        "eligibility": ("eligibility",),
        "hiring_flow": ("process",),
        "job_type": ("job_type",),
        "duration": ("duration",),
        "skills": ("skills",),
        "bond": ("bond",),
    },
    Category.PLACEMENT_OFFER: {"duration": ("duration",), "bond": ("bond",)},
    Category.INTERNSHIP_NOC: {"duration": ("duration",)},
    Category.WEBINAR: {"event": ("event",), "topic": ("topic",), "speaker": ("speaker",), "organiser": ("organiser",)},
    Category.HACKATHON: {
        "event": ("event",),
        "theme": ("theme", "topic"),
        "prize": ("prize",),
        "team_size": ("team_size",),
        "organiser": ("organiser",),
        "eligibility": ("eligibility",),
    },
}
_MONEY = (
    r"(?:(?:inr|rs\.?|₹|\$|usd)\s?[\d,.]*\d(?:\s?(?:lakhs?|lacs?|l|k|crores?|cr)\b)?"
    r"|\d[\d,.]*\s?(?:lakhs?|lacs?|crores?)\b)"
)
_TOPIC = (
    r"\b(?i:session|webinar|talk|workshop|lecture|seminar)\s+on\s+[\"“']?(?P<said>[A-Z][^\"”\n.]{4,120}?)[\"”']?"
    r"(?=\s+(?:by|on|at|from|scheduled|with)\b|[.\n\"”]|$)"
)
_SPEAKER = (
    r"\b(?i:by|with|from|speaker)[ ]+(?P<said>(?:Mr|Ms|Mrs|Dr|Prof)\b\.?[ ]+[A-Z][\w.]*(?:[ ]+[A-Z][\w.]*){0,3}"
    r"(?:[ ]*[,(][^.\n]{3,80})?)"
)
_TEAM = (
    r"\b(?i:teams?\s+(?:size\s*)?(?:of|:|with|can\s+have|must\s+have)?\s*(?:up\s?to\s+)?)"
    r"(?P<said>\d{1,2}(?:\s*(?:-|–|to)\s*\d{1,2})?)\b"
)
_JOB_TYPE = r"\b(?P<said>(?i:full[- ]time|part[- ]time|contract(?:ual)?|internship(?:\s*\+\s*(?:ppo|full[- ]time))?))\b"
# Kind of mail → how sentences say the same where no label does.
_SAID: dict[str, dict[str, re.Pattern[str]]] = {
    kind: {name: re.compile(pattern) for name, pattern in patterns.items()}
    for kind, patterns in (
        (Category.WEBINAR, {"topic": _TOPIC, "speaker": _SPEAKER}),
        (
            Category.HACKATHON,
            {
                "prize": rf"\b(?i:priz\w+|rewards?|win)\b[^.\n]{{0,40}}?(?P<said>(?i:{_MONEY}))",
                "team_size": _TEAM,
                "organiser": r"\b(?i:organi[sz]ed|hosted|conducted|presented)\s+by\s+(?P<said>[A-Z][^.,\n]{2,80})",
                "theme": r"\b(?i:themes?)\s*(?:is|are|of|:)\s*[\"“]?(?P<said>[^.\"”\n]{3,120})",
            },
        ),
        (
            Category.JOB_POSTING,
            {"eligibility": r"(?P<said>[^.\n]{0,120}\b(?i:eligib(?:le|ility))\b[^.\n]{3,200})", "job_type": _JOB_TYPE},
        ),
    )
}
_REMINDER = re.compile(
    r"^\W*(?:(?:gentle|kind|final|last|urgent)\s+)*(?:remind\w*|call|chance)\b\s*\d*\s*[:!|–—-]*\s*"
    r"(?:to\s+|about\s+|for\s+)?",
    re.IGNORECASE,
)


def read_details(kind: str, mail: ParsedMail, fields: Sequence[Field], lines: Sequence[str]) -> dict[str, str]:
    """Label → text for this kind of mail; what is not stated is not in it."""
    if kind == Category.POLICY_UPDATE:
        return read_policy(mail.subject, lines, mail.sent_at)
    found = _labelled(kind, fields)
    text = "\n".join([mail.subject, *lines])[:_LONGEST_TEXT]
    for name, pattern in _SAID.get(kind, {}).items():
        if name not in found and (match := pattern.search(text)):
            found[name] = _short(match["said"])
    if kind in {Category.WEBINAR, Category.HACKATHON}:
        found.setdefault("event", _short(mail.subject))
    if kind == Category.REMINDER:
        found["reminds_of"] = _short(_REMINDER.sub("", mail.subject) or next(iter(lines), ""))
    return {name: said for name, said in found.items() if said}


def _labelled(kind: str, fields: Sequence[Field]) -> dict[str, str]:
    wanted = _LABELLED.get(kind, {})
    stated = {name: "; ".join(values(fields, *labels)) for name, labels in wanted.items()}
    return {name: _short(text) for name, text in stated.items() if text}


def _short(text: str) -> str:
    return shorten(text.strip(" \t\n-–:;|*."), _LONGEST)
