from django.apps import AppConfig


class MediaPipelineConfig(AppConfig):
    """Durable runs, media and providers: how pictures are made."""

    name = "media_pipeline"
    default_auto_field = "django.db.models.BigAutoField"
