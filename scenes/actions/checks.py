"""Verbs of what machines find out about a shot's pictures, and of people's word on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.events import emit
from scenes.choices import USUAL_SEVERITY, ContinuityKind, ContinuitySeverity
from scenes.models import (
    CompositeIteration,
    CompositeReference,
    ContinuityCheck,
    Scene,
    Shot,
    Take,
    TakeCheck,
    VerificationResult,
)
from scenes.models.checks import MOST_REFERENCES


class CutFinding(Protocol):
    """A break of continuity between two shots, as scenes.continuity finds it."""

    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def notes(self) -> str: ...
    @property
    def evidence(self) -> Mapping[str, Any]: ...


@transaction.atomic
def record_iteration(
    shot: Shot, number: int, *, run_id: int | None, layer: str, references: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> CompositeIteration:  # fmt: skip
    """Write down one step of a composite, or what became of it; the same run and number is the same step.

    References are rows of kind, picture and description, at most three. Raises ValidationError by field.
    """
    if len(references) > MOST_REFERENCES:
        raise ValidationError(f"An iteration takes at most {MOST_REFERENCES} references; {len(references)} were given.")
    iteration = CompositeIteration.objects.filter(shot=shot, run=run_id, number=number).first()
    iteration = iteration or CompositeIteration(shot=shot, run_id=run_id, number=number)
    iteration.layer = layer
    for name, value in fields.items():
        setattr(iteration, name, value)
    iteration.full_clean(exclude=["run", "picture"])
    iteration.save()
    iteration.references.all().delete()
    CompositeReference.objects.bulk_create(
        CompositeReference(iteration=iteration, position=place, **row) for place, row in enumerate(references, start=1)
    )
    _tell(shot, "composite.iteration", {"number": number, "layer": str(layer), "passed": iteration.passed})
    return iteration


@transaction.atomic
def record_verification(shot: Shot, *, kind: str, query: str, passed: bool | None, **fields: Any) -> VerificationResult:
    """Write down one answer about a picture of a shot (confidence 0 to 1; passed None: not measured).

    Raises ValidationError by field.
    """
    result = VerificationResult(shot=shot, kind=kind, query=query, passed=passed, **fields)
    result.full_clean(exclude=["run", "picture", "take", "iteration"])
    result.save()
    _tell(shot, "verification.recorded", {"verification": result.pk, "kind": str(kind), "passed": passed})
    return result


@transaction.atomic
def accept_picture(shot: Shot, picture_id: int, reason: str, *, by: Any) -> int:
    """A person takes a picture that did not pass verification; returns how many answers that overrules.

    The run that stopped at it goes on when it is resumed. Raises ValidationError without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError("Say why the picture is good enough: those who review the take will ask.")
    failed = VerificationResult.objects.filter(shot=shot, picture=picture_id, passed=False, accepted_at=None)
    overruled = failed.update(accepted_at=timezone.now(), accepted_by=by, acceptance_reason=reason)
    if overruled:
        _tell(shot, "verification.accepted", {"picture": picture_id, "by": str(by), "reason": reason})
    return overruled


@transaction.atomic
def record_continuity(
    from_shot: Shot, to_shot: Shot, *, kind: str, passed: bool, severity: str = "", **fields: Any
) -> ContinuityCheck:
    """Write down whether one thing fits between two shots; of the same two takes the answer is replaced.

    What a person dismissed stays dismissed while the takes are the same. Raises ValidationError by field.
    """
    severity = severity or USUAL_SEVERITY.get(ContinuityKind(kind), ContinuitySeverity.WARNING)
    takes = {name: fields.pop(name, None) for name in ("from_take", "to_take")}
    check = None
    if all(takes.values()):
        check = ContinuityCheck.objects.filter(kind=kind, **takes).first()
    check = check or ContinuityCheck(from_shot=from_shot, to_shot=to_shot, kind=kind, **takes)
    check.passed, check.severity = passed, severity
    for name, value in fields.items():
        setattr(check, name, value)
    check.full_clean(exclude=["from_take", "to_take"])
    check.save()
    payload = {"check": check.pk, "kind": str(kind), "passed": passed, "severity": str(severity)}
    _tell(to_shot, "continuity.checked", payload)
    return check


@transaction.atomic
def record_cut_findings(
    project_id: int, scene_ids: Sequence[int], cuts: Mapping[tuple[int, int], Sequence[CutFinding]]
) -> int:
    """Write down what the records of neighbouring shots (from, to) say of their cuts; returns how many stand open.

    These checks belong to no take. What was found before and is not any more, or whose shots are no neighbours now, is
    written as fitting; a dismissal holds for the break it was given for and ends when the records differ otherwise.
    """
    if selves := [one for one, other in cuts if one == other]:
        raise ValidationError(f"A cut is between two shots; {selves[0]} was given twice.")
    list(Scene.objects.select_for_update(of=("self",)).filter(pk__in=scene_ids).order_by("pk").values_list("pk"))
    known = {
        (check.from_shot_id, check.to_shot_id, check.kind): check
        for check in ContinuityCheck.objects.filter(to_shot__scene__in=scene_ids, from_take=None, to_take=None)
    }
    found = {(*cut, str(finding.kind)): finding for cut, findings in cuts.items() for finding in findings}
    for key in sorted(known.keys() - found.keys()):
        if not known[key].passed:
            _write_finding(project_id, known[key], None)
    for key, finding in found.items():
        check = known.get(key) or ContinuityCheck(from_shot_id=key[0], to_shot_id=key[1], kind=key[2])
        known[key] = check
        if check.pk is None or check.passed or check.evidence != _plain(finding.evidence):
            _write_finding(project_id, check, finding)
    return sum(not known[key].passed and known[key].dismissed_at is None for key in found)


def _write_finding(project_id: int, check: ContinuityCheck, finding: CutFinding | None) -> None:
    check.passed = finding is None
    if finding is not None:
        if check.evidence != _plain(finding.evidence):
            check.dismissed_at, check.dismissed_by, check.dismissal_reason = None, None, ""
        check.severity, check.notes, check.evidence = finding.severity, finding.notes, _plain(finding.evidence)
    check.full_clean(exclude=["from_take", "to_take", "from_shot", "to_shot"])
    check.save()
    payload = {"check": check.pk, "kind": check.kind, "passed": check.passed, "severity": check.severity}
    emit(project_id, "continuity.checked", f"shot:{check.to_shot_id}", payload)


def _plain(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Evidence as the database gives it back."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(evidence), default=str))
    return plain


@transaction.atomic
def dismiss_continuity(check: ContinuityCheck, reason: str, *, by: Any) -> bool:
    """A person's word that a break of continuity is meant or does not matter; False when it was dismissed already."""
    reason = reason.strip()
    if not reason:
        raise ValidationError("Say why the break of continuity is dismissed: those who see the film later will ask.")
    changed = ContinuityCheck.objects.filter(pk=check.pk, dismissed_at=None).update(
        dismissed_at=timezone.now(), dismissed_by=by, dismissal_reason=reason
    )
    if changed:
        _tell(check.to_shot, "continuity.dismissed", {"check": check.pk, "by": str(by), "reason": reason})
    return bool(changed)


@transaction.atomic
def record_take_checks(take: Take, checks: Sequence[Mapping[str, Any]]) -> list[TakeCheck]:
    """Measurements of a take (kind, name, score 0 to 100, threshold, passed, details, measured_by), by name.

    Measuring again replaces what stood under the name. Raises ValidationError by field.
    """
    written = []
    for row in checks:
        check = TakeCheck.objects.filter(take=take, name=row["name"]).first() or TakeCheck(take=take)
        for name, value in row.items():
            setattr(check, name, value)
        check.full_clean(exclude=["threshold", "passed", "details"])
        check.save()
        written.append(check)
    failed = [check.name for check in written if check.passed is False]
    payload = {"take": take.pk, "checks": [check.name for check in written], "failed": failed}
    _tell(take.shot, "take.checked", payload)
    return written


def _tell(shot: Shot, event: str, payload: dict[str, Any]) -> None:
    emit(shot.scene.chapter.project_id, event, f"shot:{shot.pk}", payload)
