"""A production house: the site's processes, a sandbox of fal, and whoever starts again what dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from media_pipeline.providers.fal.sandbox.testing import Sandbox
from studio.tests.real_site import PATIENCE, RealSite

from .launch import MINES

ROLES = {"worker": ["worker", "--cluster"], "poller": ["poller"], "web": ["web"]}

ASK = """
import json
from projects.actions import create_project, set_budget
from media_pipeline.runs.actions import start_run
from django.contrib.auth import get_user_model
owner = get_user_model().objects.get(username="owner")
wanted = json.loads({wanted!r})
asked = []
for one in wanted:
    project = create_project(title=one["prompt"][:60], owner=owner)
    set_budget(project, limit=one.pop("limit", 10))
    run = start_run("ask", "thing:" + str(project.pk), project, settings=one, by=owner)
    asked.append({{"run": run.pk, "project": project.pk}})
answer = asked
"""

BOOKS = """
import json
from django.db.models import Sum
from media_pipeline.assets import MediaAsset
from media_pipeline.runs.models import Run, Step
from projects.models import Alert, BudgetAccount, BudgetLedgerEntry
run = Run.objects.get(pk={run})
entries = BudgetLedgerEntry.objects.filter(project=run.project_id)
def total(*kinds):
    return str(entries.filter(kind__in=kinds).aggregate(sum=Sum("amount"))["sum"] or 0)
account = BudgetAccount.objects.get(project=run.project_id)
answer = {{
    "run": run.state, "error": run.error, "output": run.output,
    "steps": {{step.key: {{"state": step.state, "pk": step.pk, "request_id": step.request_id, "token": step.token,
                         "attempt": step.attempt, "error": step.error_message, "endpoint": step.endpoint}}
              for step in run.steps.filter(kind="provider")}},
    "successes": {{step.key: step.transitions.filter(after="succeeded").count() for step in run.steps.all()}},
    "states": [str(move) for move in run.transitions.all()],
    "reserved": str(account.reserved), "spent": str(account.spent),
    "ledger_reserved": total("reserve", "release"), "ledger_spent": total("settle", "adjust"),
    "assets": sorted(MediaAsset.objects.filter(project=run.project_id).values_list("sha256", flat=True)),
    "alerts": list(Alert.objects.filter(project=run.project_id, dismissed_at=None).values_list("title", flat=True)),
}}
"""


class House(RealSite):
    """A site whose commands run through launch.py, pointed at a sandbox."""

    def __init__(self, folder: Path, migrated: Path, sandbox: Sandbox) -> None:
        super().__init__(folder, migrated)
        self.sandbox = sandbox
        self.environment |= {
            **sandbox.environment, "PUBLIC_URL": self.address, "WORKERS": "1", "LOG_LEVEL": "INFO",
            "PYTHONPATH": os.getcwd(),
        }  # fmt: skip
        self._office: subprocess.Popen[str] | None = None

    def command(self, *words: str) -> list[str]:
        """The command line of one of the site's commands."""
        return [sys.executable, "-m", "media_pipeline.tests.processes.launch", *words]

    def office(self, text: str) -> Any:
        """Run Python in the site; what it leaves in `answer`."""
        if self._office is None:
            self._office = subprocess.Popen(
                self.command("office"), env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self._office.stdin is not None
        assert self._office.stdout is not None
        self._office.stdin.write(json.dumps(text) + "\n")
        self._office.stdin.flush()
        said = json.loads(self._office.stdout.readline())
        assert "trouble" not in said, said["trouble"]
        return said["answer"]

    def ask(self, *wanted: dict[str, Any]) -> list[dict[str, int]]:
        """Start a run of "ask" with each of these settings, each in a production of its own."""
        return self.office(ASK.format(wanted=json.dumps(wanted)))

    def books(self, run: int) -> Books:
        """What became of a run, and what its production's account says."""
        return Books(self.office(BOOKS.format(run=run)))

    def decide(self, step: int, request_id: str = "") -> None:
        """What a person says about a lost request: that this job is it, or that it is written off."""
        self.office(
            "from django.contrib.auth import get_user_model\nfrom media_pipeline.runs.actions import resolve_unknown\n"
            "from media_pipeline.runs.models import Step\nby = get_user_model().objects.get(username='owner')\n"
            f"answer = str(resolve_unknown(Step.objects.get(pk={step}), by=by, request_id={request_id!r}))"
        )

    def assert_one_job_for_each_call(self, prompt: str, run: int, *, written_off: bool = False) -> None:
        """The run succeeded; the sandbox took one job for each of its calls, and its bill is what the ledger says.

        `written_off`: each call was written off once before, which counts as spent although nothing was billed.
        """
        books = self.books(run)
        assert (books["run"], books["error"]) == ("succeeded", "")
        assert {step["state"] for step in books["steps"].values()} == {"succeeded"}
        assert set(books["successes"].values()) == {1}
        bill = self.sandbox.ledger(contains=prompt)
        accepted = sorted(job["request_id"] for job in bill["jobs"])
        assert accepted == sorted(step["request_id"] for step in books["steps"].values())
        assert set(books["output"]["files"]) <= set(books["assets"])
        assert not books["alerts"]
        books.assert_balanced()
        assert books.spent == Decimal(bill["billed_dollars"]) * (2 if written_off else 1)

    def state(self, run: int) -> str:
        """The state of a run."""
        return self.rows(f"SELECT state FROM media_pipeline_run WHERE id = {run}")[0][0]

    def step_states(self, run: int) -> dict[str, str]:
        """The states of a run's calls by key."""
        return dict(self.rows(f"SELECT key, state FROM media_pipeline_step WHERE run_id = {run} AND kind = 'provider'"))

    def remove(self) -> None:
        """Close the office, drop the database and the folder."""
        if self._office is not None:
            self._office.kill()
            self._office.wait()
        super().remove()

    @contextmanager
    def crew(self, *roles: str, **environment: str) -> Iterator[Crew]:
        """The processes of these roles (all of them when none is named), each in a group of its own."""
        crew = Crew(self, roles or tuple(ROLES), environment)
        try:
            crew.look_after()
            yield crew
        finally:
            crew.dismiss()


class Crew:
    """Processes that are started again when they die, as a service manager does."""

    def __init__(self, house: House, roles: Sequence[str], environment: dict[str, str]) -> None:
        self.house = house
        self.roles = roles
        self.mines = house.folder / f"mines-{time.monotonic_ns()}"
        self.mines.mkdir()
        self.environment = environment | {MINES: str(self.mines)}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: list[tuple[str, int]] = []

    def look_after(self) -> None:
        """Start what is not running."""
        for role in self.roles:
            process = self.processes.get(role)
            if process is None or process.poll() is not None:
                if process is not None:
                    self.deaths.append((role, process.returncode))
                    self._end(process)
                self._start(role)

    def work_until(self, true: Any, seconds: float = PATIENCE) -> None:
        """Look after the processes until `true()`."""
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, self.house.said()[-6000:]
            self.look_after()
            time.sleep(0.05)

    def work_until_over(self, run: int) -> str:
        """Look after the processes until the run has ended, or a call of it waits for a person; its state."""
        self.work_until(
            lambda: (
                self.house.state(run) in ("succeeded", "failed", "cancelled")
                or "unknown" in self.house.step_states(run).values()
            )
        )
        return self.house.state(run)

    def dismiss(self) -> None:
        """End them all."""
        for process in self.processes.values():
            self._end(process)

    def _start(self, role: str) -> None:
        words = [*ROLES[role], *(["--port", str(self.house.port)] if role == "web" else [])]
        with (self.house.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                self.house.command(*words), env=self.house.environment | self.environment, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        (self.mines / role).write_text(str(process.pid))
        self.processes[role] = process

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Books(dict[str, Any]):
    """What `House.books` found out."""

    def assert_balanced(self) -> None:
        """The account says what the ledger adds up to, and nothing stays promised once the run has ended."""
        assert Decimal(self["reserved"]) == Decimal(self["ledger_reserved"])
        assert Decimal(self["spent"]) == Decimal(self["ledger_spent"])
        if self["run"] == "succeeded":
            assert Decimal(self["reserved"]) == 0

    @property
    def spent(self) -> Decimal:
        """What the production has paid."""
        return Decimal(self["spent"])
