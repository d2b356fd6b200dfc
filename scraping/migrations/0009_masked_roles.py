"""What was counted of offered students holds no names of students any more (scraping/placements/counted.py)."""

from typing import Any

from django.db import migrations

from scraping.placements.counted import fold, names_in, without_names


def mask(apps: Any, schema_editor: Any) -> None:
    """Mask the counted role of each student whose role names somebody of the same offer."""
    students = apps.get_model("scraping", "OfferedStudent").objects
    offers = apps.get_model("scraping", "Offer").objects.prefetch_related("students")
    for offer in offers.iterator(chunk_size=500):
        listed = list(offer.students.all())
        names = names_in(offer, listed)
        for student in listed:
            shown = without_names(student.counted_role, names)
            if shown != student.counted_role:
                students.filter(pk=student.pk).update(counted_role=shown, role_key=fold(shown))


class Migration(migrations.Migration):
    dependencies = [("scraping", "0008_reviews")]
    operations = [migrations.RunPython(mask, migrations.RunPython.noop)]
