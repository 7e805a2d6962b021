"""From a screenplay file to a running production: what the commands `produce` and `demo` share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from media_pipeline.run_settings import asked_of_run
from media_pipeline.runs.actions import resume_run, start_run
from media_pipeline.runs.models import OPEN_RUNS, Run, RunState
from media_pipeline.screenplays import import_and_keep
from projects.actions import create_project
from projects.models import Project
from projects.screenplay.reader import read_screenplay
from scenes.importing import ImportReport

MAX_TITLE = 200


def open_project(file: Path, data: bytes, *, code: str = "", owner: Any = None, **fields: Any) -> Project:
    """The production of this script: by its code, else the one that has a chapter of this file name, else a new one.

    Raises ScreenplayError when the file is no screenplay and ValidationError when the code cannot be used.
    """
    if code:
        project = Project.objects.filter(code=code.upper()).first()
    else:
        project = Project.objects.filter(chapters__script_name=file.name).order_by("pk").first()
    if project:
        return project
    screenplay = read_screenplay(data, file.name)
    lines = next((value for key, value in screenplay.title_page.items() if key.lower() == "title"), [])
    title = " ".join(line.strip("*_ ") for line in lines).strip() or file.stem.replace("_", " ").title()
    return create_project(title=title[:MAX_TITLE], code=code.upper(), owner=owner, **fields)


def start_production(
    project: Project, file: Path, data: bytes, *, chapter: int = 1, scenes: list[str] | None = None,
    tier: str = "", coherence: Mapping[str, bool] | None = None, by: Any = None,
) -> tuple[ImportReport, Run]:  # fmt: skip
    """Import the script and start (or go on with) the run that makes its film.

    A run that was left open goes on; one that failed or was stopped for the same request is resumed, so that
    nothing that is done is done again. `coherence` is what the run sets over the production's settings. Raises
    ValidationError for settings that cannot be.
    """
    report = import_and_keep(project, data, file.name, by=by, chapter_number=chapter)
    wanted = asked_of_run(project, tier, coherence, chapter=chapter, scenes=scenes or [])
    subject = f"project:{project.pk}"
    last = Run.objects.filter(pipeline="produce_film", subject=subject).order_by("-pk").first()
    if last and last.state in OPEN_RUNS and last.settings != wanted:
        raise ValidationError(
            f"{project.title} is being produced with other settings (run {last.pk}): stop that run or wait for it."
        )
    unchanged = not (report.new or report.changed or report.gone)
    if last and last.state == RunState.FAILED and last.settings == wanted and unchanged:
        resume_run(last)
        return report, last
    return report, start_run("produce_film", subject, project, settings=wanted, by=by)
