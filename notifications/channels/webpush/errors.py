"""What the ledger is told of a push service's refusals and of what happens on the way there (spec: delivery)."""

import re
from typing import NamedTuple

from accounts.clock import retry_after
from notifications.channels.base import (
    PUSH_BUSY,
    PermanentError,
    RetryLaterError,
    TransientError,
)

WAIT_UNSTATED = 60.0
# 406 is WNS's ("the cloud service exceeded its throttle limit"); 420, 509 and 529 are gateways' words for 429.
_THROTTLED = {406, 420, 425, 429, 503, 509, 529}
_BUSY = re.compile(r"throttl|too[ _-]?many|rate[ _-]?(limit|exceeded)|quota|resource[ _-]?exhausted", re.IGNORECASE)
_FINAL = {404, 410, 413}  # a Retry-After beside these changes nothing

# What push services say where the subscription was made with another VAPID key than the one that signed:
# FCM "UnauthorizedRegistration", "MismatchSenderId", "SENDER_ID_MISMATCH", "… do not correspond to the credentials
# used to create the subscriptions"; Apple "VapidPkHashMismatch"; Mozilla "VAPID public key mismatch". That is a word
# for the key near a word for a difference. A token's audience, time or signature can be wrong too: those are our own.
_KEY = r"(?:key|pk|credential|sender)"
_DIFFERS = r"(?:mismatch|(?:\bnot|n't|nt)[ _-]+(?:match|correspond|belong|associat)|different|another|wrong|incorrect)"
_OTHER_KEY = re.compile(
    rf"unauthorized[ _-]?registration|{_KEY}[^.]{{0,60}}{_DIFFERS}|{_DIFFERS}[^.]{{0,60}}{_KEY}", re.IGNORECASE
)
_OF_TOKEN = re.compile(r"\baud\b|audience|\bexp\b|expir|signature|\borigin\b", re.IGNORECASE)


class PushResponse(NamedTuple):
    """What a push service said; `reason` is its first words."""

    status: int
    retry_after: str
    reason: str


def raise_for_answer(answer: PushResponse) -> None:
    """Raise the ChannelError for a push service's answer, if it refused.

    RFC 8292, 4.2 knows 401 and 403 for a token that is missing or invalid, without telling a wrong time from a wrong
    key; so only a refusal in words that name the key ends the subscription (`vapid_mismatch`). Where all of them end
    that way, it is our own pair that changed. Any other is `vapid_refused`, and no subscription's fault. A throttle
    is no refusal, whatever its status: the delivery waits and no attempt is counted.
    """
    status, _, reason = answer
    asked = retry_after(answer.retry_after)
    wait = None if asked is None else max(asked, 1.0)
    if status in {404, 410}:
        raise PermanentError("gone", reason, switch_off=True)
    if 400 <= status < 500 and _names_other_key(reason):
        raise PermanentError("vapid_mismatch", reason, switch_off=True)
    if _is_throttle(answer, wait):
        raise RetryLaterError(PUSH_BUSY, WAIT_UNSTATED if wait is None else wait, reason, channel_wide=False)
    if status in {401, 403}:
        raise PermanentError("vapid_refused", reason, doubtful=True)
    if status == 413:
        raise PermanentError("too_long", reason)
    if status >= 500 or status == 408:
        raise TransientError(f"http_{status}", reason)
    if status >= 300:
        raise PermanentError(f"http_{status}", reason, doubtful=True)


def _is_throttle(answer: PushResponse, wait: float | None) -> bool:
    if answer.status < 400 or answer.status in _FINAL:
        return False
    return answer.status in _THROTTLED or wait is not None or bool(_BUSY.search(answer.reason))


def _names_other_key(reason: str) -> bool:
    return bool(_OTHER_KEY.search(reason)) and not _OF_TOKEN.search(reason)
