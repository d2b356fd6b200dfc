"""Ranges of enrolment numbers and head counts of the first season (spec: statistics); an admin edits them after that.

Numbers that start with 22 (21 in the integrated course) are of those who graduate in 2026, placed in 2025-26.
"""

from django.db import migrations

SEASON = 202526
BRANCHES = (
    ("CSE", "62", 22103000, 22104000, 342),
    ("CSE", "128", 9922103000, 9922104000, 270),
    ("ECE", "62", 22102000, 22103000, 240),
    ("ECE", "128", 9922102000, 9922103000, 147),
    ("IT", "62", 22104000, 22105000, 66),
    ("BT", "62", 22101000, 22102000, 47),
    ("Intg. MTech", "CSE", 21803000, 21804000, 28),
    ("Intg. MTech", "ECE", 21802000, 21803000, 3),
    ("Intg. MTech", "BT", 21801000, 21802000, 10),
)


def load(apps, schema_editor):
    branch = apps.get_model("scraping", "Branch")
    for name, campus, start, end, students in BRANCHES:
        branch.objects.using(schema_editor.connection.alias).get_or_create(
            season=SEASON, start=start, defaults={"branch": name, "campus": campus, "end": end, "students": students}
        )


class Migration(migrations.Migration):
    dependencies = [("scraping", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
