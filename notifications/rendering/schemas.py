"""A notice as programs read it: in the API, and as the body of a webhook."""

from datetime import datetime

from ninja import Field, Schema

from accounts.web.pay import Pay
from notifications.models import Notice
from notifications.rendering.formats import rupees_a_year
from notifications.rendering.public import public


class LinkOut(Schema):
    url: str
    label: str = ""


def _plain(name: str) -> "staticmethod[[Notice], str]":
    """A resolver for a short text of a notice, which is empty where it names somebody."""
    return staticmethod(lambda notice: public(notice).plain(name))


class NoticeOut(Schema):
    """A notice without the students it names: those are for people with a key."""

    id: int
    key: str = Field(alias="external_key")
    season: int | None
    category: str
    title: str
    company: str
    role: str
    stage: str
    location: str
    package: str
    pay: Pay | None
    venue: str
    author: str
    event_at: datetime | None
    deadline: datetime | None
    deadline_all_day: bool
    links: list[LinkOut]
    url: str
    job: str = Field(alias="job_key", description="Identifier of the job it belongs to, or empty.")
    students: int = Field(description="How many students its list names.")
    published_at: datetime
    updated_at: datetime
    edited_at: datetime | None
    edit_note: str
    version: int

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

    details: dict[str, str]
    text: str = Field(description="The text of the notice, plain, without the lines that name students.")

    @staticmethod
    def resolve_details(notice: Notice) -> dict[str, str]:
        return public(notice).details

    @staticmethod
    def resolve_text(notice: Notice) -> str:
        return public(notice).text
