"""`manage.py qualify CODE`: from a production's material to its records without a server."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from media_pipeline.qualification import Judged, estimate_qualification, go_on_qualifying, judge, not_ready
from media_pipeline.runs import transport
from media_pipeline.runs.models import Run, RunState
from media_pipeline.runs.recovery import free_leases_of_dead_workers
from media_pipeline.terminal import ProgressLine, see_through
from projects.models import Project


class Command(BaseCommand):
    """Qualify a production, department by department, in this process.

    The very same run as in the site: one that has stopped goes on where it was.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which production, and whether only to look."""
        parser.add_argument("code", help="the production's code, such as SALT")
        parser.add_argument("--readiness", action="store_true", help="say how ready its material is and stop")
        parser.add_argument("--estimate", action="store_true", help="say what it is expected to cost and stop")
        parser.add_argument("--anyway", action="store_true", help="start although a department is not ready")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Qualify; any failure ends with a sentence and exit code 1."""
        project = Project.objects.filter(code=code.upper()).first()
        if project is None:
            raise CommandError(f"There is no production with the code {code.upper()}.")
        if options["readiness"]:
            self._say_readiness(project, options["json"])
        elif options["estimate"]:
            estimate = estimate_qualification(project)
            self.stdout.write(json.dumps(estimate.as_json()) if options["json"] else estimate.amount_in_words)
        else:
            self._qualify(project, options)

    def _say_readiness(self, project: Project, as_json: bool) -> None:
        judged = judge(project)
        if as_json:
            rows = {
                one.department.key: {
                    "score": one.readiness.score, "ready": one.ready, "missing": list(one.readiness.missing),
                    "required": one.department.required, "threshold": one.threshold,
                }
                for one in judged
            }  # fmt: skip
            self.stdout.write(json.dumps({"ready": not not_ready(judged), "departments": rows}))
            return
        for one in judged:
            self.stdout.write(_in_words(one))
            for sentence in one.readiness.missing:
                self.stdout.write(f"    {sentence}")

    def _qualify(self, project: Project, options: dict[str, Any]) -> None:
        line = ProgressLine(sys.stderr, quiet=options["json"])
        with transport.in_process():
            free_leases_of_dead_workers(project.pk)
            run = self._begun(project, options["anyway"])
            see_through(run, line, workers=options["workers"])
        if run.state != RunState.SUCCEEDED:
            raise CommandError(f"Qualification has stopped: {run.error or run.get_state_display()}")
        if options["json"]:
            self.stdout.write(json.dumps({"project": project.code, "run": run.pk} | run.output))
            return
        for key, wrote in run.output["departments"].items():
            counts = ", ".join(f"{what} {count}" for what, count in wrote.get("wrote", {}).items() if count)
            self.stdout.write(f"{key}: {counts or 'nothing was missing'}")

    def _begun(self, project: Project, anyway: bool) -> Run:
        try:
            return go_on_qualifying(project, although_not_ready=anyway)
        except ValidationError as problem:
            words = problem.messages[0].removesuffix("or start anyway.")
            raise CommandError(f"{words}or start with --anyway.") from None


def _in_words(one: Judged) -> str:
    need = "required" if one.department.required else "may be empty"
    state = "ready" if one.ready else f"not ready, {one.threshold} needed"
    return f"{one.department.label}: {one.readiness.score} of 100, {state} ({need})"
