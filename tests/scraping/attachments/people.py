"""Students for the files that tests and benchmarks make."""

from dataclasses import dataclass, replace
from random import Random

_FIRST = (
    "Asha Ravi Neha Kabir Ishaan Meera Rohan Sanya Aditya Priya Farhan Zoya Karthik Lakshmi Arjun Divya Manpreet "
    "Tanvi Yash Nikhil Ananya Siddharth Pooja Harsh Ritika Dev Shreya Aman Kavya Vikram Sneha Tushar Riya Gaurav"
).split()
_LAST = (
    "Verma Rao Singh Khan Gupta Nair Iyer Mehta Das Bose Chauhan Kaur Reddy Pillai Joshi Saxena Malhotra Sharma "
    "Agarwal Mishra Tiwari Bhatt Shetty Kulkarni Banerjee Chatterjee D'Souza Fernandes Naidu Patil Rathore Yadav"
).split()
_MIDDLE = ("Kumar", "Pratap", "Lal", "Chandra", "Abdul", "Dev", "Jyoti")


@dataclass(frozen=True, slots=True)
class Person:
    """A student as a file lists them; what the file does not say is ""."""

    name: str
    number: str
    panel: str = ""
    slot: str = ""
    room: str = ""
    time: str = ""
    branch: str = "CSE"

    @property
    def first(self) -> str:
        return self.name.rpartition(" ")[0] or self.name

    @property
    def last(self) -> str:
        return self.name.rpartition(" ")[2] if " " in self.name else ""

    def only(self, *said: str) -> "Person":
        """The person with no more than what a file says."""
        left_out = {"panel", "slot", "room", "time"} - set(said)
        return replace(self, **dict.fromkeys(left_out, ""), branch="CSE")


def people(random: Random, count: int, numbers: str = "digits") -> list[Person]:
    """`numbers` is digits (22103001), letters (21BCE1234) or long (9923103001)."""
    start = random.randrange(1, 400)
    return [_person(random, start + place, place, numbers) for place in range(count)]


def _person(random: Random, serial: int, place: int, numbers: str) -> Person:
    make = {"digits": f"22{random.choice((103, 104, 502))}{serial:04}", "letters": f"21BCE{1000 + serial}"}
    return Person(
        name=_name(random),
        number=make.get(numbers, f"99231030{serial:04}"),
        panel=f"Panel {place % 4 + 1}",
        slot=f"Slot {place % 3 + 1}",
        room=f"CL{place % 5 + 1}",
        time=f"{9 + place % 3}:{(place * 20) % 60:02} AM",
        branch=random.choice(("CSE", "ECE", "IT", "Biotech")),
    )


def _name(random: Random) -> str:
    parts = [random.choice(_FIRST), random.choice(_LAST)]
    if random.random() < 0.25:
        parts.insert(1, random.choice(_MIDDLE))
    if random.random() < 0.06:
        parts = [f"{random.choice('SRKM')}.", parts[0]]
    if random.random() < 0.04:
        parts = [parts[0]]
    name = " ".join(parts)
    return name.upper() if random.random() < 0.1 else name
