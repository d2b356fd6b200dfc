"""Who is subscribed when an installation is upgraded goes on reading names (spec: personal, Who is who)."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def make_members(apps: Any, schema_editor: Any) -> None:
    subscribers = apps.get_model("accounts", "Subscriber").objects
    subscribers.update(membership="member", membership_by="upgrade", membership_since=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_members")]
    operations = [migrations.RunPython(make_members, migrations.RunPython.noop)]
