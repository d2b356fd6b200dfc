from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices and deliveries"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from accounts.subscribing.my_data import told_by
        from notifications.finding.sql import see_to_index
        from notifications.my_time import digest
        from notifications.telegram_bot import forgetting, memberships

        post_migrate.connect(see_to_index, sender=self, dispatch_uid="notifications.finding")
        forgetting.listen()
        told_by("waiting replies", forgetting.waiting_replies)
        memberships.listen()
        digest.listen()
