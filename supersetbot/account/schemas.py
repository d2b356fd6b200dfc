"""What the API for a person's own data is sent and answers."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

from accounts.models import Filter, Subscriber
from accounts.web.paging import Moment
from notifications.models import Delivery
from notifications.rendering.public import public

CLOCK = "%H:%M"
Text = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Me(Schema):
    """Who somebody is to the service."""

    name: str = Field(description="As at Telegram.")
    membership: Subscriber.Membership = Field(description="Members read the names on lists.")
    reads_names: bool = Field(description="Whether lists come with names.")
    agreed: bool = Field(description="Whether they agreed to the notice of what is stored, as it is now.")
    language: str = Field(description="en or hi; empty: as Telegram says.")
    notices_on: bool = Field(description="Whether notices come to the chat.")
    seasons: list[int] = Field(description="The seasons followed, the newest first.")
    muted: list[str] = Field(description="Categories that do not come.")


class Profile(Schema):
    """What somebody told of themselves; null where they told nothing."""

    number: str | None = Field(None, description="Enrolment number.", examples=["22103001"])
    program: str | None = Field(None, description="Programme.", examples=["B.Tech"])
    branch: str | None = Field(None, description="Branch.", examples=["CSE"])
    batch: str | None = Field(None, description="Year of passing out.", examples=["2027"])
    cgpa: str | None = Field(None, description="CGPA, as it was told: nothing is rounded.", examples=["7.8"])
    x: str | None = Field(None, description="Class 10, per cent.", examples=["91"])
    xii: str | None = Field(None, description="Class 12, per cent.", examples=["88.4"])
    backlogs: str | None = Field(None, description="Backlogs now.", examples=["0"])
    past: str | None = Field(None, description="Cleared backlogs.", examples=["0"])
    gap: str | None = Field(None, description="Years paused.", examples=["0"])
    gender: str | None = Field(None, description="female, male, other.", examples=["female"])


class ProfileIn(Profile):
    """Facts to be changed."""

    model_config = ConfigDict(extra="forbid")

    number: Text | None = Field(None, description="Enrolment number.", examples=["22103001"])
    program: Text | None = Field(None, description="Programme.", examples=["B.Tech"])
    branch: Text | None = Field(None, description="Branch.", examples=["CSE"])
    batch: Text | None = Field(None, description="Year of passing out.", examples=["2027"])
    cgpa: Text | None = Field(None, description="CGPA, 0 to 10.", examples=["7.8"])
    x: Text | None = Field(None, description="Class 10, per cent.", examples=["91"])
    xii: Text | None = Field(None, description="Class 12, per cent.", examples=["88.4"])
    backlogs: Text | None = Field(None, description="Backlogs now.", examples=["0"])
    past: Text | None = Field(None, description="Cleared backlogs.", examples=["0"])
    gap: Text | None = Field(None, description="Years paused.", examples=["0"])
    gender: Text | None = Field(None, description="female, male, other.", examples=["female"])


class FilterIn(Schema):
    """A filter."""

    model_config = ConfigDict(extra="forbid")

    kind: Filter.Kind = Field(description="What it asks for.")
    value: Text = Field("", description="Of what: a company, a word, a place, a type, a package in LPA.")


class FiltersIn(Schema):
    """Filters to be added and removed; first they are removed."""

    model_config = ConfigDict(extra="forbid")

    add: list[FilterIn] = Field([], max_length=50, description="New ones.")
    remove: list[Annotated[int, Field(ge=0, le=2**63 - 1)]] = Field([], max_length=50, description="By their id.")


class FilterOut(Schema):
    """A filter that is stored."""

    id: int = Field(description="Its number.")
    kind: Filter.Kind = Field(description="What it asks for.")
    value: str = Field(description="Of what; empty where the kind says it all.")
    text: str = Field(description="As people read it.", examples=["Postings from 8 LPA"])


class TimingOut(Schema):
    """When somebody is told. Times of day are India's."""

    quiet_from: str | None = Field(description="Quiet hours begin.", examples=["23:00"])
    quiet_until: str | None = Field(description="Quiet hours end.", examples=["07:00"])
    digest_at: str | None = Field(description="One digest a day at; null: as things come.", examples=["19:00"])
    muted_until: datetime | None = Field(description="All but urgent things wait until.")
    quietly: bool = Field(description="What filters keep back comes in a digest.")
    remind_24h: bool = Field(description="Reminded 24 hours before a deadline.")
    remind_3h: bool = Field(description="Reminded 3 hours before a deadline.")
    remind_1h: bool = Field(description="Reminded an hour before a deadline.")
    remind_events: bool = Field(description="Reminded of events.")


class TimingIn(Schema):
    """Times to be changed."""

    model_config = ConfigDict(extra="forbid")

    quiet_from: Clock | None = Field(None, description="Quiet hours begin.", examples=["23:00"])
    quiet_until: Clock | None = Field(None, description="Quiet hours end.", examples=["07:00"])
    digest_at: Clock | None = Field(None, description="One digest a day at; null: as things come.")
    muted_until: Moment | None = Field(None, description="All but urgent things wait until; null: no longer.")
    quietly: bool = Field(default=False, description="What filters keep back comes in a digest.")
    remind_24h: bool = Field(default=True, description="Remind me 24 hours before a deadline.")
    remind_3h: bool = Field(default=True, description="Remind me 3 hours before a deadline.")
    remind_1h: bool = Field(default=False, description="Remind me an hour before a deadline.")
    remind_events: bool = Field(default=True, description="Remind me of events.")


class ListOut(Schema):
    """A list that names the caller."""

    notice_id: int = Field(description="Its notice.")
    title: str = Field(description="Of the notice.")
    company: str = Field(description="Empty where none is stated.")
    published_at: datetime = Field(description="When.")
    text: str = Field(description="What it says of the caller; empty where it no longer holds their number.")


class PlaceOut(Schema):
    """Where the caller stands with a job."""

    notice_id: int = Field(description="The posting; else the newest list.")
    company: str = Field(description="Empty where none is stated.")
    role: str = Field(description="Empty where none is stated.")
    applied_at: datetime | None = Field(description="When the caller said so.")
    event_at: datetime | None = Field(description="The next date of the job.")
    lists: list[ListOut] = Field(description="Lists of the job that name the caller, the newest first.")


class DueOut(Schema):
    """Something to be done by a time."""

    at: datetime = Field(description="The deadline.")
    all_day: bool = Field(description="No time of day was stated.")
    title: str = Field(description="What.")
    facts: str = Field(description="Pay of a job, category of a notice.")
    path: str = Field(description="Its page on this site.")
    url: str = Field(description="Where it is opened.")
    notice_id: int | None = Field(description="The notice that told of it.")


class MessageOut(Schema):
    """A notice that was sent to the caller."""

    id: int = Field(description="Its number.")
    notice_id: int = Field(description="The notice.")
    title: str = Field(description="Of the notice, without names.")
    category: str = Field(description="Empty for a message to all.")
    channel: str = Field(description="telegram or web-push.")
    sent_at: datetime = Field(description="When.")
    named: str = Field(description="number or name where its list names the caller; else empty.")

    @staticmethod
    def resolve_title(delivery: Delivery) -> str:
        return public(delivery.notice).title

    @staticmethod
    def resolve_category(delivery: Delivery) -> Any:
        return delivery.notice.category
