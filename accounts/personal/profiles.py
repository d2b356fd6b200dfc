"""What students told of themselves: stored encrypted, after they agreed, found again by a keyed digest of their number.

(spec: personal, Profile) Nothing here is ever logged.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts import encryption, privacy
from accounts.clock import CLOCKS_DIFFER
from accounts.encryption import LostKeyError
from accounts.models import Consent, Profile, Subscriber
from accounts.personal.facts import FACTS, FactError

# Sent in the transaction of the change with `subscriber`, the primary key of whoever lost the number to its owner.
number_taken = Signal()
number_told = Signal()  # with `subscriber`, whose number is another one than before, or the first
facts_changed = Signal()  # with `subscriber`, and the facts `before` and `after`
number_gone = Signal()  # with `subscriber`: what a list said of the number is no longer about them
NUMBER = "number"
CLAIMS_A_DAY = 10  # of numbers, by one person
_WAITS = timedelta(minutes=10)
Guess = Callable[[str], dict[str, str]]
Lists = Callable[[int, str], list[str]]
_guesses: list[Guess] = []
_lists: list[Lists] = []
TAKEN_PROVE = _lazy(
    "Somebody here has claimed this number. If it is yours, send /join with your address at the institute, and then the"
    " number again."
)
TAKEN_ASK = _lazy("Somebody here has claimed this number. If it is yours, ask your placement cell.")
NOT_NOW = _lazy("I can't take a number just now. Please try again later.")
UNREADABLE = _lazy("Your profile can't be read just now: the operator has to bring back a key. Nothing of it is lost.")


class NoConsentError(Exception):
    """Nothing of a profile is stored before its owner agreed to the notice."""


def agree(telegram_id: int) -> bool:
    """Note that a person agreed to the present notice. False where they never subscribed."""
    person = _person(telegram_id).first()
    if person is None:
        return False
    Consent.objects.get_or_create(subscriber=person, version=privacy.VERSION)
    Profile.objects.get_or_create(subscriber=person, defaults=sealed({}))
    return True


def has_agreed(telegram_id: int) -> bool:
    """Whether a person agreed to the notice as it is now."""
    return Consent.objects.filter(subscriber__telegram_id=telegram_id, version=privacy.VERSION).exists()


def known(telegram_id: int) -> dict[str, str]:
    """Return what a person told, by the names in FACTS. Raises LostKeyError where it can't be decrypted."""
    profile = Profile.objects.filter(subscriber__telegram_id=telegram_id).first()
    return read(profile.sealed, has_number=bool(profile.number_digest)) if profile else {}


def knows_number(subscriber_id: int) -> bool:
    """Whether a person told their number, and nobody else claimed it since."""
    return Profile.objects.filter(subscriber=subscriber_id, number_digest__gt="").exists()


def read(sealed: str, *, has_number: bool) -> dict[str, str]:
    """Return the facts of a stored profile; without the number where another one owns it now. Raises LostKeyError."""
    facts: dict[str, str] = json.loads(encryption.decrypt(sealed))
    if not has_number:
        facts.pop(NUMBER, None)
    return facts


def tell(telegram_id: int, name: str, text: str) -> str:
    """Store one fact as a person wrote it. Returns it as it was understood.

    Raises FactError for a text that can't be taken or a number that is another's, NoConsentError before they agreed,
    LostKeyError where the older facts can't be read: they are never overwritten.
    """
    value = FACTS[name].parse(text)
    tell_all(telegram_id, {name: value})
    return value


def tell_all(telegram_id: int, values: Mapping[str, str]) -> None:
    """Store several facts at once as FACTS understood them; "" forgets one. Raises what `tell` raises.

    A question that waits for one of them is answered by that.
    """
    if values:
        _change(telegram_id, partial(_with_all, values))
        Profile.objects.filter(subscriber__telegram_id=telegram_id, asking__in=values).update(asking="")


def drop(telegram_id: int, name: str) -> None:
    """Forget one fact. Raises NoConsentError, LostKeyError."""
    _change(telegram_id, partial(_without, name))


def ask(telegram_id: int, name: str) -> None:
    """Note which question the next plain text answers; "" for none."""
    profile = Profile.objects.filter(subscriber__telegram_id=telegram_id)
    profile.update(asking=name, asked_at=timezone.now(), asked_again=False)


def ask_again(telegram_id: int) -> bool:
    """Ask the waiting question once more. False where that was done before: then the question is over."""
    waits = Profile.objects.filter(subscriber__telegram_id=telegram_id).exclude(asking="")
    if waits.filter(asked_again=False).update(asked_again=True, asked_at=timezone.now()):
        return True
    waits.update(asking="")
    return False


def end_question(telegram_id: int) -> None:
    """Wait for no answer any more."""
    Profile.objects.filter(subscriber__telegram_id=telegram_id).exclude(asking="").update(asking="")


def waiting_question(telegram_id: int) -> str:
    """Return which question waits for an answer; "" where none was asked within the last ten minutes."""
    now = timezone.now()
    mine = Profile.objects.filter(subscriber__telegram_id=telegram_id)
    lately = mine.filter(asked_at__range=(now - _WAITS, now + CLOCKS_DIFFER))
    return lately.values_list("asking", flat=True).first() or ""


def delete(telegram_id: int) -> bool:
    """Delete the profile and the consent, readable or not. False where there was neither."""
    person = _person(telegram_id)
    with transaction.atomic():
        _say_gone(person.select_for_update())
        gone, _ = Profile.objects.filter(subscriber__in=person).delete()
        agreed, _ = Consent.objects.filter(subscriber__in=person).delete()
    return bool(gone or agreed)


def guess_by(guess: Guess) -> Guess:
    """Have facts guessed from a number by what the institute says of its numbers."""
    _guesses.append(guess)
    return guess


def guessed(number: str) -> dict[str, str]:
    """Return the facts that a number speaks for, to be confirmed by its owner."""
    return {name: value for guess in _guesses for name, value in guess(number).items()} if number else {}


def lists_by(lists: Lists) -> Lists:
    """Have somebody who tells a number told where it stands: a function of Telegram id and number, a line a list."""
    _lists.append(lists)
    return lists


def lists_with(telegram_id: int, number: str) -> list[str]:
    """Return a line for each list of the last days that holds a number."""
    return [line for lists in _lists for line in lists(telegram_id, number)]


def number_digests(number: str) -> list[str]:
    """Return the digests under which a normal number may be stored, the current key's first."""
    return encryption.digests(NUMBER, number)


def of_subscribers(subscribers: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return the facts of these subscribers, one query. Of who can't be read or told nothing there is no entry."""
    rows = Profile.objects.filter(subscriber__in=subscribers).values_list("subscriber_id", "sealed", "number_digest")
    found = {}
    for subscriber, sealed, digest in rows:
        try:
            found[subscriber] = read(sealed, has_number=bool(digest))
        except LostKeyError:  # doctor names it
            continue
    return found


def _person(telegram_id: int) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON)


def _with_all(values: Mapping[str, str], facts: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in {**facts, **values}.items() if value}


def _without(name: str, facts: dict[str, str]) -> dict[str, str]:
    return {other: value for other, value in facts.items() if other != name}


def _change(telegram_id: int, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    try:
        with transaction.atomic():
            person = _person(telegram_id).select_for_update().first()
            if person is None or not has_agreed(telegram_id):
                raise NoConsentError
            _store(person, change)
    except IntegrityError:  # another one claimed the number in this moment
        raise FactError(taken()) from None


def taken() -> str:
    """Return what somebody is told who claims another one's number."""
    return str(TAKEN_PROVE if settings.MEMBER_EMAIL_DOMAINS else TAKEN_ASK)


def _store(person: Subscriber, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    profile = Profile.objects.filter(subscriber=person).first()
    before = read(profile.sealed, has_number=bool(profile.number_digest)) if profile else {}
    facts = change(before)
    if NUMBER in facts:
        _free(number_digests(facts[NUMBER]), person)
    if before.get(NUMBER) not in (None, facts.get(NUMBER)):
        number_gone.send(sender=Profile, subscriber=person.pk)
    Profile.objects.update_or_create(subscriber=person, defaults=sealed(facts))
    if facts.get(NUMBER) not in (None, before.get(NUMBER)):
        number_told.send(sender=Profile, subscriber=person.pk)
    facts_changed.send(sender=Profile, subscriber=person.pk, before=before, after=facts)


def sealed(facts: dict[str, str]) -> dict[str, Any]:
    """Return the facts as columns of Profile, encrypted by the current key."""
    return {
        "sealed": encryption.encrypt(json.dumps(facts)),
        "key": encryption.current_key_id(),
        "number_digest": number_digests(facts[NUMBER])[0] if NUMBER in facts else None,
        "updated_at": timezone.now(),
    }


def _free(number: list[str], claimant: Subscriber) -> None:
    """Take a number from its holder where the claimant proved an address and the holder did not. Raises FactError."""
    if Profile.objects.exclude(key__in=encryption.key_ids()).exists():
        raise FactError(NOT_NOW)  # a key is missing: the number may be one of those that can't be looked up
    holder = Profile.objects.filter(number_digest__in=number).exclude(subscriber=claimant)
    held = holder.select_related("subscriber").select_for_update(of=("self",)).first()
    if held is None:
        return
    if not claimant.email_digest or held.subscriber.email_digest:
        raise FactError(taken())
    _take_from(held)


def free(number: str) -> bool:
    """Take a normal number from whoever claimed it, by an admin's word. False where nobody did."""
    with transaction.atomic():
        held = Profile.objects.filter(number_digest__in=number_digests(number)).select_for_update().first()
        if held:
            _take_from(held)
    return held is not None


def _take_from(held: Profile) -> None:
    Profile.objects.filter(pk=held.pk).update(number_digest=None)
    number_taken.send(sender=Profile, subscriber=held.subscriber_id)
    number_gone.send(sender=Profile, subscriber=held.subscriber_id)


def _say_gone(people: QuerySet[Subscriber]) -> None:
    for pk in people.values_list("pk", flat=True):
        number_gone.send(sender=Profile, subscriber=pk)
