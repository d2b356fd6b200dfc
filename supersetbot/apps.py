from django.apps import AppConfig, apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate


class SupersetbotConfig(AppConfig):
    name = "supersetbot"
    verbose_name = "SuperSet Bot"

    def ready(self) -> None:
        from supersetbot.dashboard import roles
        from supersetbot.operations import checks  # noqa: F401 (registers them)

        last = list(apps.get_app_configs())[-1]  # then every app has its permissions
        post_migrate.connect(roles.make_readers, sender=last, dispatch_uid="supersetbot.roles")


class AdminConfig(SimpleAdminConfig):
    """Django's admin; its modules are read where its pages are: supersetbot.urls."""

    default_site = "supersetbot.web.admin_site.Site"
