from django.apps import AppConfig


class PromptsConfig(AppConfig):
    """Model profiles and prompt templates: which model makes what, and in which words."""

    name = "prompts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database hold what is never changed."""
        from projects.triggers import hold

        from .immutability import RULES

        hold(*RULES)
