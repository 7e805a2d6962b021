from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Productions, the people in them, their chapters, alerts and the events that faces follow."""

    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"
