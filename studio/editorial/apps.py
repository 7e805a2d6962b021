from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EditorialConfig(AppConfig):
    """The Wagtail admin of the product; its hooks are found in wagtail_hooks.py."""

    name = "studio.editorial"
    label = "editorial"

    def ready(self) -> None:
        """Register what must stand before anything asks for it: permission policies, system checks, approvals."""
        from . import approvals, checks, permissions  # noqa: F401

        permissions.register_policies()
        post_migrate.connect(approvals.ensure_workflow, sender=self)
