"""`python -m media_pipeline.tests.processes.launch worker --cluster`: a command of the site, as these tests run it.

What differs from manage.py: waits of minutes are seconds (not with REAL_WAITS), there are pipelines of the tests' own,
MINES (a folder, see boundaries.py) may kill processes at chosen instants, and MEASURE (a file) is told what the poller
does. The further command `office` runs Python that it reads line by line, so that a test need not wait for Django
again and again.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

MINES, MEASURE, REAL_WAITS = "RUSHES_TEST_MINES", "RUSHES_TEST_MEASURE", "RUSHES_TEST_REAL_WAITS"


def hurry() -> None:
    """Seconds instead of minutes: what is waited for is the same."""
    from media_pipeline.providers.fal import wire
    from media_pipeline.runs import calls, lost, poller

    wire.READ = 2.0
    calls.FIRST_POLL = timedelta(seconds=0.3)
    poller.CLAIM, poller.KEEP_EVERY = timedelta(seconds=1.5), 0.5
    poller.RESEND_AFTER = timedelta(seconds=1)
    poller.Poller.__init__.__kwdefaults__["tick"] = 0.1
    lost.GRACE = timedelta(seconds=6)
    lost.LOOK_EVERY = timedelta(seconds=0.5)
    lost.LOOK_LATER = timedelta(seconds=1)


def register() -> None:
    """The pipeline of these tests."""
    from media_pipeline.providers.base import ImageRequest, VideoRequest
    from media_pipeline.runs.registry import pipeline

    @pipeline("ask")
    def ask(run: Any) -> dict[str, Any]:
        """Settings: `prompt`, and `video` (whether the picture is also made to move)."""
        size = {"width": 1280, "height": 720, "prompt": run.settings["prompt"]}
        files = list(run.call("image", ImageRequest(**size)).files)
        if run.settings.get("video"):
            files += run.call("video", VideoRequest(**size, start_image=files[0], frames=48, rate=24)).files
        return {"files": files}

    @pipeline("note")
    def note(run: Any) -> None:
        """Nothing but a record: as quick as a run can be."""
        run.record("note", lambda: "noted")


def measure(file: Path) -> None:
    """Append a line for each turn of the poller and each answer it asks for: seconds and database queries."""
    from django.db import connection

    from media_pipeline.runs import poller

    lock = threading.Lock()

    def measured(what: str, work: Any) -> Any:
        def doing(*given: Any) -> Any:
            queries = 0

            def count(execute: Any, *about: Any) -> Any:
                nonlocal queries
                queries += 1
                return execute(*about)

            started = time.perf_counter()
            with connection.execute_wrapper(count):
                answer = work(*given)
            line = {"what": what, "at": time.time(), "seconds": time.perf_counter() - started, "queries": queries}
            with lock, file.open("a") as lines:
                lines.write(json.dumps(line | {"count": len(answer) if isinstance(answer, list) else 1}) + "\n")
            return answer

        return doing

    poller.Poller._look_round = measured("turn", poller.Poller._look_round)  # type: ignore[method-assign]
    poller.attend = measured("answer", poller.attend)


def office() -> None:
    """For each line (Python as a JSON string) run it and answer with a line: what it left in `answer`."""
    from django.db import close_old_connections

    for line in sys.stdin:
        scope: dict[str, Any] = {}
        try:
            close_old_connections()
            exec(json.loads(line), scope)
            print(json.dumps({"answer": scope.get("answer")}), flush=True)
        except Exception:
            print(json.dumps({"trouble": traceback.format_exc()}), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    from django.core.management import execute_from_command_line

    from media_pipeline.tests.processes.boundaries import install

    if not os.environ.get(REAL_WAITS):
        hurry()
    register()
    if os.environ.get(MEASURE):
        measure(Path(os.environ[MEASURE]))
    if os.environ.get(MINES):
        install(Path(os.environ[MINES]))
    if sys.argv[1:] == ["office"]:
        office()
        sys.exit()
    execute_from_command_line(["manage.py", *sys.argv[1:]])
