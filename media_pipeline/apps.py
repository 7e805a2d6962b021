from django.apps import AppConfig


class MediaPipelineConfig(AppConfig):
    """Durable runs, media and providers: how pictures are made."""

    name = "media_pipeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database hold what is never changed."""
        from projects.triggers import hold

        from .immutability import RULES

        hold(*RULES)
