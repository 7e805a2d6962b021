from django.apps import AppConfig


class StudioConfig(AppConfig):
    """The site: pages, editorial admin, live status, settings."""

    name = "studio"
