"""Forwards of mail programs that speak another language, and in shapes of their own."""

from datetime import UTC, datetime

import pytest

from scraping.reading.layout.forwards import find_origin, header_date
from tests.scraping.sources.mailbox.mails import OFFER

NEAR = datetime(2025, 11, 21, tzinfo=UTC)
CELL = "T&P Cell <tnp@college.example>"
TO = "batch26 <batch26@college.example>"
SUBJECT = "Kestrel Analytics - Offers"

# Gmail: the mark, then sender, date, subject and recipient.
GMAIL = {
    "Hindi": ("अग्रेषित संदेश", "प्रेषक", "दिनांक", "गुरु, 20 नव॰ 2025 को 6:00 PM बजे", "विषय", "प्रति"),
    "Bengali": ("ফরোয়ার্ড করা মেসেজ", "থেকে", "তারিখ", "বৃহস্পতি, 20 নভে, 2025 6:00 PM", "বিষয়", "প্রতি"),
    "Marathi": ("अग्रेषित संदेश", "प्रेषक", "तारीख", "20 नोव्हेंबर 2025 18:00", "विषय", "प्रति"),
    "Tamil": ("அனுப்பப்பட்ட செய்தி", "அனுப்புநர்", "தேதி", "20 நவ., 2025 அன்று 6:00 PM", "பொருள்", "பெறுநர்"),
    "Telugu": ("ఫార్వార్డ్ చేసిన సందేశం", "నుండి", "తేదీ", "20 నవం, 2025 6:00 PMకి", "విషయం", "వీరికి"),
    "Gujarati": ("ફૉરવર્ડ કરેલો મેસેજ", "તરફથી", "તારીખ", "20 નવે, 2025 6:00 PM", "વિષય", "પ્રતિ"),
    "Kannada": ("ಫಾರ್ವರ್ಡ್ ಮಾಡಿದ ಸಂದೇಶ", "ಇಂದ", "ದಿನಾಂಕ", "20 ನವೆಂ 2025 6:00 PM", "ವಿಷಯ", "ಗೆ"),
    "Malayalam": ("കൈമാറിയ സന്ദേശം", "അയച്ചത്", "തീയതി", "2025 നവം 20, 6:00 PM", "വിഷയം", "സ്വീകർത്താവ്"),
    "Punjabi": ("ਅੱਗੇ ਭੇਜਿਆ ਸੁਨੇਹਾ", "ਵੱਲੋਂ", "ਮਿਤੀ", "20 ਨਵੰ 2025 6:00 PM", "ਵਿਸ਼ਾ", "ਪ੍ਰਾਪਤਕਰਤਾ"),
    "Urdu": ("فارورڈ کردہ پیغام", "از", "تاریخ", "20 نومبر، 2025 6:00 PM", "موضوع", "بنام"),
    "German": ("Weitergeleitete Nachricht", "Von", "Date", "Do., 20. Nov. 2025 um 18:00 Uhr", "Subject", "To"),
    "French": ("Message transféré", "De", "Date", "jeu. 20 nov. 2025 à 18:00", "Objet", "À"),
    "Spanish": ("Mensaje reenviado", "De", "Fecha", "jue, 20 nov 2025 a las 18:00", "Asunto", "Para"),
    "Russian": ("Пересылаемое сообщение", "От", "Дата", "чт, 20 нояб. 2025 г. в 18:00", "Тема", "Кому"),
    "Arabic": ("رسالة معاد توجيهها", "من", "التاريخ", "الخميس، 20 نوفمبر 2025 في 6:00 م", "الموضوع", "إلى"),
    "Japanese": ("転送されたメッセージ", "差出人", "日付", "2025年11月20日(木) 18:00", "件名", "宛先"),
    "Chinese": ("转发的邮件", "发件人", "日期", "2025年11月20日 18:00", "主题", "收件人"),
    "Korean": ("전달된 메시지", "보낸사람", "날짜", "2025년 11월 20일 18:00", "제목", "받는사람"),
    "Swahili, which the labels don't know": (
        "Ujumbe uliosambazwa",
        "Kutoka",
        "Tarehe",
        "20/11/2025 18:00",
        "Mada",
        "Kwa",
    ),
    "Amharic, which the labels don't know": ("የተላለፈ መልእክት", "ከ", "ቀን", "20/11/2025 18:00", "ርዕሰ ጉዳይ", "ለ"),
}


def block(names: tuple[str, ...], *, colon: str = ": ") -> str:
    """The headers, in the order sender, date, subject, recipient."""
    sender, date, when, subject, to = names
    headers = ((sender, CELL), (date, when), (subject, SUBJECT), (to, TO))
    return "\n".join(f"{name}{colon}{value}" for name, value in headers)


@pytest.mark.parametrize("names", GMAIL.values(), ids=GMAIL)
def test_a_mark_of_any_language_is_seen_by_its_shape(names: tuple[str, ...]) -> None:
    mark, *rest = names
    text = f"FYI\n\n---------- {mark} ---------\n{block(tuple(rest))}\n\n\n{OFFER}"

    origin = find_origin(text, f"Fwd: {SUBJECT}", NEAR)

    assert (origin.text, origin.subject, origin.sender) == (OFFER.strip(), SUBJECT, CELL)
    assert origin.is_forwarded


# Outlook sets no mark, at most a line.
OUTLOOK = {
    "German": ("Von", "Gesendet", "Donnerstag, 20. November 2025 18:00", "Betreff", "An"),
    "French": ("De", "Envoyé", "jeudi 20 novembre 2025 18:00", "Objet", "À"),
    "Spanish": ("De", "Enviado el", "jueves, 20 de noviembre de 2025 18:00", "Asunto", "Para"),
    "Portuguese": ("De", "Enviado", "quinta-feira, 20 de novembro de 2025 18:00", "Assunto", "Para"),
    "Italian": ("Da", "Inviato", "giovedì 20 novembre 2025 18:00", "Oggetto", "A"),
    "Dutch": ("Van", "Verzonden", "donderdag 20 november 2025 18:00", "Onderwerp", "Aan"),
    "Swedish": ("Från", "Skickat", "den 20 november 2025 18:00", "Ämne", "Till"),
    "Polish": ("Od", "Wysłano", "czwartek, 20 listopada 2025 18:00", "Temat", "Do"),
    "Turkish": ("Kimden", "Gönderildi", "20 Kasım 2025 Perşembe 18:00", "Konu", "Kime"),
    "Hindi": ("प्रेषक", "भेजा गया", "गुरुवार, 20 नवंबर 2025 18:00", "विषय", "प्रति"),
    "Chinese": ("发件人", "发送时间", "2025年11月20日 18:00", "主题", "收件人"),
    "Japanese": ("差出人", "送信日時", "2025年11月20日 18:00", "件名", "宛先"),
}


@pytest.mark.parametrize("colon", [": ", "： ", " : ", ":\xa0"])
@pytest.mark.parametrize("names", OUTLOOK.values(), ids=OUTLOOK)
def test_a_header_block_of_outlook_needs_no_mark(names: tuple[str, ...], colon: str) -> None:
    colon = colon.replace("\xa0", " ")  # spaces are made one before
    text = f"{'_' * 32}\n{block(names, colon=colon)}\n\n{OFFER}"

    origin = find_origin(text, f"WG: {SUBJECT}", NEAR)

    assert (origin.text, origin.subject, origin.sender) == (OFFER.strip(), SUBJECT, CELL)
    assert origin.sent_at is not None
    assert origin.sent_at.isoformat(timespec="minutes") == "2025-11-20T18:00+05:30"


def test_an_unknown_language_without_a_mark_is_seen_where_the_subject_is_repeated() -> None:
    text = f"{'_' * 32}\n{block(('Kutoka', 'Tarehe', '20/11/2025 18:00', 'Mada', 'Kwa'))}\n\n{OFFER}"

    assert find_origin(text, f"Fwd: {SUBJECT}", NEAR).text == OFFER.strip()


@pytest.mark.parametrize(
    ("mark", "labels"),
    [
        ("Anfang der weitergeleiteten Nachricht:", ("Von", "Betreff", "Datum", "An")),
        ("Début du message réexpédié :", ("De", "Objet", "Date", "À")),
        ("Inicio del mensaje reenviado:", ("De", "Asunto", "Fecha", "Para")),
        ("अग्रेषित संदेश की शुरुआत:", ("प्रेषक", "विषय", "दिनांक", "प्रति")),
    ],
)
def test_apple_mail_quotes_the_whole_forward(mark: str, labels: tuple[str, ...]) -> None:
    sender, subject, date, to = labels
    head = f"{sender}: {CELL}\n{subject}: {SUBJECT}\n{date}: 20. November 2025 um 18:00:12 GMT+5:30\n{to}: {TO}"
    quoted = "\n".join(f"> {line}".rstrip() for line in f"{head}\n\n{OFFER}".split("\n"))

    origin = find_origin(f"\n{mark}\n\n{quoted}", f"Fwd: {SUBJECT}", NEAR)

    assert (origin.text, origin.subject) == (OFFER.strip(), SUBJECT)


def test_thunderbird_names_the_subject_first() -> None:
    head = f"Betreff: \t{SUBJECT}\nDatum: \tThu, 20 Nov 2025 18:00:00 +0530\nVon: \t{CELL}\nAn: \t{TO}"
    text = f"\n-------- Weitergeleitete Nachricht --------\n{head}\n\n\n\n{OFFER}"

    origin = find_origin(text, f"Fwd: {SUBJECT}", NEAR)

    assert (origin.text, origin.subject, origin.sender) == (OFFER.strip(), SUBJECT, CELL)


@pytest.mark.parametrize(
    "head",
    [
        "----- Forwarded message ----- From: CELLTo: TOSent: Thursday, 20 November 2025 at 06:00:00 pm ISTSubject: ",
        "   ----- Forwarded Message ----- From: CELL To: TO Cc: x@y.example Sent: Thu, 20 Nov 2025 18:00 IST Subject: ",
        "----- Weitergeleitete Nachricht ----- Von: CELLAn: TOGesendet: 20. November 2025 um 18:00:00 MEZBetreff: ",
        "----- Message transféré ----- De : CELLÀ : TOEnvoyé : jeudi 20 novembre 2025 à 18:00:00 UTC+5:30Objet : ",
        "----- अग्रेषित संदेश ----- प्रेषक: CELLप्रति: TOभेजा गया: गुरुवार, 20 नवंबर 2025 18:00विषय: ",
        "From: CELLSent: Thursday, November 20, 2025 6:00 PMTo: TOSubject: ",
    ],
)
def test_headers_that_run_together_on_one_line_are_parted(head: str) -> None:
    line = head.replace("CELL", CELL).replace("TO", TO) + SUBJECT
    origin = find_origin(f"{line}\n {OFFER}", f"Fwd: {SUBJECT}", NEAR)

    assert (origin.text.strip(), origin.subject, origin.sender) == (OFFER.strip(), SUBJECT, CELL)


def test_a_forward_of_forwards_in_several_languages_leads_to_the_innermost() -> None:
    hindi = (
        f"---------- अग्रेषित संदेश ---------\n{block(('प्रेषक', 'दिनांक', '20 नवंबर 2025 18:00', 'विषय', 'प्रति'))}\n\n{OFFER}"
    )
    german = f"{'_' * 32}\n{block(('Von', 'Gesendet', '21. Dezember 2025 18:00', 'Betreff', 'An'))}\n\n{hindi}"

    assert find_origin(german, f"Fwd: WG: {SUBJECT}", NEAR).text == OFFER.strip()


ANSWERS = {
    "German": "Am Do., 20. Nov. 2025 um 18:00 Uhr schrieb T&P Cell <tnp@college.example>:",
    "French": "Le jeu. 20 nov. 2025 à 18:00, T&P Cell <tnp@college.example> a écrit :",
    "Hindi": "गुरु, 20 नव॰ 2025 को 6:00 PM बजे को T&P Cell <tnp@college.example> ने लिखा:",
    "Chinese": "T&P Cell <tnp@college.example> 于2025年11月20日周四 18:00写道：",
    "on two lines": "Am Do., 20. Nov. 2025 um 18:00 Uhr schrieb T&P Cell <\ntnp@college.example>:",
}


@pytest.mark.parametrize("line", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_in_any_language_keeps_its_own_words(line: str) -> None:
    text = f"The venue is now LT-4, please come.\n\n{line}\n> Venue: LT-3\n> Dear Students"

    origin = find_origin(text, "AW: Venue", NEAR)

    assert (origin.text, origin.is_reply) == ("The venue is now LT-4, please come.", True)


@pytest.mark.parametrize(
    "text",
    [
        "------ Interview details ------\nVenue: LT-3\nDate: 25 Nov 2025, 10:00 AM\nContact: hr@kestrel.example\n\nC.",
        "---------- Schedule ----------\nContact: hr@kestrel.example\nDate: 25 Nov 2025, 10:00 AM\nVenue: LT-3",
        "***** IMPORTANT *****\nDear Students,\ncome by 9 AM.",
        "________________________________\nName: Asha Rao\nMail: asha@x.example\nSlot: 25 Nov 2025 10:00\nRoom: 3",
        "महत्वपूर्ण: सभी छात्र\nदिनांक: 25 नवंबर 2025, 10:00\nस्थान: LT-3",
        "To: All students\nSubject: Dress code\nDate: 20 Nov 2025\n\nCome in formals.",
        "Join from: 10 AM\nDe: x\nA: y",
        "Please write to T&P <tnp@college.example> before 20 Nov 2025, 18:00:\n> your name\n> your number",
    ],
)
def test_what_only_resembles_a_header_block_stays(text: str) -> None:
    origin = find_origin(text, "Interview details of Kestrel", NEAR)

    assert origin.text == text.replace("\n> ", "\n")
    assert not origin.is_forwarded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("गुरु, 20 नव॰ 2025 को 4:51 PM बजे", "2025-11-20T16:51+05:30"),
        ("Do., 18. Dez. 2025 um 16:51 Uhr", "2025-12-18T16:51+05:30"),
        ("jeudi 18 décembre 2025 à 16:51:12 UTC+5:30", "2025-12-18T16:51+05:30"),
        ("czwartek, 18 grudnia 2025 16:51", "2025-12-18T16:51+05:30"),
        ("torsdag 18 december 2025 kl. 16:51", "2025-12-18T16:51+05:30"),
        ("2025年12月18日(木) 16:51", "2025-12-18T16:51+05:30"),
        ("الخميس، 18 ديسمبر 2025 في 4:51 م", "2025-12-18T16:51+05:30"),
    ],
)
def test_dates_of_header_blocks_in_other_languages(text: str, expected: str) -> None:
    when = header_date(text, NEAR)

    assert when is not None
    assert when.isoformat(timespec="minutes") == expected
