from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class SupersetbotConfig(AppConfig):
    name = "supersetbot"
    verbose_name = "SuperSet Bot"

    def ready(self) -> None:
        from supersetbot.operations import checks  # noqa: F401 (registers them)


class AdminConfig(SimpleAdminConfig):
    """Django's admin; its modules are read where its pages are: supersetbot.urls."""

    default_site = "supersetbot.web.admin_site.Site"
