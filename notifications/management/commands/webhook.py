"""Programs that are called when there is news (docs/api.md, Webhooks)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.categories import Category
from accounts.models import Subscription
from accounts.seasons import typed_season
from accounts.subscribing import webhooks
from notifications.delivery.run import deliver
from notifications.models import Delivery
from notifications.publishing import broadcasts

_REASONS = {
    "name_unknown": "no such name is known; see whether the address is spelled right",
    "name_unresolved": "its name can't be looked up now",
    "no_connection": "nothing listens there, or its certificate is not good",
    "connect_timeout": "it can't be reached",
    "timeout": "it did not answer in time",
    "connection_lost": "it hung up",
    "address_refused": "its address is not out on the internet",
}
_TEST = "This is a test. It goes to this webhook alone."


class Command(BaseCommand):
    help = "Adds, lists, tests and removes webhooks: programs that are called when a notice is new or changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        orders = parser.add_subparsers(dest="order", required=True, metavar="ORDER")
        adding = orders.add_parser("add", help="has a program called, and prints the secret of its signatures once")
        adding.add_argument("name", metavar="NAME", help="which program it is")
        adding.add_argument("url", metavar="URL", help="https, out on the internet")
        adding.add_argument(
            "--season", type=typed_season, nargs="+", default=[], help="only these seasons, such as 2026-27"
        )
        adding.add_argument("--category", choices=Category.values, nargs="+", default=[], help="only these categories")
        adding.add_argument("--names", action="store_true", help="send the names of students, too")
        orders.add_parser("list", help="lists them")
        for order, does in (("test", "sends one a test message, and says how it went"), ("remove", "removes one")):
            orders.add_parser(order, help=does).add_argument("name", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["order"]:
            case "add":
                self.add(options)
            case "list":
                called = webhooks.webhooks().select_related("subscriber").prefetch_related("seasons", "muted")
                self.stdout.write("\n".join(map(_line, called)) or "No program is called.")
            case "test":
                self.test(_named(options["name"]))
            case "remove":
                webhooks.remove([_named(options["name"])])
                self.stdout.write(f"{options['name']} is called no more.")

    def add(self, options: dict[str, Any]) -> None:
        try:
            webhook, secret = webhooks.add(
                options["name"],
                options["url"],
                seasons=options["season"],
                categories=options["category"],
                names=options["names"],
            )
        except ValueError as error:
            raise CommandError(f"{error}.", returncode=2) from None
        self.stdout.write(secret)
        if options["verbosity"]:
            self.stderr.write(f"{webhook.subscriber.name} is called from now on. The secret can't be shown again.")

    def test(self, webhook: Subscription) -> None:
        """Queue a message for this webhook alone and have it delivered. Raises CommandError where it was not taken."""
        if webhook.state != Subscription.State.ACTIVE:
            raise CommandError(f"It is switched off ({webhook.off_reason}); the admin's page switches it on.")
        notice = broadcasts.tell([webhook], _TEST).notice
        deliver([Subscription.Channel.WEBHOOK], seconds=30)
        delivery = Delivery.objects.get(notice=notice)
        if delivery.state != Delivery.State.SENT:
            raise CommandError(f"Not taken: {_why_not(delivery)}.")
        self.stdout.write("It was taken.")


def _why_not(delivery: Delivery) -> str:
    if delivery.error_code.startswith("http_"):
        return f"it answered HTTP {delivery.error_code.removeprefix('http_')}"
    said = f"{delivery.error_code} {delivery.error_text}".strip()
    return _REASONS.get(delivery.error_code, said)


def _named(name: str) -> Subscription:
    found = webhooks.named(name).first()
    if found is None:
        raise CommandError(f"There is no webhook {name}.")
    return found


def _line(webhook: Subscription) -> str:
    state = f"{webhook.state} ({webhook.off_reason})" if webhook.off_reason else webhook.state
    return f"{webhook.subscriber.name}: {state}, {webhook.address}, {webhooks.wants(webhook)}"
