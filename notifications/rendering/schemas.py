"""A notice as programs read it: in the API, and as the body of a webhook."""

from datetime import datetime

from ninja import Field, Schema

from accounts.categories import Category
from accounts.web.pay import Pay
from notifications.models import Notice
from notifications.rendering.formats import rupees_a_year
from notifications.rendering.public import public


class LinkOut(Schema):
    """A link of a notice."""

    url: str = Field(description="Where it leads.")
    label: str = Field("", description="What it says; may be empty.")


def _plain(name: str) -> "staticmethod[[Notice], str]":
    """A resolver for a short text of a notice, which is empty where it names somebody."""
    return staticmethod(lambda notice: public(notice).plain(name))


class NoticeOut(Schema):
    """A notice without the students it names: those are for people with a key."""

    id: int = Field(description="Identifier here; it never changes.")
    key: str = Field(alias="external_key", description="Identifier by its source, the same over all versions.")
    season: int | None = Field(description="The season it belongs to, such as 202627; null: for everybody.")
    category: str = Field(description="One of the categories; a broadcast without one is an announcement.")
    title: str = Field(description="Its first line.")
    company: str = Field(description="The company, or empty.")
    role: str = Field(description="The role, or empty.")
    stage: str = Field(description="The stage of the process, such as an interview, or empty.")
    location: str = Field(description="Places of work, or empty.")
    package: str = Field(description="Pay as shown, or empty.")
    pay: Pay | None = Field(description="The same in rupees a year; null where the text is none of our forms.")
    venue: str = Field(description="Where it takes place, or empty.")
    author: str = Field(description="Who wrote it, or empty.")
    event_at: datetime | None = Field(description="When it takes place; midnight in India where only a day is stated.")
    deadline: datetime | None = Field(description="Until when one can apply or must act.")
    deadline_all_day: bool = Field(description="No time of day was stated for the deadline.")
    links: list[LinkOut] = Field(description="Its links, but those that may lead to names of students.")
    url: str = Field(description="Where it is opened, or empty.")
    job: str = Field(alias="job_key", description="Identifier of the job it belongs to, or empty.")
    students: int = Field(description="How many students its list names.")
    published_at: datetime = Field(description="By its source; else when it was first seen.")
    updated_at: datetime = Field(description="When it was last stored: what `updated_after` is about.")
    edited_at: datetime | None = Field(description="When it changed so that messages were edited; null: never.")
    edit_note: str = Field(description="What of weight the last edit changed, or empty.")
    version: int = Field(description="From 1; one more with each edit.")

    @staticmethod
    def resolve_category(notice: Notice) -> str:
        return notice.category or Category.ANNOUNCEMENT

    @staticmethod
    def resolve_title(notice: Notice) -> str:
        return public(notice).title

    @staticmethod
    def resolve_links(notice: Notice) -> list[dict[str, str]]:
        return public(notice).links

    @staticmethod
    def resolve_url(notice: Notice) -> str:
        return public(notice).url

    resolve_company, resolve_role = _plain("company"), _plain("role")
    resolve_stage, resolve_location = _plain("stage"), _plain("location")
    resolve_package, resolve_venue = _plain("package"), _plain("venue")
    resolve_author, resolve_edit_note = _plain("author"), _plain("edit_note")

    @staticmethod
    def resolve_pay(notice: Notice) -> Pay | None:
        text = public(notice).plain("package")
        stated = rupees_a_year(text)
        return Pay(low=stated[0], high=stated[1], text=text) if stated else None

    @staticmethod
    def resolve_students(notice: Notice) -> int:
        return len(notice.roster)


class NoticeDetail(NoticeOut):
    """A notice with its text."""

    details: dict[str, str] = Field(description="Further labelled facts, in order.")
    text: str = Field(description="The text of the notice, plain, without the lines that name students.")

    @staticmethod
    def resolve_details(notice: Notice) -> dict[str, str]:
        return public(notice).details

    @staticmethod
    def resolve_text(notice: Notice) -> str:
        return public(notice).text
