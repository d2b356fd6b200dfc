"""Filters: what is understood, and that the statement keeps quiet just what a plain reading of the filters would."""

import random
import re
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from accounts.models import Filter, Subscription
from accounts.personal import filters
from accounts.personal.filters import FilterError, Offer, narrowed, parse
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
COMPANIES = ("Zenith Labs", "Nykaa", "Orbit")
WORDS = ("python", "c++", "night shift")
PLACES = ("Noida", "Pune", "Delhi NCR")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("company", "  Zenith  LABS ", "Zenith LABS"),
        ("word", "C++", "C++"),
        ("package", "6", "6"),
        ("package", "7,5 LPA", "7.5"),
        ("type", "FULL Time", "full time"),
        ("type", "Intern", "internship"),
        ("eligible", "", ""),
        ("place", "नोएडा", "नोएडा"),
    ],
)
def test_what_is_understood(kind: str, text: str, value: str) -> None:
    assert parse(kind, text).value == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("", "x"),
        ("shoe", "43"),
        ("company", ""),
        ("word", "!!!"),
        ("word", "x" * 61),
        ("word", "🎓"),
        ("package", "a lot"),
        ("package", "0"),
        ("package", "-3"),
        ("package", "5000"),
        ("type", "part time"),
    ],
)
def test_what_is_refused_says_why(kind: str, text: str) -> None:
    with pytest.raises(FilterError, match=r"\.$"):
        parse(kind, text)


def test_fifty_are_enough_and_a_second_package_takes_the_place_of_the_first(subscribe: Subscribe) -> None:
    mine = int(subscribe().address)
    for number in range(filters.MOST):
        assert filters.add(mine, parse("word", f"word {number}"))
    with pytest.raises(FilterError, match="50 filters"):
        filters.add(mine, parse("word", "one more"))
    for each in filters.of(mine):
        assert filters.remove(mine, each.pk)
    filters.add(mine, parse("package", "6"))
    filters.add(mine, parse("package", "8"))
    assert [each.value for each in filters.of(mine)] == ["8"]
    assert not filters.add(1, parse("package", "6"))
    assert not filters.remove(1, filters.of(mine)[0].pk)


def test_a_filter_is_told_as_it_was_written_and_stored_once(subscribe: Subscribe) -> None:
    mine = int(subscribe().address)
    for typed in ("zenith", "Zenith"):
        assert filters.add(mine, parse("company", typed))
    assert [filters.said(each) for each in filters.of(mine)] == ["Always tell me of Zenith"]
    offer = Offer(company="ZENITH Labs", text="")
    assert filters.lets_through(filters.of(mine), offer, wanted=False, not_open=False)
    assert narrowed(Subscription.objects.none(), Subscription.objects.all(), offer).exists()


@dataclass(frozen=True)
class Wish:
    kind: str
    value: str


def lets_through(wishes: list[Wish], offer: Offer) -> bool:
    """What the filters mean, said plainly and a second time."""

    def holds(value: str, text: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(value.lower())}(?!\w)", text.lower()) is not None

    of = {kind: [wish.value for wish in wishes if wish.kind == kind] for kind in Filter.Kind.values}
    everything = f"{offer.company}\n{offer.text}"
    if any(holds(value, offer.company) for value in of["company"]) or any(holds(v, everything) for v in of["word"]):
        return True
    if any(holds(value, offer.company) for value in of["not-company"]):
        return False
    if any(holds(value, everything) for value in of["not-word"]):
        return False
    if not offer.posting:
        return True
    too_little = offer.rupees is not None and any(offer.rupees < float(v) * 100_000 for v in of["package"])
    elsewhere = bool(offer.place and of["place"]) and not any(holds(v, offer.place) for v in of["place"])
    another = bool(offer.type and of["type"]) and not any(holds(v, offer.type) for v in of["type"])
    return not (too_little or elsewhere or another)


def some_wishes(chance: random.Random) -> list[Wish]:
    kinds = {
        **dict.fromkeys(("company", "not-company"), COMPANIES),
        **dict.fromkeys(("word", "not-word"), WORDS),
        "place": PLACES,
        "type": ("internship", "full time"),
        "package": ("6", "10"),
    }
    made = [Wish(kind, chance.choice(kinds[kind])) for kind in chance.choices(sorted(kinds), k=chance.randint(0, 4))]
    packages = [wish for wish in made if wish.kind == "package"]
    return [wish for wish in made if wish.kind != "package" or wish is packages[-1]]


def some_offer(chance: random.Random) -> Offer:
    return Offer(
        company=chance.choice(("", *COMPANIES, "Zenithal Labs")),
        text=f"We look for {chance.choice((*WORDS, 'pythonic', 'people'))}.",
        posting=chance.random() < 0.7,
        rupees=chance.choice((None, 500_000, 600_000, 1_200_000)),
        place=chance.choice(("", "Noida, UP", "Pune", "Delhi")),
        type=chance.choice(("", "Internship", "Full Time")),
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_statement_means_what_the_filters_say(subscribe: Subscribe, seed: int) -> None:
    chance = random.Random(seed)
    people = {subscribe(): some_wishes(chance) for _ in range(12)}
    for subscription, wishes in people.items():
        for wish in wishes:
            filters.add(int(subscription.address), parse(wish.kind, wish.value))
    every = Subscription.objects.all()
    for _ in range(10):
        offer = some_offer(chance)
        found = set(narrowed(every, every, offer).values_list("pk", flat=True))
        assert found == {who.pk for who, wishes in people.items() if lets_through(wishes, offer)}


def test_what_is_followed_comes_though_its_category_is_muted(subscribe: Subscribe) -> None:
    mine, other = subscribe(), subscribe()
    filters.add(int(mine.address), parse("company", "zenith"))
    every = Subscription.objects.all()
    found = narrowed(every.none(), every, Offer(company="Zenith Labs", text=""))
    assert list(found) == [mine]
    assert other not in found


def test_only_what_is_open_to_me(subscribe: Subscribe, settings: Settings) -> None:
    mine, other = subscribe(), subscribe()
    filters.add(int(mine.address), parse("eligible", ""))
    assert list(filters.want_only_open()) == [mine.subscriber]
    every = Subscription.objects.all()
    offer = Offer(company="Zenith", text="", posting=True, not_open=frozenset([mine.subscriber_id]))
    assert list(narrowed(every, every, offer)) == [other]
