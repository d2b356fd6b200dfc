"""Details keep their own order, and a link its own label. Notices stored before look as they did."""

from typing import Any

from django.db import migrations, models

import notifications.details

_ORDER = (
    *("Status", "Event", "Topic", "Speaker", "Theme", "Prize", "Team", "By", "Until", "About"),
    *("Who can apply", "Rounds", "Pay", "Skills", "Duration", "Bond", "Joining", "Updated"),
)
_BATCH = 500


def _position(fact: tuple[str, str]) -> tuple[int, str]:
    return (_ORDER.index(fact[0]) if fact[0] in _ORDER else len(_ORDER), fact[0])


def keep_what_was_shown(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("notifications", "Notice").objects
    notices.exclude(url="").update(url_label="Open on SuperSet")
    batch = []
    for notice in notices.only("details").iterator(chunk_size=_BATCH):
        if len(notice.details) > 1:
            notice.details = dict(sorted(notice.details.items(), key=_position))
            batch.append(notice)
        if len(batch) == _BATCH:
            notices.bulk_update(batch, ["details"])
            batch.clear()
    notices.bulk_update(batch, ["details"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_stored_files")]
    operations = [
        migrations.AddField(
            model_name="notice",
            name="url_label",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=60, verbose_name="what its button says"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="details",
            field=notifications.details.DetailsField(
                blank=True, default=dict, help_text="Further labelled facts in order: {label: text}."
            ),
        ),
        migrations.RunPython(keep_what_was_shown, migrations.RunPython.noop),
    ]
