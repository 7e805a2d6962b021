from __future__ import annotations

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    """The Wagtail admin of the product; its hooks are found in wagtail_hooks.py."""

    name = "studio.editorial"
    label = "editorial"

    def ready(self) -> None:
        """Register what must stand before anything asks for it: permission policies and system checks."""
        from . import checks, permissions  # noqa: F401

        permissions.register_policies()
