"""The words that tell the kinds of mails apart: those of machines and adverts, of final selections, of next rounds."""

import re


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


# No placement mails.
ALARM = _words(
    r"""\bsecurity\s+(?:alert|notice|warning)
    |\b(?:new|unusual|suspicious|blocked)\s+(?:sign[- ]?in|log[- ]?in|activity|device)
    |\bsign[- ]?in\s+(?:attempt|from|detected)
    |\b(?:verification|security|confirmation|one[- ]time)\s+(?:code|pass(?:code|word)|pin)
    |\b(?:two|2)[- ](?:step|factor)\b|\bpassword\s+(?:was\s+|has\s+been\s+)?(?:reset|changed|expir\w+)
    |\breset\s+your\s+password|\brecovery\s+(?:e-?mail|phone)|\bapp\s+password
    |\bverify\s+your\s+(?:e-?mail|account|identity)|\byour\s+(?:google\s+)?account\s+(?:was|has|is|will|may)\b
    |\b\d{4,8}\s+is\s+your\b|\bstorage\s+(?:is\s+)?(?:almost\s+|nearly\s+)?full"""
)
CIRCULAR = _words(
    r"""\bnews\s?letters?\b|\bdigests?\b|\babridged\s+summary|\bweekly\s+(?:round[- ]?up|update|brief|report)\b
    |\bdaily\s+(?:brief|news)
    |\b\d+\+?\s+(?:new\s+)?(?:jobs?|updates?|messages?|notifications?)
        \s+(?:for\s+you|in|from|near|match\w*|are|waiting)
    |\bjobs?\s+(?:alerts?|you\s+may|for\s+you|recommended|recommendations)|\brecommended\s+for\s+you
    |\bpeople\s+(?:also\s+)?viewed|\b(?:wants|invited\s+you|invitation)\s+to\s+connect|\bwhat'?s\s+new\s+in
    |\bthis\s+week\s+(?:in|on|at)\b|\btrending\s+(?:on|in|now)|\bappeared\s+in\s+\d+\s+search
    |\byou\s+have\s+been\s+added\s+to\b|\byou\s+have\s+\d+\s+(?:new\s+)?(?:notifications?|messages?)"""
)
ADVERT = _words(
    r"""\b\d{1,2}\s?%\s+(?:off|discount|cash\s?back)|\bdiscount\b|\bcoupon|\bpromo\s?code|\bfree\s+trial
    |\bblack\s+friday|\bflash\s+sale|\blottery\b|\byou(?:'ve|\s+have)\s+won\b|\bclaim\s+your\b|\bcredit\s+card\b
    |\bpersonal\s+loan|\binvoice\b|\breceipt\b|\border\s+(?:\#|no|confirm\w*|shipped|deliver\w*)
    |\bhas\s+(?:been\s+)?shipped\b|\bsubscription\s+(?:will|has|is|renew\w*)
    |\bpayment\s+(?:received|due|failed|successful)|\bout\s+for\s+delivery|\bupgrade\s+(?:now|to\s+(?:pro|premium))"""
)
BULK = _words(
    r"""\bunsubscribe\b|\bopt[- ]out\b|\b(?:manage|update)\s+(?:your\s+)?(?:e-?mail\s+)?preferences\b
    |\bview\s+(?:this\s+(?:e-?mail|message)\s+)?in\s+(?:your\s+|a\s+)?(?:web\s+)?browser\b"""
)
ANSWERED = _words(r"^(?:(?:tentatively\s+)?accepted|declined|tentative)\s*:")
INVITED = _words(r"^cancel+ed\s+event\s*: | ^(?:(?:updated\s+)?invitation|cancel+ed)\s*:.*\s@\s.*\d")
PLACEMENT = _words(
    r"""\bplacements?\b|\bcampus\b|\bbatch(?:es)?\s+(?:of\s+)?20\d\d|\b20\d\d\s+(?:graduating\s+)?batch|\bt\s?&\s?p\b
    |\btnp\b|\btpo\b|\baspirants\b|\bkind\s+att|\binternships?\b|\b(?:hiring|recruitment)\b|\bctc\b|\bhackathon
    |\b(?:dear|all|eligible|following|interested|shortlisted|selected|final[- ]year)\s+(?:students?|candidates?)\b
    |\bstudents\s+(?:are|who|of|from|should|must|will|have|can|interested)|\b(?:job|career)\s+opportunit|\bwebinar
    |\bnoc\b|\bno\s+objection|\bb\.?\s?tech\b|\bm\.?\s?tech\b|\bshort-?list"""
)

# A placement policy, under whatever title.
POLICY_TITLE = _words(r"\bpolic(?:y|ies)\b|\brules\b")
POLICY = _words(r"\b(?:placement|internship|t\s?&\s?p|tnp)\s+(?:policy|policies|rules)\b")

# Internships and what they need.
NOC = re.compile(r"\bNOCs?\b|\b[Nn]o[- ][Oo]bjection\b|\bNO[- ]OBJECTION\b")
TO_INTERNSHIPS = _words(
    r"""\b(?:going|proceed\w*|leaving|permitted|allowed|deputed|reliev\w+|pursu\w+|join\w*)\b
    [^.\n]{0,60}\b(?:internships?|training)\b"""
)

# Final selections.
FINAL = _words(
    r"""\b(?:receiv\w+|got|getting|bagg\w+|secur\w+|award\w+|grabb\w+)\s+(?:[\w-]+\s+){0,4}(?:offers?|ppos?|placements?)\b
    |\boffers?\s+(?:(?:have|has)\s+been\s+|is\s+|are\s+)?(?:received|made|extended|released|rolled\s+out|given|confirmed)
    |\b(?:final(?:ly)?|provisional(?:ly)?)\s+(?:selected|selections?|selects?|offers?|results?|list\s+of\s+select\w+)\b
    |\b(?:been|are|were|is|getting|got|stand)\s+(?:(?:finally|successfully|provisionally)\s+)?
        (?:selected|placed|hired|recruited)\s+(?:by|at|in|with|as|for\s+the\s+(?:role|position|post|profile))
    |\b(?:been|were|are)\s+(?:(?:finally|successfully)\s+)?(?:offered|placed|hired|recruited)\b
    |\bhas\s+(?:finally\s+)?(?:selected|hired|recruited|offered|(?:made|extended|released|given|issued|rolled\s+out)\s+(?:\w+\s+){0,5}offers?)
    |\b(?:converted|confirmed)\b[^.\n]{0,60}\b(?:interns?|internships?|full[- ]time|ppos?)\b
    |\b(?:selected|hired|recruited)\s+(?:[\w-]+\s+){0,3}(?:students?|candidates?)\b(?!\s+(?:will|shall|may|should|must|would|can))
    |\bstudents?\s+(?:finally\s+)?(?:selected|placed)\b|\bpre-?\s?placement\s+offers?\b|\bppos?\b
    |\bcongratulat\w+[^.\n]{0,80}\b(?:offers?|selections?|selected|placed|placements?)\b
    |\boffer\s+letters?\s+(?:have|has|from|received)|\blist\s+of\s+(?:finally\s+)?(?:selected|placed)\b
    |\bselect\s+list\b"""
)
FINAL_TITLE = _words(
    r"""\b(?:final|additional|more|further|new|revised|job|full[- ]time|placement|campus)\s+offers?\b
    |[-–—:|]\s*(?:\w+\s+){0,3}offers?\s*(?:\([^()]*\))?\W*$|^\W*offers?\b(?!\s+(?:for|on|valid|end|close))
    |[-–—:|]\s*(?:\w+\s+){0,3}offers?\s*[-–—:|(,]\s*(?:\w+\s+){0,2}20\d\d\b|\boffers?\s+(?:from|by)\b
    |\bppos?\b|\bpre-?\s?placement\s+offers?|\bfinal\s+(?:results?|selects?|selections?|select\s+list|list)\b
    |\bselected\s+(?:students|candidates)\b|\bselections?\s+(?:list|result)|\bplaced\b"""
)

_BACK = r"(?:withdrawn|revoked|rescinded|cancel+ed)"
WITHDRAWN = _words(
    rf"""\boffers?\b[^.\n]{{0,60}}\b{_BACK}\b|\b{_BACK}\b[^.\n]{{0,40}}\boffers?\b|\bwithdrawal\s+of\s+offers?"""
)
TAKEN_BACK = _words(
    rf"""\b(?:has|have|had)\s+(?:been\s+)?{_BACK}\b[^.\n]{{0,40}}\boffers?\b
    |\boffers?\b[^.\n]{{0,60}}\b(?:has|have|had|were|was)\s+(?:been\s+)?{_BACK}\b"""
)

# A next round, whatever congratulations come with it.
_ROUND = r"(?:rounds?|stages?|tests?|interviews?|assessments?|discussions?|gds?|ppts?|talk|process|drive|exam\w*)\b"
NEXT_ROUND = _words(
    rf"""\b(?:short-?\s?listed|select\w*|qualif\w+|cleared|eligible|advanc\w+|moved|promoted)\s+(?:[\w,&-]+\s+){{0,5}}?
        (?:for|to|in|into|through\s+to)\s+(?:the\s+|their\s+)?(?:[\w()&/-]+\s+){{0,5}}?{_ROUND}
    |\b(?:appear|attend|report|sit|invited|called)\s+(?:for|in|at|to)?\s*(?:the\s+|their\s+)?(?:[\w()&/-]+\s+){{0,4}}?{_ROUND}
    |\b(?:list|names)\s+of\s+(?:the\s+)?(?:\w+\s+){{0,2}}(?:students?|candidates?)\s+for\s+(?:[\w()&/-]+\s+){{0,5}}?{_ROUND}
    |\bnext\s+rounds?\b|\bshort-?\s?listed\s+(?:students?|candidates?)\b|\bshort-?\s?list\b"""
)
NO_NEXT_ROUND = _words(
    r"""\b(?:after|post|having|through|following|upon|based\s+on|on\s+the\s+basis\s+of)\b[^.\n]{0,60}$
    |\b(?:not|no\s+longer|never|cannot|won't)\b[^.\n]{0,40}$"""
)
DEFAULTERS = _words(
    r"""\b(?:not|yet\s+to|haven'?t|hasn'?t|failed\s+to|pending|didn'?t)\s+(?:\w+\s+){0,2}(?:submit|register|fill|complet
    |appear|attend|upload|report|respon|return|collect|paid|pay)\w*\b|\bdefaulters?\b|\babsent(?:ees)?\b"""
)
