from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "studio.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        """Have the poller forget old answers."""
        from media_pipeline.runs import pruning

        from .models import prune_answers

        pruning.ALSO.append(prune_answers)
