from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Subscribers and keys"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.subscribing import forgetting, my_data
        from accounts.web import sessions

        forgetting.listen()
        my_data.told_by("what you told of yourself", my_data.profile)
        my_data.told_by("audit log", my_data.audit_log)
        my_data.told_by("changes by staff", my_data.admins_history)
        my_data.told_by("counters", my_data.counters)
        user_logged_in.connect(sessions.describe)
