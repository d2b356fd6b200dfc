"""The rules on who may apply: how they are stored, in English, and told (spec: messages, Languages)."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

# What a person corrected (scraping/corrections/lines.py), and the portal's fields (scraping/telling/portal_draft.py)
CGPA = _noop("CGPA ≥ %(value)s")
DEGREE = _noop("degree ≥ %(value)s %%")
CLASS_10 = _noop("Class 10 ≥ %(value)s %%")
CLASS_12 = _noop("Class 12 ≥ %(value)s %%")
BACKLOGS_NOW = _noop("at most %(value)s backlogs now")
BACKLOGS_EVER = _noop("at most %(value)s backlogs ever")
GAP_YEARS = _noop("at most %(value)s years of gap")
BATCH = _noop("batch %(value)s")
ONLY = {"female": _noop("Female only"), "male": _noop("Male only"), "other": _noop("Other only")}
LEVELS = {
    **dict.fromkeys(("CLASS_X", "X"), _noop("Class 10")),
    **dict.fromkeys(("CLASS_XII", "XII"), _noop("Class 12")),
    "UG": "UG",
    "PG": "PG",
    "DIPLOMA": _noop("Diploma"),
    "DUAL_DEGREE": _noop("Dual degree"),
}
_ALL = (CGPA, DEGREE, CLASS_10, CLASS_12, BACKLOGS_NOW, BACKLOGS_EVER, GAP_YEARS, BATCH)
_PATTERNS = {text: re.compile(re.escape(text % {"value": "@"}).replace("@", r"(?P<value>[\d., ]+)")) for text in _ALL}
_WHOLE = frozenset((*ONLY.values(), *LEVELS.values(), _noop("all branches"), _noop("circuit branches")))
_BETWEEN = re.compile(r"( · |; |: )")
_CLASS = re.compile(r"\bClass 1[02]\b")


def retold_rules(text: str) -> str:
    """Return what "Who can apply" says, with each rule of our making in the language spoken."""
    return "".join(map(_retold, _BETWEEN.split(text)))


def _retold(rule: str) -> str:
    if rule in _WHOLE:
        return _(rule)
    for template, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(rule):
            return _(template) % found.groupdict()
    return _CLASS.sub(lambda found: _(found[0]), rule)
