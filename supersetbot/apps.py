from django.apps import AppConfig


class SupersetbotConfig(AppConfig):
    name = "supersetbot"
    verbose_name = "SuperSet Bot"

    def ready(self) -> None:
        from supersetbot import checks  # noqa: F401 (registers them)
