"""How texts say that something is due, takes place, was moved, is over or is none of these."""

import re

from scraping.reading.layout.expressions import expression

# "at 7:45 AM instead of 8:30 AM on 11 August": the time that no longer holds.
# "from 2 PM to 4:30 PM" of what was moved.
FROM_HOUR = expression(
    r"(\b(?:shift|mov|push|chang|revis|prepon|postpon|advanc|re-?schedul|delay|deferr)\w*\b[^.;]{0,60}?)"
    r"\bfrom\s+\d{1,2}(?:[:.]\d\d)?(?:\s*[ap]\.?m\b\.?)?\s+"
    r"(?=(?:on\s[^.;]{3,30}\s)?to\s+\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m|noon))",
    re.IGNORECASE,
)
OLD_TIME = expression(
    r"\(?\b(?:instead\s+of|in\s+place\s+of|as\s+against|rather\s+than|earlier)\s+\d{1,2}"
    r"(?:[:.]\d\d)?\s*[ap]\.?m\b\.?\)?",
    re.IGNORECASE,
)
# "… of 24 Nov has been advanced to 12 noon": the day stays.
MOVED_TO_AN_HOUR = re.compile(
    r"[^.;]{0,40}\b(?:shift|mov|push|chang|revis|prepon|postpon|advanc|re-?schedul|delay|deferr)\w*\s+(?:up\s+)?"
    r"to\s+\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m|noon)",
    re.IGNORECASE,
)
ONLY_AN_HOUR = re.compile(
    r"\W*(?:(?:same\s+)?time|at|from)?\W*(?:\d{1,2}(?:[:.]\d\d)?(?:\s*[ap]\.?m\.?)?\s*(?:-|–|to|till)\s*)?"
    r"(?:\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\.?|\d\d[:.]?\d\d\s*hrs)\W*(?:ist)?\W*(?:sharp|onwards)?\W*",
    re.IGNORECASE,
)
LISTED = re.compile(r"\s*(?:\(?\d{1,2}[.)]\s|[-•*▪●➢→]\s?)")
GOES_ON = re.compile(r"(?::|\b(?:on|by|before|till|until|at|from|is|to|between))\s*$", re.IGNORECASE)
ID_EST = re.compile(r"\bi\.\s?e\b\.?", re.IGNORECASE)
SHORTENED = re.compile(r"\b(Pvt|Ltd|[Nn]o|[Dd]t|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.|(?<=\d)\.(?=\d)")  # "HackOverflow 3.0"
# When something was said: "[02/12, 8:04 am] Asha:", and "Date: Sun, 29 Nov 2026, 6:58 pm" below "From: Asha".
CHAT_STAMP = re.compile(
    r"^\W?\[\d{1,2}/\d{1,2}(?:/\d{2,4})?,\s\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?\]", re.IGNORECASE
)
SENT_BY = re.compile(r"\W*from\s*:", re.IGNORECASE)
SENT_AT = re.compile(r"\W*(?:date|sent)\s*:", re.IGNORECASE)
SENTENCE_END = re.compile(
    r"(?<!\b[A-Za-z])(?<!\b(?:[NnD]o|[Dd]t))(?<!\b[RDMSJ][rst])(?<!\b(?:Mrs|Smt))(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))"
    r"(?<!\b(?:Pvt|Ltd))(?<!\bProf)[.!?;](?=\s)"
)
# What is due.
UNTIL = re.compile(
    r"\b(?:by|befor?e?|till?|untill?|up\s*to|within(?:\s+\w+\s+(?:days?|hours?|hrs)\s*\(?)?|not?\s+later\s+than"
    r"|latest)\b[\s:,–-]*(?:(?:the\s+)?(?:close|end)\s+of\s+"
    r"(?:business|office|day)\s+(?:on|of)\s+)?(?:(?:the|this|coming|next)\s+|dt\.?\s*)?"
    r"(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|today|tonight|tomorrow)\b\W*(?:ie\W+)?)?$",
    re.IGNORECASE,
)
DUE_LABEL = re.compile(
    r"""(?:\b(?:dead[\s-]?lines?|till\s+when|last\s+(?:date|day|time|chance(?!\s+(?:is|will\s+be)\s+given)|dt\.?)
        |closing\s+(?:date|time
        |of\s+(?:the\s+)?(?:portal|form|link|registrations?|applications?))|due\s+(?:date|by|on)
        |cut[\s-]?off|(?:resume|profile|portal|cv)s?\s+(?:will\s+(?:be\s+|get\s+)?|gets?\s+)?(?:fr[eo]+z\w*|lock(?:s
          |ed)?)|submission\s+date
        |due\s*[:–-])\b[^.;]{0,120}
    |^\W*(?:by|before)\s*[:–-]\s*
    |\b(?:it|this|which|survey|poll)\s+(?:(?:will|shall)\s+)?(?:be|remains?|stays?
        |is)\s+(?:\w+\s+)?open\s+(?:till?|until|upto)
     \s*(?:the\s+)?
    |^\W*(?:[\w-]+\s){0,2}(?:registrations?|submissions?|apply)(?:\s(?:date|till))?\s*[:–-]\s*
    |\blatest\s+by\b\W{0,3}(?:\w{3,9}day\W*)?(?:the\s+)?
    |\b(?<!asked\s)(?<!sought\s)(?<!some\s)time\s+(?:is\s+|only\s+)?(?:till?|until|up\s?to)\s*
    |\bno\b[^.;]{0,30}\b(?:requests?|applications?|entries|forms?|submissions?|responses?|cvs?|resumes?
      |registrations?|names
     |changes?|payments?|queries)\b[^.;]{0,50}\b(?:after|beyond|later\s+than|post)\s+(?:the\s+)?
    |\bstop(?:s|ped)?\s+(?:reading|accepting|taking|looking)\b[^.;]{0,60}
    |\b(?:closes?|closing|expires?|shuts?|dies|(?:go(?:es)?|gets?)\s+(?:off|down|dead|inactive|disabled|deactivated
      |closed))\b(?:\s+the\s+(?:link|form|portal|window
        |registrations?))?\W{0,3}(?:on|at|by)?\W{0,3}(?:\w{3,9}day\W*)?
    |\bextend(?:ed|s)?\b[^.;]{0,80}\b(?:to|till|until|up\s*to|by)\s*(?:the\s+)?
    |\b(?:reg|regn|registrations?|applications?|submissions?|entries|forms?|links?|portal|window
    |requisition|openings?|position|assessment)\b(?:[^.;]|\.(?=\S)){0,80}
     \b(?:(?<!remain\s)clos(?:e|es|ed|ing)(?!\s+for\s+maint)|ends?|expir(?:es?|ing)|shuts?|(?:be\s+)?(?:inactive
       |disabled
     |deactivated)(?:\s+after)?|(?:open|active|valid|available)\s+(?:till|until|upto))\b[^.;]{0,45}
    |\b(?:regist\w+|applications?)(?:\s+(?:open|period|dates?|window
    |link))*\s*[:–(-]*\s*\d[\w\s,./-]{3,22}?\s*(?:to|till|[–-])\s*
    |\b(?:regist\w+|appl(?:y|ications?))\b(?:[^.;]|\.(?=\S)){0,80}\b(?:from|between)\b[^.;]{0,40}(?:\bto
    |\band|[–-])\s*)$""",
    re.IGNORECASE | re.VERBOSE,
)
DUE_VERB = expression(
    r"""\b(?:appl(?:y|ied|ications?)|reg[ie]st\w+|write\s+(?:to|in)|fill\w*|submi\w+|complet\w+|attempt\w*|enrol\w*
    |volunteer\w*|consent
    |confirm\w*|verif\w+|collect|deposit|provide|send|(?:e-?)?mail|sign|return|convey|meet|enter|explanation
    |give|furnish|push|reach|produce|intimate
    |appeal|join(?!\s+(?:the|us|at|in|on|link))|accept\w*|respon\w+|rsvp|upload\w*|share|drop|opt|sign\s?-?up
    |update|reply|revert|nominat\w+|participate|book|explain|claim|request|withdraw
    |download\w*|start\s+any\s?time
    |whats\s?app|resumes|cvs|dm|ping|bring|hand(?:ed)?|forms?|link|survey|payment|pa(?:y|id)|(?:resume|profile
      |portal)\s+(?:freeze
    |lock)|bhar\w*|pan[jg][iy]+[ky]a?ran|a+vedan
    |bhej\w*|bhijwa\w*|likhwa\w*
    |jama|kar(?:o|na|lo|do|ein|dena|lena)|khula|chahiye)\b""",
    re.IGNORECASE | re.VERBOSE,
)
MUST = re.compile(
    r"\b(?:must|should|shall|needs?\s+to|ha(?:s|ve)\s+to|request\w*|requir\w+|please|kindly"
    r"|pls|advised|asked|directed|(?:to|may|can)\s+be\s+(?:given|submitted|filled|sent|returned|forwarded|mailed"
    r"|shared|intimated|handed))\b",
    re.IGNORECASE,
)
DUE_AFTER = re.compile(
    r"[\s)]*(?:ist)?[\s,–-]*(?:is|will\s+be|being|as)?\s*(?:the\s+)?(?:last\s+(?:date|day|time"
    r"|chance|opportunity)|deadline|cut-?\s?off)\b(?!\s?[:–-]?\s?(?:is\s)?\d)"
    r"|[\s)]*(?:ist)?[\s,]*(?:(?:will|shall|would)\s+(?:not|no\s+longer)|can\s?not)\s+be\s+(?:entertained|accepted"
    r"|considered"
    r"|processed|taken)\b",
    re.IGNORECASE,
)
UNTIL_INSIDE = re.compile(r"\b(?:by|before|till|until|up\s*to)\b", re.IGNORECASE)
UNTIL_AFTER = re.compile(r"[\s)]*(?:ist\s*)?tak\b(?!\s+(?:aa?(?:yeg|ney|jay)|declare|announce|mil))", re.IGNORECASE)
CLOSES_THEN = re.compile(r"[\s)]*(?:ist\s*|(?:ko|pe|par|tak)\s*)?closes\b", re.IGNORECASE)  # as Hindi says it
# What takes place.
COME = expression(
    r"\b(?:report(?:ing|s)?|(?:to|should|must|all)\s+be\s+(?:in|at|inside)|reach|assemble|gather|arrive|attend"
    r"|be\s+(?:ready|present|seated"
    r"|available|at\s+the|in\s+the|here|there)|join|come\s+(?:by|at|to|on|before)|log\s?-?in|milo|mil(?:na|enge"
    r"|ein)|pahunch\w*|pohoch\w*|aa\s?jana"
    r"|aana|aao|in\s+person)\b",
    re.IGNORECASE,
)
A_SLOT = re.compile(r"\W*(?:batch|slot|panel|group|shift)\s?[-:]?\s?[\w-]{1,3}\W{1,5}.{0,12}\d", re.IGNORECASE)
NAMES_IT = re.compile(r"^\W*(?:[\w&.'/-]+\s){0,4}[\w&.'/-]+\s?[:–-]\s*$")  # "TCS NQT: 5th Dec"
SPEAKS_OF_TIME = re.compile(r"\btim(?:e|ings?)\b[^.;:]{0,20}$|\bslots?\b", re.IGNORECASE)
WHEN_LABEL = re.compile(
    r"""^\s*[📅📆🗓⏰🕐-🕧]\W*(?:[a-z]{3,9}\W*)?$
    | ^\W*(?:[\w-]+\s+){0,3}(?:date|time|timings?|window|schedule|slot|when|day|finale)s?\b
    (?:\s*(?:&|and|/|of|for|to)\s*(?:[\w-]+\s*){1,5}?)?(?:\s+(?:do|does|has|have)\s+not\s+changed?
      |\s+unchanged)?\s*(?:[:\t–-]|(?:is|are|remains?|will\s+be)\b|@)[^.;]{0,40}$""",
    re.IGNORECASE | re.VERBOSE,
)
TAKES_PLACE = re.compile(
    r"""\b(?:scheduled|held|conduct\w*|(?:hiring|recruitment|selection|interview)\s+process|interviewed
        |organi[sz]\w+|planned|tak(?:e|es|ing)\s+place|happening|visit\w*
    |on\s+(?:our\s+|the\s+|your\s+)?campus|bus(?:es)?
    |com(?:es|ing)\s+(?:to|for|down)|will\s+come(?!\s+back)
    |starts?|begins?
    |commenc\w+|slated|fixed|arranged|hosting|invited|attend|tests?|interviews?|talk|ppt|session|drive|assessment|gd|oa
    |walk-?in|cbt|written|viva
    |discussion|exam|webinar|workshop|fair|mela|conclave|summit|fest|(?:winter|summer)\s+school|kick\s?-?off
        |induction|challenge|contest|qualifiers?|prelims|pitch|boot\s?camp|event|ceremony
    |orientation|round|finale|grand\s+finals?|hackathon|speak\w*
    |interact\w*|deliver\w*|address\w*|depart\w*|leaves?|class(?:es)?)\b[^.;]{0,80}$""",
    re.IGNORECASE | re.VERBOSE,
)
TAKES_PLACE_AFTER = re.compile(
    r"(?:'s)?\)?\s+(?:as\s+the\s+(?:new\s+)?dates?\b|(?:for\s+(?:the\s+|our\s+)?)?(?:[\w/-]+\s+){0,4}(?:interviews?"
    r"|tests?|ppt|talk|session|drive"
    r"|webinar"
    r"|rounds?|gd|oa|assessment)|(?:will|shall|to)\s+(?:now\s+)?(?:begin|start|commence|be\s+(?:held|conducted)"
    r"|take\s+place)\b|(?:[^\s.]+\s+){0,4}(?:hoga|hogi|होगा|होगी))(?!\w)",
    re.IGNORECASE,
)
ON = re.compile(r"\b(?:on|at)\s+(?:\w{3,9}day\W*)?$", re.IGNORECASE)
BEGINS = re.compile(
    r"\W*(?:on\b)?\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)?\W*", re.IGNORECASE
)
WINDOW = re.compile(
    r"\W*(?:online\s+)?(?:(?:application|registration|submission|form|apply|applying|enrolment)\s+)?window\s*[:–-]",
    re.IGNORECASE,
)
APPLIES = re.compile(r"\b(?:apply|applications?|register|registrations?|submit)\b", re.IGNORECASE)
TIME_LABEL = re.compile(
    r"\b(?:changed|shifted|revised|moved|pushed|preponed|postponed|re-?scheduled|advanced)\s+to\s+"
    r"(?=\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m)|\btimings?\s+(?=\d)|\btim(?:e|ings?)\s+(?:is|are|will\s+be|remains?)\s"
    r"|\b(?:time|timings?|slots?)\b[^:]{0,40}[:\t–@-]|^@|^[⏰🕐-🕧]|\breport(?:\s+(?:at|by)\s"
    r"|ing(?:\s+there)?\s*[:–-])|\b(?:starts?|begins?|commences?)\s+(?:sharp\s+|exactly\s+)?"
    r"(?:(?:at|from|by)\s|(?=\d))|\btime\s+(?:wahi|same)\W{1,3}(?=\d)"
    r"|\b(?:login|window|gates?|seating|entry)\b[^.;\d]{0,30}\b(?:opens?|starts?|begins?)\s+(?:at\s+|from\s+)?(?=\d)"
    r"|\bbus(?:es)?\s+(?:[a-z]+\s+){0,2}?at\s+(?=\d)"
    r"|\b(?:come|arrive|reach)\s+(?=\d)|\b(?:will\s+)?runs?\s+(?=\d{1,2}[:.]\d\d)|\btime\s+(?=\d)"
    r"|\b(?:report|assemble|gather|reach|arrive|seated|come|present)\b[^.;\d]{0,40}\b(?:at|by)\s+(?=\d)"
    r"|\b(?:batch|slot)\s(?!by\b|on\b|for\b|in\b)[\w-]{1,3}(?:\s\([^()]{1,20}\))?\s?[:–-]?\s(?=\d)|\b\d(?:st"
    r"|nd|rd)\sslot\s(?=\d)"
    r"|\b(?:rounds?|tests?|interviews?|ppt|talk|drive|gd|session|assessment|leaves?"
    r"|depart\w*)\b[^.;]{0,80}\bat\s+(?=\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m)|\b(?:ppt|test|talk|aptitude|written"
    r"|interviews?|gd|oa|entry)\s+(?=\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m)",
    re.IGNORECASE,
)
# "starts at", "the test will be at", "interviews:": what stands before the hour at which something begins.
STARTS_AT = expression(r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|commenc\w+)\b[^.;\d]{0,25}$", re.IGNORECASE)
BEGINS_AT = expression(
    r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|commenc\w+|tests?|interviews?|talk|ppt|session|drive|assessment|gd|oa|exam"
    r"|aptitude|viva|webinar|workshop|rounds?|hackathon|event|orientation|seminar|presentation|discussion"
    r"|(?:first|1st)\s+(?:batch|slot|group|lot))\b"
    r"[^.;\d]{0,30}$",
    re.IGNORECASE,
)
NAMED_BEHIND = re.compile(
    r"\W{0,4}(?:[\w-]+\s){0,2}?(?:tests?|interviews?|talk|ppt|presentation|session|drive|assessment|gd|oa|exam|onwards"
    r"|sharp|rounds?|reporting)\b",
    re.IGNORECASE,
)
NO_HOUR_OF_IT = expression(
    r"\b(?:regist\w+|appl(?:y|ications?)|fill|submi\w+|upload\w*|collect\w*|deposit|download\w*|confirm\w*|reply|rsvp"
    r"|(?<!post\s)(?<!after\s)lunch|break|dinner|office|counter|clos\w+|results?|return\w*|released?"
    r"|admit\s+cards?|hall\s+tickets?"
    r"|links?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
# What changed.
MOVED_TO = expression(
    r"""\b(?:re-?scheduled?|postponed|preponed|shift(?:ed)?|push(?:ed)?|moved?|deferred|extended|changed|revised
        |advanced)\b
        [^.;]{0,90}\b(?:to|for|on|as|till|until|upto)\b[\s:–-]*(?:the\s+)?$
    | \b(?:today|tomorrow)'s\b[^.;]{0,60}\b(?:will|shall|is|are)\s+(?:now\s+)?(?:be\s+)?(?:held\s+)?(?:on\s+|at\s+)?$
    | \bread\b[^;]{0,60}\bas\s+(?:\w{3,9}day\W{1,3})?$
    | \b(?:new|revised|updated|changed|extended)\s+(?:[\w-]+\s+)?
      (?:dead[\s-]?line|date|time|timings?|schedule|slot)s?\b[^.;]{0,40}$""",
    re.IGNORECASE | re.VERBOSE,
)
MOVED_FROM = re.compile(
    r"\b(?:re-?schedul|postpon|prepon|shift|push|mov|extend|chang|revis|defer|advanc)[a-z]*\b[^.;]{0,90}\b(?:from"
    r"|(?:planned|scheduled|fixed)\s+(?:for|on))\b",
    re.IGNORECASE,
)
ASKS_NOW = re.compile(
    r"\b(?:register|apply|fill|submit|complete|enrol|vote|act)\s+(?:it\s+)?(?:now\b|today\b"
    r"|on\b|immediately\b|latest\b)?\W*$",
    re.IGNORECASE,
)
NOT_THEN = re.compile(r"\bnot\s+(?:[a-z]+ing\s+)?(?:on\s+|for\s+|at\s+)?$", re.IGNORECASE)
THEN_NOT = re.compile(  # "5 Dec nahi", "jo aaj 3 baje tha"
    r"[\s),]*(?:(?:ko|ka|se|को)\s+)?(?:hon[ae]\s+(?:wal[aie]\s+)?)?(?:nahi|nahin|tha|thi|नहीं|था|थी)(?!\w)",
    re.IGNORECASE,
)
DONE_BEFORE = re.compile(  # "who applied before 20 November"
    r"\b(?:who|that|those)\s+(?:have\s+|had\s+|has\s+)?(?:already\s+)?"
    r"(?:applied|registered|submitted|filled|enrol+ed|paid)"
    r"\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
TODAY_IS_OVER = expression(
    r"\bthank(?:s|\s+you)\b[^.;\n]{0,60}\btoday\b"
    r"|\ball\s+(?:the\s+)?(?:\d+\s+)?(?:candidates|students|of\s+them)\s+(?:have\s+)?"
    r"(?:appeared|attended|turned\s+up)\b"
    r"|\btoday'?s\s+(?:\w+\s+)?(?:drive|test|interviews?|talk|session|process)\s+(?:went|was|were|is\s+over)\b",
    re.IGNORECASE,
)
LOOKS_BACK = re.compile(
    r"\bthanks?\s+to\s+all|\b(?:was|were|already)\s+(?:held|conducted"
    r"|organi[sz]ed)\b[^.;]{0,40}$|\b(?:test|interviews?|talk|ppt|drive|round|assessment"
    r"|session)s?\s+held\s+(?:on\s+)?$"
    r"|\b(?:appeared|(?<!be\s)interviewed|attended|absent|missed|did\s*(?:not|n't)\s+(?:turn|show|attend"
    r"|appear|come|report))\b[^.;]{0,60}$",
    re.IGNORECASE,
)
OLD = re.compile(
    r"""\b(?:(?<!as\s)earlier(?!\s+(?:notice|mail|message|circular|may|can|should|must|shall)\b)|previous(?:ly)?
    |old(?!\s+(?:\w+\s+)?(?:block|building|hall|campus|wing|lab|gate|library|auditorium)\b)
    |(?:re-?schedul|postpon|prepon|shift|push|mov|defer|chang)[a-z]*\b(?:(?!\bnow\b|\band\b)[^.;]){0,60}\b(?:planned
    |scheduled|fixed|proposed)
     \s+(?:for|on)
    |(?:postpon|defer|prepon|re-?schedul|put\s+off)[a-z]*\s+(?:its|their|the)\s+(?:[\w-]+\s+){1,4}?of
    |original(?:ly)?(?!\s+(?:documents?|certificates?|id|cop))|initial(?:ly)?|instead\s+of|was
    |in\s+place\s+of|rather\s+than
    |as\s+against|(?:re-?schedul|postpon|prepon|shift|push|mov|extend|chang|revis
    |defer)[a-z]*\b[^.;]{0,30}\bfrom(?!.*\bto\s*$))\b[^.;)]{0,30}$""",
    re.IGNORECASE | re.VERBOSE,
)
UP_TO = re.compile(r"[\s)]*(?:ist)?[\s)]*(?:to|-|–|—|till|until)\s*", re.IGNORECASE)
CALLED_OFF = re.compile(
    r"[^.;]{0,40}\b(?:is|are|was|were|has\s+been|have\s+been|stands|stand)\s+"
    r"(?:therefore\s+|hereby\s+|now\s+|also\s+|accordingly\s+){0,2}(?:cancel|postponed"
    r"|called|deferred|scrapped|put\s+on\s+hold|on\s+hold|off\b)"
    r"|[^.;]{0,40}\b(?:cancel|postpone)\w*\s+(?:ho|kar|hai)|[^.;]{0,30}\b(?:will|shall)\s+not\s+"
    r"(?:take|be\s+held(?!\s+(?:in|at)\b)|happen|be\s+conducted(?!\s+(?:in|at)\b))|[^.;]{0,70}\b(?:nahi|nahin"
    r"|nhi)\s+(?:ho|aa|rah|le)"
    r"|[\s)]*(?:stands?\s+)?(?:cancel+ed|postponed|called\s+off|deferred|off\W*$)",
    re.IGNORECASE,
)
CANCELLED = re.compile(
    r"\b(?:cancel+(?:ed|ing)|call(?:ed|s|ing)\s+off|withdrawn|ignore|disregard)\b(?![^.;]*\b(?:now|new|fresh"
    r"|instead|held)\b)|\bno\s+(?:[\w-]+\s+)?"
    r"(?:drives?|tests?|interviews?|class(?:es)?|company|companies|ppt|activity|activities|processes)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
# What is neither.
SHARED = re.compile(
    r"""\b(?:will|shall|would)\s+(?:be\s+)?(?:share|announce|sen[dt]|release|publish|inform|intimate|declare|communicate
        |update|provide|circulate|revert|get\s+back|notif[iy]|(?:e-?)?mail|display|upload)(?:e?d)?\b
    | \b(?:will|shall|would)\s+be\s+(?:out|available|ready|put\s+up|pasted|issued|refunded|reimbursed|credited|processed
        |given|opened|added|created|handed|generated|made\s+(?:live|visible|public))\b
    | \b(?:will|shall)\s+receive\b|\bcan\s+be\s+had\b
    | \b(?:company|hr|team|they)\b[^.;]{0,30}\bha(?:s|ve)\s+(?:asked|requested|sought
        |taken)\s+(?:for\s+)?(?:\w+\s+)?time\b
    | \b(?:links?|mails?|lists?|invites?|details|letters?|shortlist|results?)\b[^.;]{0,40}
        \b(?:will|shall)\s+(?:come|reach|arrive)
    | \bresults?\s+(?:will|on|by|date)\b|\b(?:results?|offer\s+letters?|list|shortlist)\b[^.;]{0,60}
        \b(?:expected|awaited|likely)\b
    | \b(?:need|do|does|should|must|shall|will)\s+not\b(?!\s+chang)
        (?:(?!\bha(?:ve|s)\s+to\b|\bmust\b|\bshould\b|\bneeds?\s+to\b)[^,;.])*$""",
    re.IGNORECASE | re.VERBOSE,
)
PAPERS_COME = re.compile(
    r"\breach(?:es)?\s+(?:to\s+)?(?:us|me|(?:this|the|our|my)\s+(?:office|cell|undersigned|department|desk))\b"
    r"|\b(?:names?|forms?|applications?|cvs?|resumes?|profiles|lists?|cop(?:y|ies)|documents?|consents?"
    r"|papers)\b[^.;]{0,80}\breach(?:es)?\b",
    re.IGNORECASE,
)
OF_A_HOUSE = re.compile(
    r"\b(?:hostels?|college|campus|library|canteen|mess|institute)\s+(?:will\s+)?clos\w+[^.;]{0,10}$", re.IGNORECASE
)
STUDENTS_DO = re.compile(
    r"\b(?:students?|candidates?|you|those|they|everyone)\b[^.;]{0,60}\b(?:shall|will|should|must)\s+(?:[a-z]+\s)?"
    r"(?:upload|send|share|update|provide|e?-?mail)\b",
    re.IGNORECASE,
)
OTHERS_DO = re.compile(r"\b(?:we|company|hr|team)\s+(?:will|shall)\b", re.IGNORECASE)
# What is done on a screen, though its sentence speaks of a login or of joining.
PLAINLY_ASKS = re.compile(
    r"\b(?:re-?)?(?:upload|submit|fill|register)\b|\bjoin\b[^.;]{0,30}\b(?:group|channel|community)\b", re.IGNORECASE
)
OTHER_DATE = re.compile(
    r"\binternships?\s*\($|\bclosed\s*(?:on|from|for|during)?\s*$"
    r"|\b(?:(?:office|library|portal|erp|website|server|site|bank|canteen|college|institute"
    r"|cell|counter|hostel|superset)\s+(?:will|shall|would)\s+(?:\w+\s+){0,2}?"
    r"(?:open|close|function|remain|work|be\s+(?:down|closed|open|shut|under))|(?:registration|application|portal"
    r"|form)s?\s+"
    r"(?:window\s+|link\s+)?(?:will\s+|shall\s+)?(?:be\s+|remain\s+)?(?:opens?|open|starts?|begins?|live|active"
    r"|available|activated|opened)"
    r"|(?:admit\s+cards?|hall\s+tickets?|results?|lists?|scores?|marks|certificates?|call\s+letters?)\s+"
    r"(?:[\w-]+\s+){0,4}?(?:out|available|released|issued|declared|displayed|mailed|sent|come|reach)"
    r"|(?:(?:room|seat(?:ing)?)\s+(?:allotment|arrangement|plan)|schedule)\s+(?:[\w-]+\s+){0,5}?(?:put|displayed"
    r"|out|shared|available)"
    r"|window\s+(?:for|to)\s+(?:updat|correct|edit|regist|apply|chang|fill)\w*"
    r"|(?:selected\s+)?interns\s+(?:[\w-]+\s+){0,3}will\s+(?:start|begin|join)"
    r"|re-?opens?|on\s+leave|(?:they|he|she|who|selects|joinees)\s+(?:will\s+|shall\s+)?join|joining(?!\s+(?:the"
    r"|letters?|formalit\w+|kits?)\b)"
    r"|(?<!training\s)(?<!crt\s)classes\s+(?:will\s+)?resume|birth|billing|invoices?|renew\w*|expiry"
    r"|continue\s+in\s+other|remains?\s+valid|validity|credited|refunded"
    r"|disbursed"
    r"|commencement\s+of\s+(?:online\s+)?(?:applications?|re"
    r"gistrations?)|internships?\s+(?:from|starts?)|born|dated|(?:published"
    r"|issued|circulated|notified)\s+on|as\s+on|w\.e\.f|with\s+effect|offer\s+letters?"
    r"(?!\s+(?:signing|distribution|collection|ceremony)))\b"
    r"[^.;]{0,60}$",
    re.IGNORECASE,
)
JOINS = re.compile(r"\bjoin(?:ing)?\b[^.;]{0,40}$", re.IGNORECASE)
ON_THE_WAY = re.compile(r"\b(?:bus(?:es)?|cabs?|transport)\b", re.IGNORECASE)
CLOSES_AT = re.compile(
    r"\b(?:closes?|closing|shuts?|locks?|freezes?|expires?|ends?)\s+(?:at\s+|by\s+|in\s+[\w ]{3,12}\()?$", re.IGNORECASE
)
AT_ANOTHER_TIME = re.compile(
    r"\b(?:before|by|till|until|latest|earlier|contact|call|instead|was)\b[^.;]{0,20}$", re.IGNORECASE
)
