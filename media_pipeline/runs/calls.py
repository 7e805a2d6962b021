"""Provider calls as steps: remembered before they are made, settled once.

    created -> submitting -> submitted -> succeeded | failed
                     \\-> unknown (an answer was lost; lost.py)

A call of a local provider goes from submitting straight to its result, and is simply made again when it was
interrupted: its work is deterministic and costs nothing. Any other interrupted submit is never made again blindly.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from pydantic import TypeAdapter

from media_pipeline import money, storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media.errors import BrokenMedia, MediaError
from media_pipeline.providers.base import Accepted, Notice, Record, Request, Result, ResultFile
from media_pipeline.providers.choice import frozen_profile, needs_of, profile_for
from media_pipeline.providers.errors import Ambiguous, JobFailed, ProviderError, Transient, Worthless
from media_pipeline.providers.registry import provider_named
from projects.actions import raise_alert, settle_alerts

from . import lost, moves
from .errors import CancelRequested
from .models import Run, Step, StepState, new_token
from .work import Work

if TYPE_CHECKING:
    from .context import RunContext

log = logging.getLogger(__name__)

__all__ = ["CallResult", "Request", "may_be_submitted_now", "prepare", "settle_step", "submit"]

FIRST_POLL = timedelta(seconds=2)
LONGEST_POLL = timedelta(seconds=60)
POLL_GROWTH = 1.5
"""The wait between two polls of one job grows by this factor, from FIRST_POLL to LONGEST_POLL."""

ATTEMPTS = 4
"""Submits of one step while each is known not to have been accepted; then the step fails."""

TRIES_FOR_USE = 2
"""Submits of one step in all while what is delivered, and charged, is of no use: broken files, or nothing at all."""

_requests: TypeAdapter[Request] = TypeAdapter(Request)


REPORTED_FIRST = timedelta(days=1)
"""How far before everything else that is due an answer stands that is known to be there."""

TIMED_OUT = "TimedOut"
LATE_POLL = timedelta(minutes=10)
LATE_FOR = timedelta(hours=24)
"""How often, and how long, a job that timed out is still asked about."""


@dataclass(frozen=True)
class Charge:
    """What a call that failed costs all the same; both None: nobody says, and the expected amount counts."""

    units: Decimal | None = None
    cost: Decimal | None = None


@dataclass(frozen=True)
class CallResult:
    """The remembered answer of a provider call. `files` are digests of stored assets, in the provider's order."""

    files: tuple[str, ...]
    asset_ids: tuple[int, ...]
    text: str
    data: dict[str, Any]
    seed: int | None
    provenance: dict[str, Any]
    provider: str
    endpoint: str

    @classmethod
    def of(cls, step: Step) -> CallResult:
        """The answer of a step that succeeded."""
        output = step.output
        return cls(
            files=tuple(file["sha256"] for file in output["files"]),
            asset_ids=tuple(file["asset"] for file in output["files"]),
            text=output["text"],
            data=output["data"],
            seed=output["seed"],
            provenance=output["provenance"],
            provider=step.provider,
            endpoint=step.endpoint,
        )


def prepare(
    run: Run, key: str, request: Request, tier: str, named: str = "", frozen: Sequence[Mapping[str, Any]] = ()
) -> Step:
    """Create the step of a call and promise its money; inside the caller's transaction.

    `named` is the model profile that a person chose for it; of `frozen`, profiles as they stood when the run began,
    the one that serves the request goes before what the records say now.
    """
    needs = needs_of(request)
    profile = frozen_profile(frozen, request.capability, needs, named) or profile_for(
        request.capability, tier, needs=needs, named=named
    )
    provider_named(profile.provider).check(request, profile.snapshot())
    step = Step.objects.create(
        run=run, key=key, kind=Step.Kind.PROVIDER, provider=profile.provider, endpoint=profile.endpoint,
        input=_as_json(request), profile=profile.snapshot(),
    )  # fmt: skip
    money.reserve(step, money.quote(profile, request))
    return step


def may_be_submitted_now(step: Step) -> bool:
    """Whether the step is new (or due for another try), or an interrupted submit that cost and changed nothing."""
    if step.state == StepState.CREATED:
        return step.next_poll_at is None or step.next_poll_at <= timezone.now()
    return step.state == StepState.SUBMITTING and (provider_named(step.provider).local or lost.was_never_sent(step))


def submit(context: RunContext, step: Step, work: Work) -> None:
    """Make the call of a step; it ends submitted, succeeded, failed or, where nobody can know, unknown."""
    provider = provider_named(step.provider)
    request = _requests.validate_python(step.input)
    if step.state != StepState.SUBMITTING:
        try:
            with transaction.atomic():
                moves.hold(context.run)
                moves.fence(context.run.pk, context.owner)
                if step.price and not step.reserved:  # tried again after a failure gave its reservation back
                    money.reserve(step, money.Quote(step.units, step.price))
                moves.move_step(step, StepState.SUBMITTING, submitted_at=timezone.now(), next_poll_at=None)
        except money.BudgetRefused as refused:
            fail_step(step, "BudgetRefused", str(refused))
            return
    try:
        answer = provider.submit(request, step.endpoint, work)
    except Transient as error:
        _try_later(step, error)
    except Ambiguous as error:
        lost.begin_search(step, str(error))
    except (ProviderError, MediaError) as error:
        if work.stop():
            raise CancelRequested from error
        fail_step(step, type(error).__name__, str(error))
    else:
        if isinstance(answer, Accepted):
            moves.move_step(
                step,
                StepState.SUBMITTED,
                request_id=answer.request_id,
                provider_data=step.provider_data | answer.data,
                submitted_at=timezone.now(),
                next_poll_at=timezone.now() + FIRST_POLL,
            )
        else:
            settle_step(step, answer)


def settle_step(step: Step, result: Result) -> bool:
    """Store what came back and let the step succeed: exactly once, whoever brings the answer first.

    Files are stored, hashed and probed before the step succeeds. Broken ones are charged, whatever they are worth, and
    asked for once more; then the step fails with the reason.
    """
    try:
        stored = [_kept(step, file, result) for file in result.files]
    except BrokenMedia as error:
        if step.attempt < TRIES_FOR_USE and not provider_named(step.provider).local:
            return _anew(step, str(error), charged=result)
        return fail_step(step, type(error).__name__, str(error), charged=result)
    except MediaError as error:
        return fail_step(step, type(error).__name__, str(error), charged=result)
    output = {
        "files": [{"sha256": asset.sha256, "asset": asset.pk, "role": asset.role} for asset in stored],
        "text": result.text,
        "data": result.data,
        "seed": result.seed,
        "provenance": result.provenance,
    }
    with transaction.atomic():
        moves.hold(step.run)
        settled = moves.move_step(step, StepState.SUCCEEDED, output=output, next_poll_at=None)
        if settled:
            money.settle(step, _actual(step, result), units=result.units)
            moves.wake(step.run_id)
    return settled


def _kept(step: Step, file: ResultFile, result: Result) -> MediaAsset:
    """Store one file of an answer. Of weights and worlds the provider alone can say what each is."""
    seen_or_heard = file.kind in (MediaAsset.Kind.IMAGE, MediaAsset.Kind.VIDEO, MediaAsset.Kind.AUDIO)
    return storage.add_asset(
        step.run.project_id, file.path, source=MediaAsset.Source.PROVIDER, provenance=result.provenance,
        kind="" if seen_or_heard else file.kind, role="" if seen_or_heard else file.role,
    )  # fmt: skip


def fail_step(step: Step, error_class: str, message: str, *, charged: Charge | Result | None = None) -> bool:
    """Let a submitted step fail with the provider's own words, and let its run see it.

    `charged` says what the failed call costs all the same; its reservation is given back otherwise.
    """
    with transaction.atomic():
        moves.hold(step.run)
        failed = moves.move_step(
            step,
            StepState.FAILED,
            note=message,
            error_class=error_class[:60],
            error_message=message,
            next_poll_at=None,
        )
        if failed:
            _account_for(step, charged, note=error_class)
            moves.wake(step.run_id)
    return failed


def refuse(step: Step, error: ProviderError) -> bool:
    """Let a step fail with the error its provider answered with, and pay what that says it is charged."""
    charge = None if error.units is None else Charge(units=error.units)
    if isinstance(error, JobFailed) and charge is None and step.attempt < ATTEMPTS:
        return _anew(step, str(error))
    if isinstance(error, Worthless) and step.attempt < TRIES_FOR_USE:
        return _anew(step, str(error), charged=charge)
    return fail_step(step, type(error).__name__, str(error), charged=charge)


def time_out(step: Step, words: str, *, dropped: bool) -> bool:
    """Stop waiting for a job. One that was not dropped may still be charged and answered.

    Its money stays promised and the poller goes on asking, rarely, until late_until(); a resumed run waits for it
    again instead of paying for another.
    """
    if dropped:
        return fail_step(step, TIMED_OUT, words)
    with transaction.atomic():
        moves.hold(step.run)
        failed = moves.move_step(
            step, StepState.FAILED, note=words, error_class=TIMED_OUT, error_message=words,
            next_poll_at=timezone.now() + LATE_POLL,
        )  # fmt: skip
        if failed:
            raise_alert(
                step.run.project_id,
                title="A call that took too long may still be charged",
                message=f"{words} It could not be stopped there: a late answer is still taken. Resume the run to wait "
                "for it again, or write it off to have it made anew.",
                source=f"step:{step.pk}",
            )
            moves.wake(step.run_id)
    return failed


def close_late(step: Step, charged: Charge | None, *, note: str) -> None:
    """End the wait for a job that timed out: what it costs is known now, or counts as spent."""
    with transaction.atomic():
        moves.hold(step.run)
        if Step.objects.filter(pk=step.pk, state=StepState.FAILED, next_poll_at__isnull=False).update(
            next_poll_at=None
        ):
            _account_for(step, charged, note=note)


def answered_late(step: Step) -> bool:
    """The answer of a job that timed out is there: have it brought home after all."""
    with transaction.atomic():
        moved = moves.move_step(
            step, StepState.SUBMITTED, note="answered late", error_class="", error_message="", finished_at=None
        )
        if moved:
            settle_alerts(step.run.project_id, f"step:{step.pk}")
    return moved


def remember(context: RunContext, step: Step, data: dict[str, Any]) -> None:
    """Keep what a lost job could be found by, before the request is sent; LeaseLost when it is another's to send."""
    with transaction.atomic():
        moves.fence(context.run.pk, context.owner)
        step.provider_data = step.provider_data | data
        Step.objects.filter(pk=step.pk).update(provider_data=step.provider_data)


def take_notice(provider: str, token: str, notice: Notice) -> bool:
    """A provider reports that a step's answer is there: have it fetched now; False when that changes nothing.

    The report of a job whose acceptance was lost names it: the step's own token brought it here.
    """
    step = Step.objects.filter(provider=provider, token=token).select_related("run").first()
    if step is None:
        return False
    if step.state in lost.LOST:
        return lost.found(step, notice.request_id, note="named by the provider's report")
    late = step.state == StepState.FAILED and step.next_poll_at is not None
    if not (step.state == StepState.SUBMITTED or late) or step.request_id != notice.request_id:
        log.warning("A report about %s came for step %s (%s)", notice.request_id, step.pk, step.state)
        return False
    data = step.provider_data | {"reported": True} | ({"payload": notice.payload} if notice.payload else {})
    same = Step.objects.filter(pk=step.pk, state=step.state, request_id=notice.request_id)
    return bool(same.update(provider_data=data, next_poll_at=timezone.now() - REPORTED_FIRST))


def cancel_submitted(run: Run) -> None:
    """Ask the providers to drop what this run has in flight.

    A job that may run on and be charged stays submitted: the poller still brings its answer and settles its cost.
    """
    for step in run.steps.filter(state=StepState.SUBMITTED, kind=Step.Kind.PROVIDER):
        try:
            dropped = provider_named(step.provider).cancel(step.request_id, step.endpoint, step.provider_data)
        except ProviderError as error:
            log.warning("%s could not be told to cancel %s: %s", step.provider, step.request_id, error)
            continue
        if dropped:
            with transaction.atomic():
                moves.hold(run)
                if moves.move_step(step, StepState.CANCELLED, note="run cancelled", next_poll_at=None):
                    money.release(step, note="cancelled")


def _account_for(step: Step, charged: Charge | Result | None, *, note: str) -> None:
    if charged is None:
        money.release(step, note=note)
    else:
        money.settle(step, _actual(step, charged), units=charged.units, note=note)


def _actual(step: Step, result: Charge | Result) -> Decimal | None:
    """What the call really cost; None where neither the provider nor the price says."""
    if result.cost is not None:
        return result.cost
    if result.units is not None and step.price is not None:
        return result.units * step.price
    return None


def next_poll(step: Step) -> Any:
    """When to ask about a submitted step again."""
    wait = min(FIRST_POLL * POLL_GROWTH ** min(step.polls, 30), LONGEST_POLL)  # a power of hundreds overflows
    return timezone.now() + wait


def _try_later(step: Step, error: Transient) -> None:
    if step.attempt >= ATTEMPTS:
        fail_step(step, "Transient", f"{error} (tried {step.attempt} times)")
    else:
        _anew(step, str(error))


def _anew(step: Step, why: str, *, charged: Charge | Result | None = None) -> bool:
    """Have the request made again after a while: nothing came of it. `charged` is what it costs all the same."""
    wait = FIRST_POLL * 2**step.attempt
    with transaction.atomic():
        moves.hold(step.run)
        moved = moves.move_step(
            step, StepState.CREATED, note=why, attempt=step.attempt + 1,
            **lost.AFRESH | {"token": new_token(), "next_poll_at": timezone.now() + wait},
        )  # fmt: skip
        if moved:
            _account_for(step, charged, note=why)
    return moved


def _as_json(request: Record) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(request.model_dump_json())
    return data
