"""Single values of old documents: whatever they are, they become regular or nothing, and never raise."""

import os
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import bson
import pytest
from bson import Decimal128, Int64, ObjectId
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.datetime_ms import DatetimeMS
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scraping.mongo import values
from scraping.mongo.documents import KINDS, Kind, RefusedError
from scraping.mongo.kept import kept_document, says_something

LENIENT = CodecOptions[dict[str, Any]](datetime_conversion=DatetimeConversion.DATETIME_AUTO)
AT = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
IST = timezone(timedelta(hours=5, minutes=30))
ANYTHING: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes()
    | st.builds(ObjectId)
    | st.integers(-(2**62), 2**62).map(DatetimeMS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "written",
    [
        AT,
        AT.replace(tzinfo=None),
        AT.astimezone(IST),
        DatetimeMS(1_760_000_000_000),
        1_760_000_000_000,
        1_760_000_000,
        1_760_000_000_000.0,
        Int64(1_760_000_000_000),
        "1760000000000",
        "2025-10-09T08:53:20Z",
        "2025-10-09T14:23:20+05:30",
        "2025-10-09 08:53:20",
        "Thu, 09 Oct 2025 14:23:20 +0530",
        {"$date": "2025-10-09T08:53:20.000Z"},
    ],
)
def test_a_time_is_read_in_every_form_it_comes_in(written: object) -> None:
    assert values.instant(written) == AT
    assert values.epoch_ms(written) == 1_760_000_000_000
    assert values.naive(written) == AT.replace(tzinfo=None)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@settings(max_examples=int(os.environ.get("EXAMPLES", "100")))
@given(data=st.data())
def test_what_is_kept_of_any_document_is_read_as_the_document_was(kind: Kind, data: st.DataObject) -> None:
    """So a stored document can be read again, and MongoDB keeps what nobody understood."""
    fields = dict.fromkeys(kind.fields, ANYTHING)
    raw = data.draw(st.fixed_dictionaries({"_id": st.builds(ObjectId)}, optional=fields))
    try:
        raw = bson.decode(bson.encode(raw), LENIENT)
    except (OverflowError, bson.errors.BSONError):
        assume(False)  # no server holds it
    try:
        key, document = kind.read(raw)
    except RefusedError:
        return
    stored = kept_document(raw, document)
    assert kind.read(stored | {"_id": raw["_id"]}) == (key, document)
    assert bson.decode(bson.encode(stored), LENIENT).keys() == document.keys()
    lost = [name for name in stored if says_something(raw.get(name)) and not says_something(stored[name])]
    assert not [name for name in lost if values.number(raw[name]) != 0 and not isinstance(stored[name], bool)]


@pytest.mark.parametrize(
    "written",
    [
        *(None, True, "", "soon", float("nan"), float("inf"), -5, 0, 10**30, DatetimeMS(2**62), [], {}),
        # DTZ901: a naive time is what is tested
        datetime.max,  # noqa: DTZ901
    ],
)
def test_what_is_no_sensible_time_is_none(written: object) -> None:
    assert values.instant(written) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [("8,50,000", 850_000), ("7.5", 7.5), (Decimal128("12.5"), 12.5), (3.0, 3), (float("nan"), None), ("many", None)],
)
def test_numbers_come_as_texts_too(written: object, read: float | None) -> None:
    assert values.number(written) == read


def test_an_object_id_is_a_text() -> None:
    assert values.text(ObjectId("65f000000000000000000001")) == "65f000000000000000000001"


def test_lists_have_no_holes() -> None:
    assert values.texts(["SQL", None, {}, 3, ""]) == ["SQL", "3"]
    assert values.texts("SQL") == ["SQL"]


def test_records_have_every_field_their_readers_need() -> None:
    read = values.records({"name": values.text, "number": values.text, "marks": values.texts}, optional=("number",))
    assert read([{"name": None}, {"number": 7}, "x"]) == [
        {"name": "", "marks": []},
        {"name": "", "number": "7", "marks": []},
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-10-09T14:23:20+05:30", "2025-10-09T14:23:20+05:30"),
        ("Thu, 09 Oct 2025 14:23:20 +0530", "2025-10-09T08:53:20+00:00"),
        ("1760000000000", "2025-10-09T08:53:20+00:00"),
        (AT, "2025-10-09T08:53:20+00:00"),
    ],
)
def test_iso_texts_stay_and_other_forms_become_some(written: object, read: str) -> None:
    assert values.iso(written) == read


def test_keys_lose_their_dots_and_dollars() -> None:
    assert values.plain({"a.b": {"$c": float("inf")}}) == {"a_b": {"_c": None}}


@given(ANYTHING)
def test_no_reader_ever_raises_or_lets_through_what_a_database_refuses(value: object) -> None:
    for read in (values.text, values.number, values.instant, values.iso, values.texts, values.plain, values.flag):
        read(value)
    assert "\x00" not in values.text(value)
