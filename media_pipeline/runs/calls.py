"""Provider calls as steps: remembered before they are made, settled once.

    created -> submitting -> submitted -> succeeded | failed
                     \\-> unknown (an answer was lost; a person decides)

A call of a local provider goes from submitting straight to its result, and is simply made again when it was
interrupted: its work is deterministic and costs nothing. Any other interrupted submit is never made again blindly.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from pydantic import TypeAdapter

from media_pipeline import money, storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media.errors import MediaError
from media_pipeline.providers.base import Accepted, Notice, Record, Request, Result
from media_pipeline.providers.choice import profile_for
from media_pipeline.providers.errors import Ambiguous, ProviderError, Transient
from media_pipeline.providers.registry import provider_named
from projects.actions import raise_alert, settle_alerts

from . import moves
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

_requests: TypeAdapter[Request] = TypeAdapter(Request)


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


def prepare(run: Run, key: str, request: Request, tier: str) -> Step:
    """Create the step of a call and promise its money; inside the caller's transaction."""
    profile = profile_for(request.capability, tier)
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
    return step.state == StepState.SUBMITTING and provider_named(step.provider).local


def submit(context: RunContext, step: Step, work: Work) -> None:
    """Make the call of a step; it ends submitted, succeeded, failed or, where nobody can know, unknown."""
    provider = provider_named(step.provider)
    request = _requests.validate_python(step.input)
    if step.state != StepState.SUBMITTING:
        try:
            with transaction.atomic():
                moves.fence(context.run.pk, context.owner)
                if step.price and not step.reserved:  # tried again after a failure gave its reservation back
                    money.reserve(step, money.Quote(step.units, step.price))
                moves.move_step(step, StepState.SUBMITTING)
        except money.BudgetRefused as refused:
            fail_step(step, "BudgetRefused", str(refused))
            return
    try:
        answer = provider.submit(request, step.endpoint, work)
    except Transient as error:
        _try_later(context, step, error)
    except Ambiguous as error:
        mark_unknown(context, step, str(error))
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

    Files are stored, hashed and probed before the step succeeds; a broken one makes it fail with its reason.
    """
    try:
        stored = [
            storage.add_asset(
                step.run.project_id, file.path, source=MediaAsset.Source.PROVIDER, provenance=result.provenance
            )
            for file in result.files
        ]
    except MediaError as error:
        return fail_step(step, type(error).__name__, str(error))
    output = {
        "files": [{"sha256": asset.sha256, "asset": asset.pk} for asset in stored],
        "text": result.text,
        "data": result.data,
        "seed": result.seed,
        "provenance": result.provenance,
    }
    with transaction.atomic():
        settled = moves.move_step(step, StepState.SUCCEEDED, output=output, next_poll_at=None)
        if settled:
            money.settle(step, _actual(step, result), units=result.units)
            moves.wake(step.run_id)
    return settled


def fail_step(step: Step, error_class: str, message: str) -> bool:
    """Let a submitted step fail with the provider's own words, and let its run see it."""
    with transaction.atomic():
        failed = moves.move_step(
            step,
            StepState.FAILED,
            note=message,
            error_class=error_class[:60],
            error_message=message,
            next_poll_at=None,
        )
        if failed:
            money.release(step, note=error_class)
            moves.wake(step.run_id)
    return failed


def remember(step: Step, data: dict[str, Any]) -> None:
    """Keep what a lost job could be found by, before the request is sent."""
    step.provider_data = step.provider_data | data
    Step.objects.filter(pk=step.pk).update(provider_data=step.provider_data)


def found(step: Step, request_id: str, *, note: str) -> bool:
    """The job of a step whose acceptance was lost is this one: ask about it from now on."""
    with transaction.atomic():
        moved = moves.move_step(
            step, StepState.SUBMITTED, note=note, request_id=request_id, error_class="", error_message="",
            submitted_at=timezone.now(), next_poll_at=timezone.now(),
        )  # fmt: skip
        if moved:
            settle_alerts(step.run.project_id, f"step:{step.pk}")
            moves.wake(step.run_id)
    return moved


def write_off(step: Step, *, by: Any) -> bool:
    """A person decides that a lost request is to be made again: what it may have cost counts as spent."""
    with transaction.atomic():
        moved = step.state == StepState.UNKNOWN and moves.move_step(
            step, StepState.CREATED, note=f"written off by {by}", attempt=step.attempt + 1, token=new_token(),
            request_id="", provider_data={}, error_class="", error_message="",
        )  # fmt: skip
        if moved:
            money.settle(step, None, note="written off: may have been charged")
            settle_alerts(step.run.project_id, f"step:{step.pk}")
            moves.wake(step.run_id)
    return moved


def take_notice(provider: str, token: str, notice: Notice) -> bool:
    """A provider reports that a step's answer is there: have it fetched now; False when that changes nothing.

    The report of a job whose acceptance was lost names it: the step's own token brought it here.
    """
    step = Step.objects.filter(provider=provider, token=token).select_related("run").first()
    if step is None:
        return False
    if step.state in (StepState.SUBMITTING, StepState.UNKNOWN):
        return found(step, notice.request_id, note="named by the provider's report")
    if step.state != StepState.SUBMITTED or step.request_id != notice.request_id:
        log.warning("A report about %s came for step %s (%s)", notice.request_id, step.pk, step.state)
        return False
    data = step.provider_data | ({"payload": notice.payload} if notice.payload else {})
    return bool(
        Step.objects.filter(pk=step.pk, state=StepState.SUBMITTED, request_id=notice.request_id).update(
            provider_data=data, next_poll_at=timezone.now()
        )
    )


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
                if moves.move_step(step, StepState.CANCELLED, note="run cancelled", next_poll_at=None):
                    money.release(step, note="cancelled")


def mark_unknown(context: RunContext, step: Step, why: str = "") -> None:
    """An answer was lost: keep everything as it is and ask a person, since submitting again might pay twice."""
    message = why or "The connection or the worker was lost while the request was being submitted."
    with transaction.atomic():
        moves.move_step(step, StepState.UNKNOWN, note=message, error_class="Ambiguous", error_message=message)
        raise_alert(
            context.run.project_id,
            title="A paid request may or may not have been accepted",
            message=f"{step.provider} {step.endpoint}: {message} It is not sent again until a person decides.",
            source=f"step:{step.pk}",
        )


def _actual(step: Step, result: Result) -> Decimal | None:
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


def _try_later(context: RunContext, step: Step, error: Transient) -> None:
    if step.attempt >= ATTEMPTS:
        fail_step(step, "Transient", f"{error} (tried {step.attempt} times)")
        return
    moves.move_step(
        step,
        StepState.CREATED,
        note=str(error),
        attempt=step.attempt + 1,
        next_poll_at=timezone.now() + FIRST_POLL * 2**step.attempt,
    )


def _as_json(request: Record) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(request.model_dump_json())
    return data
