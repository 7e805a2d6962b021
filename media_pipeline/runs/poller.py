"""What has to happen although nobody calls: lost messages, answers of providers, time-outs, old rows.

Safe to run twice: every piece of work is claimed by a conditional UPDATE, and what two pollers still do both (a
second download) is settled once. One turn of the loop is a few indexed queries.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import tempfile
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_q.models import OrmQ

from media_pipeline.providers.base import Pending
from media_pipeline.providers.errors import Ambiguous, JobFailed, ProviderError, Refused, Transient
from media_pipeline.providers.registry import provider_named
from media_pipeline.webhooks import WebhookSender

from . import calls, lost, moves, transport
from .due import due_runs
from .models import Run, RunState, Step, StepState
from .pruning import prune
from .recovery import free_leases_of_dead_workers
from .work import Work

log = logging.getLogger(__name__)
T = TypeVar("T")

TICK = 1.0
"""Seconds between two turns."""

RESEND_AFTER = timedelta(seconds=20)
"""A message that is older and whose run has not moved may be lost. One that is merely late does no harm twice."""

MESSAGES = 50
"""Messages waiting for workers above which none is sent again: they are late, not lost, and would only pile up."""

ASKED = (StepState.SUBMITTED, *lost.LOST, StepState.FAILED)
"""States of the steps that providers are asked about, each while it says when: a failed one only where it timed out."""

CLAIM = timedelta(seconds=20)
KEEP_EVERY = 5.0
"""How long one poller keeps a step to itself, and how often (in seconds) it says that it still does: the answers of one
that was killed wait no longer than a claim."""

THREADS = 16
"""Provider calls under way at once; they wait for networks, and for the process that probes what came."""

LONGEST_WAIT = timedelta(minutes=10)
"""How long a submitted call may take where its model profile does not say (flows, section 4)."""

PRUNE_EVERY = timedelta(minutes=10)
STOP_SECONDS = 20.0
"""Seconds that calls under way get when the poller is asked to stop; their steps are asked about again later."""


def resend_lost(now: datetime | None = None) -> int:
    """Send again for runs that could move and have not; returns how many."""
    now = now or timezone.now()
    room = MESSAGES - OrmQ.objects.filter(lock__lte=now).count()
    if room <= 0:
        return 0
    stale = due_runs(now=now).filter(Q(sent_at=None) | Q(sent_at__lt=now - RESEND_AFTER))
    sent = 0
    for pk, sent_at in list(stale.values_list("pk", "sent_at")[:room]):
        with transaction.atomic():
            if Run.objects.filter(pk=pk, sent_at=sent_at).update(sent_at=now):
                transport.send_advance(pk)
                sent += 1
    return sent


def wake_retries(now: datetime | None = None) -> int:
    """Wake runs whose calls may be submitted again now; returns how many calls."""
    due = Step.objects.filter(state=StepState.CREATED, next_poll_at__lte=now or timezone.now())
    woken = 0
    for step in due.select_related("run")[:200]:
        with transaction.atomic():
            moves.hold(step.run)
            as_read = Step.objects.filter(pk=step.pk, state=StepState.CREATED, next_poll_at=step.next_poll_at)
            if as_read.update(next_poll_at=None):
                moves.wake(step.run_id)
                woken += 1
    return woken


def claim_steps(limit: int, now: datetime | None = None, *, project_id: int | None = None) -> list[Step]:
    """Calls to ask their providers about, each given to one poller only.

    Also those of runs that have ended: their answers are paid for, and a run that is resumed finds them.
    """
    now = now or timezone.now()
    due = Step.objects.filter(state__in=ASKED, next_poll_at__lte=now).order_by("next_poll_at")
    if project_id is not None:
        due = due.filter(run__project_id=project_id)
    # The exact time is this claim's own: of two pollers that read the same rows, each finds what its UPDATE took.
    mine = now + CLAIM + timedelta(microseconds=secrets.randbelow(1_000_000))
    found = list(due.values_list("pk", flat=True)[:limit])
    if not found:
        return []
    Step.objects.filter(pk__in=found, state__in=ASKED, next_poll_at__lte=now).update(
        polls=F("polls") + 1, next_poll_at=mine
    )
    claimed = Step.objects.filter(pk__in=found, next_poll_at=mine).select_related("run")
    return sorted(claimed, key=lambda step: found.index(step.pk))


def keep_claims(steps: Collection[Step], now: datetime | None = None) -> None:
    """Say that these steps are still attended to; those that have moved on meanwhile are left alone."""
    until = (now or timezone.now()) + CLAIM
    for step in steps:
        held = Step.objects.filter(pk=step.pk, polls=step.polls, state__in=ASKED, next_poll_at=step.next_poll_at)
        if held.update(next_poll_at=until):
            step.next_poll_at = until


def attend(step: Step) -> None:
    """Ask the provider about a claimed step and settle it, fail it, or say when to ask again."""
    try:
        if step.state in lost.LOST:
            lost.look_for(step)
            return
        answer = _asked(step)
        if answer is None:
            if step.state == StepState.SUBMITTED or calls.answered_late(step):
                _fetch(step)
            return
        if answer.detail and step.run.state == RunState.WAITING:
            moves.tell_progress(step.run, step.run.progress, answer.detail)
        trouble = ""
    except (Transient, Ambiguous) as error:  # to ask again costs nothing
        trouble = str(error)
    except KeyError as error:
        _refused(step, Refused(str(error.args[0])))
        return
    except ProviderError as error:
        _refused(step, error)
        return
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("Asking %s about step %s went wrong", step.provider, step.pk)
        trouble = f"{type(error).__name__}: {error}"
    _ask_later(step, trouble)


def _asked(step: Step) -> Pending | None:
    """What the provider says of the job; one that was reported as done is not asked about, only fetched."""
    if step.provider_data.get("reported"):
        return None
    return provider_named(step.provider).poll(step.request_id, step.endpoint, step.provider_data)


def _refused(step: Step, error: ProviderError) -> None:
    if step.state == StepState.SUBMITTED:
        calls.refuse(step, error)
        return
    charge = None if isinstance(error, Refused | JobFailed) and error.units is None else calls.Charge(error.units)
    calls.close_late(step, charge, note=str(error))


def _fetch(step: Step) -> None:
    Path(settings.WORK_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.WORK_DIR, prefix=f"step-{step.pk}-") as folder:
        work = Work(
            workdir=Path(folder),
            project_id=step.run.project_id,
            tell=lambda fraction: None,
            stop=lambda: not Step.objects.filter(pk=step.pk, state=StepState.SUBMITTED).exists(),
        )
        result = provider_named(step.provider).fetch(step.request_id, step.endpoint, step.provider_data, work)
        calls.settle_step(step, result)


def _ask_later(step: Step, trouble: str) -> None:
    seconds = step.profile.get("timeout_seconds")
    limit = timedelta(seconds=seconds) if seconds else LONGEST_WAIT
    waited = timezone.now() - (step.submitted_at or step.created_at)
    if step.state == StepState.FAILED and waited > limit + calls.LATE_FOR:
        calls.close_late(step, calls.Charge(), note="never answered: may have been charged")
        return
    if step.state == StepState.SUBMITTED and waited > limit:
        _give_up(step, limit, trouble)
        return
    again = timezone.now() + calls.LATE_POLL if step.state == StepState.FAILED else _next_poll(step)
    Step.objects.filter(pk=step.pk, state=step.state, polls=step.polls).update(next_poll_at=again)


def _give_up(step: Step, limit: timedelta, trouble: str) -> None:
    """Stop waiting: the provider is asked to drop the job."""
    words = f"{step.provider} {step.endpoint} has not finished request {step.request_id} within {limit}."
    if trouble:
        words += f" The last question was answered: {trouble}"
    try:
        dropped = provider_named(step.provider).cancel(step.request_id, step.endpoint, step.provider_data)
    except ProviderError as error:
        log.warning("%s could not be told to cancel %s: %s", step.provider, step.request_id, error)
        dropped = False
    calls.time_out(step, words, dropped=dropped)


def _next_poll(step: Step) -> datetime:
    # The wait stops growing long before this many polls, and the power of an uncapped number overflows.
    when: datetime = calls.next_poll(Step(polls=min(step.polls, 30)))
    return when


class Poller:
    """The loop around the functions above."""

    def __init__(self, *, tick: float = TICK, threads: int = THREADS) -> None:
        self.tick = tick
        self.threads = threads
        self._under_way: set[asyncio.Task[None]] = set()
        self._held: dict[int, Step] = {}
        self._pruned: datetime | None = None
        self._tidied = self._kept = -self.tick
        self._webhooks = WebhookSender()
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="poller")
        self._asking = ThreadPoolExecutor(threads, thread_name_prefix="provider")

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            full = False
            try:
                room = 2 * self.threads - len(self._under_way)
                claimed = await self._in_thread(self._looking, partial(self._look_round, room))
                full = len(claimed) == room
                for step in claimed:
                    self._attend(step)
            except DatabaseError as error:
                log.warning("The poller lost the database (%s); it tries again.", error)
            await self._until_there_is_room(stop) if full else await self._pause(stop)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_SECONDS)
        self._webhooks.stop()
        self._asking.shutdown(wait=False, cancel_futures=True)
        self._looking.shutdown()

    async def _until_there_is_room(self, stop: asyncio.Event) -> None:
        """More is due than was taken: go on as soon as half of it is done, not with the next turn."""
        while len(self._under_way) > self.threads and not stop.is_set():
            await asyncio.wait(self._under_way, timeout=self.tick, return_when=asyncio.FIRST_COMPLETED)
            if time.monotonic() - self._tidied > self.tick:
                return

    async def _pause(self, stop: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), self.tick)

    def _look_round(self, room: int) -> list[Step]:
        now = timezone.now()
        if time.monotonic() - self._tidied >= self.tick:
            self._tidied = time.monotonic()
            self._tidy(now)
        return claim_steps(room, now) if room > 0 else []

    def _tidy(self, now: datetime) -> None:
        if time.monotonic() - self._kept >= KEEP_EVERY:
            self._kept = time.monotonic()
            keep_claims(list(self._held.values()), now)
        free_leases_of_dead_workers()
        resend_lost(now)
        wake_retries(now)
        self._webhooks.turn(now)
        if self._pruned is None or now - self._pruned > PRUNE_EVERY:
            self._pruned = now
            prune(now)

    def _attend(self, step: Step) -> None:
        async def to_the_end() -> None:
            try:
                await self._in_thread(self._asking, lambda: attend(step))
            except Exception:
                log.exception("Step %s could not be attended to; it is asked about again in %s", step.pk, CLAIM)

        def done(task: asyncio.Task[None]) -> None:
            self._under_way.discard(task)
            self._held.pop(step.pk, None)

        task = asyncio.create_task(to_the_end(), name=f"step-{step.pk}")
        self._under_way.add(task)
        self._held[step.pk] = step
        task.add_done_callback(done)

    @staticmethod
    async def _in_thread(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        def with_connection() -> T:
            close_old_connections()
            try:
                return work()
            finally:
                close_old_connections()

        outcome: Any = await asyncio.get_running_loop().run_in_executor(pool, with_connection)
        return outcome
