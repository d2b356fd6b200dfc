"""Calendar files: what, when, where."""

import pytest

from scraping.sources.mailbox.invitations import read_calendar

ZONE = (
    "BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:{offset}\n"
    "TZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE"
)


def calendar(*lines: str, method: str = "REQUEST", before: str = "") -> str:
    """A calendar file with one event."""
    event = ["BEGIN:VEVENT", "SUMMARY:Pre-Placement Talk", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", *filter(None, [before]), *event, "END:VCALENDAR", ""])


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (["DTSTART:20261127T113000Z", "DTEND:20261127T123000Z"], "27 November 2026, 5:00 PM to 6:00 PM"),
        (["DTSTART:20261127T170000", "DTEND:20261127T180000"], "27 November 2026, 5:00 PM to 6:00 PM"),
        (["DTSTART;TZID=Asia/Kolkata:20261127T170000", "DURATION:PT1H30M"], "27 November 2026, 5:00 PM to 6:30 PM"),
        (["DTSTART;TZID=India Standard Time:20261127T170000"], "27 November 2026, 5:00 PM"),
        (["DTSTART;TZID=America/New_York:20261127T063000"], "27 November 2026, 5:00 PM"),
        (["DTSTART;TZID=Nowhere/Known:20261127T170000"], "27 November 2026, 5:00 PM"),
        (["DTSTART:20261127T200000Z", "DTEND:20261127T210000Z"], "28 November 2026, 1:30 AM to 2:30 AM"),
        (
            ["DTSTART:20261127T043000Z", "DTEND:20261128T123000Z"],
            "27 November 2026, 10:00 AM to 28 November 2026, 6:00 PM",
        ),
        (["DTSTART;VALUE=DATE:20261127", "DTEND;VALUE=DATE:20261128"], "27 November 2026"),
        (["DTSTART;VALUE=DATE:20261127", "DTEND;VALUE=DATE:20261130"], "27 November 2026 to 29 November 2026"),
        (["DTSTART:20261127T113000Z", "DTEND:20261127T103000Z"], "27 November 2026, 5:00 PM"),
        (["DTSTART:20261127T003000Z"], "27 November 2026, 6:00 AM"),
        (["DTSTART:20261127T063000Z"], "27 November 2026, 12:00 PM"),
    ],
)
def test_when_it_is_is_said_as_in_india(lines: list[str], when: str) -> None:
    assert read_calendar(calendar(*lines)) == f"Event: Pre-Placement Talk\nDate: {when}"


@pytest.mark.parametrize("offset", ["+0530", "+0000"])
def test_a_zone_of_the_files_own_counts(offset: str) -> None:
    zone = ZONE.format(name="Office", offset=offset)
    told = read_calendar(calendar("DTSTART;TZID=Office:20261127T120000", before=zone))

    assert told.endswith("12:00 PM" if offset == "+0530" else "5:30 PM")


def test_where_what_and_how_to_join_are_told() -> None:
    told = read_calendar(
        calendar(
            "DTSTART:20261127T113000Z",
            "LOCATION:LT-3\\, Block A",
            "URL:https://x.example/talk",
            "X-GOOGLE-CONFERENCE:https://meet.x.example/abc",
            "DESCRIPTION:All eligible students must attend.\\nBring your",
            "  resume.",
            "RRULE:FREQ=WEEKLY;COUNT=3",
            "ATTENDEE;CN=Asha Rao:mailto:asha@x.example",
            "ORGANIZER;CN=Cell:mailto:cell@x.example",
        )
    )

    assert told.split("\n") == [
        "Event: Pre-Placement Talk",
        "Date: 27 November 2026, 5:00 PM",
        "Venue: LT-3, Block A",
        "The event repeats.",
        "Link: https://x.example/talk",
        "Link: https://meet.x.example/abc",
        "",
        "All eligible students must attend.",
        "Bring your resume.",
    ]


def test_a_description_in_html_is_read_as_html() -> None:
    told = read_calendar(calendar("DESCRIPTION:<html><body><p>All must attend.</p><p>Bring a pen.</p></body></html>"))

    assert told.endswith("\n\nAll must attend.\n\nBring a pen.")


@pytest.mark.parametrize("how", ["METHOD", "STATUS"])
def test_a_cancelled_event_is_never_told_as_one_that_takes_place(how: str) -> None:
    lines = ["DTSTART:20261127T113000Z", "LOCATION:LT-3", *(["STATUS:CANCELLED"] if how == "STATUS" else [])]
    told = read_calendar(calendar(*lines, method="CANCEL" if how == "METHOD" else "PUBLISH"))

    assert told == "Cancelled: Pre-Placement Talk\nIt was to take place on 27 November 2026, 5:00 PM at LT-3."


@pytest.mark.parametrize("method", ["REPLY", "reply", "COUNTER", "REFRESH"])
def test_answers_are_no_events(method: str) -> None:
    assert read_calendar(calendar("DTSTART:20261127T113000Z", method=method)) == ""


def test_several_events_are_told_one_below_the_other() -> None:
    two = calendar("DTSTART:20261127T113000Z") + calendar("DTSTART:20261128T113000Z")

    assert [block.split("\n")[1] for block in read_calendar(two).split("\n\n")] == [
        "Date: 27 November 2026, 5:00 PM",
        "Date: 28 November 2026, 5:00 PM",
    ]


DAMAGED = {
    "no end": calendar("DTSTART:20261127T113000Z").partition("END:")[0],
    "lines of rubbish": calendar("rubbish", "=20", "DTSTART:20261127T113000Z", "X"),
    "a byte order mark": "\ufeff" + calendar("DTSTART:20261127T113000Z"),
    "text around it": f"Hello\r\n{calendar('DTSTART:20261127T113000Z')}\r\nBye",
    "line feeds": calendar("DTSTART:20261127T113000Z").replace("\r\n", "\n"),
    "small letters": calendar("DTSTART:20261127T113000Z").replace(":VEVENT", ":vevent").replace("END", "end"),
    "a bad property": calendar("DTSTART:20261127T113000Z", "DTEND:tomorrow", "SEQUENCE:x", "DURATION:1h"),
    "two starts": calendar("DTSTART:20261127T113000Z", "DTSTART:20261127T113000Z"),
    "a line of the file's own": calendar("DTSTART:20261127T113000Z", before="rubbish without a colon"),
}


@pytest.mark.parametrize("source", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_read_as_far_as_it_goes(source: str) -> None:
    assert read_calendar(source) == "Event: Pre-Placement Talk\nDate: 27 November 2026, 5:00 PM"


@pytest.mark.parametrize(
    "date", ["DTSTART:garbage", "DTSTART:00010101T000000Z", "DTSTART:99991231T235959Z", "X-NOTHING:1"]
)
def test_a_day_that_is_none_is_not_told(date: str) -> None:
    assert read_calendar(calendar(date)) == "Event: Pre-Placement Talk"


@pytest.mark.parametrize(
    "source", ["", "Dear Students", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCARD\nFN:Asha\nEND:VCARD"]
)
def test_a_file_without_an_event_says_nothing(source: str) -> None:
    assert read_calendar(source) == ""


@pytest.mark.parametrize("source", ["BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR"])
def test_a_file_that_is_mixed_up_is_an_error(source: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        read_calendar(source)
