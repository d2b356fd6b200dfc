"""What goes wrong in a played season, and what of it the checker must know."""

import time
from typing import TYPE_CHECKING

from benchmarks.played.inputs import HOUR, IN_FLIGHT, MINUTE, Fault
from benchmarks.played.known import Trouble
from supersetbot.sandbox.portal import faults as portal_faults

if TYPE_CHECKING:
    from benchmarks.played.play import Player

PATIENCE, SHORT_PATIENCE = 30.0, 3.0
_RECOVERS = 2 * MINUTE  # until a process that was killed is back, and what it held is free
_LEASE = HOUR  # what a clock that was ahead wrote holds so long at most, as a lease may (accounts/clock.py, LIMITS)


class Faults:
    """Begins and ends faults; knows which of them stand."""

    def __init__(self, player: "Player") -> None:
        self._player = player
        self._kills: list[Fault] = []
        self._standing: list[Fault] = []
        self._ahead = 0.0

    def stands(self, kind: str) -> bool:
        return any(fault.kind == kind for fault in self._standing)

    @property
    def patience(self) -> float:
        """How long a student's own act is waited for: not where nobody can answer."""
        return SHORT_PATIENCE if self._standing else PATIENCE

    def clock(self, now: float) -> float:
        """What the service's clock shows."""
        return now + self._ahead

    def begin(self, fault: Fault) -> None:
        """Have something go wrong, and right again after its time."""
        world = self._player.world
        match fault.kind:
            case "kill delivery" | "kill reading":
                self._kills.append(fault)  # at the next task that comes so far
                return
            case "kill bot":
                self._player.process("bot").kill()
                self._player.restart("bot")
                self._happened(fault, fault.at + MINUTE)
                return
            case "flood":
                world.phones.faults.plan("flood", times=max(1, int(fault.size)), retry_after=int(fault.seconds))
            case "telegram down":
                world.phones.faults.plan("down")
            case "lost replies":
                world.phones.faults.plan("lost_reply", times=max(1, int(fault.size)))
            case "portal down":
                world.portal.fail(portal_faults.status(503))
            case "clock":
                self._ahead = fault.size
            case "locked":
                world.store.lock(fault.seconds)
            case "database away":
                world.store.go_away()
            case "disk full":
                world.store.fill()
        self._standing.append(fault)
        self._player.at(fault.end, lambda: self._end(fault))

    def _end(self, fault: Fault) -> None:
        world = self._player.world
        self._standing.remove(fault)
        match fault.kind:
            case "flood" | "telegram down" | "lost replies":
                world.phones.faults.clear()
            case "portal down":
                world.portal.mend()
            case "clock":
                self._ahead = 0.0
            case "database away":
                world.store.come_back()
            case "disk full":
                world.store.empty()
        self._happened(fault, self._player.now)
        self._player.sweep_after(self._player.now)

    def _happened(self, fault: Fault, end: float) -> None:
        in_flight = 0 if fault.kind in ("portal down", "kill bot", "flood", "kill reading") else IN_FLIGHT
        extra = {"flood": fault.seconds, "clock": min(max(fault.size, 0.0), _LEASE)}.get(fault.kind, 0.0)
        self._player.troubles.append(Trouble(fault.at, end + extra + _RECOVERS, fault.kind, in_flight))

    def strike(self, name: str, task: str) -> None:
        """Kill the process that is at a task, once it has gone as far as a fault says."""
        fault = next((kill for kill in self._kills if kill.kind == "kill delivery" or task in ("look", "cycle")), None)
        if fault is None:
            return
        player, process = self._player, self._player.process(name)
        arrived, begun = player.world.phones.arrived, time.monotonic()
        goal = len(arrived) + fault.size if fault.kind == "kill delivery" else 0.0

        def far_enough() -> bool:
            return len(arrived) >= goal if goal else time.monotonic() - begun >= fault.size / 1000

        player.world.until(lambda: far_enough() or process.has_answered(), PATIENCE)
        if process.has_answered() or not far_enough():
            return  # it ended before that: the next one
        self._kills.remove(fault)
        process.kill()
        player.troubles.append(Trouble(player.now, time.time() + _RECOVERS, fault.kind, IN_FLIGHT))
