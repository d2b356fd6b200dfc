"""What kind of mail it is (spec: mailbox, What a mail can be): what is no placement mail at all, then the offers and
lists a mail can hold, then the rules that mails share with the portal's notices.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from accounts.categories import Category
from scraping.items import ParsedMail
from scraping.reading.layout.text import shorten
from scraping.reading.rules import mail_words as words
from scraping.reading.rules.kinds import Reading, Verdict, classify

IRRELEVANT = "irrelevant"
_SHORT_ANSWER = 12  # words
_TELLING_LABELS: dict[str, frozenset[str]] = {
    Category.HACKATHON: frozenset(("team_size", "prize")),
    Category.WEBINAR: frozenset(("speaker",)),
    Category.JOB_POSTING: frozenset(("package", "eligibility", "process")),
}


@dataclass(frozen=True, slots=True)
class MailView:
    """What the rules look at: `text` is the mail's words without its lists of students."""

    mail: ParsedMail
    text: str
    template: str | None = None  # of the portal, where the subject is in one
    has_students: bool = False
    has_package: bool = False  # an amount the mail states as pay
    speaks_of_package: bool = False  # a package is mentioned, if only to say that it is not settled
    has_process: bool = False  # a place or a time of a selection
    labels: frozenset[str] = frozenset()  # names of the statements it makes under labels

    @property
    def subject(self) -> str:
        return self.mail.subject


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    kind: str
    confidence: float
    sees: Callable[[MailView], str | None]


def classify_mail(view: MailView) -> Verdict:
    """The kind of a mail, with the rule that gave it and what it saw."""
    for rule in _RULES:
        if seen := rule.sees(view):
            return Verdict(rule.kind, rule.name, rule.confidence, shorten(seen))
    verdict = classify(
        Reading(
            title=view.subject,
            template=view.template,
            text=view.text,
            has_students=view.has_students,
            has_package=False,  # offers were looked for above, with the words of mails
            has_process=view.has_process,
        )
    )
    return _by_labels(view) or verdict if verdict.rule.startswith("fallback") else verdict


def stage_words(line: str) -> str:
    """The part of a line that says for which round students are chosen, "" where it says none."""
    match = words.NEXT_ROUND.search(line)
    return line[match.start() : match.end() + 40] if match else ""


def _by_labels(view: MailView) -> Verdict | None:
    """Where no word decides: a prize or a team makes a contest, a speaker a talk, nothing at all is irrelevant."""
    for kind, labels in _TELLING_LABELS.items():
        if told := view.labels & labels:
            return Verdict(kind, "mail.labels", 0.6, f"it states {', '.join(sorted(told))}")
    if _is_about_placements(view) or view.mail.unreadable:
        return None
    return Verdict(IRRELEVANT, "mail.unrelated", 0.6, "nothing in it is about placements")


# No placement mails. A list of students is always worth a look, whatever stands around it.


def _bounce(view: MailView) -> str | None:
    return "an undelivered mail came back" if view.mail.is_bounce else None


def _auto_reply(view: MailView) -> str | None:
    return "an automatic reply" if view.mail.is_auto_reply else None


def _calendar(view: MailView) -> str | None:
    if view.mail.is_calendar or (words.ANSWERED.match(view.subject) and not view.has_students):
        return "an answer to an invitation"
    return "a calendar invitation" if _seen_in_a_stranger(words.INVITED, view.subject, view) else None


def _empty(view: MailView) -> str | None:
    something = view.subject.strip() or view.text.strip() or view.has_students or view.mail.unreadable
    return None if something else "neither subject nor text"


def _alarm(view: MailView) -> str | None:
    return _seen(words.ALARM, view.subject, view) or _seen_in_a_stranger(words.ALARM, view.text, view)


def _circular(view: MailView) -> str | None:
    return _seen(words.CIRCULAR, view.subject, view)


def _advert(view: MailView) -> str | None:
    return _seen_in_a_stranger(words.ADVERT, view.subject, view) or _seen_in_a_stranger(words.BULK, view.text, view)


def _seen(pattern: re.Pattern[str], text: str, view: MailView) -> str | None:
    match = None if view.has_students else pattern.search(text)
    return match[0] if match else None


def _seen_in_a_stranger(pattern: re.Pattern[str], text: str, view: MailView) -> str | None:
    """A mail to students may hold such words, too."""
    return None if _is_about_placements(view) else _seen(pattern, text, view)


def _is_about_placements(view: MailView) -> bool:
    return view.has_students or words.PLACEMENT.search(f"{view.subject}\n{view.text}") is not None


def _answer(view: MailView) -> str | None:
    """ "Noted, thank you" above an older mail."""
    brief = view.mail.is_reply and len(view.text.split()) < _SHORT_ANSWER and not view.has_students
    return f"a short answer: {view.text}" if brief else None


def _policy(view: MailView) -> str | None:
    titled = words.POLICY_TITLE.search(view.subject)
    return _seen(words.POLICY, f"{view.subject}\n{view.text}", view) if titled else None


# Lists of students and what they are lists of.


def _noc(view: MailView) -> str | None:
    match = words.NOC.search(view.subject)
    if match is None and view.has_students:
        match = words.NOC.search(view.text) or words.TO_INTERNSHIPS.search(view.text)
    return match[0] if match and not _final(view) else None


def _withdrawn(view: MailView) -> str | None:
    """Offers that were taken back; that they "will be withdrawn if" is a condition of many."""
    match = words.WITHDRAWN.search(view.subject) or words.TAKEN_BACK.search(view.text)
    return match[0] if match else None


def _offer(view: MailView) -> str | None:
    """A list of students, a package, and words of a final selection (spec: mailbox, Tie-breaks)."""
    stated = view.has_package or (view.speaks_of_package and words.FINAL_TITLE.search(view.subject))
    return _final(view) if view.has_students and stated else None


def _offer_without_list(view: MailView) -> str | None:
    """The list is attached, or the students are only counted."""
    said = words.FINAL_TITLE.search(view.subject) and words.FINAL.search(view.text)
    return _final(view) if said and view.has_package else None


def _final(view: MailView) -> str | None:
    titled = words.FINAL_TITLE.search(view.subject)
    match = titled or words.FINAL.search(view.text)
    if match is None or words.DEFAULTERS.search(view.text) or _goes_on(view.subject):
        return None
    return match[0] if titled or not _goes_on(view.text) else None


def _goes_on(text: str) -> bool:
    """Whether a next round is named; "selected after three rounds of interviews" looks back."""
    rounds = (match.start() for match in words.NEXT_ROUND.finditer(text))
    return any(not words.NO_NEXT_ROUND.search(text[max(start - 80, 0) : start]) for start in rounds)


def _defaulters(view: MailView) -> str | None:
    match = words.DEFAULTERS.search(view.text) if view.has_students else None
    return match[0] if match else None


def _next_round(view: MailView) -> str | None:
    match = words.NEXT_ROUND.search(view.subject)
    if match is None and view.has_students:
        match = words.NEXT_ROUND.search(view.text)
    return match[0] if match else None


def _selected(view: MailView) -> str | None:
    return _final(view) if view.has_students else None


_RULES = (
    _Rule("mail.bounce", IRRELEVANT, 0.98, _bounce),
    _Rule("mail.auto_reply", IRRELEVANT, 0.95, _auto_reply),
    _Rule("mail.calendar", IRRELEVANT, 0.9, _calendar),
    _Rule("mail.empty", IRRELEVANT, 0.95, _empty),
    _Rule("mail.alarm", IRRELEVANT, 0.95, _alarm),
    _Rule("mail.circular", IRRELEVANT, 0.9, _circular),
    _Rule("mail.advert", IRRELEVANT, 0.85, _advert),
    _Rule("mail.answer", IRRELEVANT, 0.7, _answer),
    _Rule("mail.policy", Category.POLICY_UPDATE, 0.85, _policy),
    _Rule("mail.noc", Category.INTERNSHIP_NOC, 0.9, _noc),
    _Rule("mail.withdrawn", Category.UPDATE, 0.85, _withdrawn),
    _Rule("mail.offer", Category.PLACEMENT_OFFER, 0.95, _offer),
    _Rule("mail.offer_without_list", Category.PLACEMENT_OFFER, 0.7, _offer_without_list),
    _Rule("mail.defaulters", Category.ANNOUNCEMENT, 0.6, _defaulters),
    _Rule("mail.next_round", Category.SHORTLISTING, 0.9, _next_round),
    _Rule("mail.selected", Category.SHORTLISTING, 0.75, _selected),
)
