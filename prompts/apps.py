from django.apps import AppConfig


class PromptsConfig(AppConfig):
    """Model profiles and prompt templates: which model makes what, and in which words."""

    name = "prompts"
    default_auto_field = "django.db.models.BigAutoField"
