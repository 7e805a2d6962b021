"""What was decided for a shot, by the planner or by a person, and a person's word on each of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from projects.access import project_for
from scenes.actions import change_shot, give_back_to_planner
from scenes.choices import CompositeLayer, GenerationApproach
from scenes.models import Shot

FIELDS: dict[str, tuple[str, ...]] = {
    "camera": ("shot_size", "camera_angle", "camera_movement", "lens_mm"),
    "approach": ("approach",),
    "duration": ("expected_seconds",),
    "continuity": ("continues_previous",),
    "composite": ("composite_plan",),
}
"""What is decided -> the fields of a shot that hold it."""

LAYERS = [(value, label) for value, label in CompositeLayer.choices if value != CompositeLayer.CORRECTION]


class DecisionForm(forms.ModelForm):
    """A person's word on one thing that is decided, and why."""

    because = forms.CharField(label="Because", max_length=400, required=False)

    class Meta:
        model = Shot
        fields = [name for names in FIELDS.values() for name in names]

    def __init__(self, what: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{what}-%s"
        if what == "composite":
            chosen = [row["layer"] for row in self.instance.composite_plan]
            self.fields["composite_plan"] = forms.MultipleChoiceField(
                label="Layers, in this order", choices=LAYERS, widget=forms.CheckboxSelectMultiple, required=True,
                initial=chosen or [value for value, _ in LAYERS],
            )  # fmt: skip
        for name in self.fields.keys() - {*FIELDS[what], "because"}:
            del self.fields[name]

    @property
    def decided(self) -> dict[str, Any]:
        """The fields as they are to be."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "because"}
        if "composite_plan" in values:
            values["composite_plan"] = [{"layer": layer} for layer in values["composite_plan"]]
        return values


@dataclass(frozen=True)
class Decision:
    """One thing that was decided. `person` is who decided otherwise, with when and why; None: the planner's word holds.

    `value` is what holds, `planned` what the planner had where a person decided otherwise.
    """

    what: str
    value: str
    reason: str
    by: str
    planned: str
    person: Mapping[str, str] | None
    form: DecisionForm


def decisions_of(shot: Shot) -> list[Decision]:
    """Every decision about a shot, with its reason; those of a shot that nobody planned have no planner's word."""
    rows = {row.get("field", ""): row for row in shot.state.decisions if isinstance(row, dict)}
    found = []
    for what, names in FIELDS.items():
        row = rows.get(what, {})
        mine = [name for name in names if name in shot.overrides]
        if not row and not mine:
            continue
        noted = next(
            (shot.state.decided[name] for name in mine if name in shot.state.decided), {"by": "", "reason": ""}
        )
        planned = _label(what, str(row.get("value", "")))
        found.append(
            Decision(
                what, words_of(shot, what) if mine else planned, str(row.get("reason", "")), str(row.get("by", "")),
                planned if mine else "", noted if mine else None, DecisionForm(what, instance=shot),
            )
        )  # fmt: skip
    return found


def words_of(shot: Shot, what: str) -> str:
    """What holds of a decision, in words."""
    if what == "camera":
        words = [shot.get_shot_size_display(), shot.get_camera_angle_display(), shot.get_camera_movement_display()]
        return ", ".join([*(word.lower() for word in words if word), *([f"{shot.lens_mm} mm"] if shot.lens_mm else [])])
    if what == "duration":
        return f"{shot.expected_seconds.normalize():f} s"
    if what == "continuity":
        return "goes on from the shot before" if shot.continues_previous else "begins anew"
    if what == "composite":
        return ", ".join(row["layer"] for row in shot.composite_plan) or "location, characters, props"
    return str(shot.get_approach_display())


def _label(what: str, value: str) -> str:
    return str(dict(GenerationApproach.choices).get(value, value)) if what == "approach" else value


@login_required
@require_POST
def decide_shot(request: HttpRequest, slug: str, shot_id: int, what: str) -> HttpResponse:
    """Decide otherwise than the planner, or with "give-back" let it decide again."""
    project = project_for(request.user, slug, may="write")
    shot = Shot.objects.filter(pk=shot_id, scene__chapter__project=project).select_related("state").first()
    if shot is None or what not in FIELDS:
        raise Http404("There is no such decision in this production.")
    if "give-back" in request.POST:
        give_back_to_planner(shot, FIELDS[what], by=request.user)
        messages.success(request, "The planner's decision holds again.")
        return redirect("shot", slug=slug, shot_id=shot_id)
    form = DecisionForm(what, request.POST, instance=shot)
    if not form.is_valid():
        messages.error(request, " ".join(str(problem) for problems in form.errors.values() for problem in problems))
        return redirect("shot", slug=slug, shot_id=shot_id)
    try:
        change_shot(shot, by=request.user, because=form.cleaned_data["because"], **form.decided)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "It is decided so, and planning again leaves it alone.")
    return redirect("shot", slug=slug, shot_id=shot_id)
