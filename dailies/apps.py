from django.apps import AppConfig
from django.db.models.signals import post_save


class DailiesConfig(AppConfig):
    """Decisions, notes, playlists and sessions over takes."""

    name = "dailies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Takes are recorded a floor below, which does not know the review room: it listens."""
        from .arrivals import tell_of_arrival

        post_save.connect(tell_of_arrival, sender="scenes.Take", dispatch_uid="dailies.tell_of_arrival")
