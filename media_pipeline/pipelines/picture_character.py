"""The pictures of one character: a master, then six views made from it at once, each looked at (docs/characters.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from characters.models import Character
from media_pipeline.agreement import agreed
from media_pipeline.casting import portraits
from media_pipeline.casting.line_up import keep_line_up
from media_pipeline.casting.portraits import Wanted, wanted_of
from media_pipeline.estimates import Estimate, estimate_calls
from media_pipeline.money import BudgetRefused
from media_pipeline.providers.base import Request
from media_pipeline.runs.calls import CallResult
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.errors import StepFailed
from media_pipeline.runs.models import Step, StepState
from media_pipeline.runs.registry import pipeline
from projects.models import Project


@pipeline("picture_character")
def picture_character(run: RunContext) -> dict[str, Any]:
    """Settings: `tier` (quality), `again` (views of another master are made anew).

    Only what is missing is made. A view that is refused fails the run with the provider's words after the others are
    kept; resumed, only it is asked for again, unless it has come from elsewhere since.
    """
    character = Character.objects.select_related("project", "default_look").get(pk=_subject(run))
    tier = run.settings.get("tier") or character.project.quality_tier
    again = bool(run.settings.get("again"))
    wanted = Wanted.model_validate(run.freeze(lambda: wanted_of(character, tier, again=again).model_dump(mode="json")))
    if run.run.parent_id is None:  # else the whole qualification has asked
        agreed(run, lambda: _asked(character.project, wanted, tier))
    made: dict[str, int] = {}
    under_way = _under_way(run)
    master, master_asset = wanted.master, wanted.master_asset
    if not master and "master" not in under_way:
        master, master_asset = _uploaded_since(character)
    if not master:
        run.progress(2, f"The master picture of {wanted.name}")
        picture = run.call("master", wanted.master_request(), tier=tier)
        made["master"] = run.record("master/kept", lambda: portraits.keep_master(character, wanted, picture))
        master, master_asset = picture.files[0], picture.asset_ids[0]
    assert master_asset is not None
    run.progress(25, f"{wanted.name} from {len(wanted.views)} sides")
    missing = {*portraits.missing_views(character), *wanted.again}
    asked = {
        key: wanted.view_request(angle, master)
        for angle in wanted.views
        for key in [f"view/{angle}"]
        if angle in missing or key in under_way
    }
    views, refused = _all_that_come(run, asked, tier)
    for angle in wanted.views:
        view = views.get(f"view/{angle}")
        if view is not None:
            made[angle] = _kept(run, character, angle, wanted, view, master_asset)
    _look_at(run, wanted, views, made, tier)
    if refused is not None:
        raise refused
    if run.run.parent_id is None:  # a department lines everybody up once, when all are pictured
        keep_line_up(run, character.project)
    return {"character": character.pk, "references": made}


@pipeline("line_up")
def line_up(run: RunContext) -> dict[str, Any]:
    """Draw the cast on one ground line again, where anybody or anybody's height has changed."""
    run.progress(5, "Lining up the cast")
    return keep_line_up(run, Project.objects.get(pk=run.run.project_id)) or {}


def _asked(project: Project, wanted: Wanted, tier: str) -> tuple[Estimate, Any, str]:
    calls = portraits.calls_for(master=not wanted.master, views=wanted.views, judged=not wanted.unseen)
    lots: dict[str, list[tuple[Request, str]]] = {}
    for name, call in calls:
        lots.setdefault(name, []).append((call, ""))
    words = f"Pictures of {wanted.name}."
    return estimate_calls(project, lots, tier), wanted.model_dump(mode="json"), words


def _subject(run: RunContext) -> int:
    return int(run.run.subject.removeprefix("character:"))


def _under_way(run: RunContext) -> set[str]:
    """The calls of this run that a provider has or may have: they are awaited whatever has come from elsewhere."""
    had = (StepState.SUBMITTING, StepState.SUBMITTED, StepState.UNKNOWN, StepState.SUCCEEDED)
    return set(Step.objects.filter(run=run.run, state__in=had).values_list("key", flat=True))


def _uploaded_since(character: Character) -> tuple[str, int | None]:
    """The master that somebody has given the character after this run began, where there is one."""
    master = portraits.master_of(character)
    return (master.image.sha256, master.image_id) if master else ("", None)


def _kept(
    run: RunContext, character: Character, angle: str, wanted: Wanted, view: CallResult, master: int
) -> int:  # fmt: skip
    return run.record(f"view/{angle}/kept", lambda: portraits.keep_view(character, angle, wanted, view, master))


def _look_at(
    run: RunContext, wanted: Wanted, views: Mapping[str, CallResult], made: Mapping[str, int], tier: str
) -> None:
    """Every view described by a model that can see, where there is one; a judge that fails costs no picture."""
    if wanted.unseen or not views:
        return
    run.progress(75, f"Looking at the views of {wanted.name}")
    seen = [angle for angle in wanted.views if f"view/{angle}" in views]
    questions = {f"view/{angle}/seen": wanted.question(angle, views[f"view/{angle}"].files[0]) for angle in seen}
    answers, failure = _all_that_come(run, questions, tier)
    for angle in seen:
        answer = answers.get(f"view/{angle}/seen")
        run.record(
            f"view/{angle}/described",
            lambda angle=angle, answer=answer: portraits.keep_description(  # type: ignore[misc]
                made[angle], answer.text if answer else "", str(failure or "")
            ),
        )  # fmt: skip


def _all_that_come(
    run: RunContext, requests: Mapping[str, Request], tier: str
) -> tuple[dict[str, CallResult], StepFailed | None]:
    """The answers of calls made at once, after all of them have ended, and the first failure among them.

    A limit on money is raised at once: it refuses all of them before any is made.
    """
    if not requests:
        return {}, None
    try:
        return run.call_all(requests, tier=tier), None
    except StepFailed as failed:
        if failed.error_class == BudgetRefused.__name__:
            raise
    answers: dict[str, CallResult] = {}
    failure: StepFailed | None = None
    for key, request in requests.items():
        try:
            answers |= run.call_all({key: request}, tier=tier)
        except StepFailed as failed:
            failure = failure or failed
    return answers, failure
