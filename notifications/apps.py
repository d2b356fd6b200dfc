from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices and deliveries"

    def ready(self) -> None:
        from notifications.telegram_bot import forgetting

        forgetting.listen()
