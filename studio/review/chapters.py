"""Which chapter a page of a production shows, and the run that works on it."""

from __future__ import annotations

from django.http import HttpRequest

from media_pipeline.runs.models import OPEN_RUNS, Run
from projects.models import Project


def chapter_asked(request: HttpRequest, numbers: list[int]) -> int:
    """The chapter of `?chapter=`, or of the form, among these; the first where none of them is named."""
    asked = (request.POST if request.method == "POST" else request.GET).get("chapter", "")
    return int(asked) if asked.isdecimal() and int(asked) in numbers else numbers[0]


def open_run_of(project: Project, pipeline: str) -> Run | None:
    """The newest run of this pipeline that has not ended."""
    return Run.objects.filter(project=project, pipeline=pipeline, state__in=OPEN_RUNS).order_by("-pk").first()
