"""`manage.py produce FILE --out film.mp4`: from a screenplay to a film without a server."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from media_pipeline.assets import MediaAsset
from media_pipeline.estimates import estimate_production
from media_pipeline.production import open_project, start_production
from media_pipeline.provenance import leaving_copy
from media_pipeline.run_settings import chosen_for_run
from media_pipeline.runs import transport
from media_pipeline.runs.models import Run, RunState
from media_pipeline.runs.recovery import free_leases_of_dead_workers
from media_pipeline.screenplays import import_and_keep
from media_pipeline.shot_request import scenes_in_film
from media_pipeline.terminal import ProgressLine, see_through
from projects.choices import QualityTier
from projects.models import Project
from projects.screenplay.model import ScreenplayError


class Command(BaseCommand):
    """Import a screenplay, plan and render its shots, and assemble the film, in this process.

    The very same runs and steps as in the site: started again after a crash, it goes on where it was.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The script, what of it to make, and where the film goes."""
        parser.add_argument("file", type=Path, help="Fountain, FDX, PDF or text")
        parser.add_argument("--project", default="", metavar="CODE", help="2 to 4 letters; made when it is new")
        parser.add_argument("--chapter", type=int, default=1, metavar="N")
        parser.add_argument("--scenes", default="", metavar="1-3", help="numbers as in the script: 1-3 or 2,4A")
        parser.add_argument("--quality", default="", choices=["", *QualityTier.values])
        parser.add_argument("--on", default="", metavar="lora,...", help="coherence settings of this run alone")
        parser.add_argument("--off", default="", metavar="qc_scoring,...", help="those that are off in this run")
        parser.add_argument("--resolution", default="", help="720p, 1080p, 1440p or 2160p; for a new project")
        parser.add_argument("--out", type=Path, metavar="FILM.mp4", help="needed unless --estimate")
        parser.add_argument("--estimate", action="store_true", help="say what it is expected to cost and stop")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end instead of words")

    def handle(self, *args: Any, file: Path, out: Path | None, **options: Any) -> None:
        """Make the film; any failure ends with a sentence and exit code 1."""
        if options["estimate"]:
            self._estimate(file, options)
            return
        if out is None:
            raise CommandError("Say where the film goes: --out FILM.mp4, or --estimate to see what it would cost.")
        started = time.monotonic()
        line = ProgressLine(sys.stderr, quiet=options["json"])
        with transport.in_process():
            project, run = self._start(file, options, line)
            see_through(run, line, workers=options["workers"])
        if run.state != RunState.SUCCEEDED:
            raise CommandError(f"The film was not made: {run.error or run.get_state_display()}")
        film = self._deliver(run, out)
        self._report(project, run, film, out, time.monotonic() - started, options["json"])

    def _start(self, file: Path, options: dict[str, Any], line: ProgressLine) -> tuple[Project, Run]:
        with _in_sentences(file):
            data = file.read_bytes()
            fields = {"resolution": options["resolution"]} if options["resolution"] else {}
            project = open_project(file, data, code=options["project"], **fields)
            free_leases_of_dead_workers(project.pk)
            scenes = scene_numbers(options["scenes"])
            report, run = start_production(
                project, file, data, chapter=options["chapter"], scenes=scenes, tier=options["quality"],
                coherence=switched(options),
            )  # fmt: skip
        line.say(f"{project.title} ({project.code}). {report.sentence}")
        return project, run

    def _estimate(self, file: Path, options: dict[str, Any]) -> None:
        """Import the script and print what its film is expected to cost; nothing is started."""
        with _in_sentences(file):
            data = file.read_bytes()
            project = open_project(file, data, code=options["project"])
            import_and_keep(project, data, file.name, chapter_number=options["chapter"])
            scenes = scenes_in_film(project.pk, options["chapter"], scene_numbers(options["scenes"]))
            coherence = chosen_for_run(project, switched(options))
        estimate = estimate_production(project, scenes, options["quality"] or project.quality_tier, coherence)
        if options["json"]:
            self.stdout.write(json.dumps(estimate.as_json()))
            return
        for line in estimate.lines:
            self.stdout.write(
                f"{line.what}: {line.calls} calls of {line.model}, {line.attempts.normalize():f} attempts"
            )
        self.stdout.write(estimate.sentence)

    def _deliver(self, run: Run, out: Path) -> MediaAsset:
        film = leaving_copy(MediaAsset.objects.get(pk=run.output["film"]), out.name)
        out.parent.mkdir(parents=True, exist_ok=True)
        part = out.with_name(out.name + ".part")
        with film.file.open() as stored, part.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        part.replace(out)
        return film

    def _report(self, project: Project, run: Run, film: MediaAsset, out: Path, seconds: float, as_json: bool) -> None:
        facts = {
            "project": project.code, "title": project.title, "run": run.pk, "film": str(out.resolve()),
            "sha256": film.sha256, "frames": film.frame_count, "frame_rate": film.frame_rate,
            "duration": film.duration, "width": film.width, "height": film.height, "bytes": film.size,
            "shots": run.children.filter(pipeline="render_shot").count(), "elapsed_seconds": round(seconds, 1),
        }  # fmt: skip
        if as_json:
            self.stdout.write(json.dumps(facts))
        else:
            length = float(film.exact_duration or 0)
            self.stdout.write(f"{out}: {length:.1f} s, {film.width}x{film.height}, made in {seconds:.0f} s")


@contextmanager
def _in_sentences(file: Path) -> Iterator[None]:
    """What is wrong with the file or the options, as the command's own sentence."""
    try:
        yield
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from None
    except (ScreenplayError, ValidationError) as problem:
        raise CommandError("; ".join(getattr(problem, "messages", [str(problem)]))) from None


def switched(options: Mapping[str, Any]) -> dict[str, bool]:
    """The coherence settings that --on and --off name."""
    return {
        key.strip(): name == "on" for name in ("on", "off") for key in options[name].split(",") if key.strip()
    }  # fmt: skip


def scene_numbers(text: str) -> list[str]:
    """ "1-3,5A" as ["1", "2", "3", "5A"]; raises ValidationError with a sentence for anything else."""
    numbers: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        span = re.fullmatch(r"(\d+)-(\d+)", part)
        if span and int(span[1]) <= int(span[2]) <= int(span[1]) + 999:
            numbers += [str(number) for number in range(int(span[1]), int(span[2]) + 1)]
        elif re.fullmatch(r"[A-Za-z0-9.]+", part):
            numbers.append(part.upper())
        else:
            raise ValidationError(f"--scenes {text!r} is not a list of scene numbers such as 1-3 or 2,4A.")
    return numbers
