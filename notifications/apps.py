from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices and deliveries"

    def ready(self) -> None:
        from accounts.subscribing.members import became_members, ended_membership
        from accounts.subscribing.my_data import told_by
        from notifications.delivery.ledger import edit_lists
        from notifications.telegram_bot import forgetting

        forgetting.listen()
        told_by("waiting replies", forgetting.waiting_replies)
        for change in (became_members, ended_membership):
            change.connect(edit_lists, dispatch_uid="notifications.lists")
