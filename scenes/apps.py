from django.apps import AppConfig


class ScenesConfig(AppConfig):
    """Scenes, shots and takes: what is filmed and what came of it."""

    name = "scenes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database hold what is true of every take."""
        from projects.triggers import hold

        from .immutability import rules

        hold(*rules())
