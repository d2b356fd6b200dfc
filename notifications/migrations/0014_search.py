"""What notices are found by, filled for those that are stored; the index over it follows (notifications/finding)."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from notifications.finding import index, sql


def fill(apps: Any, schema_editor: Any) -> None:
    notices, entries = (apps.get_model("notifications", name).objects for name in ("Notice", "SearchEntry"))
    while index.index_some(notices.all(), entries):
        pass


class Migration(migrations.Migration):
    dependencies = [("notifications", "0013_webhooks")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="notifications.notice",
                    ),
                ),
                ("notice_updated_at", models.DateTimeField()),
                (
                    "company",
                    models.CharField(
                        blank=True, help_text="As everybody may read it; so are the next two.", max_length=200
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=300)),
                ("stage", models.CharField(blank=True, max_length=200)),
                ("public_words", models.TextField(blank=True, help_text="Of what names nobody.")),
                ("all_words", models.TextField(blank=True, help_text="For those who may see names.")),
            ],
            options={
                "verbose_name_plural": "search entries",
                "indexes": [
                    models.Index(fields=["notice", "notice_updated_at"], name="search_entry_current"),
                    models.Index(fields=["company"], name="search_entry_company"),
                ],
            },
        ),
        migrations.RunPython(fill, sql.remove),
    ]
