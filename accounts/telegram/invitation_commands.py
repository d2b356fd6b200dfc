"""/uninvite: what was invited and has not come stays out (spec: personal, Who is who)."""

import logging

from accounts.models import Invitation
from accounts.pseudonyms import pseudonym
from accounts.telegram.call import Call
from accounts.telegram.registry import command, in_database

log = logging.getLogger(__name__)

NONE_OPEN = "No invitation is open."


@command("uninvite", does="End all invitations that are open", admin=True)
async def uninvite(call: Call) -> None:
    ended = await in_database(Invitation.objects.all().end)
    log.info("%s ended %d invitations", pseudonym(call.user.id), ended)
    if ended:
        await call.reply(f"{ended} invitation{'s' if ended != 1 else ''} ended: the links admit nobody any more.")
    else:
        await call.reply(NONE_OPEN)
