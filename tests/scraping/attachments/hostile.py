"""Files that nobody should send: a maker a kind, with the words that may be said of it."""

import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from scraping.attachments.text import State
from tests.scraping.attachments import writers
from tests.scraping.attachments.layouts import LAYOUTS

Maker = Callable[[Random], bytes]
HOSTILE: dict[str, tuple[Maker, frozenset[State]]] = {}
ANY = frozenset(State)
UNREADABLE = ANY - {State.READ, State.CRASHED}
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def hostile(*words: State) -> Callable[[Maker], Maker]:
    def register(make: Maker) -> Maker:
        HOSTILE[make.__name__] = (make, frozenset(words) or ANY)
        return make

    return register


def good_file(random: Random, *kinds: str) -> bytes:
    return LAYOUTS[random.choice(kinds or ("plain_sheet", "pdf_with_lines", "word_table", "old_excel"))](
        random, 12
    ).data


@hostile(State.EMPTY)
def no_bytes(random: Random) -> bytes:
    return b""


@hostile(State.EMPTY)
def only_blanks(random: Random) -> bytes:
    return random.choice((b" \r\n\t", b"\0", b"\n")) * random.randint(1, 50_000)


@hostile(State.UNKNOWN)
def noise(random: Random) -> bytes:
    return bytes([0, 1, 2]) + random.randbytes(random.randint(10, 200_000))


@hostile(State.PROGRAM)
def a_program(random: Random) -> bytes:
    return random.choice((b"MZ\x90\0", b"\x7fELF\x02\x01\x01\0", b"#!/bin/sh\n")) + random.randbytes(5_000)


@hostile(State.PROGRAM)
def a_program_in_an_archive(random: Random) -> bytes:
    return writers.zipped({"list.csv": b"a,b\n1,2\n", random.choice(("List.PDF.exe", "x/run.js", "a.lnk")): b"x"})


@hostile(State.UNKNOWN)
def another_archive(random: Random) -> bytes:
    return random.choice((b"7z\xbc\xaf\x27\x1c\0\x04", b"Rar!\x1a\x07\x01\0", b"\x1f\x8b\x08\0")) + random.randbytes(
        3_000
    )


@hostile()
def cut_off(random: Random) -> bytes:
    data = good_file(random)
    return data[: random.randrange(1, len(data))]


@hostile()
def flipped_bytes(random: Random) -> bytes:
    data = bytearray(good_file(random))
    for _ in range(random.randint(1, 60)):
        data[random.randrange(len(data))] = random.randrange(256)
    return bytes(data)


@hostile(*UNREADABLE)
def broken_archive(random: Random) -> bytes:
    return b"PK\x03\x04" + random.randbytes(random.randint(0, 4_000))


@hostile(State.BOMB)
def archive_bomb(random: Random) -> bytes:
    return _bomb(random.choice(("big.csv", "xl/workbook.xml", "word/document.xml")))


@cache
def _bomb(name: str) -> bytes:
    return writers.zipped({name: b"0" * 300_000_000})


@hostile(State.BOMB, State.UNKNOWN, State.BROKEN)
def bomb_that_lies_about_its_size(random: Random) -> bytes:
    data = bytearray(_bomb("big.csv"))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (1_000).to_bytes(4, "little")
    return bytes(data)


@hostile(State.UNKNOWN)
def archives_in_archives(random: Random) -> bytes:
    data = b"x"
    for level in range(30):
        data = writers.zipped({f"{level}.zip": data, "readme.bin": b"\0\1"})
    return data


@hostile(State.READ, State.TOO_LARGE, State.TOO_MUCH_MEMORY, State.TOO_SLOW, State.BOMB)
def a_million_rows(random: Random) -> bytes:
    return _sheet(random.choice(("1", "name")), 1_048_576)


@hostile(State.EMPTY, State.READ, State.TOO_LARGE, State.TOO_MUCH_MEMORY, State.BOMB, State.TOO_SLOW)
def a_million_blank_cells(random: Random) -> bytes:
    return _sheet(random.choice((" ", "")), 1_000_000)


@cache
def _sheet(text: str, rows: int) -> bytes:
    """As a program writes it, each cell with its place: it packs to a fifteenth, which is no bomb."""
    cell = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t xml:space="preserve">{1}</t></is></c></row>'
    return _workbook(f"<sheetData>{''.join(cell.format(row + 1, text) for row in range(rows))}</sheetData>")


@hostile(State.EMPTY, State.READ, State.TOO_LARGE, State.TOO_MUCH_MEMORY)
def a_cell_in_the_last_corner(random: Random) -> bytes:
    cells = "".join(
        f'<row r="{row}"><c r="{place}{row}" t="inlineStr"><is><t>x</t></is></c></row>'
        for place, row in (("A", 1), ("XFD", 1_048_576))
    )
    return _workbook(f"<sheetData>{cells}</sheetData>")


@hostile(*UNREADABLE)
def entities_in_entities(random: Random) -> bytes:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{levels}]>'
    if random.random() < 0.5:
        w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        text = f'{body}<w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>'
        return writers.zipped({"word/document.xml": text.encode()})
    return _workbook('<sheetData><row><c t="str"><v>&a11;</v></c></row></sheetData>', before=body)


@hostile(State.EMPTY, State.BROKEN)
def a_file_of_the_server(random: Random) -> bytes:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = (
        f'<!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{w}"><w:body><w:p><w:r>'
        "<w:t>&p;</w:t></w:r></w:p></w:body></w:document>"
    )
    return writers.zipped({"word/document.xml": text.encode()})


@hostile(*UNREADABLE, State.READ)
def deep_xml(random: Random) -> bytes:
    depth = random.choice((1_000, 200_000))
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    inside = "<w:sdt>" * depth + "</w:sdt>" * depth
    return writers.zipped({"word/document.xml": f'<w:document xmlns:w="{w}">{inside}</w:document>'.encode()})


@hostile(State.READ)
def macros(random: Random) -> bytes:
    return _with(good_file(random, "plain_sheet"), "xl/vbaProject.bin", random.randbytes(2_000))


@hostile(State.READ)
def external_links(random: Random) -> bytes:
    return _with(good_file(random, "plain_sheet"), "xl/externalLinks/externalLink1.xml", b"<externalLink/>")


@hostile(State.ENCRYPTED)
def encrypted_workbook(random: Random) -> bytes:
    names = "".join(("EncryptionInfo", "EncryptedPackage")).encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + names + random.randbytes(9_000)


@hostile(State.ENCRYPTED)
def encrypted_pdf(random: Random) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("user", "owner", canPrint=0, strength=random.choice((40, 128))))
    canvas.drawString(72, 700, "22103001 Asha Verma")
    canvas.save()
    return file.getvalue()


@hostile(State.ENCRYPTED)
def encrypted_archive(random: Random) -> bytes:
    data = bytearray(writers.zipped({"list.csv": b"a,b\n1,2\n" * 20}))
    local, table = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[local + 6] |= 1
    data[table + 8] |= 1
    return bytes(data)


@hostile(State.SCANNED, State.READ)
def scanned_pdf(random: Random) -> bytes:
    return _pdf(lambda canvas: canvas.drawInlineImage(_picture(random), 0, 0, 400, 600))


@hostile(State.EMPTY)
def empty_pdf(random: Random) -> bytes:
    return _pdf(lambda canvas: None)


@hostile(State.UNMAPPED, State.EMPTY, State.READ)
def fonts_without_maps(random: Random) -> bytes:
    return _pdf_of_objects(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Odd /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype "
        "/CIDFontType2 /BaseFont /Odd /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>",
        "BT /F1 12 Tf 72 700 Td <" + "".join(f"{random.randrange(0xE000, 0xF000):04X}" for _ in range(400)) + "> Tj ET",
    )


@hostile()
def a_page_in_itself(random: Random) -> bytes:
    data = _pdf(lambda canvas: canvas.drawString(72, 700, "x"))
    return data.replace(b"/Kids [ ", b"/Kids [ 4 0 R 3 0 R 2 0 R 1 0 R ")


@hostile(State.TOO_LARGE)
def too_many_bytes(random: Random) -> bytes:
    return b"%PDF-1.7\n" + bytes(25_000_001)


@hostile(State.READ, State.EMPTY)
def endless_line(random: Random) -> bytes:
    return random.choice((b"a", b"1,", b"\t", b'"')) * 3_000_000


@hostile(State.READ)
def deep_html(random: Random) -> bytes:
    return b"<html><body>" + b"<div><table><tr><td>" * 20_000 + b"22103001 Asha"


@hostile(State.READ)
def wrong_ending(random: Random) -> bytes:
    return good_file(random, "plain_sheet", "html_called_excel", "pdf_with_lines")


@hostile(State.SCANNED, State.BROKEN, State.BOMB, State.TOO_MUCH_MEMORY, State.READ)
def a_huge_picture(random: Random) -> bytes:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return head + random.randbytes(500)


@hostile(*UNREADABLE)
def stream_without_end(random: Random) -> bytes:
    return b"%PDF-1.4\n1 0 obj\n<< /Length 99999999 >>\nstream\n" + random.randbytes(20_000)


def _workbook(body: str, before: str = "") -> bytes:
    """An XLSX of one sheet, whose XML is given."""
    with zipfile.ZipFile(BytesIO(writers.xlsx({"S": [["x"]]}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return writers.zipped(
        members | {"xl/worksheets/sheet1.xml": f"{before}<worksheet {NS}>{body}</worksheet>".encode()}
    )


def _with(data: bytes, name: str, content: bytes) -> bytes:
    file = BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def _pdf(draw: Callable[[Canvas], Any]) -> bytes:
    file = BytesIO()
    canvas = Canvas(file)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _picture(random: Random) -> Any:
    from PIL import Image

    return Image.frombytes("L", (200, 300), random.randbytes(60_000))


def _pdf_of_objects(font: str, stream: str) -> bytes:
    """A page with one font, as short as PDFium still reads it."""
    return (
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n"
        f"4 0 obj\n<< /Length {len(stream)} >>\nstream\n{stream}\nendstream\nendobj\n5 0 obj\n{font}\nendobj\n"
        "trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    ).encode("latin-1")
