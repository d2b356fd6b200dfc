from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Subscribers and keys"

    def ready(self) -> None:
        from accounts.subscribing import forgetting, my_data

        forgetting.listen()
        my_data.told_by("what you told of yourself", my_data.profile)
