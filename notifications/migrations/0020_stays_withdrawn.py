from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_what_is_withdrawn(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("notifications", "Notice").objects.exclude(withdrawn_at=None).update(stays_withdrawn=True)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0019_dates_called_off")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="stays_withdrawn",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="By somebody's hand: what its source says does not bring it back.",
            ),
        ),
        migrations.RunPython(keep_what_is_withdrawn, migrations.RunPython.noop),
    ]
