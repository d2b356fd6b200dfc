"""Members with a number each, and a list of some of them."""

from notifications.models import Notice


def enrol(people: int) -> None:
    """Subscribe so many people and give each a number, 30,000,000 and up; all are members."""
    from accounts.models import Profile, Subscriber
    from accounts.personal import profiles
    from benchmarks.stage.rows import subscribe

    subscribe(people)
    Subscriber.objects.update(membership="member")
    ids = Subscriber.objects.order_by("pk").values_list("pk", flat=True)
    sealed = profiles.sealed({})  # what is measured reads the digest alone; encrypting each takes minutes
    rows = (
        Profile(subscriber_id=pk, **{**sealed, "number_digest": profiles.number_digests(str(30_000_000 + n))[0]})
        for n, pk in enumerate(ids)
    )
    Profile.objects.bulk_create(rows, batch_size=500)


def shortlist(members: int, listed: int) -> Notice:
    """Store, but do not announce, a list of so many numbers, spread over the members; a fifth is of nobody here."""
    from benchmarks.stage.rows import draft
    from notifications.publishing.publish import publish

    step = max(members // max(listed * 4 // 5, 1), 1)
    numbers = [30_000_000 + n * step if n % 5 else 90_000_000 + n for n in range(listed)]
    roster = tuple({"name": f"Student {number}", "enrollment": str(number)} for number in numbers)
    return publish(draft(category="shortlisting", company="Zenith Labs", roster=roster), announce=False).notice
