"""The pairs of the corpus, a text and its truth: read, and saved with the persons replaced (docs/misreads.md)."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from scraping.explain.persons import NUMBER, people_of
from scraping.items import ParsedMail
from scraping.reading.layout.markup import read_markup

FIRST_NAMES = (
    "Aarav Aditi Bhavna Chirag Deepa Eshan Farah Gautam Harini Imran Jaya Kabir Lata Manav Nisha Omkar Pooja Qasim "
    "Ritu Sahil Tara Uday Veda Waris Yash Zoya"
).split()
LAST_NAMES = (
    "Acharya Bansal Chawla Dutta Easwaran Fernandes Ghosh Hegde Iyer Joshi Kulkarni Lobo Menon Nair Ojha Pillai "
    "Qureshi Rao Sinha Thomas Unni Varma Wadia Yadav Zaidi"
).split()
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# What of a notice is kept: what is read of it.
KEPT = ("identifier", "title", "content", "publishedAt", "lastModifiedOn", "lastModifiedByUserName")
Pair = dict[str, bytes]  # the two files by their paths in the corpus
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
# What a truth is about; a field that is empty is left for a person to add.
FIELDS = (
    "category kind company role roles stage roster meaning deadline event_at venue links eligibility location "
    "joining_date is_final_offer number_of_offers"
).split()


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the corpus with its truth; its name is its path in the folder without the ending."""

    name: str
    content: bytes
    truth: Mapping[str, Any]
    is_mail: bool


def texts(folder: Path) -> Iterator[Text]:
    """The texts of a folder that have a truth `NAME.truth.json` beside them. Raises OSError, ValueError."""
    for truth_file in sorted(folder.rglob("*.truth.json")):
        name = truth_file.name.removesuffix(".truth.json")
        mail = truth_file.with_name(f"{name}.eml")
        file = mail if mail.is_file() else truth_file.with_name(f"{name}.json")
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        yield Text(str(truth_file.with_name(name).relative_to(folder)), file.read_bytes(), truth, file is mail)


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


def pair_of_notice(
    name: str, raw: Mapping[str, Any], read: Mapping[str, Any], people: Iterable[Mapping[str, str]] = ()
) -> Pair:
    """A notice of the portal and its reading, without its persons and `people`. Raises ValueError."""
    lines = (str(raw.get("title")), *read_markup(str(raw.get("content") or "")).lines)
    persons = Persons((*people_of(lines, read), *people), name)
    kept = {key: raw.get(key) for key in KEPT}
    text = {key: persons.replaced(value) if isinstance(value, str) else value for key, value in kept.items()}
    text |= {"identifier": name, "lastModifiedByUserName": "T&P Cell"}
    content = json.dumps(text, ensure_ascii=False, indent=1) + "\n"
    return _pair("notices", (name, ".json"), content.encode(), _truth(read, persons))


def pair_of_mail(
    name: str, mail: ParsedMail, text: str, read: Mapping[str, Any], people: Iterable[Mapping[str, str]] = ()
) -> Pair:
    """A mail as plain text and its reading, without its persons and `people`. Raises ValueError."""
    persons = Persons((*people_of((mail.subject, *text.split("\n")), read), *people), name)
    message = EmailMessage()
    message["From"] = "T&P Cell <tnp@example.edu>"
    message["To"] = "placement@example.edu"
    message["Subject"] = persons.replaced(mail.subject)
    message["Message-ID"] = f"<{name}@example.edu>"
    if mail.sent_at:
        message["Date"] = mail.sent_at
    message.set_content(persons.replaced(text))
    return _pair("mails", (name, ".eml"), bytes(message), _truth(read, persons))


def save(corpus: Path, pair: Pair) -> list[Path]:
    """Write a pair below the folder of the corpus. Returns the files. Raises FileExistsError, OSError."""
    files = [corpus / name for name in pair]
    for path, data in zip(files, pair.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    return files


def _truth(read: Mapping[str, Any], persons: Persons) -> bytes:
    """The fields that were read, and `null` for those that a person says must be empty (`read["must_be_empty"]`)."""
    facts = {field: read[field] for field in FIELDS if read.get(field)}
    facts |= dict.fromkeys(read.get("must_be_empty", ()))
    return (persons.replaced(json.dumps(facts, ensure_ascii=False, indent=1, default=str)) + "\n").encode()


def _pair(folder: str, named: tuple[str, str], content: bytes, truth: bytes) -> Pair:
    name, suffix = named
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a text: small letters, digits, - and _")
    return {f"{folder}/{name}{suffix}": content, f"{folder}/{name}.truth.json": truth}
