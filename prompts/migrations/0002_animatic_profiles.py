"""The embedded default: storyboard frames and motion drawn on this machine, which cost nothing."""

from decimal import Decimal

from django.db import migrations

PROFILES = [
    {"name": "Animatic frame", "capability": "image", "price_unit": "image"},
    {"name": "Animatic motion", "capability": "video", "price_unit": "second"},
]


def add_profiles(apps, schema_editor):
    profile = apps.get_model("prompts", "ModelProfile")
    for fields in PROFILES:
        profile.objects.get_or_create(
            name=fields["name"],
            defaults={**fields, "provider": "animatic", "endpoint": "animatic", "price": Decimal(0), "preference": 900},
        )


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]
    operations = [migrations.RunPython(add_profiles, migrations.RunPython.noop)]
