"""What was one length of the transitions at both ends of a scene.

In a transaction of its own: PostgreSQL alters no table whose rows were written in the same one.
"""

from decimal import Decimal

from django.db import migrations, models

USUAL = Decimal("0.50")


def same_length(apps, schema_editor):
    scenes = apps.get_model("scenes", "Scene").objects.filter(transition_in_seconds=USUAL)
    scenes.exclude(transition_out_seconds=USUAL).update(transition_in_seconds=models.F("transition_out_seconds"))


class Migration(migrations.Migration):
    dependencies = [("scenes", "0006_looks_of_the_cast")]
    operations = [migrations.RunPython(same_length, migrations.RunPython.noop, elidable=True)]
