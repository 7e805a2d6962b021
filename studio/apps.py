from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """The site: pages, editorial admin, live status, settings."""

    name = "studio"

    def ready(self) -> None:
        """Have the poller let go of uploads that nobody confirmed."""
        from media_pipeline.runs import pruning

        from .held_uploads import let_go

        pruning.ALSO.append(let_go)
