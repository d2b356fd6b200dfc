from django.apps import AppConfig


class SupersetbotConfig(AppConfig):
    name = "supersetbot"
    verbose_name = "SuperSet Bot"

    def ready(self) -> None:
        from supersetbot.operations import checks  # noqa: F401 (registers them)
