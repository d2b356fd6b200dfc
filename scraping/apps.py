from django.apps import AppConfig


class ScrapingConfig(AppConfig):
    name = "scraping"
    verbose_name = "Sources and updates"

    def ready(self) -> None:
        from scraping.mongo import outbox

        outbox.listen()
