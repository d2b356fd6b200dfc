"""Dates and times as they are said in Hindi, in its own script or in Latin letters: "kal subah 9:30 baje"."""

import re
from collections.abc import Callable
from functools import lru_cache

from scraping.reading.layout.expressions import expression

_CLOCK = r"(?P<clock>\d{1,2}(?:[:.]\d\d)?)(?![\d:.]*\d)(?!\s*[ap]\.?m\b)"
_HOURS = r"(?:\s*(?:baje|bje|बजे))"
_PARTS = {"subah": "am", "सुबह": "am", "savere": "am", "प्रातः": "am", "सायं": "pm",
          "dopahar": "noon", "dopeher": "noon", "दोपहर": "noon",
          "shaam": "pm", "sham": "pm", "शाम": "pm", "raat": "pm", "rat": "pm", "रात": "pm"}  # fmt: skip
_PART = rf"(?P<part>{'|'.join(_PARTS)})"
_MONTHS = {"जनवरी": "January", "फरवरी": "February", "फ़रवरी": "February", "मार्च": "March", "अप्रैल": "April",
           "मई": "May",
           "जून": "June", "जुलाई": "July", "अगस्त": "August", "सितंबर": "September", "सितम्बर": "September",
           "अक्टूबर": "October", "अक्तूबर": "October", "नवंबर": "November", "नवम्बर": "November", "दिसंबर": "December",
           "दिसम्बर": "December", "जानेवारी": "January", "फेब्रुवारी": "February", "एप्रिल": "April",
           "जुलै": "July", "ऑगस्ट": "August", "सप्टेंबर": "September", "ऑक्टोबर": "October",
           "नोव्हेंबर": "November", "डिसेंबर": "December"}  # fmt: skip
_WEEKDAYS = {"rav": "Sunday", "itw": "Sunday", "itv": "Sunday", "som": "Monday", "man": "Tuesday",
             "bud": "Wednesday", "gur": "Thursday", "shu": "Friday", "sha": "Saturday"}  # fmt: skip
_SHORT_MONTH = r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?(?:\s+\d{4})?"
_WORTH_IT = expression(
    r"\btonight\b|\b(?:2day|2dy|2nite|2night|tonite)\b"
    r"|\b(?:tom+or+ow|2moro+w?|tmr+w?|tomm?arr?ow)\b|\d-\d\d\s?[ap]\.?m|day\s(?:night|evening)\s"
    r"|\b(?:half|quarter)\s+(?:past|to)\s"
    r"|\d\s(?:today|tomorrow|tmrw)\b|\b(?:today|tomorrow|tmrw"
    r"|this)\s(?:morning|afternoon|evening)\b"
    r"|\bclose\s+(?:ho|kar)|\.[IVX]+\.20"
    r"|[a-z]{3},?\s\d{1,2}\.\d\d"
    r"|\b(?:aaj|aj|kal|parso\w*|baje|bje|tak|subah|savere|dopahar|dopeher|shaam|sham|raat|kab|kahan|pehle"
    r"|band|ko|ti?thi|ta+r[ei]+kh|dinank)\b"
    r"|\bin\s+the\s+(?:morning|afternoon|evening)\b|\btimings?\s*[:–-]|\btime\s*[:–-]|[a-z]{2,6}[vw]a+r\b",
    re.IGNORECASE,
)
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_PAST = re.compile(r"[^.!?\n]{0,80}\b(?:tha|thi|the(?=\s*(?:[.,!?]|$))|hua|hui|huye|था|थी|थे|हुआ|हुई)\b", re.IGNORECASE)


def _with_part(match: re.Match[str]) -> str:
    part, hour = _PARTS[match["part"].lower()], int(re.split("[:.]", match["clock"])[0])
    if part == "noon":
        part = "am" if hour in {10, 11} else "pm"
    if match["part"].lower() in {"raat", "rat", "रात"} and hour in {12, 1, 2, 3, 4}:
        return "11:59 pm" if hour == 12 else f"{match['clock']} am"
    return f"{match['clock']} {part}"


def _alone(match: re.Match[str]) -> str:
    hour = int(re.split("[:.]", match["clock"])[0])
    return f"{match['clock']} {'am' if 7 <= hour <= 11 else 'pm'}" if 1 <= hour <= 12 else match[0]


def _kal(match: re.Match[str]) -> str:
    """Tomorrow, or yesterday where the sentence looks back."""
    return "yesterday" if _PAST.match(match.string, match.end()) else "tomorrow"


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def _roman(match: re.Match[str]) -> str:
    return f"{match[1]}.{_ROMAN.index(match[2].upper()) + 1}.{match[3]}"


_NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _numeral(match: re.Match[str]) -> str:
    return str(_NUMERALS.index(match[0].lower()) + 1)


def _half_past(match: re.Match[str]) -> str:
    """ "9:30" of "half past nine", "8:45" of "quarter to 9"."""
    said = match["hour"].lower()
    hour = int(said) if said.isdecimal() else _NUMERALS.index(said) + 1
    if match["to"].lower() == "to":
        return f"{hour - 1 or 12}:45"
    return f"{hour}:{'30' if match['part'].lower() == 'half' else '15'}"


def _weekday(match: re.Match[str]) -> str:
    return _WEEKDAYS[match[0][:3].lower()]


def _month(match: re.Match[str]) -> str:
    return _MONTHS[match[0]]


# The first that fits counts.
_WORDS = (
    (r"(?:aaj|aj|आज)(?!\w)", "today"),
    (r"(?:parso[nm]?|परसों)(?!\w)", "day after tomorrow"),
    (r"(?:tak|तक|se\s+pehle|se\s+pahle|से\s+पहले)(?!\w)", "tak"),
    (
        r"(?:अंतिम\s+(?:तिथि|तारीख)|antim\s+ti?thi|aakhri\s+(?:din|date|tareekh)|last\s+tareekh)(?!\w)",
        "last date",
    ),
    (r"(?:तारीख|तिथि|दिनांक|tareekh|dinank|ti?thi)(?!\w)", "date"),
    (r"को(?!\w)", "ko"),
    (r"इंटरव्यू|साक्षात्कार", "interview"),
    (r"परीक्षा|टेस्ट", "test"),
    (r"आवेदन|दर्ज|जमा|पंजीकरण|भरें", "register"),
)


def _word(match: re.Match[str]) -> str:
    return _WORDS[(match.lastindex or 1) - 1][1]


_TABLE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"\b(?:tom+or+ow|2moro+w?|tmr+w?|tomm?arr?ow)\b", "tomorrow"),
        (r"\b(?:2day|2dy)\b", "today"),
        (r"\b(?:2nite|2night|tonite)\b", "tonight"),
        (
            rf"\b(?:{'|'.join(_NUMERALS)})(?=\s+(?:in\s+the\s+(?:morning|afternoon|evening)|o['’]?clock)\b)",
            _numeral,
        ),
        (rf"\b(?P<part>half|quarter)\s+(?P<to>past|to)\s+(?P<hour>\d{{1,2}}|{'|'.join(_NUMERALS)})\b", _half_past),
        (r"\b(\d{1,2})\.(I{1,3}|IV|VI{0,3}|IX|XI{0,2}|X|V)\.(20\d\d)\b", _roman),
        (r"\b(\d{1,2}(?:[:.]\d\d)?)\s+tonight\b", r"\1 pm tonight"),
        (r"\b(\d{1,2})-(1[3-9]|[2-5]\d)(?=\s*[ap]\.?m\b)", r"\1:\2"),
        (r"day\s+(?:night|evening)\s+(?:at\s+|by\s+)?(\d{1,2}(?:[:.]\d\d)?)(?![\d:]|\s*[ap]\.?m)", r"day \1 pm"),
        (r"\b(\d{1,2}(?:[:.]\d\d)?)\s+((?:today|tomorrow|tmrw)\s+)morning\b", r"\1 am \2"),
        (
            r"(?:(?<=\bby )|(?<=\bat )|(?<=\bis )|(?<=\bfrom ))(?P<clock>\d{1,2}(?:[:.]\d\d)?)"
            r"(?=\s+(?:today|tomorrow|tmrw)\b(?!\s(?:morning|evening|afternoon)))",
            _alone,
        ),
        (r"\b(\d{1,2}(?:[:.]\d\d)?)\s+((?:today|tomorrow|tmrw|this)\s+)(?:evening|afternoon)\b", r"\1 pm \2"),
        (
            r"\btonight(\W{1,3}(?:at |by |from )?)([1-9]|1[01])((?:[:.]\d\d)?)"
            rf"(?![\w:]|\s*[ap]\.?m|\W*{_SHORT_MONTH})",
            r"tonight\1\2\3 pm",
        ),
        (rf"({_SHORT_MONTH}[,\s]+)(\d{{1,2}})\.(\d\d)(?![\d.]|\s*(?:[ap]\.?m|lpa|%))", r"\1\2:\3"),
        (
            rf"(?<!\w)(?P<part>sha?am|raa?t|dop[ae]har|दोपहर|शाम"
            rf"|रात)(\s+\d{{1,2}}(?:[:.]\d\d)?(?:{_HOURS})?\s+(?:se|से)\s+)"
            rf"(?=\d{{1,2}}(?:[:.]\d\d)?{_HOURS})",
            r"\1\2\1 ",
        ),
        (rf"(?<!\w){_PART}(?:\s+(?:ko|ke|को|के))?\s+{_CLOCK}{_HOURS}?", _with_part),
        (rf"(?<![\w:.]){_CLOCK}{_HOURS}\s+{_PART}(?!\w)", _with_part),
        (rf"(?<![\w:.]){_CLOCK}{_HOURS}", _alone),
        (r"(?<=[ap]m)\s+(?:se|से)\s+(?=\d{1,2}(?:[:.]\d\d)?\s*[ap]m)", " to "),
        (r"\b(\d{1,2}(?:[:.]\d\d)?)\s+in\s+the\s+morning\b", r"\1 am"),
        (r"\b(\d{1,2}(?:[:.]\d\d)?)\s+in\s+the\s+(?:afternoon|evening)\b", r"\1 pm"),
        (
            r"\b(timings?|time)(\s*[:–-]\s*\d{1,2})\.(\d\d\s*(?:to|-|–)\s*\d{1,2})\.(\d\d)(?![\d.]|\s*[ap]\.?m)",
            r"\1\2:\3:\4",
        ),
        (r"\b(?:ravi|som|mangal|budh|guru|shukra|shani|it)[vw]a+r\b", _weekday),
        (r"(?<!\w)(?:kal|कल)(?!\w)", _kal),
        (r"\b(\d{1,2})\s+ta+r[ei]+kh\s+tak\b", r"by \1th tak"),
        (r"(?<!\w)(?:kab|कब)(?=\s*[:–—-])", "when"),
        (rf"(?<!\w)(?:{'|'.join(f'({spelt})' for spelt, _ in _WORDS)})", _word),
        (
            r"(?<!\w)(?:band|close|बंद)\s+(?:ho|kar|हो|kr)\s*(?:raha|rahi|jayega|jaayega|jaega"
            r"|jayegi|gaya|gayi|hai|denge|रहा|जाएगा)*",
            "closes ",
        ),
        (r"(?<=\d\s[ap]m)\s+bandh?(?!\w)", " closes"),
        ("|".join(_MONTHS), _month),
    )
)


@lru_cache(maxsize=128)  # a line is asked about with the one above it, too
def in_english(text: str) -> str:
    """`text` with what it says in Hindi of days and hours in English: "kal 11 baje tak" is "tomorrow 11 am tak".

    "tak", until, stands behind its time and stays.
    """
    if not (_WORTH_IT.search(text) or _DEVANAGARI.search(text)):
        return text
    for pattern, said in _TABLE:
        text = pattern.sub(said, text)
    return text
