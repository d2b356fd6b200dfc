"""The admin's history said names of subscribers: from now on it says what the logs say (accounts/pseudonyms.py)."""

from django.db import migrations

from accounts.pseudonyms import pseudonym

GONE = "forgotten"


def take_out_names(apps, schema_editor):
    entries = apps.get_model("admin", "LogEntry").objects.filter(content_type__app_label="accounts")
    telegram_ids = dict(apps.get_model("accounts", "Subscriber").objects.values_list("pk", "telegram_id"))
    owners = dict(apps.get_model("accounts", "Subscription").objects.values_list("pk", "subscriber_id"))
    for entry in entries.filter(content_type__model__in=("subscriber", "subscription")):
        pk = int(entry.object_id or 0)
        telegram_id = telegram_ids.get(pk if entry.content_type.model == "subscriber" else owners.get(pk))
        entry.object_repr = pseudonym(telegram_id) if telegram_id else GONE
        if '"object"' in entry.change_message:  # names of rows edited on the same page
            entry.change_message = ""
        entry.save(update_fields=["object_repr", "change_message"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_forgotten"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(take_out_names, migrations.RunPython.noop, elidable=True)]
