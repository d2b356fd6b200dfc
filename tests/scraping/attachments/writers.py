"""Tables written as files of each kind: XLSX, XLS, ODS, CSV, HTML, PDF, DOCX."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from datetime import time
from html import escape
from io import BytesIO, StringIO
from typing import Any

import xlwt
from docx import Document
from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

Cell = Any
Rows = Sequence[Sequence[Any]]
STYLES = getSampleStyleSheet()
LINES: dict[str, list[tuple[Any, ...]]] = {
    "grid": [("GRID", (0, 0), (-1, -1), 0.5, colors.black)],
    "none": [],
    "across": [("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey)],
    "book": [("LINEABOVE", (0, 0), (-1, 0), 1, colors.black), ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black)],
    "down": [("LINEBEFORE", (0, 0), (-1, -1), 0.5, colors.black), ("BOX", (0, 0), (-1, -1), 0.5, colors.black)],
    "zebra": [("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.whitesmoke, colors.lightgrey])],
}


def xlsx(sheets: Mapping[str, Rows], merged: Sequence[str] = (), hidden: Sequence[int] = (), offset: int = 0) -> bytes:
    """`merged` are ranges of the first sheet, `hidden` its rows; `offset` columns stay empty at the left."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None] * offset + [cell if cell != "" else None for cell in row])
    first = book.worksheets[0]
    for place in merged:
        first.merge_cells(place)
    for number in hidden:
        first.row_dimensions[number].hidden = True
    return _saved(book)


def xls(rows: Rows) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            sheet.write(y, x, str(cell) if isinstance(cell, time) else cell)
    return _saved(book)


def ods(rows: Rows) -> bytes:
    head = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Sheet1">'
    )
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    end = "</table:table></office:spreadsheet></office:body></office:document-content>"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (head + body + end).encode(),
            "META-INF/manifest.xml": b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            b'<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            b"</m:manifest>",
        }
    )


def _ods_cell(cell: Cell) -> str:
    if isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{cell}"'
        return f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>"
    text = escape(str(cell or ""))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def zipped(members: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def delimited(rows: Rows, border: str, charset: str = "utf-8") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=border).writerows(rows)
    return text.getvalue().encode(charset)


def html(rows: Rows) -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><head><title>x</title></head><body><table border=1>{body}</table></body></html>".encode()


def pdf(
    parts: Sequence[str | Rows],
    lines: str = "grid",
    *,
    repeat: int = 1,
    wide: bool = False,
    widths: Sequence[float] | None = None,
    foot: str = "",
) -> bytes:
    """Texts and tables one below the other; `foot` stands on each page, with its number."""
    file = BytesIO()
    page = landscape(A4) if wide else A4

    def each(canvas: Any, document: Any) -> None:
        if foot:
            canvas.drawString(72, 30, f"{foot} - Page {document.page}")

    story: list[Flowable] = []
    for part in parts:
        if isinstance(part, str):
            story += [Paragraph(escape(part), STYLES["Normal"]), Spacer(1, 8)]
        else:
            table = Table([list(map(_pdf_cell, row)) for row in part], repeatRows=repeat, colWidths=widths)
            table.setStyle(TableStyle([*LINES[lines], ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
            story.append(table)
    SimpleDocTemplate(file, pagesize=page).build(story, onFirstPage=each, onLaterPages=each)
    return file.getvalue()


def turned_pdf(rows: Rows, degrees: int) -> bytes:
    """Pages that lie turned in the file, with /Rotate to show them upright, as landscape sheets are exported."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    width, height = A4
    long, wide = (height, width) if degrees == 180 else (width, height)
    for start in range(0, len(rows), 25):
        canvas.setPageRotation(degrees)
        canvas.setFont("Helvetica", 10)
        canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[degrees])
        canvas.rotate(degrees if degrees != 270 else -90)
        for y, row in enumerate(rows[start : start + 25]):
            for x, cell in enumerate(row):
                canvas.drawString(40 + x * wide / 4, long - 50 - 20 * y, str(cell))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _pdf_cell(cell: Cell) -> Any:
    text = f"{cell:%I:%M %p}".lstrip("0") if isinstance(cell, time) else str(cell if cell is not None else "")
    return Paragraph(escape(text), STYLES["Normal"]) if len(text) > 20 else text


def docx(parts: Sequence[str | Rows]) -> bytes:
    document = Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        width = max(map(len, part))
        table = document.add_table(rows=0, cols=width)
        for values in part:
            for cell, value in zip(table.add_row().cells, values, strict=False):
                cell.text = "" if value is None else str(value)
    return _saved(document)


def _saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()
