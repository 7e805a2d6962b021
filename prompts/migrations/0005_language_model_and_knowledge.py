"""Whatever language model and knowledge base this site is set up with.

The price of a language model depends on which one LLM_MODEL names: it is not known until a person enters it.
"""

from decimal import Decimal

from django.db import migrations

LLM = {"provider": "llm", "endpoint": "", "price": None, "price_unit": "token", "timeout_seconds": 120,
       "price_source": "Not known: enter the price of one token of an answer by the model that LLM_MODEL names."}
PROFILES = [
    {**LLM, "name": "Language model", "capability": "text", "supports": ["json_schema", "vision"], "preference": 50},
    {**LLM, "name": "Language model, questions about pictures", "capability": "vision_query",
     "supports": ["vision"], "preference": 50},
    {"name": "Knowledge", "capability": "knowledge", "provider": "knowledge", "endpoint": "", "price": Decimal(0),
     "price_unit": "call", "timeout_seconds": 60, "preference": 50,
     "price_source": "The production's own records cost nothing. Enter a price where KNOWLEDGE_URL's service has one."},
]


def add_profiles(apps, schema_editor):
    profile = apps.get_model("prompts", "ModelProfile")
    for fields in PROFILES:
        profile.objects.get_or_create(name=fields["name"], defaults=fields)


class Migration(migrations.Migration):
    dependencies = [("prompts", "0004_fal_profiles")]
    operations = [migrations.RunPython(add_profiles, migrations.RunPython.noop)]
