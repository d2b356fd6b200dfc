"""What a list says of the students on it (spec: reading, Denials and states): chosen, or denied, or asked to act.

The words are looked for from the strongest denial down: "not shortlisted" is no shortlist, "selected students who were
absent" are absent. Nobody is told "shortlist" or "placed" for another meaning, so what no rule knows stays unknown.
"""

import re
from collections.abc import Iterable, Sequence

from scraping.reading.layout.expressions import expression
from scraping.reading.layout.text import straight

SELECTED, SHORTLISTED, WAITLISTED = "selected", "shortlisted", "waitlisted"
NOT_SELECTED, ABSENT, ACTION, WITHDRAWN, UNKNOWN = "not_selected", "absent", "action_required", "withdrawn", ""
DENIED = frozenset((NOT_SELECTED, ABSENT, ACTION, WITHDRAWN))
CHOSEN = frozenset((SELECTED, SHORTLISTED))

_ROUND = (
    r"(?:rounds?|stages?|tests?|interviews?|assessments?|discussions?|gds?|ppts?|talk"
    r"|process|drive|exam\w*|oa|pi|hr|level"
    r"|hackathon|contest|challenge|evaluation|video)\b"
)
_CHOSEN = (
    r"(?:short-?\s?list(?:ed)?|select(?:ed)?|qualif\w+|cleared|chosen|successful|eligible|through|considered|hired"
    r"|placed|offered|converted|passed)"
)
_ABOUT = r"(?:\w+\s+){0,3}?"
_DOING = (
    r"(?:submit|deposit|register|fill|complet|upload|report|respon|return|collect|pa[iy]|updat"
    r"|confirm|accept|sign|giv|verif|appl"
    r"|shar|attach|mark|join|repl)\w*"
)
_RULES = tuple(
    (meaning, expression(pattern, re.IGNORECASE | re.VERBOSE))
    for meaning, pattern in (
        (
            ACTION,
            r"\b(?:dues?|fees?|fines?|payments?)\b[^.\n]{0,30}(?:\bnot|n't)\s+(?:\w+\s+)?(?:cleared?|paid|deposited)\b",
        ),
        (
            WITHDRAWN,
            r"""\b(?:offers?|selections?|ppos?)\b[^.\n]{0,80}\b(?:withdrawn|withdrew|revoked|rescinded
            |cancel+ed|taken\s+back|retracted|recalled|null|void)\b
            |(?:\bnot|n't|unable\s+to)\s+(?:be\s+)?(?:able\s+to\s+)?honou?r(?:ing|ed)?\b
            |\b(?:tak\w+|pull\w*)\s+back\b[^.\n]{0,40}\b(?:offers?|selections?)\b
            |\boffers?\s+(?:withdrawal|revocation|cancellation)\b
            |\b(?:lo[ia]s?|letters?\s+of\s+intent)\b[^.\n]{0,100}\b(?:withdr\w+|revok\w+|rescind\w*|cancel\w*|recall\w*)
            |\b(?:constrained|forced|compelled|regret|sorry|have)\s+to\s+(?:withdraw|revoke|rescind|retract|cancel)\b
            |\b(?:withdraw\w*|withdrew|revo(?:k\w+|cation)|rescind\w*|cancel+(?:ed|ing|lation)|retract\w*
            |took\s+back)\b[^.\n]{0,50}\b(?:offers?|selections?|ppos?)\b""",
        ),
        (
            NOT_SELECTED,
            rf"""(?:\bnot|n't|no\s+longer|nahi|nhi|never)\s+(?:been\s+|be\s+|get\s+
            |got\s+)?(?:found\s+)?{_ABOUT}{_CHOSEN}\b
            |\b(?:could|can)\s*(?:not|n't)\s+be\s+(?:taken|accommodated|offered|considered|accepted)\b
            |(?:\bnot|n't)\b[^.,;:\n]{{0,40}}\b(?:suitable|(?:right|good)\s+(?:fit|match)|recommended
            |up\s+to\s+the\s+mark
            |make\s+the\s+cut|made\s+the\s+cut|meet\s+(?:the|our)\s+(?:cut|criteria|requirement|expectation|bar)\w*
            |progress\w*|advance\w*|(?:going|taken|moving|moved)\s+(?:forward|ahead))\b
            |\bfail(?:ed|ures?)?\s+(?:list|students?|candidates?)\b|\bfailed\s*(?:[:–-]|$)
            |\b(?:decided\s+to\s+drop|dropped|screened\s+out|weeded\s+out|ruled\s+out|turn(?:ed|s)?\s+down
            |ends?\s+here)\b
            |\bout\s+of\s+(?:the\s+)?(?!placement)(?:\w+\s+)?(?:process|race|selection|drive|contention)\b
            |(?<!registration\s)(?<!form\s)(?<!submit\s)\bnahi\s+hu[aei]\b|\bfail\s+(?:ho|hu[aei])\b|\bbetter\s+luck\b
            |\b(?:applications?|candidatures?|profiles?|resumes?|cvs?)\b[^.\n]{{0,40}}\b(?:not\s+(?:been\s+)?accepted
            |declined|not\s+match\w*)|\bdeclin\w+\s+the\s+candidature|\bno\s+offers?\s+(?:was|were|has|have
            |made|given)\b
            |(?:\bnot|n't)\s+(?:\w+\s+)?ma[dk]e\s+it\b
            |\bno\s+further\s+(?:process|rounds?)\b|\bunselected\b|\bnon-?\s?qualif\w+|\bnot\s+(?:\w+\s+)?keen\b
            |\b(?:cannot|can\s?not|can't)\s+(?:consider|offer|take|select|shortlist|hire)\b
            |\bremoved\s+from\s+(?:the\s+)?(?:\w+\s+){{0,2}}(?:list|process)\b
            |\bfell\s+short\b|\bbelow\s+(?:the\s+)?(?:cut-?\s?off|bar)\b
            |\bnon-?\s?(?:short-?\s?listed|selected|eligible)\b
            |\b(?:could|did|can|have|has|were|was)\s*(?:not|n't)\s+(?:be\s+|been\s+
            |able\s+to\s+)?(?:clear|qualify|make|pass|crack|succeed|get\s+through|proceed|move|select|short-?list
            |advance)\w*
            |(?:\bnot|n't)\s+(?:be\s+)?(?:able\s+to\s+|to\s+)?(?:(?:take|carry|pursue|progress)\b[^.\n]{{0,40}}
            \b(?:forward|ahead|candidatures?|applications?)|move\s+(?:ahead|forward|further)
            |extend\b[^.\n]{{0,40}}\boffers?)\b
            |(?:\bnot|n't)\s+be\s+(?:progress\w*|pursu\w*|extend\w*|offer\w*)
            |\bnot\s+(?:be\s+)?(?:moving|going|taking?|proceed\w*|take)\s+(?:ahead|forward|further|any\w*|with)\b
            |\b(?:none|nobody|no\s+one)\s+(?:of\s+(?:them|our|your|the)\s+)?(?:\w+\s+)?(?:cleared|selected|qualified
            |made\s+it
            |could|was|were|has|have)\b
            |\b(?:fail\w*|unable)\s+(?:to\s+|in\s+)?(?:clear|qualify|make|proceed|take|the\s+(?:test|round|interview)
            |(?:move|go)\s+(?:forward|ahead|further)|offer|select|shortlist)\w*
            |\b(?:rejected(?![^\n]{{0,80}}\b(?:again|re-?upload|re-?submit|correct))|rejects|unsuccessful|eliminated
            |disqualified|debarred|black-?\s?listed|regret\w*|ineligible
            |removed\s+from\s+the\s+(?:list|shortlist))\b
            |\b(?:select|short-?list)(?:ed)?\s+(?:nahi|nhi|nahin)\b|चयन\S*\s+नहीं|अचयनित|असफल|अयोग्य""",
        ),
        (
            ABSENT,
            r"""अनुपस्थित|\babsent\b|\babsentees?\b|\bno[\s-]?shows?\b|\bremained\s+away\b|\bskipp(?:ed|ing)\b|\bbunked\b
            |\bmissed\s+(?:the|their)\b|\bnon[\s-]?attend\w*|\bleft\b[^.\n]{0,40}\b(?:midway|in\s+between|halfway)\b
            |(?:\bnot|n't)\s+available\s+(?:for|during|at)\b
            |(?:\bnot|n't)\s+(?:yet\s+)?join(?:ed)?\s+(?:the|our|their)\s+(?:\w+\s+)?
            (?:call|interview|test|meet\w*|session|round|link)
            |\bdid\s*(?:not|n't)\s+(?:report|come)\b(?!\s+(?:the|their|any)\s)
            |(?:\bnot|n't|failed\s+to|nahi)\s+(?:\w+\s+)?(?:attend|appear|turn\s*(?:ed)?\s+up
            |show\s*(?:ed)?\s+up|present|come|aaye|log(?:ged)?\s+in|give\s+the\s+(?:test|exam))\w*""",
        ),
        (
            WAITLISTED,
            r"प्रतीक्षा\s*सूची|\bwait(?:ing)?\s?-?\s?(?:list\w*|pool)|\b(?:reserve|standby)\s+pool\b"
            r"|\bwaiting\s+(?:candidates?|students?|names)\b"
            r"|\b(?:kept|put|are|is|placed|remain)\s+(?:\w+\s+){0,3}(?:in|on|as)\s+wait(?:ing|list)?\b"
            r"|\breserved?\s+list|\bin\s+reserve\b"
            r"|\bstand\s?-?\s?by\b|\bback-?\s?ups?\b|\bnext\s+in\s+line\b|\breserve\s+(?:candidates?|students?)"
            r"|\b(?:put|kept|placed|are"
            r"|is)\s+on\s+hold\b|\bhold\s+list\b|^\W*(?:(?:on\s+)?hold|waiting|w\.?l\.?)\W*(?:\d+\W*)?$"
            r"|\bbuffer\s+list\b|^\W*(?:kept\s+|put\s+)?on\s+hold\b|\bon-?hold\s+(?:list"
            r"|candidates?|students?)",
        ),
        (
            ACTION,
            rf"""(?:\bnot|n't|yet\s+to|failed\s+to|nahi)\s+(?:yet\s+)?(?:been\s+)?(?:\w+\s+)?{_DOING}
            |\b(?:yet\s+to\s+(?:get|receive)|not\s+(?:yet\s+)?(?:got|received))\b[^.\n]{{0,60}}\bfrom\b
            |\b(?:asked|requested)\s+for\b[^.\n]{{0,80}}\b(?:of|from)\s+(?:the\s+)?(?:following|below|these|students)\b
            |\b(?:documents?|aadha+r|pan|photo\w*|copies|certificates?|marksheets?)\b[^.\n]{{0,20}}
            \b(?:required|needed)\b
            |\bawaited\s+from\b|\bto\s+meet\s+(?:the\s+)?(?:tpo|t&p|co-?ordinators?|office|hod|placement|me)\b
            |\bask\s+(?:these|the|them|below|following)\s+(?:\w+\s+)?to\s+
            (?:submit|deposit|register|fill|complete|upload|respond|return|collect|pay|update|confirm|accept
            |sign|verify|share)\b
            |\b(?:required|needed|pending)\s+from\b|\bto\s+be\s+paid\b|\bwrong(?:ly)?\b
            |\bnot\s+(?:clear|legible|visible|readable|proper)\b
            |\bstill\s+(?:waiting|to)\b|\bpending\b|\bdefaulters?\b|\bincomplete\b|\bmissing\b|\bdiscrepan\w+
            |\bmismatch\w*
            |\bincorrect\b|\bdues\b|\boutstanding\b|\baction\s+(?:is\s+)?(?:needed|required)\b
            |\b(?:are|is)\s+(?:hereby\s+)?(?:asked|requested|required|directed|advised|instructed
            |reminded)\s+to\s+(?:kindly\s+|immediately\s+)?(?:submit|meet|contact|updat|upload|fill|complete|send
            |collect|confirm|bring|provide|correct|report\s+to\s+the\s+(?:t&p|tpo|placement))""",
        ),
    )
)
_FOR_A_ROUND = expression(
    rf"""\b(?:select\w*|qualif\w+|cleared|eligible|advanc\w+|mov(?:e|ed|es|ing)(?:\s+(?:ahead|forward|on|further|up))?
    |promoted|chosen|invited|called|coming|appearing|going\s+ahead|progress\w*
    |through|proceed\w*|allotted|scheduled|appear\w*|congratulat\w+)\b
        [^.\n]{{0,60}}?\b(?:for|to|into|in(?!\s+(?:the\s+|our\s+|their\s+|its\s+)?(?:\w+\s+){{0,3}}(?:drive|process)\b)
        |through)\s+(?:the\s+|their\s+|its\s+)?(?:[\w()&/,'-]+\s+){{0,6}}?{_ROUND}
    |\b(?:candidates?|students?|names|list)\s+(?:for|after)\s+(?:the\s+)?(?:[\w()&/'-]+\s+){{0,5}}?{_ROUND}
    |\b(?:next|second|third|final|further|subsequent|2nd|3rd)\s+(?:\w+\s+)?{_ROUND}
    |\b(?:interview|test|panel|slot|gd|round)s?\s*(?:-\s*)?(?:schedule|slots?|list|panels?|timings?
    |batch(?:es)?|wise)\b|\b(?:panel|slot|batch)\s?-?wise\b
    |\b(?:attend|appear|report)\s+(?:for|in|at)?\s*(?:the\s+)?(?:[\w()&/:.,-]+\s+){{0,9}}?{_ROUND}
    |\b(?:like|love|wish|want|happy|keen)\s+to\s+(?:speak|talk|meet|interview|connect|interact|chat|discuss)\b
    |\b(?:resumes?|cvs?|profiles?|applications?)\s+(?:\w+\s+)?(?:selected|picked|screened)\b
    |\bmade\s+it\s+(?:to|through|into)\b|\bth(?:rough|ru)\s+to\b
    |\b(?:l\d|(?:round|level|stage|phase)\s?-?\d|oa|gd|(?:online|written|aptitude|coding)\s+(?:test|exam|round))\s+
    (?:cleared|selected|qualified|selects|passed)\b
    |\b(?:interview|happy\s+to\s+(?:meet|interview)|invit\w+|call)\s+the\s+following\s+(?:candidates|students)\b
    |{_ROUND}\s*\d?\s*(?:\([^()\n]*\)\s*)?ke\s+liye\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What is asked of those who are selected already: papers, never to come to a round.
_TO_DO = expression(
    r"""\b(?:(?:have|has|needs?|are|is|asked|requested|required|directed|advised|instructed)\s+to
    |must|should|\w+s\s+to)\s+(?:\w+ly\s+)?
    (?:submit|deposit|upload|fill|complete|send|furnish|accept|provide|sign|produce|pay|return|collect|verify
    |share|respond|update|correct|re-?submit|re-?upload|give|attach)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WAS_HELD = re.compile(r"\s+(?:held|conducted|organi[sz]ed)\b", re.IGNORECASE)
# Students who do not take an offer are no news of a selection.
_DECLINES = expression(
    r"\b(?:declin\w+|refus\w+|turned\s+down)\b[^.\n]{0,40}\b(?:offers?|ppos?)\b"
    r"|\b(?:offers?|ppos?)\s+(?:(?:are|were|was|is|have\s+been)\s+)?(?:declined|refused|turned\s+down)\b",
    re.IGNORECASE,
)
_SHORTLIST = expression(r"शॉर्टलिस्ट|\bshort-?\s?list\w*", re.IGNORECASE)
_QUALIFIED = expression(
    r"\bliked\b|\bqualified\b|\bcleared\b|\bcracked\b|(?<!remain\s)(?<!still\s)\beligible\b", re.IGNORECASE
)
_LOOKS_BACK = expression(
    r"\b(?:after|post|having|following\s+(?:the|their|a|two|three|four|rounds?)|upon"
    r"|based\s+on|on\s+the\s+basis\s+of|cleared|through)\b[^.\n]{0,60}$",
    re.IGNORECASE,
)
_SELECTED = expression(
    r"""चयन|नियुक्त|\bselect(?:ed|s|ions?|ees)?\b|\boffers?\b|\boffered\b|\bplaced\b|\bhired\b
    |\brecruit(?:ed|s)\b|\bppos?\b|\bbagg(?:ed|ing)\b
    |\b(?:tak\w+|bring\w*|welcom\w+|get)\b[^.\n]{0,60}\b(?:on\s?board|aboard)\b|\bwelcome\s+(?:aboard|to\s+the\s+team)\b
    |\bthrough\s+at\b|\bko\s+(?:le\s+)?liya\b|\bjoins?\s+us\b|\btaken\s+(?:by|as|in\s+by)\b
    |\bcleared\s+(?:all\s+)?(?:our|the|all|their)\s+(?:the\s+)?(?:final|last|rounds|stages)\b
    |\b(?:will|shall|would|may|can)\s+(?:be\s+)?join(?:ing)?\s+(?!the\s+(?:call|meeting|session|link|test|interview))
    |\bdecided\s+to\s+(?:hire|recruit|go\s+ahead|take|offer)\b|\b(?:have|has|been|were|are)\s+finali[sz]ed\b
    |\bma[dk]e\s+it\s+(?:as|to\s+(?-i:[A-Z]))|\b(?:absorbed|inducted|onboarded)\b
    |\bconfirm\w*\s+(?:the\s+)?internships?\b|\bconver(?:ted|sion)\b|\bgot\s+placed\b
    |\bfinal\s+placements?\b|\bplacements?\s+of\s+(?:the\s+)?(?:following|below|these|our)\b
    |\bpre-?\s?placement\s+offers?\b|\bjoining\b|\blo[ia]s?\b|\bletters?\s+of\s+intent\b
    |\bselect\s+(?:kiya|kiye|kar|ho\s+gay\w)
    |\bappoint(?:s|ed|ments?\s+of)?\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What only may happen, or is said of those who are not on the list.
_CONDITIONAL = expression(
    r"""\b(?:if|in\s+case|unless|otherwise|else|whoever|anyone|any\s+(?:student|candidate)|those\s+(?:who
    |not)|(?<!following\s)students?\s+who\s+(?!have\s+been\s+(?:finally\s+)?selected)
    (?:are|were|is|do|did|have|fail|remain|will)
    |whose\s+names?|will\s+(?:not\s+)?be(?!\s+(?:\w+ing|able|honou?red)\b)
    |shall\s+(?:not\s+)?be(?!\s+(?:\w+ing|able|honou?red)\b)|would\s+be|may\s+be|must\s+not
    |should\s+not|do\s+not|don't|never|not\s+(?:in|on)\s+(?:the|this)\s+list|(?:kindly|please)(?!\s+(?:find|ask
    |inform|tell|note))
    |absence|absentees?\s+will)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SAYS_WHO = expression(
    r"\b(?:following|below|under-?\s?mentioned|mentioned|given|these|above|listed"
    r"|names?\s+of|list\s+of|selected\s+by|here\s+(?:is|are)|congratulat\w+|(?:\d+|two|three|four|five|six"
    r"|seven|eight|nine|ten)\s+(?:offers?|selections?"
    r"|students?|candidates?|ppos?)|(?:pleased|happy|delighted|elated|glad|proud)\s+to)\b"
    r"|\b(?:select|shortlist)\w*\s+(?:kiy[ae]|hu[ae])\b|\b(?:portfolios?|profiles|candidature)\s+of\W*$|निम्न|सूची"
    r"|:\s*$",
    re.IGNORECASE,
)
# "This is not a shortlist" denies nobody, and chooses nobody.
_NO_LIST = expression(
    r"\b(?:is|are)\s+(?:only\s+|just\s+)?not\s+(?:a|an|the|any)\s+(?:final\s+)?(?:short-?\s?list"
    r"|select\w*(?:\s+list)?|results?|offer)\b",
    re.IGNORECASE,
)
_LAST_ROUND = expression(
    r"(?<=\bselected)\s+in\s+the\s+(?:final|last)\s+(?:round|interview)\b|\bfinal\s+(?:hr\s+)?(?:interview"
    r"|round)s?(?=\s+results?\b)",
    re.IGNORECASE,
)
# A selection whose round is told of: who is listed beside it goes on to it.
_A_ROUND = expression(
    r"\b(?:gd|pi|oa|group\s+discussions?|(?:personal|technical|hr|video|online|telephonic|final)\s+interviews?"
    r"|interviews?|rounds?|tests?|assessments?|exam|aptitude|screening|panels?|slots?|stage|drive)\b"
    r"|साक्षात्कार|परीक्षा"
    r"|\b(?:needs?|have|has|are|is)\s+to\s+(?:come|report|reach|attend|appear|join|be\s+present)\b|\breporting\b",
    re.IGNORECASE,
)
# What colleges list students for besides.
_NO_SELECTION = expression(
    r"\b(?:trainings?|classes|registered|applied|applications?|appeared|attended|attendance|feedback"
    r"|volunteers?|webinar|workshop|noc|survey|cancel\w*|postpon\w*|candidature|so\s+far|(?:names|forms"
    r"|details)\s+(?:are\s+)?received|responses?|dues|fees?"
    r"|winners?|won|prizes?|donat\w*|team\s+(?:names?|members?|leaders?)|backlogs?|arrears"
    r"|default\w*|disciplin\w*|misconduct|malpractice"
    r"|unfair|opt(?:ed|ing|s)?\s+out|complain\w*|warn\w*|penal\w*|fined?|suspend\w*|debar\w*|barred|blocked"
    r"|late\s?comers|incomplete|mistakes?|errors?|mismatch\w*|explanation|show[\s-]cause)\b"
    r"|n't\b|\b(?:not|unable|sorry|regret\w*|unfortunately|declin\w+|reject\w*|fail\w*|cannot|however|nahi|nhi"
    r"|luck|ends?\s+here|turned|drop\w*|screened|absent|missed|skipped|hold|recall\w*|out\s+of)\b",
    re.IGNORECASE,
)
# A line that says whom it lists, where a label, an hour or a place does not.
_INTRODUCES = expression(
    r"\b(?:who|whom|is|was|on|by|against)\W*$|:\W*$"
    r"|\b(?:students?|candidates?|these|those|they|following|below|are|have|has|had|were|will|shall)\b",
    re.IGNORECASE,
)
_PRACTICE = expression(r"\b(?:mock|practice)\b", re.IGNORECASE)
_HAS_ENDED = expression(
    r"\b(?:final|placement|selection|offer)s?\s+(?:list|results?|selects?|names)\b|\bresults?\b", re.IGNORECASE
)
_WITH_PAY = expression(r"\b(?:lpa|ctc|package|salary|stipend|lakhs?|congrat\w+)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\((?:the\s+)?(?:others?|rest|remaining)\b[^()]*\)", re.IGNORECASE)
_HEADING = 12  # words
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\bM[rs]\.)(?<!\bMrs\.)(?<!\bDr\.)\s+(?=[A-Z(])|\n")


def meaning_of(text: str) -> str:
    """What a heading or a sentence says of the students it announces; "" where it does not say."""
    return first_meaning([text])


def first_meaning(texts: Iterable[str]) -> str:
    """The meaning of the first text that has one.

    Sentences that announce a list count first. Of the others a long one denies nothing and places nobody ("absent
    students will be reported", "offers will be revoked"), and one on what may happen counts for nothing.
    """
    plain = (_NO_LIST.sub(" ", straight(text)) for text in texts)
    sentences = [part for text in plain for part in _SENTENCE.split(text) if part.strip()]
    announcing = [s for s in sentences if _SAYS_WHO.search(s) and not _CONDITIONAL.search(s)]
    found = next(filter(None, map(_of_sentence, announcing)), UNKNOWN)
    return found or next(filter(None, map(_aside, sentences)), UNKNOWN)


def implied_meaning(title: str, lines: Sequence[str], right_above: str) -> str:
    """What a list must mean that no sentence announces: "GD of Orbit, 3.30 PM, Hall B" above two panels.

    A result with a pay beside it is one of those who are placed. Whom a line `right_above` introduces by anything but a
    round or a pay may be listed for anything: "These students have to return their books".
    """
    text = "\n".join((title, *lines))
    introduced = _INTRODUCES.search(right_above) is not None
    if _NO_SELECTION.search(text):
        return UNKNOWN
    if _HAS_ENDED.search(title) and _WITH_PAY.search(right_above if introduced else text):
        return SELECTED
    return SHORTLISTED if _A_ROUND.search(right_above if introduced else text) else UNKNOWN


def practised(title: str) -> str:
    """A mock interview chooses nobody: who is listed is to come. "" for any other title, and one that denies."""
    return ACTION if _PRACTICE.search(title) and meaning_of(title) not in DENIED else UNKNOWN


def meaning_of_sentence(sentence: str) -> str:
    """What a sentence says of the students it names itself."""
    return _of_sentence(straight(sentence))


def _aside(sentence: str) -> str:
    meaning = _of_sentence(sentence)
    is_heading = len(sentence.split()) <= _HEADING and not _CONDITIONAL.search(sentence)
    return meaning if meaning in {SHORTLISTED, WAITLISTED} or is_heading else UNKNOWN


def _of_sentence(sentence: str) -> str:
    sentence = _OF_OTHERS.sub("", sentence)
    conditional = _CONDITIONAL.search(sentence)
    for meaning, pattern in _RULES:
        match = pattern.search(sentence)
        if match and not (conditional and _is_aside(sentence, match)):
            return meaning
    return _chosen(sentence)


def _is_aside(sentence: str, match: re.Match[str]) -> bool:
    """Whether a denial is only what may happen: in the clause of an "if", behind "will be", of "those who"."""
    clause = re.split(r"[,;:–]|\s-\s", sentence[: match.start()])[-1] + match[0]
    return bool(_CONDITIONAL.search(clause))


def _chosen(sentence: str) -> str:
    """ "Selected" where nothing is still to come: "selected for the interview" is a shortlist."""
    if _DECLINES.search(sentence):
        return UNKNOWN
    sentence = _LAST_ROUND.sub("", sentence)
    onwards = (match.start() for match in _FOR_A_ROUND.finditer(sentence) if not _WAS_HELD.match(sentence, match.end()))
    if any(not _LOOKS_BACK.search(sentence[max(start - 80, 0) : start]) for start in onwards):
        return SHORTLISTED
    if _SHORTLIST.search(sentence):
        return SHORTLISTED
    if _TO_DO.search(sentence):
        return ACTION
    if _SELECTED.search(sentence):
        return SELECTED
    return SHORTLISTED if _QUALIFIED.search(sentence) else UNKNOWN
