from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Subscribers and keys"

    def ready(self) -> None:
        from accounts.subscribing import forgetting

        forgetting.listen()
