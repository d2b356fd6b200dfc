"""Files that come by mail, from a real IMAP server to the notice."""

from email.message import EmailMessage
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from notifications.models import Notice, StoredFile
from scraping.attachments import process
from scraping.cycle.cycle import update
from scraping.models import Attachment, FileReading, Policy, RawItem
from tests.scraping.attachments import writers
from tests.scraping.attachments.people import people
from tests.scraping.test_mailbox_cycle import Mailbox, mailbox, server  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = (
    "Dear Students,\n\nThe list of students shortlisted for the technical interview of Lumen Foundry is attached.\n"
    "Venue: LT-3\nDate: 25 November 2026, 10:00 AM\n"
)
POLICY = [
    "1. Eligibility",
    "Students with 60 % may register.",
    "2. Offers",
    "A student may hold one offer.",
]


def mail_with(*files: tuple[str, bytes], subject: str = "Lumen Foundry: shortlist", text: str = LETTER) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "T&P Cell <cell@college.example>", "all@college.example"
    mail["Date"], mail["Message-ID"] = "Sun, 22 Nov 2026 11:00:00 +0530", f"<{hash((subject, files))}@college.example>"
    mail.set_content(text)
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def sheet(count: int = 300) -> bytes:
    rows = [["S.No", "Enrollment No", "Name", "Panel", "Time"]]
    rows += [[str(n), p.number, p.name, p.panel, p.time] for n, p in enumerate(people(Random(1), count), 1)]
    return writers.xlsx({"Sheet1": rows})


def read() -> Notice:
    update("test", sources=["email"])
    return Notice.objects.latest("pk")


@pytest.mark.parametrize("padding", [0, 400_000], ids=["a small mail", "a large mail, fetched part by part"])
# F811: a fixture of another module
def test_the_students_of_a_sheet_are_the_notices_roster(mailbox: Mailbox, padding: int) -> None:  # noqa: F811
    files = [("list.xlsx", sheet())]
    if padding:
        files.insert(0, ("brochure.bin", Random(2).randbytes(padding)))
    mailbox.deliver(mail_with(*files))

    notice = read()

    expected = people(Random(1), 300)
    assert notice.category == "shortlisting"
    assert notice.roster_meaning == "shortlisted"
    assert [(s["enrollment"], s["name"]) for s in notice.roster] == [(p.number, p.name) for p in expected]
    assert (notice.roster[1]["panel"], notice.roster[1]["time"]) == (expected[1].panel, expected[1].time)
    assert {"list.xlsx"} <= {file["name"] for file in notice.files}
    assert StoredFile.objects.get(reading__kind="xlsx").names_people


# F811: a fixture of another module
def test_a_mail_that_says_all_in_its_sheet_is_told_by_it(mailbox: Mailbox) -> None:  # noqa: F811
    mailbox.deliver(mail_with(("list.xlsx", sheet(3)), text=""))
    notice = read()
    assert len(notice.roster) == 3
    assert "open the mail" not in notice.body
    assert RawItem.objects.get().doubt == ""


# F811: a fixture of another module
def test_a_file_under_an_encoding_of_another_name_is_read(mailbox: Mailbox) -> None:  # noqa: F811
    mailbox.deliver(mail_with(("list.xlsx", sheet(3))).replace(b"Encoding: base64", b"Encoding: Base64; x=y"))
    assert len(read().roster) == 3


# F811: a fixture of another module
def test_a_student_in_text_and_file_is_listed_once(mailbox: Mailbox) -> None:  # noqa: F811
    first = people(Random(1), 3)[0]
    mailbox.deliver(mail_with(("list.xlsx", sheet(3)), text=f"{LETTER}\n1\t{first.number}\t{first.name}\n"))
    notice = read()
    assert [student["enrollment"] for student in notice.roster] == [p.number for p in people(Random(1), 3)]
    assert notice.roster[0]["panel"] == first.panel


# F811: a fixture of another module
def test_the_same_file_in_two_mails_is_kept_and_read_once(mailbox: Mailbox) -> None:  # noqa: F811
    data = sheet(3)  # made twice, it would hold two times
    mailbox.deliver(mail_with(("list.xlsx", data)), mail_with(("again.xlsx", data), subject="Reminder: list"))
    read()
    assert (StoredFile.objects.count(), FileReading.objects.count(), Attachment.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("list.xlsx", b"PK\x03\x04rubbish", "broken"),
        ("list.pdf", b"\x00\x01\x02 no PDF", "unknown"),
        ("empty.xlsx", b"", "empty"),
    ],
)
def test_what_cant_be_read_is_said_and_the_rest_is_told(
    mailbox: Mailbox,  # noqa: F811 (a fixture of another module)
    name: str,
    data: bytes,
    state: str,
) -> None:
    mailbox.deliver(mail_with((name, data)))
    notice = read()
    assert notice.details["Documents"] == f"{name}: could not be read: open it yourself"
    assert RawItem.objects.get().state == "done"
    attachment = Attachment.objects.select_related("file__reading").get()
    assert (attachment.file.reading.state if attachment.file else attachment.state) == state


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Shortlist.pdf", b"MZ\x90\0" + b"x" * 500),
        ("Shortlist.pdf.exe", b"Roll No,Name\n22103001,Asha Rao\n"),
        ("Shortlist.html", b"<html><body><form action='https://evil.example'><input type=password></form>"),
        ("Shortlist.xlsm", b"PK\x03\x04rubbish"),
        ("Shortlist.zip", writers.zipped({"Shortlist.pdf.js": b"x"})),
    ],
)
# F811: a fixture of another module
def test_what_may_run_when_it_is_opened_is_told_and_not_passed_on(
    mailbox: Mailbox,  # noqa: F811 (a fixture of another module)
    name: str,
    data: bytes,
) -> None:
    mailbox.deliver(mail_with((name, data), ("list.xlsx", sheet(3))))
    notice = read()
    assert f"{name}: not passed on: opening it may run a program" in notice.details["Documents"]
    assert [file["name"] for file in notice.files] == ["list.xlsx"]
    assert len(notice.roster) >= 3


@pytest.mark.parametrize(
    ("reader", "state"),
    [
        ("import signal; signal.pause()", "too_slow"),
        ("import os; os.kill(os.getpid(), 11)", "crashed"),
        ("bytearray(10**12)", "too_much_memory"),
    ],
)
def test_a_reader_that_fails_costs_its_limit_and_the_rest_is_told(
    mailbox: Mailbox,  # noqa: F811 (a fixture of another module)
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reader: str,
    state: str,
) -> None:
    package = tmp_path / "scraping" / "attachments"
    package.mkdir(parents=True)
    (package / "child.py").write_text(reader)
    monkeypatch.setattr(process, "_PROJECT", tmp_path)
    monkeypatch.setattr(process.read_bytes, "__kwdefaults__", {"seconds": 1, "memory": process.MEMORY})
    mailbox.deliver(mail_with(("list.xlsx", sheet(3))), mail_with(subject="Lumen Foundry: reminder"))

    start = monotonic()
    update("test", sources=["email"])

    assert monotonic() - start < 6
    assert FileReading.objects.get().state == state
    assert list(RawItem.objects.values_list("state", flat=True)) == ["done", "done"]
    assert "list.xlsx: could not be read: open it yourself" in Notice.objects.earliest("pk").details["Documents"]


# F811: a fixture of another module
def test_a_policy_that_comes_as_a_file_becomes_its_text(mailbox: Mailbox) -> None:  # noqa: F811
    text = "Dear Students,\n\nPlease find attached the placement policy for the batch of 2027.\n"
    mailbox.deliver(
        mail_with(("policy.docx", writers.docx(POLICY)), subject="Placement policy for the batch of 2027", text=text)
    )
    read()
    policy = Policy.objects.get()
    assert policy.year == 2027
    assert "A student may hold one offer." in policy.content
    assert [entry["text"] for entry in policy.toc] == ["1. Eligibility", "2. Offers"]
