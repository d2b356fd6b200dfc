"""Profiles: nothing before an agreement, encrypted, one owner a number, and never overwritten when a key is lost."""

import pytest
from django.db import connection
from pytest_django import Settings

from accounts import encryption
from accounts.encryption import LostKeyError
from accounts.models import Consent, Profile, Subscriber
from accounts.personal import profiles
from accounts.personal.facts import FactError
from accounts.personal.key_rotation import rotate
from accounts.subscribing import forgetting, subscriptions
from accounts.subscribing.my_data import stored_about

pytestmark = pytest.mark.django_db
OLD, NEW = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZCE=", "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE="


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]


def person(telegram_id: int = 1, *, agreed: bool = True, **fields: object) -> Subscriber:
    made = Subscriber.objects.create(telegram_id=telegram_id, **fields)
    if agreed:
        profiles.agree(telegram_id)
    return made


def test_nothing_is_stored_before_somebody_agreed() -> None:
    person(agreed=False)
    with pytest.raises(profiles.NoConsentError):
        profiles.tell(1, "cgpa", "7.8")
    assert not Profile.objects.exists()
    assert not profiles.agree(99), "who never subscribed can't agree"


def test_an_agreement_to_an_older_notice_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    person()
    profiles.tell(1, "cgpa", "7.8")
    monkeypatch.setattr("accounts.privacy.VERSION", "2027-01-01")
    with pytest.raises(profiles.NoConsentError):
        profiles.tell(1, "x", "91")
    assert profiles.known(1) == {"cgpa": "7.8"}


def test_what_was_told_is_known_changed_and_dropped() -> None:
    person()
    profiles.tell(1, "number", "2210 3001")
    profiles.tell(1, "cgpa", "7,8")
    profiles.tell(1, "cgpa", "8")
    assert profiles.known(1) == {"number": "22103001", "cgpa": "8"}
    profiles.drop(1, "number")
    assert profiles.known(1) == {"cgpa": "8"}
    assert not Profile.objects.exclude(number_digest=None).exists()


def test_the_database_holds_no_word_of_it() -> None:
    person()
    profiles.tell(1, "number", "22103001")
    profiles.tell(1, "gender", "female")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Profile._meta.db_table}")
        row = str(cursor.fetchall())
    assert "22103001" not in row
    assert "female" not in row


def test_a_number_has_one_owner_until_somebody_proves_an_address() -> None:
    person(1)
    person(2)
    proven = person(3, email_digest="x")
    told: list[int] = []

    def note(subscriber: int, **_: object) -> None:
        told.append(subscriber)

    profiles.number_taken.connect(note)
    profiles.tell(1, "number", "22103001")
    with pytest.raises(FactError, match="claimed"):
        profiles.tell(2, "number", "2210-3001")
    profiles.tell(3, "number", "22103001")
    assert profiles.known(1) == {}
    assert profiles.known(3) == {"number": "22103001"}
    assert told == [Subscriber.objects.get(telegram_id=1).pk]
    with pytest.raises(FactError):
        profiles.tell(1, "number", "22103001")
    Subscriber.objects.filter(telegram_id=1).update(email_digest="y")
    with pytest.raises(FactError, match="claimed"):
        profiles.tell(1, "number", "22103001")
    assert Profile.objects.get(subscriber=proven).number_digest


def test_who_lost_the_number_keeps_the_rest() -> None:
    person(1)
    profiles.tell(1, "number", "22103001")
    profiles.tell(1, "cgpa", "8")
    Profile.objects.update(number_digest=None)
    assert profiles.known(1) == {"cgpa": "8"}
    profiles.tell(1, "x", "90")
    assert profiles.known(1) == {"cgpa": "8", "x": "90"}


def test_forget_and_delete_leave_nothing(settings: Settings) -> None:
    for number in (1, 2):
        person(number)
        profiles.tell(number, "cgpa", "8")
    settings.FIELD_KEYS = [NEW]  # a lost key keeps nobody from being forgotten
    assert forgetting.forget(1)
    assert profiles.delete(2)
    assert not profiles.delete(2)
    assert not Profile.objects.exists()
    assert not Consent.objects.exists()


def test_mydata_tells_the_profile_in_the_clear() -> None:
    person()
    profiles.tell(1, "cgpa", "8")
    told = stored_about(1)
    assert told["what you told of yourself"] == [{"cgpa": "8"}]
    assert "sealed" not in str(told)


def test_a_lost_key_overwrites_nothing(settings: Settings) -> None:
    person()
    profiles.tell(1, "cgpa", "8")
    settings.FIELD_KEYS = [NEW]
    sealed = Profile.objects.get().sealed
    for change in (lambda: profiles.known(1), lambda: profiles.tell(1, "x", "90"), lambda: profiles.drop(1, "cgpa")):
        with pytest.raises(LostKeyError):
            change()
    found = rotate()
    assert (found.done, found.unreadable.total()) == (0, 1)
    assert Profile.objects.get().sealed == sealed
    assert profiles.of_subscribers([Subscriber.objects.get().pk]) == {}
    settings.FIELD_KEYS = [NEW, OLD]
    assert profiles.known(1) == {"cgpa": "8"}
    assert stored_about(1)


@pytest.fixture
def fifty() -> None:
    for number in range(1, 51):
        person(number)
        profiles.tell(number, "number", f"2210{3000 + number}")


@pytest.mark.usefixtures("fifty")
def test_rotation_moves_everything_to_the_new_key(settings: Settings) -> None:
    before = encryption.current_key_id()
    settings.FIELD_KEYS = [NEW, OLD]
    assert profiles.known(7) == {"number": "22103007"}
    with pytest.raises(FactError):  # found under the old key too
        profiles.tell(8, "number", "22103007")
    profiles.tell(9, "cgpa", "9")  # while it runs
    steps: list[int] = []
    found = rotate(lambda _, done, total: steps.append(done))
    assert (found.done, found.numbers_lost, steps) == (49, 0, [49])
    settings.FIELD_KEYS = [NEW]
    assert profiles.known(50) == {"number": "22103050"}
    assert not Profile.objects.filter(key=before).exists()
    assert rotate().done == 0


@pytest.mark.usefixtures("fifty")
def test_a_number_claimed_twice_under_two_keys_stays_with_the_one_that_has_the_new_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.personal.key_rotation._AT_ONCE", 1)  # which of several goes first, PostgreSQL chooses
    settings.FIELD_KEYS = [NEW, OLD]
    mine = Profile.objects.get(subscriber__telegram_id=1)
    Profile.objects.filter(subscriber__telegram_id=2).update(number_digest=profiles.number_digests("22103001")[0])
    found = rotate()
    assert (found.done, found.numbers_lost) == (50, 1)
    mine.refresh_from_db()
    assert Profile.objects.exclude(number_digest=None).count() == 49


def test_without_field_keys_a_key_of_the_secret_does_and_is_read_later(settings: Settings) -> None:
    settings.FIELD_KEYS = []
    person()
    profiles.tell(1, "cgpa", "8")
    settings.FIELD_KEYS = [NEW]
    assert profiles.known(1) == {"cgpa": "8"}
    assert rotate().done == 1
    settings.SECRET_KEY = "another one"
    assert profiles.known(1) == {"cgpa": "8"}


def test_facts_of_many_are_one_query(django_assert_num_queries: object) -> None:
    for number in range(1, 4):
        person(number)
        profiles.tell(number, "cgpa", f"{number}")
    person(4, agreed=False)
    keys = list(Subscriber.objects.order_by("pk").values_list("pk", flat=True))
    with django_assert_num_queries(1):  # type: ignore[operator] # pytest-django states no type for its fixture
        found = profiles.of_subscribers(keys)
    assert [found[key]["cgpa"] for key in keys[:3]] == ["1", "2", "3"]
    assert keys[3] not in found


def test_while_a_key_is_missing_nobody_claims_a_number(settings: Settings) -> None:
    person(1)
    person(2)
    profiles.tell(1, "number", "22103001")
    settings.FIELD_KEYS = [NEW]
    Profile.objects.filter(subscriber__telegram_id=2).delete()
    with pytest.raises(FactError, match="just now"):
        profiles.tell(2, "number", "22103001")


def test_an_admins_no_outlives_forget() -> None:
    for number, membership in ((1, "refused"), (2, "member")):
        subscriptions.start(subscriptions.Chat(number))
        Subscriber.objects.filter(telegram_id=number).update(membership=membership)
        forgetting.forget(number)
        subscriptions.start(subscriptions.Chat(number))
    assert Subscriber.objects.get(telegram_id=1).membership == "refused"
    assert Subscriber.objects.get(telegram_id=2).membership == "none"


def test_a_number_that_goes_is_said() -> None:
    gone: list[int] = []

    def note(subscriber: int, **_: object) -> None:
        gone.append(subscriber)

    profiles.number_gone.connect(note)
    person()
    profiles.tell(1, "number", "22103001")
    profiles.tell(1, "number", "22103001")
    profiles.tell(1, "cgpa", "8")
    assert gone == []
    profiles.tell(1, "number", "22103002")
    profiles.drop(1, "number")
    profiles.delete(1)
    assert len(gone) == 3
