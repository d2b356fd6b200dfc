"""Puts the texts of a season up where the service reads them: on the portal, and into the mailbox."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from benchmarks.played.inputs import Text, local
from benchmarks.played.texts import MAILBOX, Recipe
from benchmarks.played.world import World
from supersetbot.sandbox.mailbox.mails import forwarded
from supersetbot.sandbox.portal import portal_world


class Publisher:
    """Publishes each version of each text by its recipe."""

    def __init__(self, world: World, recipes: dict[str, Recipe], seed: int) -> None:
        self._world, self._recipes, self._chance = world, recipes, Random(seed)
        self._identifiers: dict[str, str] = {}

    def show(self, text: Text, number: int) -> None:
        """Put up a version of a text, with its job and its file."""
        recipe = self._recipes[text.key]
        if recipe.job:
            self._show_job(recipe, number)
        if recipe.posts:
            title, body = recipe.posts[number]
            if recipe.file:
                body = body.format(file=self._world.portal.publish_file(*recipe.file))
            if text.source == MAILBOX:
                self._mail(text, title, body)
            else:
                self._show_notice(text, number, title, body)

    def external_key(self, text: Text) -> str:
        """The key by which the service knows a notice of the portal."""
        return f"superset:notice:{self._identifiers[text.key]}"

    def _show_job(self, recipe: Recipe, number: int) -> None:
        assert recipe.job
        changed: dict[str, Any] = {"jobProfileApplicationDeadline": int(recipe.deadlines[number] * 1000)}
        if number == 0:
            recipe.job.short |= changed
            self._world.portal.publish_job(recipe.job)
        else:
            self._world.portal.edit_job(recipe.job.short["jobProfileIdentifier"], short=changed)

    def _show_notice(self, text: Text, number: int, title: str, body: str) -> None:
        now = datetime.fromtimestamp(text.versions[number].at, UTC)
        if number == 0:
            notice = portal_world.make_notice((title, body), now, self._chance)
            notice.record["lastModifiedByUserName"] = text.key
            self._identifiers[text.key] = notice.record["identifier"]
            self._world.portal.publish_notice(notice)
        else:
            changed = portal_world.epoch(now)
            self._world.portal.edit_notice(
                self._identifiers[text.key], title=title, content=body, lastModifiedOn=changed
            )

    def _mail(self, text: Text, subject: str, body: str) -> None:
        mail = forwarded(subject, body, local(text.at), int(text.key[-4:]))
        self._world.mailbox.deliver(mail.replace(b"T&P Cell", text.key.encode()))
