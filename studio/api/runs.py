"""Runs, to look at."""

from __future__ import annotations

from media_pipeline.runs.models import Run

from .actions import RunSerializer
from .records import ReadRecords


class RunViewSet(ReadRecords):
    """Runs of your productions, newest first."""

    model = Run
    queryset = Run.objects.none()
    search = ("pipeline", "subject")

    def get_serializer_class(self) -> type[RunSerializer]:
        """Without what belongs to the engine alone."""
        return RunSerializer
