"""Mails to read, in the shapes people send them: forwarded by Gmail, Apple Mail and Outlook, plain, HTML, both."""

import base64
from email.message import EmailMessage
from html import escape

from scraping.reading.mail_page import MailPage, lay_out_mail
from scraping.sources.mailbox.parse import parse_mail

SENT = "Thu, 20 Nov 2025 at 18:00"
CELL = "T&P Cell <tnp@college.example>"
LIST = "batch26 <batch26@college.example>"


CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nSUMMARY:Pre-Placement Talk\r\n"
    "DTSTART:{day}T113000Z\r\nDTEND:{day}T123000Z\r\nLOCATION:LT-3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def mail(
    subject: str = "",
    text: str = "",
    *,
    html: str = "",
    sender: str = "Forwarder <asha.rao@mail.example>",
    to: str = "placement-alerts@groups.example",
    message_id: str = "<one@mail.example>",
    date: str = "Thu, 20 Nov 2025 19:00:00 +0530",
    **headers: str,
) -> bytes:
    """A mail as a server hands it over."""
    message = EmailMessage()
    stated = {"From": sender, "To": to, "Subject": subject, "Message-ID": message_id, "Date": date}
    for name, value in (stated | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            message[name] = value
    if text or not html:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html") if text else message.set_content(html, subtype="html")
    return message.as_bytes()


def laid_out(raw: bytes) -> MailPage:
    """A mail as the rules read it."""
    return lay_out_mail(parse_mail(raw))


def gmail_forward(subject: str, text: str, *, sent: str = SENT, sender: str = CELL) -> str:
    """The plain body Gmail makes of a forward."""
    head = f"From: {sender}\nDate: {sent}\nSubject: {subject}\nTo: {LIST}"
    return f"---------- Forwarded message ---------\n{head}\n\n\n{text}\n"


def apple_forward(subject: str, text: str) -> str:
    """The plain body Apple Mail makes of a forward: all of it quoted."""
    head = f"From: {CELL}\nSubject: {subject}\nDate: 20 November 2025 at 6:00:12 PM IST\nTo: {LIST}"
    quoted = "\n".join(f"> {line}".rstrip() for line in f"{head}\n\n{text}".split("\n"))
    return f"\n\nBegin forwarded message:\n\n{quoted}\n"


def outlook_forward(subject: str, text: str) -> str:
    """The plain body Outlook makes of a forward: no mark, only a header block."""
    head = f"From: {CELL}\nSent: Thursday, November 20, 2025 6:00 PM\nTo: {LIST}\nSubject: {subject}"
    return f"\n________________________________\n{head}\n\n{text}\n"


def gmail_html(subject: str, body: str) -> str:
    """The HTML body Gmail makes of a forward."""
    head = f"From: {escape(CELL)}<br>Date: {SENT}<br>Subject: {escape(subject)}<br>To: {escape(LIST)}<br>"
    return (
        '<div dir="ltr"><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message '
        f"---------<br>{head}</div><br>{body}</div></div>"
    )


def forwarded(subject: str, text: str, **headers: str) -> bytes:
    """A mail of the placement cell, forwarded by Gmail."""
    return mail(f"Fwd: {subject}", gmail_forward(subject, text), **headers)


OFFER = """Dear Students,

Congratulations to the following students on receiving offers from Kestrel Analytics.

Role: Data Analyst
Package: INR 8.5 LPA
Location: Pune

1\t22103001\tAsha Rao
2\t22103002\tVikram Seth
"""


def multipart(*parts: bytes, subject: str = "x", kind: str = "mixed") -> bytes:
    """A mail of parts, each with its own headers; "text/plain" is given to one that begins with its body."""
    head = f'Subject: {subject}\r\nContent-Type: multipart/{kind}; boundary="b"\r\n\r\n'.encode()
    typed = (part if part.startswith(b"Content-") else b"Content-Type: text/plain\r\n\r\n" + part for part in parts)
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in typed) + b"--b--\r\n"


def html_table(text: str) -> str:
    """Rows of cells parted by tabs as an HTML table."""
    rows = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.split(chr(9)))}</tr>" for line in text.splitlines())
    return f"<table>{''.join(rows)}</table>"


def part(kind: str, body: bytes, *, name: str = "", disposition: str = "", encode: bool = True) -> bytes:
    """A part of a mail."""
    head = f"Content-Type: {kind}"
    head += f'; name="{name}"' if name else ""
    head += f'\r\nContent-Disposition: {disposition or "attachment"}; filename="{name}"' if name or disposition else ""
    head += "\r\nContent-Transfer-Encoding: base64" if encode else ""
    return f"{head}\r\n\r\n".encode() + (base64.encodebytes(body) if encode else body)


def calendar(method: str = "REQUEST", *, name: str = "", kind: str = "text/calendar", day: str = "20251127") -> bytes:
    """A part that is a calendar file with one event."""
    source = CALENDAR.format(method=method, day=day).encode()
    return part(kind, source, name=name, disposition="attachment" if name else "inline")


def opaque(data: bytes, kind: str = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> bytes:
    """The headers and body of a mail of such data."""
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + base64.encodebytes(data)


TNEF = part("application/ms-tnef", b"\x78\x9f\x3e\x22\x00\x01", name="winmail.dat")
PICTURE = part("image/png", b"\x89PNG", name="image001.png", disposition="inline")
PDF = part("application/pdf", b"%PDF", name="JD.pdf")
