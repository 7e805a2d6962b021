"""Characters that were met before there were states get theirs."""

from __future__ import annotations

from django.db import migrations


def give_states(apps, editor):
    Character, CharacterState = apps.get_model("characters", "Character"), apps.get_model("characters", "CharacterState")
    without = Character.objects.filter(state=None).values_list("pk", flat=True)
    CharacterState.objects.bulk_create([CharacterState(character_id=pk) for pk in without], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("characters", "0003_records_in_full")]

    operations = [migrations.RunPython(give_states, migrations.RunPython.noop)]
