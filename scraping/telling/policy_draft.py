"""What is said of a placement policy: its text the first time, then what changed."""

from html import escape

from accounts.categories import Category
from notifications.publishing.publish import Draft
from notifications.rendering.retold import POLICY, POLICY_UPDATED, REORDERED
from scraping.models import Policy

_LONGEST_TEXT = 8_000
_MOST_CHANGES = 40


def policy_draft(policy: Policy, season: int) -> Draft:
    """The notice of a version. Key, author and times are the caller's to fill in."""
    updated = policy.version > 1
    return Draft(
        external_key="",
        title=(POLICY_UPDATED if updated else POLICY) % {"year": policy.year},
        category=Category.POLICY_UPDATE,
        season=season,
        body=_changes(policy.changes) if updated else _text(policy),
        details={"Updated": f"{policy.updated_on:%d %b %Y}"} if policy.updated_on else {},
    )


def _changes(difference: str) -> str:
    """Lines that are gone or new; only where they stand moved when there are none."""
    lines = difference.split("\n")[:_MOST_CHANGES] if difference else []
    marked = [f"{'➕' if line[0] == '+' else '➖'} {escape(_plain(line[1:]))}" for line in lines]
    return f"<p>{'<br>'.join(marked)}</p>" if marked else f"<p>{REORDERED}</p>"


def _text(policy: Policy) -> str:
    """The whole text, of a long one the contents."""
    if len(policy.content) <= _LONGEST_TEXT:
        return "".join(map(_paragraph, policy.content.split("\n\n")))
    headings = "".join(f"<li>{escape(str(entry['text']))}</li>" for entry in policy.toc)
    return f"<ul>{headings}</ul>"


def _paragraph(text: str) -> str:
    lines = [
        f"<b>{escape(_plain(line))}</b>" if line.startswith("#") else escape(_plain(line)) for line in text.split("\n")
    ]
    return f"<p>{'<br>'.join(lines)}</p>" if text.strip() else ""


def _plain(line: str) -> str:
    """Markdown as text: headings without their signs, points with a bullet."""
    line = line.lstrip("#").strip()
    return f"• {line[2:]}" if line.startswith("- ") else line
