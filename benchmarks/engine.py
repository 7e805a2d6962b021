"""What the engine costs: a remembered step against the bare writes it stands for, and a feature-length production.

    python -m benchmarks.engine [--steps 500] [--pages 120]

Everything runs in one process on a database of its own in a temporary folder. Ratios are of CPU and wall time in the
same run; absolute figures are for orientation.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Print the results as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--pages", type=int, default=120)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rushes-benchmark-") as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "studio.settings",
            "DEBUG": "1",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print("# The engine: measured\n")
        print(f"`python -m benchmarks.engine --steps {options.steps} --pages {options.pages}`, SQLite, one process.\n")
        steps(options.steps)
        feature(options.pages)


def steps(count: int) -> None:
    """One run of many steps, against the two bare transactions that each step is."""
    from media_pipeline.runs import executor, registry, transport
    from media_pipeline.runs.actions import start_run
    from media_pipeline.runs.models import Run
    from projects.actions import create_project

    @registry.pipeline("benchmark")
    def benchmark(run: Any) -> None:
        unit = getattr(run, run.settings["unit"])
        for number in range(count):
            unit(f"step/{number}", lambda *work: number)  # noqa: B023  # called at once

    project = create_project(title="Benchmark")
    rows = []
    for unit in ("record", "local"):
        with transport.in_process():
            run = start_run("benchmark", f"thing:{unit}", project, settings={"unit": unit})
            took = timed(lambda: executor.advance(run.pk))  # noqa: B023
            assert Run.objects.get(pk=run.pk).state == "succeeded"
        rows.append((unit, took / count))
    bare = timed(lambda: bare_writes(project, count)) / count
    replay = timed(lambda: [step.output for step in Run.objects.latest("pk").steps.all()])
    print("| what | ms a step | times the bare writes |\n|---|---|---|")
    print(f"| bare: an insert and an update, each in a transaction | {bare * 1000:.2f} | 1 |")
    for unit, seconds in rows:
        print(f"| `run.{unit}` | {seconds * 1000:.2f} | {seconds / bare:.1f} |")
    print(f"\nReading {count} remembered steps again, as every replay does: {replay * 1000:.0f} ms.\n")


def bare_writes(project: Any, count: int) -> None:
    """What remembering a step cannot do without."""
    from django.db import transaction

    from media_pipeline.runs.models import Run, Step

    run = Run.objects.create(pipeline="bare", subject="thing:bare", project=project, state="succeeded")
    for number in range(count):
        with transaction.atomic():
            step = Step.objects.create(run=run, key=f"step/{number}", kind="local")
        with transaction.atomic():
            Step.objects.filter(pk=step.pk, state="created").update(state="succeeded", output=number)


def feature(pages: int) -> None:
    """Import and plan a feature, then open its project page."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.feature import write_feature
    from projects.actions import create_project
    from scenes.importing import import_screenplay_file
    from scenes.models import Scene, Shot
    from scenes.shot_plans import plan_scene

    person = get_user_model().objects.create_user("owner", password="benchmark")
    project = create_project(title="A Feature", owner=person)
    script = write_feature(pages=pages).encode()
    reading = timed(lambda: import_screenplay_file(project, script, "feature.fountain"))
    scenes = list(Scene.objects.select_related("chapter", "state").order_by("sequence"))
    planning = timed(lambda: [plan_scene(scene) for scene in scenes])
    client = Client()
    client.force_login(person)
    address = f"/projects/{project.slug}/"
    client.get(address, HTTP_HOST="localhost")
    opening = [timed(lambda: client.get(address, HTTP_HOST="localhost")) for _ in range(10)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address, HTTP_HOST="localhost")
    print(f"{pages} pages: {len(scenes)} scenes, {Shot.objects.count()} shots.\n")
    print("| what | seconds |\n|---|---|")
    print(f"| import (read and write the records) | {reading:.2f} |")
    print(f"| plan every shot and write the records | {planning:.2f} |")
    print(f"| open the project page, median of 10 ({len(queries)} queries) | {statistics.median(opening):.3f} |")


def timed(work: Callable[[], Any]) -> float:
    """Seconds of wall time that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
