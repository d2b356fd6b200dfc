from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices and deliveries"

    def ready(self) -> None:
        from accounts.subscribing.my_data import told_by
        from notifications.telegram_bot import forgetting, memberships

        forgetting.listen()
        told_by("waiting replies", forgetting.waiting_replies)
        memberships.listen()
