"""A thousand generations in flight: who waits, how much is asked, how soon an answer is in the film.

    python -m benchmarks.in_flight [--jobs 1000] [--seconds 60] [--webhooks]
    python .ci/with_postgres.py python -m benchmarks.in_flight ...

Real processes with the waits of production: web, one cluster of two workers, one poller, and `manage.py fal_sandbox`
that runs every job at once (a small plain picture each). Every generation is a run of its own. All share the machine's
cores with the sandbox and with this process, which looks at the database once a second.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MARGIN = 400
"""Seconds beyond the jobs' own time after which the benchmark gives up."""

START = """
from projects.actions import create_project, set_budget
from media_pipeline.runs.actions import start_run
project = create_project(title="In flight")
set_budget(project, limit=10**6)
for number in range({jobs}):
    start_run("ask", f"thing:{{number}}", project, settings={{"prompt": f"frame {{number}}"}})
answer = project.pk
"""

NOTE = """
import time
from projects.models import Project
from media_pipeline.runs.actions import start_run
started = time.perf_counter()
run = start_run("note", "thing:note-{number}", Project.objects.get(pk={project}))
while run.is_open:
    time.sleep(0.01)
    run.refresh_from_db()
answer = time.perf_counter() - started
"""

SETTLED = """
from media_pipeline.runs.models import Step, Transition
answer = {{
    "steps": {{step.request_id: step.finished_at.timestamp() for step in
              Step.objects.filter(run__project={project}, kind="provider", state="succeeded")}},
    "submitted": sorted(step.submitted_at.timestamp() for step in
                        Step.objects.filter(run__project={project}, kind="provider")),
    "transitions": sorted(move.at.timestamp() for move in Transition.objects.filter(run__project={project})),
}}
"""


def main() -> None:
    """Print the results as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0, help="mean time of a job at the provider")
    parser.add_argument("--webhooks", action="store_true")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    os.environ["DEBUG"] = "1"
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="rushes-in-flight-") as folder:
        report(fly(Path(folder), options.jobs, options.seconds, webhooks=options.webhooks), options)


def fly(folder: Path, jobs: int, seconds: float, *, webhooks: bool) -> dict[str, Any]:
    """Start everything, let all jobs end, and gather what was seen."""
    from media_pipeline.tests.processes.house import House
    from media_pipeline.tests.processes.launch import MEASURE, REAL_WAITS

    measured = folder / "poller.jsonl"
    with fal_sandbox(folder, seconds, jobs) as sandbox:
        house = House(folder, folder / "none", sandbox)
        house.environment |= {"WORKERS": "2", "LOG_LEVEL": "WARNING", REAL_WAITS: "1", MEASURE: str(measured)}
        try:
            roles = ("web", "worker", "poller") if webhooks else ("worker", "poller")
            with house.crew(*roles, PROVIDER_WEBHOOKS="1" if webhooks else "0") as crew:
                house.office("answer = 1")
                time.sleep(5)  # the processes are up
                started = time.time()
                project = house.office(START.format(jobs=jobs))
                asked = time.time()
                seen, notes = watch(house, crew, project, jobs, started + seconds + MARGIN)
                found = house.office(SETTLED.format(project=project))
                assert not crew.deaths, crew.deaths
            bill = sandbox.ledger()
            return {
                "started": started, "asking": asked - started, "seen": seen, "notes": notes, "bill": bill,
                "poller": [json.loads(line) for line in measured.read_text().splitlines()], **found,
            }  # fmt: skip
        finally:
            house.remove()


def watch(house: Any, crew: Any, project: int, jobs: int, deadline: float) -> tuple[list[dict[str, int]], list[float]]:
    """Look once a second until every run has ended; in the middle of it time runs that ask nobody."""
    seen: list[dict[str, int]] = []
    notes: list[float] = []
    while True:
        steps = dict(house.rows("SELECT state, count(*) FROM media_pipeline_step GROUP BY state"))
        runs = dict(house.rows("SELECT state, count(*) FROM media_pipeline_run GROUP BY state"))
        leases = house.rows("SELECT count(*) FROM media_pipeline_run WHERE lease_owner <> ''")[0][0]
        messages = house.rows("SELECT count(*) FROM django_q_ormq")[0][0]
        flying = steps.get("submitted", 0)
        seen.append({"in flight": flying, "waiting": runs.get("waiting", 0), "held": leases, "messages": messages})
        if not runs.get("queued", 0) + runs.get("running", 0) + runs.get("waiting", 0):
            return seen, notes
        if len(notes) < 10 and flying >= 0.95 * jobs and not messages:
            notes.append(house.office(NOTE.format(number=len(notes), project=project)))
        if time.time() > deadline:
            sys.exit(f"Not done in time: steps {steps}, runs {runs}, {messages} messages.\n{house.said()[-3000:]}")
        crew.look_after()
        time.sleep(1)


@contextmanager
def fal_sandbox(folder: Path, seconds: float, concurrency: int) -> Iterator[Any]:
    """A sandbox in a process of its own."""
    from media_pipeline.providers.fal.sandbox.testing import Sandbox
    from studio.tests.real_site import free_port

    port = free_port()
    words = ["--port", str(port), "--data", str(folder / "fal"), "--seconds", str(seconds), "--plain-media"]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "fal_sandbox", *words, "--concurrency", str(concurrency)],
        stdout=subprocess.DEVNULL,
    )
    sandbox = Sandbox(f"http://127.0.0.1:{port}")
    try:
        sandbox.wait_until(lambda: listens(sandbox), 30)
        yield sandbox
    finally:
        sandbox.client.close()
        process.kill()
        process.wait()


def listens(sandbox: Any) -> bool:
    """Whether the sandbox answers."""
    try:
        return sandbox.client.get("health").status_code == 200
    except OSError:
        return False
    except Exception as error:
        if "Connect" in type(error).__name__:
            return False
        raise


def report(found: dict[str, Any], options: argparse.Namespace) -> None:
    """The Markdown."""
    ended = {job["request_id"]: job["ended_at"] for job in found["bill"]["jobs"]}
    delays = sorted(at - ended[request] for request, at in found["steps"].items())
    first, last = found["started"], max(found["steps"].values())
    calls: Counter[str] = Counter()
    for kinds in found["bill"]["calls"].values():
        calls.update(kinds)
    turns = [line for line in found["poller"] if line["what"] == "turn"]
    answers = [line for line in found["poller"] if line["what"] == "answer"]
    submitting = found["submitted"][-1] - first
    busiest = Counter(int(line["at"]) for line in answers).most_common(1)[0][1]
    moves = Counter(int(at) for at in found["transitions"]).most_common(1)[0][1]
    done = sorted(ended.values())
    way = "webhooks" if options.webhooks else "polling only"
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    rows = {
        "jobs accepted by the sandbox / calls made": f"{found['bill']['accepted']} / {options.jobs}",
        "starting the runs": f"{options.jobs / found['asking']:.0f} a second",
        "submitting them all, by two workers": f"{submitting:.0f} s, {options.jobs / submitting:.0f} a second",
        "most in flight at once": max(sample["in flight"] for sample in found["seen"]),
        "runs held by a worker while nothing was to be submitted, median": statistics.median(
            [sample["held"] for sample in found["seen"] if not sample["messages"]] or [0]
        ),
        "a run that asks nobody, meanwhile: median, most": _pair(found["notes"]),
        "the provider finished its jobs in": f"{done[-1] - done[0]:.0f} s",
        "finished there -> settled here: median, 95 of 100, most": (
            f"{statistics.median(delays):.2f} s, {delays[int(0.95 * len(delays))]:.2f} s, {delays[-1]:.2f} s"
        ),
        "transitions: all, a second on average, in the busiest second": (
            f"{len(found['transitions'])}, {len(found['transitions']) / (last - first):.0f}, {moves}"
        ),
        "questions to the provider: status, result": f"{calls['status']}, {calls['result']}",
        "answers attended to: a second on average, in the busiest second": (
            f"{len(answers) / (last - first):.1f}, {busiest}"
        ),
        "one answer: median seconds, median and most queries": (
            f"{statistics.median(line['seconds'] for line in answers):.3f}, "
            f"{statistics.median(line['queries'] for line in answers)}, {max(line['queries'] for line in answers)}"
        ),
        "one turn of the poller: median seconds, median and most queries": (
            f"{statistics.median(line['seconds'] for line in turns):.3f}, "
            f"{statistics.median(line['queries'] for line in turns)}, {max(line['queries'] for line in turns)}"
        ),
        "machine load at the end (1 min)": f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
    }
    print(f"## {options.jobs} in flight, {way}, {database} ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC)\n")
    print(f"Jobs of {0.75 * options.seconds:.0f} to {1.25 * options.seconds:.0f} s.\n\n| what | measured |\n|---|---|")
    for what, value in rows.items():
        print(f"| {what} | {value} |")
    print()


def _pair(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} s, {max(values):.2f} s" if values else "not seen"


if __name__ == "__main__":
    main()
