from django.apps import AppConfig


class ScrapingConfig(AppConfig):
    name = "scraping"
    verbose_name = "Sources and updates"

    def ready(self) -> None:
        from django.conf import settings

        from scraping.reading import vocabulary

        for group, more in settings.INSTITUTE_WORDS.items():  # before the rules that use them are compiled
            vocabulary.extend(group, more)

        from accounts.subscribing.my_data import told_by
        from scraping.mongo import outbox

        outbox.listen()
        told_by("documents in MongoDB", outbox.users_documents)
