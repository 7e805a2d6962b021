from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Productions, the people in them, their chapters, alerts and the events that faces follow."""

    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the database hold what is never changed."""
        from .immutability import RULES
        from .triggers import hold, watch_migrations

        hold(*RULES)
        watch_migrations(self)
