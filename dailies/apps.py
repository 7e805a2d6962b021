from django.apps import AppConfig


class DailiesConfig(AppConfig):
    """Decisions, notes, playlists and sessions over takes."""

    name = "dailies"
    default_auto_field = "django.db.models.BigAutoField"
