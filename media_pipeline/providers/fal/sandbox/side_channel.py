"""What only rehearsals and tests use: scripting faults, reading the ledger, moving the clock."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from .endpoints import CATALOGUE
from .faults import FAULTS, BadRule
from .jobs import Job, JobState, canonical
from .sandbox import SandboxState
from .wire import Reply, Request, json_reply


class SideChannel:
    """Answers everything below /sandbox/."""

    def __init__(self, sandbox: SandboxState) -> None:
        self.sandbox = sandbox

    async def answer(self, request: Request, path: str) -> Reply:
        """The reply to a call of the side channel; 400 says what was not understood."""
        verbs = {
            ("POST", "script"): self._script, ("DELETE", "script"): self._unscript, ("GET", "script"): self._rules,
            ("POST", "answers"): self._answers, ("GET", "ledger"): self._ledger, ("POST", "reset"): self._reset,
            ("POST", "rotate-keys"): self._rotate, ("POST", "clock"): self._clock, ("POST", "account"): self._account,
            ("POST", "options"): self._options, ("GET", "health"): self._health,
        }  # fmt: skip
        if request.method == "GET" and path.startswith("jobs/"):
            return self._job(path.removeprefix("jobs/"))
        verb = verbs.get((request.method, path))
        if verb is None:
            return json_reply({"detail": "The side channel has no such call."}, 404)
        try:
            data = json.loads(await request.body() or b"{}")
            return json_reply(verb(request, data))
        except (BadRule, TypeError, ValueError, KeyError) as problem:
            return json_reply({"detail": str(problem)}, 400)

    def _health(self, request: Request, data: Any) -> dict[str, Any]:
        return {"jobs": len(self.sandbox.floor.jobs), "running": len(self.sandbox.floor.running)}

    def _script(self, request: Request, data: Any) -> dict[str, Any]:
        rules = data if isinstance(data, list) else data.get("rules", [data])
        for rule in rules:
            self.sandbox.script.add(rule)
        return {"rules": self.sandbox.script.described()}

    def _unscript(self, request: Request, data: Any) -> dict[str, Any]:
        self.sandbox.script.clear()
        return {"rules": []}

    def _rules(self, request: Request, data: Any) -> dict[str, Any]:
        return {"rules": self.sandbox.script.described(), "faults": FAULTS}

    def _answers(self, request: Request, data: Any) -> dict[str, Any]:
        for answer in data if isinstance(data, list) else [data]:
            if not isinstance(answer.get("answer"), str):
                raise ValueError("An answer is {“answer”: text} and may name a part of the question in “contains”.")
            self.sandbox.performer.answers.insert(0, answer)
        return {"answers": self.sandbox.performer.answers}

    def _ledger(self, request: Request, data: Any) -> dict[str, Any]:
        wanted, words = request.query.get("endpoint", ""), request.query.get("contains", "")
        jobs = [
            job
            for job in self.sandbox.floor.jobs.values()
            if (not wanted or job.endpoint == wanted) and (not words or words in _searched(job))
        ]
        return ledger_of(jobs, self.sandbox, brief=request.query.get("brief") == "1")

    def _job(self, request_id: str) -> Reply:
        job = self.sandbox.floor.jobs.get(request_id)
        return json_reply(vars(job)) if job else json_reply({"detail": "There is no such job."}, 404)

    def _reset(self, request: Request, data: Any) -> dict[str, Any]:
        self.sandbox.reset()
        return {}

    def _rotate(self, request: Request, data: Any) -> dict[str, Any]:
        self.sandbox.keys.rotate(withdraw=bool(data.get("withdraw")))
        return self.sandbox.keys.jwks()

    def _clock(self, request: Request, data: Any) -> dict[str, Any]:
        clock = self.sandbox.clock
        clock.move(advance=float(data.get("advance", 0)), speed=data.get("speed"))
        self.sandbox.journal.note("clock_lead", clock.lead)
        return {"now": clock.now, "lead": clock.lead, "speed": clock.speed}

    def _account(self, request: Request, data: Any) -> dict[str, Any]:
        self.sandbox.locked = bool(data["locked"])
        return {"locked": self.sandbox.locked}

    def _options(self, request: Request, data: Any) -> dict[str, Any]:
        """Change `seconds`, `concurrency` and the like while it runs."""
        allowed = {
            "seconds", "concurrency", "webhook_backoff", "webhook_retries", "webhook_timeout", "plain_media",
            "bill_invalid",
        }  # fmt: skip
        unknown = data.keys() - allowed
        if unknown:
            raise ValueError(f"These cannot be changed while it runs: {', '.join(sorted(unknown))}.")
        for name, value in data.items():
            setattr(self.sandbox.options, name, value)
        self.sandbox.floor.fill()
        return {name: getattr(self.sandbox.options, name) for name in sorted(allowed)}


def _searched(job: Job) -> str:
    return f"{canonical(job.body)} {job.webhook}"


def ledger_of(jobs: list[Job], sandbox: SandboxState, *, brief: bool = False) -> dict[str, Any]:
    """What these jobs come to: how many, what they bill, which were sent twice, and every call there was."""
    units: dict[str, Decimal] = defaultdict(Decimal)
    cost = Decimal(0)
    equal: dict[str, list[str]] = defaultdict(list)
    hooks: dict[str, list[str]] = defaultdict(list)
    for job in jobs:
        equal[job.digest].append(job.request_id)
        if job.webhook:
            hooks[job.webhook].append(job.request_id)
        if job.units is not None:
            units[job.endpoint] += Decimal(job.units)
            cost += Decimal(job.units) * CATALOGUE[job.endpoint].price
    return {
        "accepted": len(jobs),
        "completed": sum(job.state == JobState.COMPLETED for job in jobs),
        "running": sum(job.state == JobState.IN_PROGRESS for job in jobs),
        "billed_units": {endpoint: str(total) for endpoint, total in sorted(units.items())},
        "billed_dollars": str(cost),
        "duplicates": [ids for ids in equal.values() if len(ids) > 1],
        "accepted_by_webhook": {address: len(ids) for address, ids in hooks.items()},
        "calls": sandbox.journal.calls(),
        "uploads": sandbox.media.uploads(),
        "jobs": [] if brief else [_line(job) for job in jobs],
    }


def _line(job: Job) -> dict[str, Any]:
    kept = (
        "request_id", "endpoint", "sequence", "state", "status_code", "error", "error_type", "units", "webhook",
        "headers", "query", "digest", "low_priority", "cancel_requested", "cancelled", "submitted_at", "started_at",
        "ended_at", "deliveries", "webhook_settled", "result_read",
    )  # fmt: skip
    return {**{name: getattr(job, name) for name in kept}, "faults": [fault["fault"] for fault in job.faults]}
