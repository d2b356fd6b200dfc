"""A key pair for Web Push, to be put into the settings."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.channels.webpush.vapid import make_vapid_keys


class Command(BaseCommand):
    help = (
        "Makes a VAPID key pair and prints it as lines for .env. Changing the pair ends every browser's subscription."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        private, public = make_vapid_keys()
        self.stdout.write(f"VAPID_PRIVATE_KEY={private}\nVAPID_PUBLIC_KEY={public}")
