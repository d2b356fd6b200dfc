"""Notices say when they were last stored, so that programs can ask for what is new or changed since then."""

from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


def as_far_as_known(apps: Any, schema_editor: Any) -> None:
    apps.get_model("notifications", "Notice").objects.update(updated_at=Coalesce(F("edited_at"), F("first_seen_at")))


class Migration(migrations.Migration):
    dependencies = [("notifications", "0009_details_in_order")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="updated_at",
            field=models.DateTimeField(
                "stored last",
                auto_now=True,
                default=django.utils.timezone.now,
                help_text="Whether or not it was told.",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(as_far_as_known, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="notice", name="deadline", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddIndex(
            model_name="notice", index=models.Index(fields=["updated_at", "id"], name="notice_updated")
        ),
        migrations.AddIndex(model_name="notice", index=models.Index(fields=["deadline", "id"], name="notice_deadline")),
    ]
