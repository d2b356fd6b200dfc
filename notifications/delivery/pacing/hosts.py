"""The push services of a run: a failure counts against its endpoint, then against its host, never against the channel.

Strangers register endpoints, so a host may fail or hang on purpose. Two rules keep it from delaying others:

- A message that is not answered within a second gives its place in the channel to another, and takes a late place. A
  host has few late places; while they are taken, what else waits for it stands aside.
- A host that fails for all rests, longer and longer, and is tried by one message after each rest.
"""

from collections.abc import Callable, Container
from time import monotonic
from urllib.parse import urlsplit

from notifications.delivery.pacing.breaker import Breaker

LATE_SECONDS = 1.0
_MOST_LATE_OF_ONE = 50
_MOST_LATE_OF_A_SILENT_ONE = 8  # of a host that has answered nothing for LATE_SECONDS
_MOST_ASIDE = 100  # messages to one host that wait in memory; more would crowd out those to others
_LOOK_AGAIN_SECONDS = 0.5
_PROBE_SECONDS = 2.0
_RESTS_BEFORE = 5  # of a host that an earlier run gave up: its next rest takes half a minute
STORM_SECONDS = 60.0


def host_of(address: str) -> str:
    """The push service of an endpoint as scheme://host:port; "" for an address that is no URL (a chat)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


class Host:
    """One push service: what is in flight to it, and whether it answers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._breaker = Breaker(1, clock)
        self._answered_at = -LATE_SECONDS
        self._aside: set[str] = set()
        self._tried = False
        self.in_storm = False
        self._held_until = 0.0
        self.in_flight = 0
        self.late = 0

    def wait(self) -> float:
        """Seconds until one more message may go to it, 0.0 where it may go now."""
        if self._breaker.is_open or self.in_storm:
            held = self._held_until - self._clock()
            return max(self._breaker.resting, held, _PROBE_SECONDS if self.in_flight else 0.0)
        silent = self._clock() - self._answered_at > LATE_SECONDS
        full = self.late >= (_MOST_LATE_OF_A_SILENT_ONE if silent else _MOST_LATE_OF_ONE)
        return _LOOK_AGAIN_SECONDS if full else 0.0

    def takes_aside(self, address: str) -> bool:
        """Whether a message that can't go now may wait in memory; else it goes back to the ledger."""
        if self._breaker.is_open or self.in_storm or len(self._aside) >= _MOST_ASIDE:
            return False
        self._aside.add(address)
        return True

    def suspect(self) -> None:
        """An earlier run put a message to it off: unless this run has tried it, one message goes before the others."""
        if not self._tried:
            self._breaker.trip(_RESTS_BEFORE)

    def hold(self, *, in_storm: bool, rest: bool) -> None:
        """Take one message at a time while it refuses most of them; with `rest` none for a minute."""
        self.in_storm = in_storm
        if rest:
            self._held_until = self._clock() + STORM_SECONDS

    def goes(self, address: str) -> None:
        self._tried = True
        self._aside.discard(address)
        self.in_flight += 1

    def answered(self) -> None:
        """Note that the host answered, whatever it said."""
        self._answered_at = self._clock()
        self._breaker.answered()

    def failed(self) -> tuple[float, bool]:
        """Note a failure. Returns the seconds the host rests, and whether the failure counts against its delivery.

        It does not for what was in flight when the host began to rest.
        """
        self._breaker.failed()
        rest = self._breaker.rest()
        return rest, rest > 0.0 or not self._breaker.is_open


class Hosts:
    """The hosts of a run, by address."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._hosts: dict[str, Host] = {}
        self._held: Container[str] = ()

    def of(self, address: str) -> Host:
        name = host_of(address)
        if name not in self._hosts:
            self._hosts[name] = Host(self._clock)
            self._hosts[name].hold(in_storm=name in self._held, rest=False)
        return self._hosts[name]

    def hold(self, held: Container[str], resting: Container[str]) -> None:
        """Tell each host whether it is in a storm of refusals (delivery/storms.py), and rests."""
        for name, host in self._hosts.items():
            host.hold(in_storm=name in held, rest=name in resting)
        self._held = held

    @property
    def late(self) -> int:
        return sum(host.late for host in self._hosts.values())
