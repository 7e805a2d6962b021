"""Requests whose acceptance was lost: looked for, never simply sent again.

A step left in `submitting` was interrupted between its request and the provider's answer. Its job may come back by
the provider's report (the step's own token names it) or be found in the provider's history. What is found nowhere
becomes `unknown` after GRACE: its money stays promised, an alert asks a person, and the search goes on for KEPT.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from media_pipeline import money
from media_pipeline.providers.errors import Ambiguous, ProviderError, Transient
from media_pipeline.providers.registry import provider_named
from projects.actions import raise_alert, settle_alerts

from . import moves
from .models import Step, StepState, new_token

LOST = (StepState.SUBMITTING, StepState.UNKNOWN)

GRACE = timedelta(seconds=60)
"""How long an interrupted request is looked for before a person is asked: short jobs are in a history by then."""

KEPT = timedelta(hours=24)
"""How long the search goes on beside the person's question; fal's history reaches back a day when not told more."""

LOOK_EVERY = timedelta(seconds=5)
LOOK_LATER = timedelta(minutes=5)
"""Between two looks into a history: before a person is asked, and after."""

CLOCKS = timedelta(minutes=2)
"""How far a provider's clock may be behind ours when its history is asked from the moment of the request."""


def was_never_sent(step: Step) -> bool:
    """Whether an interrupted step's request cannot have left: what it would be found by is committed before."""
    return step.state == StepState.SUBMITTING and provider_named(step.provider).keeps_history and not step.provider_data


def begin_search(step: Step, why: str = "") -> None:
    """An answer was lost: have the job looked for where the provider keeps a history, else ask a person at once."""
    if not provider_named(step.provider).keeps_history:
        mark_unknown(step, why)
        return
    mine = Step.objects.filter(pk=step.pk, state=StepState.SUBMITTING, next_poll_at=None)
    mine.update(next_poll_at=timezone.now() + (LOOK_EVERY if why else timedelta()), error_message=why)


def look_for(step: Step) -> None:
    """Look for the job of a claimed step in its provider's history; what is not there is looked for again later."""
    try:
        jobs = provider_named(step.provider).find_lost(step.provider_data, step.endpoint, since=_sent(step) - CLOCKS)
        trouble = ""
    except (Transient, Ambiguous) as error:
        jobs, trouble = [], str(error)
    except ProviderError as error:
        jobs, trouble = [], f"{step.provider}'s history cannot be asked: {error}"
    job = _the_one(step, jobs)
    try:
        if job and found(step, job, note="found in the provider's history"):
            return
    except IntegrityError:  # another lost step with the same request took this job a moment ago
        pass
    waited = timezone.now() - _sent(step)
    if step.state == StepState.SUBMITTING and waited > GRACE:
        mark_unknown(step, " ".join(filter(None, [step.error_message, trouble])))
    again = None if waited > KEPT else timezone.now() + (LOOK_LATER if waited > GRACE else LOOK_EVERY)
    Step.objects.filter(pk=step.pk, state__in=LOST).update(next_poll_at=again)


def found(step: Step, request_id: str, *, note: str) -> bool:
    """The job of a step whose acceptance was lost is this one: ask about it from now on."""
    with transaction.atomic():
        moves.hold(step.run)
        moved = step.state in LOST and moves.move_step(
            step, StepState.SUBMITTED, note=note, request_id=request_id, error_class="", error_message="",
            submitted_at=timezone.now(), next_poll_at=timezone.now(), polls=0,
        )  # fmt: skip
        if moved:
            settle_alerts(step.run.project_id, f"step:{step.pk}")
            moves.wake(step.run_id)
    return moved


def write_off(step: Step, *, by: Any) -> bool:
    """A person decides that a lost request is not waited for any longer: what it may have cost counts as spent.

    A lost request is made again at once; one that took too long is made again when its run is resumed.
    """
    with transaction.atomic():
        moves.hold(step.run)
        if step.state == StepState.FAILED and step.next_poll_at:  # timed out, and still asked about
            moved = bool(Step.objects.filter(pk=step.pk, state=StepState.FAILED).update(next_poll_at=None))
        else:
            moved = step.state == StepState.UNKNOWN and moves.move_step(
                step, StepState.CREATED, note=f"written off by {by}", attempt=step.attempt + 1, **AFRESH,
                token=new_token(),
            )  # fmt: skip
        if moved:
            money.settle(step, None, note="written off: may have been charged")
            settle_alerts(step.run.project_id, f"step:{step.pk}")
            moves.wake(step.run_id)
    return moved


AFRESH: dict[str, Any] = {
    "request_id": "", "provider_data": {}, "polls": 0, "next_poll_at": None, "submitted_at": None,
    "error_class": "", "error_message": "",
}  # fmt: skip
"""What a step forgets when its request is to be made anew."""


def mark_unknown(step: Step, why: str = "") -> None:
    """Keep everything as it is and ask a person, since submitting again might pay twice."""
    message = why or "The connection or the worker was lost while the request was being submitted."
    with transaction.atomic():
        if not moves.move_step(
            step, StepState.UNKNOWN, note=message, error_class="Ambiguous", error_message=message
        ):  # it was found or cancelled meanwhile
            return
        raise_alert(
            step.run.project_id,
            title="A paid request may or may not have been accepted",
            message=f"{step.provider} {step.endpoint}, sent {_sent(step):%d %b %H:%M:%S} UTC for {step.key}: {message} "
            "It is not sent again until a person decides. Look for it among the provider's requests of that time: "
            "bring its answer home when it is there, or write it off (it then counts as spent) and it is made anew.",
            source=f"step:{step.pk}",
        )


def _the_one(step: Step, jobs: list[str]) -> str | None:
    """The job of this step among those with its request: one that is no other step's.

    Where several lost steps sent the same, any of their jobs will do for any of them. More jobs than lost steps
    means that somebody else sends the same with our key: then a person has to look.
    """
    taken = set(Step.objects.filter(provider=step.provider, request_id__in=jobs).values_list("request_id", flat=True))
    free = sorted(set(jobs) - taken)
    if not free:
        return None
    lost = Step.objects.filter(
        provider=step.provider, endpoint=step.endpoint, state__in=LOST, next_poll_at__isnull=False
    )
    same = sum(1 for other in lost.only("provider_data") if other.provider_data == step.provider_data)
    return free[0] if len(free) <= max(same, 1) else None


def _sent(step: Step) -> Any:
    return step.submitted_at or step.created_at
