"""How a shot came about: what was decided, the composite as it grew, what verification, QC and continuity found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from media_pipeline.picture_acceptance import accept_and_go_on
from media_pipeline.takes.staleness import Change, changes_since
from projects.access import project_for
from projects.coherence import SETTINGS
from projects.models import Project
from prompts.models import ModelProfile
from scenes.actions import dismiss_continuity
from scenes.choices import GenerationApproach
from scenes.models import CompositeIteration, ContinuityCheck, Shot, Take, TakeCheck, VerificationResult

from .decisions import Decision, decisions_of

RUNS_SHOWN = 2
"""Composites of so many runs stand on a page: the newest ones."""


@dataclass
class Look:
    """One picture that was looked at: the answers, and whether a person may take it although it did not pass."""

    picture: Any
    answers: list[VerificationResult] = field(default_factory=list)

    @property
    def may_be_accepted(self) -> bool:
        """Whether somebody said no and nobody has overruled it."""
        return any(answer.passed is False and answer.accepted_at is None for answer in self.answers)


@dataclass
class Growth:
    """The composite of one run: its iterations, each with its references and what was found."""

    run_id: int
    iterations: list[tuple[CompositeIteration, Look]]

    @property
    def is_open(self) -> bool:
        """Whether it ended at a picture that did not pass, so that a person may take one of them all the same."""
        return bool(self.iterations) and self.iterations[-1][1].may_be_accepted


@dataclass
class Story:
    """What the page of a shot tells beside its takes."""

    growths: list[Growth]
    looks: list[Look]
    checks: list[TakeCheck]
    cuts: list[ContinuityCheck]
    facts: list[tuple[str, str]]
    references: list[dict[str, Any]]
    stale: list[Change]
    decisions: list[Decision]

    @property
    def waits_for_an_eye(self) -> bool:
        """Whether the newest pictures did not pass and nobody has taken one of them."""
        newest = self.growths[:1]
        return any(growth.is_open for growth in newest) or (
            not newest and bool(self.looks) and self.looks[-1].may_be_accepted
        )


def story_of(shot: Shot, take: Take | None, project: Project) -> Story:
    """Everything that is known of a shot and the take that is shown, in a fixed number of queries."""
    runs = shot.composite_iterations.order_by("-run").values_list("run", flat=True).distinct()[:RUNS_SHOWN]
    iterations = list(
        CompositeIteration.objects.filter(shot=shot, run__in=list(runs))
        .select_related("picture").prefetch_related("references__picture").order_by("-run", "number")
    )  # fmt: skip
    answers = list(VerificationResult.objects.filter(shot=shot).select_related("picture", "accepted_by"))
    of_iteration: dict[int, list[VerificationResult]] = defaultdict(list)
    others: dict[int, Look] = {}
    for answer in answers:
        if answer.iteration_id:
            of_iteration[answer.iteration_id].append(answer)
        elif answer.picture_id:
            others.setdefault(answer.picture_id, Look(answer.picture)).answers.append(answer)
    growths: dict[int, Growth] = {}
    for iteration in iterations:
        growth = growths.setdefault(iteration.run_id or 0, Growth(iteration.run_id or 0, []))
        growth.iterations.append((iteration, Look(iteration.picture, of_iteration[iteration.pk])))
    return Story(
        growths=list(growths.values()), looks=list(others.values()),
        checks=list(take.checks.all()) if take else [], cuts=cuts_of(shot), facts=_facts(take),
        references=[row for row in (take.references if take else []) if isinstance(row, dict)],
        stale=changes_since(take, shot, project) if take else [], decisions=decisions_of(shot),
    )  # fmt: skip


def cuts_of(shot: Shot) -> list[ContinuityCheck]:
    """What does not fit with the shots before and after, as their newest takes show it; the worst first."""
    checks = (
        ContinuityCheck.objects.filter(Q(from_shot=shot) | Q(to_shot=shot), passed=False)
        .select_related("from_shot__scene", "to_shot__scene", "dismissed_by")
        .order_by("-pk")
    )
    newest: dict[tuple[int, int, str], ContinuityCheck] = {}
    for check in checks:
        newest.setdefault((check.from_shot_id, check.to_shot_id, check.kind), check)
    worst = {"critical": 0, "warning": 1, "info": 2}
    return sorted(newest.values(), key=lambda check: (check.dismissed_at is not None, worst[check.severity]))


def _facts(take: Take | None) -> list[tuple[str, str]]:
    """How the take was made, in words; what was planned, bought and used of its length."""
    asked = take.parameters if take and isinstance(take.parameters, dict) else {}
    facts: list[tuple[str, str]] = []
    if approach := asked.get("approach"):
        facts.append(("Made by", str(dict(GenerationApproach.choices).get(approach, approach))))
    if reason := asked.get("approach_reason"):
        facts.append(("Because", str(reason)))
    length = asked.get("length") or {}
    if "bought_frames" in length:
        rate = f" at {length['bought_rate']} a second" if "bought_rate" in length else ""
        facts.append(
            ("Length", f"{length['planned_frames']} frames planned, {length['bought_frames']} bought{rate}, "
                       f"{length['used_frames']} used")
        )  # fmt: skip
    facts += [("Identity", f"{row['name']}: {row['identity']} at {row['scale']}")
              for row in (take.identities if take else []) if isinstance(row, dict)]  # fmt: skip
    facts += [("Identity", note) for note in (asked.get("kept") or {}).get("notes", [])]
    if asked.get("dropped"):
        facts.append(("Left out", f"{', '.join(asked['dropped'])}: the model takes no longer prompt"))
    if asked.get("corrections"):
        facts.append(("Sent back for", str(asked["corrections"])))
    if switched := asked.get("coherence"):
        names = [f"{SETTINGS[key].label} {'on' if is_on else 'off'}" for key, is_on in switched.items()
                 if key in SETTINGS]  # fmt: skip
        facts.append(("Settings of its run", ", ".join(names)))
    for profile in asked.get("profiles") or []:
        price = "price not known" if profile.get("price") is None else f"{Decimal(profile['price']).normalize():f} USD"
        unit = dict(ModelProfile.PriceUnit.choices).get(profile.get("price_unit", ""), "")
        facts.append(("Model", f"{profile['name']}, {price} {unit}".strip()))
    if templates := asked.get("templates"):
        facts.append(("Prompt templates", ", ".join(sorted(templates.values()))))
    return facts


@login_required
@require_POST
def accept(request: HttpRequest, slug: str, shot_id: int, picture_id: int) -> HttpResponse:
    """Take a picture that did not pass verification, with a reason, and let the run that stopped at it go on."""
    project = project_for(request.user, slug, may="generate")
    shot = _shot_of(project, shot_id)
    try:
        overruled, resumed = accept_and_go_on(shot, picture_id, request.POST.get("reason", ""), by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("shot", slug=slug, shot_id=shot_id)
    if not overruled:
        messages.info(request, "Nobody says no to that picture (any more).")
        return redirect("shot", slug=slug, shot_id=shot_id)
    if resumed is not None:
        messages.success(request, "The picture is accepted, and the shot goes on from it.")
    else:
        messages.success(request, "The picture is accepted.")
    return redirect("shot", slug=slug, shot_id=shot_id)


@login_required
@require_POST
def dismiss_break(request: HttpRequest, slug: str, shot_id: int, check_id: int) -> HttpResponse:
    """Say, with a reason, that a break of continuity is meant or does not matter."""
    project = project_for(request.user, slug, may="review")
    shot = _shot_of(project, shot_id)
    check = ContinuityCheck.objects.filter(Q(from_shot=shot) | Q(to_shot=shot), pk=check_id).first()
    if check is None:
        raise Http404("There is no such check of this shot.")
    try:
        dismiss_continuity(check, request.POST.get("reason", ""), by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("shot", slug=slug, shot_id=shot_id)


def _shot_of(project: Project, shot_id: int) -> Shot:
    shot = Shot.objects.filter(pk=shot_id, scene__chapter__project=project).first()
    if shot is None:
        raise Http404("There is no such shot in this production.")
    return shot
