"""Company and role of titles written by hand: "Foo Labs - Full Time Hiring - Online Test on 3 May"."""

import re
from collections.abc import Sequence

from scraping.items import JobRef
from scraping.reading.facts.match import company_score, same_company
from scraping.reading.facts.names import clean_company, core_words, words_of
from scraping.reading.facts.titles import split_possessive
from scraping.reading.layout.text import collapse, straight

_LONGEST = 400
_OPENERS = re.compile(
    r"""\W*(?:(?:gentle|final|last|most|very|\d(?:st|nd|rd|th))\s+)?
    (?:reminders?|urgent|important|imp|note|notice|updates?|attention|kind\s+att(?:ention|n)|attn|fwd?|re|alert
      |announcement|job\s+alert|upcoming\s+events?|call|chance|corrigendum|applications?\s+(?:open|invited)|hiring\s+alert)
    \s*\d*\s*[:!|–—-]+\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_BORDER = re.compile(
    r"""\s*[–—|!_]+\s*|\s+-+\s*|\s*-+\s+|--+|\s*:(?:\s+|$)|,\s|\s+\(|\)\s+|-(?=\s*(?:hiring|20\d\d|batch|shortlist))
    |\s+(?:on|at|by|from|before|till)\s+(?=\d|today|tomorrow)
    |\s+(?=(?:is|are)\s+(?:hiring|offering|looking|inviting|conducting|organi[sz]ing|visiting)\b)
    |\s+(?=(?-i:hiring|recruiting|invites|offers|selects)\s)""",
    re.IGNORECASE | re.VERBOSE,
)
# Words that stand around a company's name in such titles, and are no company by themselves.
_GENERIC = frozenset(
    """a about all an and announced announcement application applications apply aptitude art assessment at attention
    attn based batch before branch branches by call campus cancelled candidates career careers challenge change
    changed clarification closed closes closing code coding competition contest course date dates day deadline
    dear details discussion documents dress drive eligible engineering event exam extended feedback final first
    for form free freshers from ft full gd guidelines hackathon help hiring hr imp important in information
    instructions intern interns internship internships interview interviews invitation is job jobs joining kind
    last link links list mandatory mock new next noc notice of off offer offers on online only open opening
    openings opportunities opportunity orientation placed placement placements policy postponed ppo ppt practice
    pre preparation process profile program recruitment reg register registration reminder reporting rescheduled
    result results resume revised role roles round schedule scheduled screening season second select selected
    selection session shortlist shortlisted shortlisting skill slots stage student students submission summer
    survey talk technical test tests the time timings to today tomorrow tonight training upcoming update updated
    updates urgent venue verification video virtual visit webinar winter with workshop written your
    alumni alumnus alumna experts faculty industry photo seniors
    bus exam exams hostel library mess office portal semester superset week
    bba bca btech certificate certificates consent cse ece forms mba mca mtech year yr
    jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov
    november dec december jiit jaypee noida sec sector
    assignment attend collect complete enrol fill procedure report submit take upload verify
    monday tuesday wednesday thursday friday saturday sunday coordinators coordinator spc spcs volunteer volunteers
    brochure photograph photographs photos we they you everyone sports prep review meeting query queries
    amendment amendments addendum correction erratum circular notification advisory absentee absentees
    regarding academic annual aspirants awareness calendar classes closure committee company council department
    departments early elections extra fee fees fest grooming guidance holiday holidays kit meet merit parents
    postponement reasoning recording scholarship scholarships seating skills soft statistics verbal""".split()
)
_CONTEST = re.compile(r"(?!python)[\w-]*thons?|(?:code|hack)fest", re.IGNORECASE)
_HIRES = re.compile(
    r"""\b(?:hir(?:es|ing)|batch|shortlist\w*|list\s+of|tests?|interviews?|rounds?|ppt|talk|roles?|intern\w*|recruit\w*
    |drive|offers?|placements?|appl\w+|regist\w+|hackathon|challenge|contest|code|campus|process|assessment|trainee|engineer
    |developer|analyst|deadline|joining|select\w+|placed|opportunit\w+|openings?|session|webinar|workshop|seminar
    |discussions?|gd|schedule|slots?|timings?|links?|window|forms?|consent|results?|verification|joining|resumes?|cvs?|on-?boarding|documents?|visit)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINING_WORDS = frozenset(("and", "of", "the", "&"))
_NAMED_BESIDE = tuple(
    re.compile(rf"\b(?i:{words})\s+(?P<name>[A-Z\d][\w&.'+-]*(?:\s+(?:[A-Z\d&][\w&.'+-]*|of|and))*)")
    for words in ("by|from|(?:placed|selected|students)\\s+(?:in|with)", "at|of|for")
)
_AT_SIGN = re.compile(r"@\s*(?P<name>[A-Z][\w&.'+-]*(?:\s+[A-Z&][\w&.'+-]*)*)")
_SELECTS = re.compile(
    r"\b(?:hiring|shortlist\w*|select\w*|interviews?|tests?|ppt|talk|drive|intern\w*|jobs?|openings?|offers?|placed"
    r"|opportunit\w+|rounds?|recruit\w*|resumes?|cvs?|submission|regist\w+|appl\w+|forms?|consent|documents?|deadline|joining|links?|schedule"
    r"|venue|results?|candidates?|visit|verification|reminder)\b",
    re.IGNORECASE,
)
_NAMED = r"(?P<name>[A-Z][\w&.'-]*(?:\s+[A-Z&][\w&.'-]*){0,4})"
_NAMED_IN_BODY = (
    re.compile(rf"\b[Aa]spirants\s+of\s+(?:the\s+)?{_NAMED}"),
    re.compile(rf"\breceived\s+from\s+(?:the\s+)?{_NAMED}"),
    re.compile(rf"^(?:Name\s+of\s+(?:the\s+)?)?Company(?:\s+Name)?\s*[:–\t-]+\s*{_NAMED}", re.MULTILINE),
    re.compile(
        rf"(?:^|[.!]\s+){_NAMED}\s+(?:is|are)\s+(?:hiring|offering|conducting|inviting|organi[sz]ing|looking|visiting"
        r"|(?:pleased|happy|excited|delighted|thrilled|proud)\s+to)\b",
        re.MULTILINE,
    ),
    re.compile(rf"\b(?:placed|selected)\s+(?:in|at|by|with)\s+(?:the\s+)?{_NAMED}"),
    re.compile(rf"\b[Cc]ampus\s+(?:[Dd]rive|[Rr]ecruitment)\s+of\s+{_NAMED}"),
)
_POSSESSIVE = re.compile(r"'s(?= )")
_LEGAL_END = r"(?:,?\s+(?:\(\w+\)|pvt\.?|private|ltd\.?|limited|inc\.?|llp|llc|corp(?:oration)?|co)(?!\w))*"
_OUR_OWN = re.compile(
    r"\b(?:placements?|t\s?&\s?p|tnp|tpo|cdc|cell|college|university|institute|department)\b", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:the|(?:code|hack)\s+with)\s+", re.IGNORECASE)
_KIND = re.compile(
    r"\s+(?:innovation|data|product|business|idea|tech)(?=\s+(?:challenge|contest|competition|hackathon)\b)",
    re.IGNORECASE,
)
_EDITION = re.compile(r"\s+(?:\w+\s+)?\d+\.\d+$|\s+20\d\d$")  # Sprint 4.0, 2026
_ROLE_WORD = re.compile(
    r"""\b(?i:engineer|developer|analyst|intern|trainee|consultant|associate|manager|executive|designer|scientist
    |officer|lead|specialist|programmer|tester|architect|administrator|representative|researcher|apprentice|advisor
    |strategist|writer|editor|accountant|fellow|coordinator|recruiter|sde(?:[-\s]?(?:\d|I{1,3}))?)(?i:s?)\b""",
    re.VERBOSE,
)
# In a bracket behind a role they make it another one, though elsewhere they say nothing.
_KINDS_OF_ROLE = frozenset(("test", "testing", "intern", "trainee"))
_ONLY_ROLE = re.compile(
    rf"(?:(?!(?i:hiring|only|for|final)\b)[A-Z][\w/&+.'’-]*\s+){{0,5}}{_ROLE_WORD.pattern}", re.VERBOSE
)
_PROFILE = re.compile(r"\s+(?:role|profile|position|post)s?(?:\s+only)?$", re.IGNORECASE)
_AT_COMPANY = re.compile(r"\s+(?:at|with)\s+(?=[A-Z])|^(?:hiring|wanted)\s+", re.IGNORECASE)
_ROLES = (
    re.compile(
        r"(?:^|[.;!]\s+)(?:job\s+)?(?:roles?|profile|position|designation|job\s+title)(?:\s+(?:name|offered|title))?"
        r"(?:\s*[:\t]\s*|\s+[–-]\s+)(?P<role>[^\t]{2,100}?)(?=[.;]\s|\t|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bfor\s+the\s+(?:role|position|post|profile)\s+of\s+(?:an?\s+|the\s+)?(?P<role>[^.,;:]{2,80}?)"
        r"(?=\s+(?:at|in|with|from|on)\b|[.,;:]|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:selected|hired|recruited)\b[^.;:]{0,60}\bas\s+(?:an?\s+|the\s+)?(?P<role>[A-Z][^.,;:()]{2,70}?)"
        r"(?=\s+(?:at|in|with|from|on|by)\b|\s*[.,;:()]|$)"
    ),
    re.compile(
        r"\b(?:for|offered)\s+(?:the\s+)?(?P<role>[A-Z][^.;:]{2,70}?)\s+(?:[Rr]oles?|[Pp]ositions?|[Pp]rofiles?)\b"
    ),
)


def company_and_role(title: str, lines: Sequence[str], jobs: Sequence[JobRef] = ()) -> tuple[str | None, str | None]:
    """What a notice with a title of its own is about, read with the lines under it and the jobs that are known.

    A company is taken from the title only where that talks of hiring, a selection or a contest.
    """
    shown = _without_openers(collapse(title)[:_LONGEST])
    company, role = _possessive(shown, jobs)
    known = _known_company(shown, jobs)
    if known and "'" in straight(known):  # the sign is the name's own: "Orbit's Kitchen Intern"
        company, role = known, None
    company = company or known or _named_in_title(shown) or _named_in_body(lines)
    role = role or _role_piece(shown) or _role_piece(shown.replace(company or " - ", " - ", 1))
    role = role or _known_role(shown, company, jobs) or _role_in([shown, *lines[:80]])
    role = role or _only_known_role(lines, company, jobs)
    return clean_company(company or "") or None, _without_company(role, company)


def _without_company(role: str | None, company: str | None) -> str | None:
    """ "Data Analyst" of "Orbit Data Analyst", nothing of "Orbit interns"."""
    if role and company and role.casefold().startswith(f"{company.casefold()} "):
        role = role[len(company) :].strip(" -–:")
    return role if role and not role.islower() else None


def _without_openers(title: str) -> str:
    while match := _OPENERS.match(title):
        title = title[match.end() :]
    return title


def _possessive(title: str, jobs: Sequence[JobRef]) -> tuple[str | None, str | None]:
    """ "Foo's Network Engineer - Online Test": only where a role is what is possessed."""
    company, role = split_possessive(_BORDER.split(title)[0], jobs)
    return (company, role) if _ROLE_WORD.search(role) and _is_company(company) else (None, None)


def _known_company(title: str, jobs: Sequence[JobRef]) -> str | None:
    """The longest name of a known company that stands in the title, as the title writes it."""
    plain = f" {' '.join(words_of(title))} | {' '.join(words_of(_POSSESSIVE.sub('', straight(title))))} "
    for words in _ways_to_name(jobs):
        if words and not _GENERIC.issuperset(words) and f" {' '.join(words)} " in plain:
            spelt = r"[\W_]*".join("(?:and|&)" if word == "and" else "'?".join(map(re.escape, word)) for word in words)
            shown = re.search(rf"{spelt}{_LEGAL_END}", straight(title), re.IGNORECASE)
            if shown and not shown[0].islower() and not _goes_on(title[shown.end() :]):
                return title[slice(*shown.span())]
    return next((word for word in re.findall(r"\b[A-Z]{3,8}\b", title) if _is_short_for(word, jobs)), None)


def _goes_on(rest: str) -> bool:
    """Whether a name is longer than a known one: "Finance" behind "Orbit Motors" makes another company."""
    words = _BORDER.split(rest)[0].split() if rest[:1] == " " else []
    return 0 < len(words) < 3 and all(
        word.istitle() and not _says_nothing(word) and not _ROLE_WORD.search(word) for word in words
    )


def _ways_to_name(jobs: Sequence[JobRef]) -> list[tuple[str, ...]]:
    """The words of each company's name, and two or more it begins with: "Orbit Capital" of "Orbit Capital Advisors"."""
    names = {core_words(job.company) for job in jobs}
    ways = names | {
        words[:end] for words in names for end in range(2, len(words)) if words[end - 1] not in _JOINING_WORDS
    }
    return sorted(ways, key=lambda words: (-len(words), words))


def _is_short_for(word: str, jobs: Sequence[JobRef]) -> bool:
    return word.lower() not in _GENERIC and any(company_score(word, job.company) >= 95 for job in jobs)


def _named_in_title(title: str) -> str | None:
    if not _HIRES.search(title):
        return None
    at_sign = [match["name"] for match in _AT_SIGN.finditer(title) if not _OUR_OWN.search(match["name"])]
    beside = _NAMED_BESIDE if _SELECTS.search(title) else _NAMED_BESIDE[:1]
    names = [match["name"] for pattern in beside for match in pattern.finditer(title)]
    return next(filter(None, map(_name_in, [*at_sign, *_BORDER.split(title)[:3], *names])), None)


def _named_in_body(lines: Sequence[str]) -> str | None:
    text = "\n".join(line[:300] for line in lines[:40])
    matches = (pattern.search(text) for pattern in _NAMED_IN_BODY)
    names = (match["name"].rstrip(".") for match in matches if match)
    return next((name for name in names if _is_company(name) and not _OUR_OWN.search(name)), None)


def _name_in(piece: str) -> str | None:
    """The company a piece of a title begins with, when the words after it are off."""
    words = _KIND.sub("", _EDITION.sub("", _ARTICLE.sub("", piece.strip(), count=1))).split()
    while words and _says_nothing(words[-1]):
        words.pop()
    name = " ".join(words)
    plain = not any(_says_nothing(word) for word in words if word not in _JOINING_WORDS)
    ours = _OUR_OWN.fullmatch(name) or _ROLE_WORD.search(name)
    return name if plain and _is_company(name) and not ours else None


def _says_nothing(word: str) -> bool:
    if _CONTEST.fullmatch(word):
        return True
    parts = [part for part in re.split(r"[\W_]+", word.casefold()) if any(sign.isalpha() for sign in part)]
    return all(part in _GENERIC for part in parts)


def _is_company(name: str) -> bool:
    """Up to six words with a capital or a digit each, some of them not of the trade."""
    words = name.split()
    titled = all(
        part.lower() != part for word in words if word not in _JOINING_WORDS for part in word.split("-") if part
    )
    return 0 < len(words) <= 6 and titled and not all(map(_says_nothing, words))


def _role_piece(title: str) -> str | None:
    """A piece of the title that is nothing but a role: "Helio Energy - Graduate Engineer Trainee - Interview"."""
    pieces = (_PROFILE.sub("", part.strip(" )")) for piece in _BORDER.split(title) for part in _AT_COMPANY.split(piece))
    smaller = [*pieces]
    smaller += [part for piece in smaller for part in piece.split(" / ")]
    role = next((piece for piece in smaller if _ONLY_ROLE.fullmatch(piece)), None)
    return role and _with_bracket(role, title)


def _with_bracket(role: str, title: str) -> str:
    """The role with the bracket behind it, where that is part of it: "Engineer (Backend)", no "(Online Test)"."""
    bracket = re.search(rf"{re.escape(role)}(\s*\((?P<inside>[^()\d]{{1,30}})\))", title)
    if bracket is None:
        return role
    part = bracket["inside"].casefold() in _KINDS_OF_ROLE or not _says_all_nothing(bracket["inside"])
    return f"{role}{bracket[1]}" if part else role


def _known_role(title: str, company: str | None, jobs: Sequence[JobRef]) -> str | None:
    """The role of one of the company's jobs that stands whole in the title: no part of a longer one."""
    roles = {job.role for job in jobs if company and same_company(company, job.company) and " " in job.role.strip()}
    for role in sorted(roles, key=lambda role: (-len(role), role)):
        longer = rf"\s*[-–]?\s*(?-i:[IVX]+|\d)\b|\s*[-–(,/]?\s*(?:\w+\s+)?{_ROLE_WORD.pattern}"
        match = re.search(rf"(?<![\w&/+]){re.escape(role)}(?![\w&/+])(?!{longer})", title, re.IGNORECASE | re.VERBOSE)
        before = title[: match.start()].rstrip() if match else ""
        if match and (before.endswith(company or "") or not before[-1:].isalnum() or _says_nothing(before.split()[-1])):
            return _with_bracket(match[0], title)
    return None


def _only_known_role(lines: Sequence[str], company: str | None, jobs: Sequence[JobRef]) -> str | None:
    """The role of a job of the company, where the text names one and no other."""
    named = {role for line in lines[:40] if (role := _known_role(line[:300], company, jobs))}
    return next(iter(named)) if len(named) == 1 else None


def _says_all_nothing(text: str) -> bool:
    return all(map(_says_nothing, text.split()))


def _role_in(lines: Sequence[str]) -> str | None:
    for pattern in _ROLES:
        for line in lines:
            match = pattern.search(line[:1000])
            if match and _ROLE_WORD.search(match["role"]):
                return match["role"].strip(" .,;")
    return None
