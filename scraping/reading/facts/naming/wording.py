"""The words around a name that make it a company's, or no company's."""

import re

from scraping.reading.layout.expressions import expression
from scraping.reading.vocabulary import alternatives

OF_A_SELECTION = (
    r"offers?|letters?|drive|process|visit|talk|ppt|interviews?|rounds?|tests?|assessments?"
    r"|hiring|recruitment|shortlist"
    r"|selects?|aspirants|results?|webinar|session|workshop|hackathon|challenge|contest"
    r"|seminar|lecture|deadline|applications?"
    r"|selections?|openings?|slots?|gd|discussions?|ppos?|placements?|internships?|exam"
    r"|shortlisted|selected|hired|placed"
    r"|recruited|appointed|chosen|received|bagged|applied|apply|registered"
    r"|appeared|appear|interested|eligible|cleared|joining"
    r"|consent|registrations?|regs?|forms?|info|update|post|interns?|employees?|opportunit(?:y|ies)"
    r"|vacanc(?:y|ies)|roles?|positions?|details|ceo|cto|founders?"
    r"|informed|communicated|intimated|required|sponsored|organi[sz]ed|conducted|invited|asked|hosted"
)
CLEAR_BEFORE = expression(
    rf"\b(?:{OF_A_SELECTION})\s(?:\w+\s){{0,2}}?(?:of|for|by|with|at|from|in|to|into"
    rf"|through)\s(?:the\s|m/s\.?\s)?[\"'“‘]?$"
    r"|@\s?$|\b(?:regarding|reg\.?|re\s?:|sub\s?:)\s(?:the\s)?$|\bas\s"
    r"(?:an?\s)?[A-Z][^.;]{2,60}\s(?:in|at|with)\s$|\b(?:interviews?|tests?|ppt|drive|form"
    r"|round|list|documents?)\s(?:pending\s)?\($|\binternships?\b[^.\n]{0,60}?\b(?:at|in"
    r"|with)\s$|\bcompany\W{1,3}$|\bm/s\.?\s$|\b(?:on\s)?behalf\sof\s$|\bjoin(?:s|ed|ing)\s$|\bteam\s(?:of\s"
    r"|from\s)?$",
    re.IGNORECASE,
)
WEAK_BEFORE = re.compile(r"\b(?:by|from|at|of|for|with|in|to|through)\s(?:the\s)?$", re.IGNORECASE)
DOES = re.compile(
    r"\s?(?:\([^()]{1,60}\))?,?\s(?:(?:in\s(?:association|collaboration)\s[^.]{3,60},?\s)|,[^,.]{3,60},\s)?"
    r"(?:(?:is|are|has|have|had|will|shall|would|stands?)\s(?:now\s|also\s|finally\s|not\s|again\s|back\s)?"
    r"(?:be\s|been\s)?(?:\w+ing\b|\w+ed\b|conveyed|made|given|sent|chosen|conduct|visit"
    r"|on\scampus|share|hold|back\b|happy"
    r"|open|come|coming|decided|allow|consider|accept|permit|require|need|select|send|announce|start|proceed|take"
    r"|contact"
    r"|release|offer)"
    r"|invites|announces|organi[sz]es|selects|hires|offers|conducts|visits|wants|seeks"
    r"|requires|presents|brings|shared|gave|keeps|kept|liked|likes|praised|decided|thanks|interviewed|needs)\b",
    re.IGNORECASE,
)
HAS_OPENINGS = re.compile(
    r"\s(?:has|have)\s(?:\d+|an?|two|three|some|multiple|the|following)\s(?:[\w-]+\s){0,3}(?:openings?|vacanc\w+"
    r"|positions?|requirements?|roles?)\b",
    re.IGNORECASE,
)
WILL_DO = re.compile(r"\s(?:will|shall|has|have)\s(?:now\s|also\s)?[a-z]+\b")
NOUN_AFTER = re.compile(
    r"\s(?:\w+\s){0,2}?(?:drive|hiring|recruitment|tests?|interviews?|ppt|pre-?\s?placement"
    r"|shortlist\w*|forms?|process|aspirants"
    r"|internships?|interns?|assessments?|team|hr|results?|rounds?|application|selects?|gd"
    r"|offers?|select(?:ed|ions?)|webinar"
    r"|sessions?|hack\w*|code[A-Z]?\w*|registration|oa|panel|candidates|portal|visit|final"
    r"|officials|representatives|roles?|profile)\b",
    re.IGNORECASE,
)
OFFERS_FROM = expression(
    r"\boffers? (?:from|by) (?P<name>[^.,;:!\n]{2,60}(?:\.\w[\w.]{0,20})?)\s*[.!]?$", re.IGNORECASE
)
HINDI_AFTER = re.compile(r"\)?\s(?:(?:ka|ke|ki|ne|me|mein|se|wale|walo|aa\s)\b|(?:का|की|के|ने|द्वारा|में)(?!\w))")
DENIED_AFTER = re.compile(r"\s(?:(?:ka|ki|ke)\s)?(?:nahi|nahin|NAHI)\b")
GREETS = expression(
    r"\b(?:greetings|hello|hi|warm\swishes|regards|welcome)\s(?:from|to)\s(?:the\s)?(?:team\s)?$", re.IGNORECASE
)
PLATFORM_AFTER = re.compile(r"\s(?:forms?|meet|drive|docs?|sheets?|classroom|calendar|maps|teams)\b", re.IGNORECASE)
HOLDS = expression(
    r"\b(?:(?:\w*thon|challenge|contest|competition)\s(?:of|by|from|with)"
    r"|(?:webinar|workshop|session|lecture)\s(?:of|by|from))\s(?:the\s)?$",
    re.IGNORECASE,
)
OTHER_SCRIPT = re.compile(r"[\u0900-\u0dff]\s\($")
ELSEWHERE = expression(
    r"\b(?:(?:seniors?|alumni)\s(?:placed|working|selected)\s(?:in|at)|already|previously|except|other\sthan|like"
    r"|such\sas|including|clients?"
    r"|alumni\sof|ex-?|formerly|earlier\sat|competitors?"
    r"|unlike|worked\s(?:at|with)|startups?\slike|companies\slike|backed\sby|part\sof|"
    r"(?:assessment|hiring|testing)\spartner|powered\sby|acquired\sby"
    r"|subsidiary\sof)\s[^.]{0,30}$",
    re.IGNORECASE,
)
PERSON_BEFORE = expression(rf"\b(?:{alternatives('titles_of_persons')})\b\.?\s?$|\bhear\s(?:from\s)?$", re.IGNORECASE)
PERSON_AFTER = re.compile(
    r"(?:\s\([^()]{2,40}\)|,?\sof\s[^.;,]{2,40},?)?\s(?:(?:has|is)\sbeen\s(?:offered|selected|placed|recruited"
    r"|hired|appointed)"
    r"|(?:has\s)?(?:bagged|secured|cracked|got\splaced))\b|\s?[-–:,(]{0,2}\s?(?:\(?\d{6,}|\(?[A-Z\d]{2,}\d{4,}"
    r"|\(?(?:\+91[\s-]?)?[6-9]\d{9})",
    re.IGNORECASE,
)
SPONSORED = re.compile(r"-(?:sponsored|funded|led|backed|affiliated|trained|certified|based)\b", re.IGNORECASE)
OWNS_IT = re.compile(r"(?:'s)?\s(?:subsidiary|group\scompany)\b", re.IGNORECASE)
OCCASION = expression(
    r"\b(?:on\s(?:account|the\soccasion|the\seve)\sof|(?:closed?|holidays?|vacations?|leave)\s(?:for|on)|happy)"
    r"\s(?:the\s)?$",
    re.IGNORECASE,
)
TOPIC = expression(
    r"\b(?:careers?\s(?:in|with)|(?:webinar|session|talk|workshop|lecture|seminar|course"
    r"|training)\s(?:\w+\s){0,3}on|(?<!asking\s)about|into|introduction\sto|intro\sto|basics\sof"
    r"|fundamentals\sof|topic\W*|theme\W*)\s(?:the\s)?$",
    re.IGNORECASE,
)
HELD_BY_IT = expression(
    r"\b(?:(?:back|here|out)\swith|presents?|launch(?:es|ed)|introduc(?:es|ing))\s(?:our\s|its\s|the\s)?$",
    re.IGNORECASE,
)
SCHOOL_OF = re.compile(
    r"\b(?:school|department|dept\.?|faculty|college|student\s?chapter|club|dean)\s(?:of|for)\s(?:the\s)?$",
    re.IGNORECASE,
)
PAID_BY = expression(
    r"\b(?:pay(?:ment|able|ing)?|paid|fees?|deposit\w*)\b[^.\n]{0,60}\b(?:through|via|by|using|on|to)\s(?:the\s)?$",
    re.IGNORECASE,
)
COLLECTS = re.compile(r"\s(?:i-?)?collect\b|\s(?:account|a/c|upi|challan|net\s?banking)\b", re.IGNORECASE)
AT_SOMEWHERE = re.compile(
    r"(?:\s\([^()]*\))?\s?(?:/|\s(?:at|in|under|positions?|posts?|vacanc\w+|fellow\w*)\b)", re.IGNORECASE
)
ONE_OF_A_KIND = re.compile(r"\ban?\s$", re.IGNORECASE)
SIGNS_FOR = re.compile(r"\W*for\s(?:and\son\sbehalf\sof\s)?(?:m/s\.?\s)?(?=[A-Z])", re.IGNORECASE)
QUOTED = re.compile(r"(?<!\w)[\"'“‘](?:[^\"'“”‘’]{0,60}\s)?$")
ABOUT_HIRING = expression(
    rf"\b(?:{OF_A_SELECTION}|hiring|hires?|recruit\w*|batch|engineer|developer|analyst"
    rf"|trainee|ctc|lpa|stipend|campus|students"
    r"|candidates|profiles?|portal|stage|reporting|schedule|venue|last\sdate|baje|register|deadline|sprint"
    r"|\w*thon|competition|comp|prizes?|teams|reg)\b",
    re.IGNORECASE,
)
PLACE_AFTER = re.compile(r"\s(?:office|cent(?:re|er)|campus|location|branch|plant)\b", re.IGNORECASE)
KIND = re.compile(r"\s(?:innovation|data|product|business|idea|tech|ml|ai|code)$", re.IGNORECASE)
HEAD_OF = re.compile(
    r"\b(?:C[ETFO]O|founder|managing\s+director|MD|VP|president|country\s+head"
    r"|HR\s+(?:head|manager))\s+(?:of|at|from)\s+$",
    re.IGNORECASE,
)
CONTEST_AFTER = re.compile(rf"\s(?:{alternatives('words_of_contests')}|talk|session|lecture|webinar)\b", re.IGNORECASE)
ROUND_AFTER = re.compile(r"\s(?:rounds?|interviews?)\b", re.IGNORECASE)
HEADS = re.compile(r"\s*(?:$|[-–—|:(→]|,\s)")
OPENER = re.compile(r"^[^|:–—-]{0,40}[|:–—-]+\s*$")
