"""The company a mail is about: its label, what its sentences say ("offers from Zen Labs"), its subject."""

import re
from collections.abc import Iterator, Sequence

from scraping.items import JobRef
from scraping.reading.facts.handwritten import company_and_role
from scraping.reading.facts.names import clean_company, core_words, words_of
from scraping.reading.layout.fields import Field, values
from scraping.reading.layout.text import straight

_LONGEST_LINE = 1000
_MOST_WORDS = 8
_TOKEN = re.compile(
    r"\((?P<inside>[^()\n]{1,40})\)|(?:pvt|ltd|inc|corp|co|llp|plc|dr|st|l)\.?(?![\w&])|(?:[A-Z]\.){1,4}(?=\s|$)"
    r"|[\w&'’+@/-]+(?:\.[\w-]+)*|&",
    re.IGNORECASE,
)
_NO_SHORT_NAME = re.compile(r"[:,]|\b(?:batch|20\d\d|off|on)\b", re.IGNORECASE)  # in brackets after a name
_LEGAL = frozenset(("pvt", "ltd", "private", "limited", "inc", "llp", "corp", "plc", "co"))
_WITHIN = frozenset(("of", "and", "&", "the", "de"))  # inside a name, between words with a capital
# What ends a name in a sentence, also where every word has a capital.
_AFTER_A_NAME = frozenset(
    """for as with on in through during after who from at by is has have are was were batch campus hiring drive role
    roles via under to which dated today students student recruitment selection selections ppo internship internships
    interns intern full-time profile position campaign placement placements final offer offers candidates we our your
    their please kindly this that these those he she they conducted held visited process team hr following off-campus
    on-campus package ctc stipend location dear joining""".split()
)
_ENDS_A_LABEL = re.compile(
    r"(?:is|are|was|were|has|have|will|which|that|who|we)$|\(?https?:|\(?www\.|.*@", re.IGNORECASE
)
_NO_COMPANY = re.compile(
    r"""the|your|their|our|its|various|different|many|several|multiple|these|this|that|all|any|each|some|both|other|same
    |top|t\s?&\s?p|tnp|tpo|training|placements?|university|dean|director|hr|campus|students?|online|zoom|google\ meet
    |ms\ teams|round|stage|mode|noc|letters?|lists?|congratulations|heartiest|company
    |jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?
    |nov(?:ember)?|dec(?:ember)?
    |noida|delhi|mumbai|pune|bangalore|bengaluru|hyderabad|chennai|gurgaon|gurugram|india""",
    re.IGNORECASE | re.VERBOSE,
)
_PART = re.compile(r"\s*[|–—]\s*|\s-+\s|-+\s|\s-+|:\s")
_TRADE = re.compile(
    r"""\b(?:offers?|results?|select\w*|congrat\w*|batch|placements?|policy|polic\w+|campus|students?|hiring|intern\w*
    |shortlist\w*|reminder|update|notice|urgent|important|interviews?|rounds?|tests?|talk|session|webinar|hackathon
    |drive|ppo|deadline|venue|schedule|final|list|noc|guest|lectures?|careers?|workshops?|seminars?|challenge|contest
    |dress|code|holiday|security|alert|attendance|survey|feedback|forms?
    |volunteers?|scholarship|program(?:me)?|training|correction|registration|verification|resume|documents?|b\.?tech|m\.?tech|mca|mba|cse|ece|it|engineer|developer|analyst|trainee
    |associate|opportunit\w+|job|full[-\ ]time)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PERSON = re.compile(r"(?:mr|mrs|ms|dr|prof)\b(?!.*\b(?:lab|pharma|hospital|ltd|limited))", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|st|nd|rd|th|hrs|noon)?(?!\w)", re.IGNORECASE)
_STAGE = re.compile(r"\b(?:interview|round|test|assessment|discussion|stage)\b", re.IGNORECASE)
# What stands before a company's name in a sentence, the clearest wording first.
_SAID = tuple(
    re.compile(rf"\b{words} ", re.IGNORECASE)
    for words in (
        r"offers?(?: letters?)?(?: of (?:employment|internship)s?)?(?: received| made| extended| released| rolled out)?"
        r" (?:from|by)",
        r"(?:selected|hired|recruited|placed|shortlisted|chosen)(?: finally| provisionally)? (?:by|at|in|with|into)",
        r"(?:selections?|placements?|results?|recruitment|internships?|ppos?|offers?) (?:at|in|with|by|of)",
        r"internships?\b[^.\n]{0,60}? (?:at|in|with)",
        r"(?:interview|test|round|assessment|discussion|lecture|session|talk|webinar|workshop|seminar|hackathon"
        r"|challenge|contest|event)s? (?:of|at|with|by|for|from)",
        r"aspirants of",
        r"(?:campus|placement|recruitment|hiring|selection) (?:drive|process|talk|hiring) (?:of|by|with|for|at)",
        r"(?:selected|shortlisted|select list|final list|shortlist|chosen) for",
        r"(?:selected|joining|joined|placed|hired|offered) as .{2,60}? (?:at|in|with|by)",
        r"(?:roles?|positions?|posts?|profiles?|openings?|vacancy|jobs?|opportunit(?:y|ies))(?: of .{2,50}?)?"
        r" (?:at|with|in)",
        r"(?:received|shared|details|update|information|communication) (?:from|by)",
    )
)
_OFFERS_FROM = re.compile(
    r"\boffers? (?:from|by) (?P<name>[^.,;:!\n]{2,60}(?:\.\w[\w.]{0,20})?)\s*[.!]?$", re.IGNORECASE
)
_DOING = re.compile(
    r"""\b(?:is|are|has|have|will\ be)\s+(?:now\s|also\s|finally\s)?
    (?:hiring|inviting|looking|offering|selected|hired|recruited|offered|extended|made|rolled|released|conducting
      |organi[sz]ing|visiting|recruiting|shortlisted|announced|pleased|scheduled)
    |\binvites\b|\bannounces\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ELSEWHERE = re.compile(
    r"\b(?:already|previously|earlier|not|except|other than|like|such as|including|clients?)\b[^.]{0,40}$",
    re.IGNORECASE,
)


def find_company(
    subject: str, fields: Sequence[Field], lines: Sequence[str], jobs: Sequence[JobRef] = ()
) -> str | None:
    """The company's name as the text writes it; a name that the subject also holds before one it does not."""
    for label in values(fields, "company"):
        if name := _name_at(f"{label}\n", 0, labelled=True):
            return name
    if whole := next(filter(None, (_whole_sentence(line, subject) for line in lines)), None):
        return whole
    said = list(dict.fromkeys(_said_in([subject, *lines])))
    if agreed := next((name for name in said if _stands_in(name, subject)), None):
        return agreed
    titled = company_and_role(subject, lines, jobs)[0]
    titled = titled if titled and _is_company(titled, labelled=False) else _in_subject(subject)
    confirmed = titled is not None and any(re.search(rf"(?<!\w){re.escape(titled)}(?!\w)", line) for line in lines)
    return titled if confirmed or not said else said[0]


def _whole_sentence(line: str, subject: str) -> str | None:
    """ "…offers from To The New.": what the sentence ends with, whatever its words, where the subject holds it, too."""
    match = _OFFERS_FROM.search(line[:_LONGEST_LINE])
    name = clean_company(match["name"]) if match else ""
    stands = name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", subject, re.IGNORECASE)
    return name if stands else None


def _in_subject(subject: str) -> str | None:
    """The one part of a subject that is nothing but a name: "Final Result | Acme Corp | Batch 2026"."""
    parts = [part.strip(" .!") for part in _PART.split(subject)]
    names = [part for part in parts if len(parts) > 1 and _name_at(part, 0) == part and not _TRADE.search(part)]
    return names[0] if len(names) == 1 else None


def _said_in(lines: Sequence[str]) -> Iterator[str]:
    """Names that a sentence gives to the company, the clearest wording first."""
    for pattern in _SAID:
        for line in lines:
            for match in pattern.finditer(line[:_LONGEST_LINE]):
                name = _name_at(line, match.end())
                if name and not _ELSEWHERE.search(line[: match.start()]):
                    yield name
    for line in lines:
        doing = _DOING.search(line[:_LONGEST_LINE])
        if doing and (name := _name_before(line[: doing.start()])):
            yield name


def _name_before(text: str) -> str | None:
    """ "Zen Labs is hiring": the sentence up to there, where it is nothing but a name."""
    start = max(text.rfind(sign) + len(sign) if sign in text else 0 for sign in (". ", "! ", ", "))
    name = _name_at(text, start)
    return name if name and words_of(text[start:])[-1:] == words_of(name)[-1:] else None


def _name_at(text: str, start: int, *, labelled: bool = False) -> str | None:
    """The name that begins at `start` and ends with its line, its sentence, or the word that goes on with it.

    Under a label a name may be written without a capital.
    """
    words: list[str] = []
    end = start
    for token in _tokens(text, start):
        word = token[0]
        gap = text[end : token.start()]
        ended = _ENDS_A_LABEL.match(word) if labelled else not _goes_on(word)
        ended = ended or (word.startswith("(") and _NO_SHORT_NAME.search(word))
        if gap.strip(" \t*\"'“”") or len(words) == _MOST_WORDS or ended:
            break
        words.append(word)
        end = token.end()
    while words and words[-1].casefold() in _WITHIN:
        words.pop()
    name = clean_company(" ".join(words).removeprefix("the ").removeprefix("The ").replace("M/s ", ""))
    return name if _is_company(name, labelled=labelled) else None


def _tokens(text: str, start: int) -> Iterator[re.Match[str]]:
    line_end = text.find("\n", start)
    return _TOKEN.finditer(text, start, min(len(text) if line_end < 0 else line_end, start + 200))


def _goes_on(word: str) -> bool:
    folded = word.casefold()
    if folded in _WITHIN or folded == "m/s":
        return True
    if folded in _AFTER_A_NAME:
        return False
    return any(sign.isupper() or sign.isdigit() for sign in word) or folded.strip(".") in _LEGAL


def _is_company(name: str, *, labelled: bool) -> bool:
    if not re.search(r"[^\W\d_]", name) or len(name) > 100:
        return False
    if labelled:
        return True
    words = straight(name).split()
    says_nothing = all(_TRADE.fullmatch(word) or _NO_COMPANY.fullmatch(word) for word in words)
    no_name = _NO_COMPANY.fullmatch(words[0].strip(".")) or _STAGE.search(name) or _PERSON.match(name)
    return not (says_nothing or no_name or _CLOCK.match(name))


def _stands_in(name: str, subject: str) -> bool:
    """Whether the subject holds the name's first word: "Zen" of "Zen Labs Private Limited"."""
    words = core_words(name)
    return bool(words) and re.search(rf"\b{re.escape(words[0])}", " ".join(words_of(subject))) is not None
