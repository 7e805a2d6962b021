"""The atmosphere becomes a choice; words that are none of the list are kept in the set dressing."""

from django.db import migrations

CHOICES = ("haze", "smoke", "dust", "rain")


def choose(apps, schema_editor):
    for name in ("Scene", "Shot"):
        model = apps.get_model("scenes", name)
        for record in model.objects.exclude(atmosphere="").only("pk", "atmosphere", "set_dressing"):
            words = record.atmosphere
            if words in CHOICES:
                continue
            record.atmosphere = next((choice for choice in CHOICES if choice in words.lower()), "")
            record.set_dressing = f"{record.set_dressing}\n{words}".strip()
            record.save(update_fields=["atmosphere", "set_dressing"])


class Migration(migrations.Migration):
    dependencies = [("scenes", "0002_plan_sides")]
    operations = [migrations.RunPython(choose, migrations.RunPython.noop, elidable=True)]
