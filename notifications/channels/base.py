"""The contract of a channel: it sends, and answers with a receipt or raises one of these errors.

A channel knows no database, keeps no retry loop and never sleeps: the dispatcher decides what an error means for the
ledger (docs/architecture.md, rule 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from accounts.clock import LONGEST_PAUSE
from notifications.rendering.messages import Part, Recipient

# Codes for a host's name: the DNS says there is none such, or no answer came from it.
NAME_UNKNOWN, NAME_UNRESOLVED = "name_unknown", "name_unresolved"
PUSH_BUSY = "push_busy"


class ChannelError(Exception):
    """A message did not go out. `code` is short and stable (it is stored and counted), the text is for people."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code
        self.text = text


class PermanentError(ChannelError):
    """Trying again can't help. `switch_off` says that the address itself is dead (blocked, gone, never existed).

    `doubtful` says that it is the other side's judgement of the address: where most addresses are judged so, it is our
    own credentials that are refused (delivery/storms.py). By default that is what switches off.
    """

    def __init__(self, code: str, text: str = "", *, switch_off: bool = False, doubtful: bool | None = None) -> None:
        super().__init__(code, text)
        self.switch_off = switch_off
        self.doubtful = switch_off if doubtful is None else doubtful


class RetryLaterError(ChannelError):
    """The other side says when: `after` in seconds. It pauses the whole channel, and does not count as an attempt.

    With `channel_wide` false (a push service about one endpoint's host) only this delivery waits. Whoever asks for
    years is asked again after LONGEST_PAUSE.
    """

    def __init__(self, code: str, after: float, text: str = "", *, channel_wide: bool = True) -> None:
        super().__init__(code, text)
        self.after = min(after, LONGEST_PAUSE.total_seconds())
        self.channel_wide = channel_wide


class TransientError(ChannelError):
    """Trying again may help. `unknown` says that the message may have arrived all the same (a time-out).

    `unreachable` says that nobody answered at all (refused, no route, a 502), or a proxy instead: the fault is the
    channel's, not this message's, and so the whole channel waits a little.
    """

    def __init__(self, code: str, text: str = "", *, unknown: bool = False, unreachable: bool = False) -> None:
        super().__init__(code, text)
        self.unknown = unknown
        self.unreachable = unreachable


class ChannelStoppedError(ChannelError):
    """Nothing can be sent by this channel until someone mends it (a wrong token, no VAPID key).

    With `passing` it is over by itself, some time.
    """

    def __init__(self, code: str, text: str = "", *, passing: bool = False) -> None:
        super().__init__(code, text)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Receipt:
    """What went out: one id a message (a part that had to be split gives several), and the address if it moved.

    `topic_refused` says why it did not go to the recipient's topic, but to the chat as such.
    """

    message_ids: tuple[int, ...] = ()
    moved_to: str | None = None
    topic_refused: str = ""
    file_ids: Mapping[str, str] = field(default_factory=dict)  # of files uploaded, by the hash of their bytes


class Channel(Protocol):
    """A way to reach people. Opened once in the event loop that uses it, closed at its end."""

    name: str

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def send(self, recipient: Recipient, part: Part) -> Receipt:
        """Send one part. Raises a ChannelError, and nothing else."""
        ...

    async def edit(self, recipient: Recipient, message_id: int, part: Part) -> None:
        """Put `part` in the place of a message sent before. Raises a ChannelError, and nothing else."""
        ...
