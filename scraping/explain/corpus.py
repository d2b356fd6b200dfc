"""Saves a text and its reading as a pair of the corpus, with its persons replaced (docs/misreads.md)."""

import json
import random
import re
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from scraping.items import ParsedMail

FIRST_NAMES = (
    "Aarav Aditi Bhavna Chirag Deepa Eshan Farah Gautam Harini Imran Jaya Kabir Lata Manav Nisha Omkar Pooja Qasim "
    "Ritu Sahil Tara Uday Veda Waris Yash Zoya"
).split()
LAST_NAMES = (
    "Acharya Bansal Chawla Dutta Easwaran Fernandes Ghosh Hegde Iyer Joshi Kulkarni Lobo Menon Nair Ojha Pillai "
    "Qureshi Rao Sinha Thomas Unni Varma Wadia Yadav Zaidi"
).split()
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"(?<![\w/.-])(?=\w*\d{5})\w{7,14}(?![\w/])")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
# What a truth is about; a field that is empty is left for a person to add.
FIELDS = (
    "category kind company role roles stage roster meaning deadline event_at venue links eligibility location "
    "joining_date is_final_offer number_of_offers"
).split()


class Persons:
    """Replaces the persons of a text, each by the same invented one wherever they stand."""

    def __init__(self, students: Iterable[Mapping[str, str]], seed: str) -> None:
        self._random = random.Random(seed)
        self._names = {name: self._person() for student in students if (name := student.get("name", ""))}
        self._numbers: dict[str, str] = {}

    def replaced(self, text: str) -> str:
        """Returns the text with invented names, and digits of numbers and addresses that are nobody's."""
        for name, other in sorted(self._names.items(), key=lambda pair: -len(pair[0])):
            spelled = r"\s+".join(map(re.escape, name.split()))
            text = re.sub(rf"(?<!\w){spelled}(?!\w)", other, text, flags=re.IGNORECASE)
        text = ADDRESS.sub("someone@example.edu", text)
        return NUMBER.sub(lambda found: self._number(found[0]), text)

    def _person(self) -> str:
        return f"{self._random.choice(FIRST_NAMES)} {self._random.choice(LAST_NAMES)}"

    def _number(self, number: str) -> str:
        """Another number of the same shape: its last four digits are others."""
        if number not in self._numbers:
            digits = [place for place, sign in enumerate(number) if sign.isdigit()][-4:]
            self._numbers[number] = "".join(
                str(self._random.randrange(10)) if place in digits else sign for place, sign in enumerate(number)
            )
        return self._numbers[number]


def save_notice(folder: Path, name: str, raw: Mapping[str, Any], read: Mapping[str, Any]) -> list[Path]:
    """Write a notice of the portal and its reading. Returns the files. Raises FileExistsError, ValueError."""
    persons = Persons(read["roster"], name)
    text = {key: persons.replaced(value) if isinstance(value, str) else value for key, value in raw.items()}
    text |= {"identifier": name, "lastModifiedByUserName": "T&P Cell"}
    content = json.dumps(text, ensure_ascii=False, indent=1) + "\n"
    return _save(folder / "notices", (name, ".json"), content.encode(), _truth(read, persons))


def save_mail(folder: Path, name: str, mail: ParsedMail, text: str, read: Mapping[str, Any]) -> list[Path]:
    """Write a mail as plain text, and its reading. Returns the files. Raises FileExistsError, ValueError."""
    persons = Persons(read["roster"], name)
    message = EmailMessage()
    message["From"] = "T&P Cell <tnp@example.edu>"
    message["To"] = "placement@example.edu"
    message["Subject"] = persons.replaced(mail.subject)
    message["Message-ID"] = f"<{name}@example.edu>"
    if mail.sent_at:
        message["Date"] = mail.sent_at
    message.set_content(persons.replaced(text))
    return _save(folder / "mails", (name, ".eml"), bytes(message), _truth(read, persons))


def _truth(read: Mapping[str, Any], persons: Persons) -> bytes:
    facts = {field: read[field] for field in FIELDS if read.get(field)}
    return (persons.replaced(json.dumps(facts, ensure_ascii=False, indent=1, default=str)) + "\n").encode()


def _save(folder: Path, named: tuple[str, str], content: bytes, truth: bytes) -> list[Path]:
    name, suffix = named
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a text: small letters, digits, - and _")
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}{suffix}", folder / f"{name}.truth.json"]
    for path, data in zip(files, (content, truth), strict=True):
        with path.open("xb") as file:
            file.write(data)
    return files
