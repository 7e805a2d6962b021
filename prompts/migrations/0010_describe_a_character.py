"""The question a model that can see is asked about a view of a character."""

import hashlib
import json

from django.db import migrations

VARIABLES = [
    {
        "name": "angle", "description": "The side the camera stands on.", "required": True, "default": "",
        "example": "their left side",
    }
]  # fmt: skip
TEXT = (
    "This picture shall show one person seen from [angle]. Describe in two or three plain sentences what can be seen: the "
    "side the person is seen from, face, hair, build, clothes and shoes. Name colours. Say in a last sentence if more or "
    "fewer people than one are in it, or if it is seen from another side. Judge only what can be seen, and do not guess "
    "who it is."
)


def add_template(apps, schema_editor):
    template, made = apps.get_model("prompts", "PromptTemplate").objects.get_or_create(
        key="character.describe", project=None,
        defaults={
            "name": "Describe a view of a character", "category": "character", "template": TEXT,
            "description": "What a model that can see is asked about a view; its answer becomes the view's description.",
        },
    )  # fmt: skip
    if not made:
        return
    apps.get_model("prompts", "TemplateVariable").objects.create(template=template, sort_order=1, **VARIABLES[0])
    digest = hashlib.sha256(json.dumps([TEXT, VARIABLES], sort_keys=True).encode()).hexdigest()
    apps.get_model("prompts", "PromptTemplateVersion").objects.create(
        template=template, number=1, text=TEXT, variables=VARIABLES, digest=digest
    )


class Migration(migrations.Migration):
    dependencies = [("prompts", "0009_videos_from_videos")]
    operations = [migrations.RunPython(add_template, migrations.RunPython.noop)]
