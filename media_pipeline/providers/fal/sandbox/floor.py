"""The queue and the runners: who waits, who runs, and what happens when a job ends."""

from __future__ import annotations

import asyncio
import bisect
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from .clock import Clock
from .jobs import Job, JobState, Journal
from .making import seed_from
from .options import SandboxOptions
from .outcome import Outcome, infrastructure_error

log = logging.getLogger(__name__)


class Floor:
    """Runs jobs, no more than `options.concurrency` at a time over all endpoints."""

    def __init__(
        self, options: SandboxOptions, clock: Clock, journal: Journal, perform: Callable[[Job], Awaitable[Outcome]]
    ) -> None:
        self.options, self.clock, self.journal, self.perform = options, clock, journal, perform
        self.on_completed: Callable[[Job], Coroutine[Any, Any, None]] | None = None
        self.jobs: dict[str, Job] = {}
        self.queue: list[tuple[bool, int]] = []  # keys of waiting jobs, sorted
        self.waiting: dict[tuple[bool, int], Job] = {}
        self.running: set[str] = set()
        self.ended: dict[str, asyncio.Event] = {}
        self.stops: dict[str, asyncio.Event] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.sequence = 0

    def restore(self) -> None:
        """Take up the jobs of the journal: what was running when the sandbox died is queued again, as fal does."""
        for job in self.journal.jobs():
            self.jobs[job.request_id] = job
            self.sequence = max(self.sequence, job.sequence)
            if job.state == JobState.COMPLETED:
                if job.webhook and not job.webhook_settled:
                    self._completed(job)
                continue
            job.state, job.started_at, job.logs = JobState.IN_QUEUE, None, []
            self._wait(job)
        self.fill()

    def accept(self, job: Job) -> None:
        """Take a new job and keep it; it is counted from here on, whatever becomes of the reply."""
        job.submitted_at, job.submitted_clock = time.time(), self.clock.now
        self.jobs[job.request_id] = job
        self.journal.add(job)
        if job.direct:
            self._start(job)
            return
        self._wait(job)
        self.fill()

    def next_sequence(self) -> int:
        """The number of the next job."""
        self.sequence += 1
        return self.sequence

    def position(self, job: Job) -> int:
        """How many requests are ahead of this one."""
        return bisect.bisect_left(self.queue, job.queue_key)

    def fill(self) -> None:
        """Start waiting jobs while there is room."""
        held: list[Job] = []
        while self.queue and len(self.running) < self.options.concurrency:
            job = self.waiting.pop(self.queue.pop(0))
            if job.fault("stuck"):
                held.append(job)
            else:
                self._start(job)
        for job in held:
            self._queue(job)

    def cancel(self, job: Job) -> str:
        """Drop a waiting job, signal a running one; returns fal's word for it."""
        if job.state == JobState.COMPLETED:
            return "ALREADY_COMPLETED"
        job.cancel_requested = True
        if job.state == JobState.IN_QUEUE:
            self._unqueue(job)
            job.cancelled = True
            self._end(job, infrastructure_error("client_cancelled"))
            self.fill()
        elif job.fault("stop_on_cancel", "never"):  # what never ends leaves its runner only so
            self.stops[job.request_id].set()
        self.journal.save(job)
        return "CANCELLATION_REQUESTED"

    async def wait_for(self, job: Job) -> None:
        """Until the job is completed."""
        if job.state != JobState.COMPLETED:
            await self.ended.setdefault(job.request_id, asyncio.Event()).wait()

    async def stop(self) -> None:
        """End all tasks; jobs stay as the journal has them."""
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def clear(self) -> None:
        """Forget every job."""
        for task in list(self.tasks):
            task.cancel()
        for held in (self.jobs, self.queue, self.waiting, self.running, self.ended, self.stops):
            held.clear()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the requests; what it raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("The sandbox itself failed: %s", problem, exc_info=problem)

    def _wait(self, job: Job) -> None:
        self._queue(job)
        if job.start_timeout is not None:
            self.spawn(self._time_out(job, job.start_timeout - (self.clock.now - job.submitted_clock)))

    def _queue(self, job: Job) -> None:
        bisect.insort(self.queue, job.queue_key)
        self.waiting[job.queue_key] = job

    def _unqueue(self, job: Job) -> None:
        if self.waiting.pop(job.queue_key, None) is not None:
            self.queue.remove(job.queue_key)

    async def _time_out(self, job: Job, seconds: float) -> None:
        await self.clock.sleep(seconds)
        if job.state == JobState.IN_QUEUE:
            self._unqueue(job)
            self._end(job, infrastructure_error("request_timeout"))

    def _start(self, job: Job) -> None:
        self.running.add(job.request_id)
        self.stops[job.request_id] = asyncio.Event()
        job.state, job.started_at = JobState.IN_PROGRESS, time.time()
        self._log(job, "Runner is ready")
        self.journal.save(job)
        self.spawn(self._run(job))

    async def _run(self, job: Job) -> None:
        started = self.clock.now
        work = asyncio.ensure_future(self._work(job, started))
        stop = asyncio.ensure_future(self.stops[job.request_id].wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            outcome = work.result() if work.done() else infrastructure_error("client_cancelled")
        except Exception as problem:
            log.exception("The sandbox could not make the answer of %s", job.endpoint)
            outcome = infrastructure_error("internal_error", f"The sandbox failed: {problem}")
        finally:
            work.cancel()
            stop.cancel()
        job.inference_time = round(self.clock.now - started, 3)
        self.running.discard(job.request_id)
        self.stops.pop(job.request_id, None)
        self._log(job, "100%|##########|" if outcome.status < 400 else outcome.error or "")
        self._end(job, outcome)
        self.fill()

    async def _work(self, job: Job, started: float) -> Outcome:
        """Make the outcome and take the job's time for it; for ever with the fault "never"."""
        if job.fault("never"):
            await asyncio.Event().wait()
        outcome = await self.perform(job)
        seconds = self._duration(job)
        await self.clock.sleep(started + seconds / 2 - self.clock.now)
        self._log(job, "50%|#####     |")
        await self.clock.sleep(started + seconds - self.clock.now)
        return outcome

    def _duration(self, job: Job) -> float:
        share = 0.75 + 0.5 * seed_from(self.options.seed, "duration", job.sequence) / 2**31
        slow = job.fault("slow")
        return self.options.seconds * share + (float(slow.get("seconds", 5)) if slow else 0.0)

    def _end(self, job: Job, outcome: Outcome) -> None:
        job.state, job.ended_at, job.ended_clock = JobState.COMPLETED, time.time(), self.clock.now
        job.status_code, job.reply, job.reply_headers = outcome.status, outcome.body, outcome.headers
        job.error, job.error_type = outcome.error, outcome.error_type
        job.units = None if outcome.units is None else str(outcome.units)
        self.journal.save(job)
        self.ended.setdefault(job.request_id, asyncio.Event()).set()
        self._completed(job)

    def _completed(self, job: Job) -> None:
        if self.on_completed is not None and job.webhook and not job.webhook_settled:
            self.spawn(self.on_completed(job))

    def _log(self, job: Job, message: str) -> None:
        stamp = datetime.now(UTC).isoformat()
        job.logs.append({"message": message, "timestamp": stamp, "level": "INFO", "source": "USER"})
