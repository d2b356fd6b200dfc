"""The placement policy of a batch, a version each time its text changed (spec: mailbox, Policy update)."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from itertools import islice

from django.db import transaction
from django.utils.text import slugify

from scraping.changes import announce
from scraping.models import Policy, RawItem

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_YEARS = re.compile(r"\b(20\d\d)(?:\s?[-–/]\s?(?:20)?(\d\d))?\b")
_LONGEST_DIFF = 400  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyNews:
    """What a mail says of a policy; `content` is Markdown."""

    year: int
    title: str
    content: str
    updated_on: date | None = None
    mail: RawItem | None = None


@transaction.atomic
def put_policy(news: PolicyNews) -> tuple[Policy, bool]:
    """The policy of the year with this text, and whether it is a new version.

    The same text again is no version; a mail read again by other rules mends the version it made.
    """
    versions = list(Policy.objects.select_for_update().filter(year=news.year).order_by("-version"))
    newest = versions[0] if versions else None
    content = tidy(news.content)
    for number, version in enumerate(versions, start=1):
        if news.mail and version.mail_id == news.mail.pk:
            return _filled(version, news, content, next(iter(versions[number:]), None)), False
    if newest and newest.content == content:
        return newest, False
    policy = Policy(year=news.year, version=newest.version + 1 if newest else 1, mail=news.mail)
    return _filled(policy, news, content, newest), True


def _filled(policy: Policy, news: PolicyNews, content: str, before: Policy | None) -> Policy:
    policy.title = news.title[:300]
    policy.content = content
    policy.toc = table_of_contents(content)
    policy.changes = difference(before.content, content) if before else ""
    policy.updated_on = news.updated_on or policy.updated_on
    policy.save()
    announce(Policy, *Policy.objects.filter(year=policy.year, version=1).values_list("pk", flat=True))
    return policy


def tidy(content: str) -> str:
    """Markdown without blanks at line ends and more than one empty line."""
    lines = "\n".join(line.rstrip() for line in content.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def table_of_contents(content: str) -> list[dict[str, str | int]]:
    """The headings: `id` is unique, made of the words; `level` is 1 to 6."""
    found: dict[str, dict[str, str | int]] = {}
    for line in content.split("\n"):
        if match := _HEADING.fullmatch(line.strip()):
            words = slugify(match[2]) or "section"
            name = next(n for n in (words, *(f"{words}-{i}" for i in range(2, 10_000))) if n not in found)
            found[name] = {"id": name, "text": match[2], "level": len(match[1])}
    return list(found.values())


def difference(before: str, after: str) -> str:
    """Return what changed, a line each: `-` is gone, `+` is new. Empty lines don't count."""
    old, new = ([line for line in text.split("\n") if line.strip()] for text in (before, after))
    without_head = islice(unified_diff(old, new, lineterm="", n=0), 2, None)
    return "\n".join(islice((line for line in without_head if not line.startswith("@@")), _LONGEST_DIFF))


def batch_year(text: str) -> int | None:
    """The graduating year: 2026 of "2026", "2025-26" and "2022-2026"; None where no year is named."""
    match = _YEARS.search(text)
    if match is None:
        return None
    return int(f"20{match[2]}") if match[2] else int(match[1])


def day_of(text: str) -> date | None:
    """An ISO date; None for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
