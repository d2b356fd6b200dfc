"""What filters would have done is what the statement that writes the deliveries does, in few queries."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Filter, Subscription
from accounts.personal import filters, profiles
from accounts.subscribing import subscriptions
from accounts.subscribing.audience import wanting
from accounts.subscribing.subscriptions import Chat
from notifications.models import Notice
from notifications.publishing.offers import offer_of
from notifications.publishing.publish import publish
from notifications.publishing.would_have import last_month
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db
ASHA = 1001
FILTERS = (
    *(("company", "Zenith"), ("word", "python"), ("not-company", "Kestrel"), ("not-word", "webinar")),
    *(("package", "8"), ("place", "Noida"), ("type", "internship"), ("eligible", "")),
)
CHOICES = st.lists(st.sampled_from(FILTERS), unique=True, max_size=6)


def by_the_statement() -> tuple[int, int]:
    """The same figures by what fan-out asks the database."""
    mine = Subscription.objects.filter(subscriber__telegram_id=ASHA)
    through = of = 0
    for notice in Notice.objects.all():
        wanted = wanting(category=notice.category, season=notice.season).filter(pk__in=mine.values("pk"))
        comes = filters.narrowed(wanted, mine, offer_of(notice)).exists()
        through, of = through + comes, of + (wanted.exists() or comes)
    return through, of


@pytest.fixture
def season(draft: MakeDraft) -> None:
    subscriptions.start(Chat(ASHA, name="Asha"))
    profiles.agree(ASHA)
    profiles.tell(ASHA, "cgpa", "7")
    strict = ({"name": "cgpa", "value": "8", "quote": "8", "program": ""},)
    number = 0
    for company in ("Zenith Labs", "Kestrel", ""):
        for place, pay, rules in (("Noida", "₹5–9 LPA", ()), ("Pune", "₹6 LPA", strict), ("", "", ())):
            for category in ("job_posting", "webinar", "update"):
                number += 1
                facts = {"company": company, "location": place, "package": pay, "eligibility": rules}
                body = "<p>python</p>" if number % 4 == 0 else "<p>a webinar</p>"
                publish(draft(f"n{number}", category=category, title=f"Notice {number}", body=body, **facts))


@pytest.mark.usefixtures("season")
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=CHOICES, muted=st.sampled_from(["", "webinar", "job_posting"]))
def test_it_is_what_fan_out_does(chosen: list[tuple[str, str]], muted: str) -> None:
    Filter.objects.all().delete()
    for category in ("webinar", "job_posting"):
        subscriptions.mute(ASHA, category, on=category == muted)
    for kind, value in chosen:
        filters.add(ASHA, filters.parse(kind, value))
    assert last_month(ASHA) == by_the_statement()


@pytest.mark.usefixtures("season")
def test_it_takes_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for kind, value in FILTERS:
        filters.add(ASHA, filters.parse(kind, value))
    with django_assert_num_queries(6):
        last_month(ASHA)


def test_who_is_told_nothing_is_told_none() -> None:
    assert last_month(ASHA) == (0, 0)
