from django.apps import AppConfig


class CharactersConfig(AppConfig):
    """The people of the story, how they look and how they stay themselves."""

    name = "characters"
    default_auto_field = "django.db.models.BigAutoField"
