"""Building the first picture of a shot, layer by layer, where people can watch it grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from media_pipeline.providers.base import ImageEditRequest, ImageRequest, Reference
from media_pipeline.runs.calls import CallResult
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.errors import StepFailed
from media_pipeline.shot_request import ShotRequest
from projects.actions import raise_alert, settle_alerts
from scenes.actions import record_iteration, set_shot_status
from scenes.choices import CompositeLayer, ShotStatus
from scenes.models import CompositeIteration, Shot, VerificationResult

from .layers import WHOLE, Layer
from .limits import limits
from .references import Chosen
from .verification import Verdict, verify
from .wording import Wording

NOT_VERIFIED = "NotVerified"
"""Error class of a shot whose picture nobody could get through verification."""


class Composite:
    """The composite of one run of one shot: counts its iterations over all layers and corrections."""

    def __init__(self, run: RunContext, shot: Shot, request: ShotRequest) -> None:
        self.run, self.shot, self.request = run, shot, request
        self.made = 0

    def build(self) -> CallResult:
        """Every layer, each looked at, then the whole looked at twice; returns the picture that passed.

        Raises StepFailed, with an alert that says what a person must decide, where a layer fails as often as it may.
        """
        picture: CallResult | None = None
        for place, layer in enumerate(self.request.layers, start=1):
            words = f"Picture of the shot: {layer.layer}, layer {place} of {len(self.request.layers)}"
            self.run.progress(5 + 20 * (place - 1) // len(self.request.layers), words)
            picture = self._layer(layer, picture, place)
        assert picture is not None
        return picture

    def _layer(self, layer: Layer, base: CallResult | None, place: int) -> CallResult:
        """One layer until it passes; the last one is corrected where it stands instead of made anew."""
        last = place == len(self.request.layers)
        asked, start = layer, base
        for attempt in range(1, limits().layer_attempts + 1):
            picture, verdict = self._attempt(asked, start, place, attempt, last=last)
            if verdict.passed is not False or accepted(self.shot, picture):
                return picture
            if attempt == limits().layer_attempts or self.made >= limits().iterations:
                raise ask_a_person(self.run, self.shot, self.made, verdict.problems)
            if last:
                asked, start = self._correction(verdict.problems), picture
            else:
                asked = _again(layer, verdict.problems)
        raise AssertionError("A layer is tried at least once.")

    def _attempt(
        self, layer: Layer, base: CallResult | None, place: int, attempt: int, *, last: bool
    ) -> tuple[CallResult, Verdict]:
        """One iteration: make it, write it down, look at it."""
        self.made += 1
        key = f"composite/{place}/{attempt}"
        asked = request_of(self.request, layer, base, attempt)
        picture = self.run.call(key, asked, tier=self.request.tier, models=self.request.models)
        iteration = self.run.record(f"{key}/made", lambda: self._record(layer, picture, base, attempt, asked.prompt))
        if last and attempt == 1:
            self.run.record("verifying", self._tell_verifying)
        verdict = verify(
            self.run, self.shot, self.request.questions, picture, key=key, aspects=WHOLE if last else layer.aspects,
            tier=self.request.tier, iteration_id=iteration, knowledge=last,
        )  # fmt: skip
        return picture, verdict

    def _tell_verifying(self) -> None:
        set_shot_status(self.shot.pk, self.run.run.project_id, ShotStatus.VERIFYING)

    def _record(
        self, layer: Layer, picture: CallResult, base: CallResult | None, attempt: int, prompt: str
    ) -> int:  # fmt: skip
        rows: list[dict[str, Any]] = []
        if base is not None:
            rows.append({"kind": "frame", "picture_id": base.asset_ids[0], "description": "The picture before."})
        rows += [
            {"kind": chosen.kind, "picture_id": chosen.asset, "description": (chosen.reason or chosen.name)[:400]}
            for chosen in _beside(layer, base)
        ]
        number = CompositeIteration.objects.filter(shot=self.shot, run=self.run.run.pk).count() + 1
        iteration = record_iteration(
            self.shot, number, run_id=self.run.run.pk, layer=layer.layer, references=rows, prompt=prompt,
            picture_id=picture.asset_ids[0], attempts=attempt,
        )  # fmt: skip
        return iteration.pk

    def _correction(self, problems: Sequence[str]) -> Layer:
        wording = Wording.of(self.shot.scene.chapter.project)
        pictures = [
            chosen for layer in self.request.layers for chosen in layer.references if chosen.kind == "character"
        ]
        return Layer(
            layer=CompositeLayer.CORRECTION,
            prompt=wording.text("composite.correction", {"problems": "; ".join(problems)}),
            references=tuple(pictures[: limits().references - 1]), reason="What verification found is put right.",
            template=wording.version("composite.correction"), brief=self.request.brief,
        )  # fmt: skip


def looked_at(
    run: RunContext, shot: Shot, request: ShotRequest, key: str,
    make: Callable[[int, Sequence[str]], ImageRequest | ImageEditRequest],
) -> CallResult:  # fmt: skip
    """A picture that is made in one request, as often as a layer may be: `make` is told what was wrong before."""
    problems: tuple[str, ...] = ()
    for attempt in range(1, limits().layer_attempts + 1):
        name = key if attempt == 1 else f"{key}/{attempt}"
        picture = run.call(name, make(attempt, problems), tier=request.tier, models=request.models)
        if request.is_drawn:
            return picture
        verdict = verify(
            run, shot, request.questions, picture, key=name, aspects=WHOLE, tier=request.tier, iteration_id=None,
            knowledge=True,
        )  # fmt: skip
        if verdict.passed is not False or accepted(shot, picture):
            return picture
        problems = verdict.problems
    raise ask_a_person(run, shot, limits().layer_attempts, problems)


def ask_a_person(run: RunContext, shot: Shot, tried: int, problems: Sequence[str]) -> StepFailed:
    """Raise an alert that says what is wrong with the picture and what can be done; returns what ends the run."""
    sentence = (
        f"The picture did not pass verification after {tried} iterations: {' '.join(problems)} "
        "Accept it with a reason, or change the shot and render it again."
    )
    raise_alert(
        run.run.project_id, title=f"Shot {shot} waits for your eye", message=sentence, source=alert_of(shot)
    )  # fmt: skip
    return StepFailed("composite", NOT_VERIFIED, sentence)


def alert_of(shot: Shot) -> str:
    """Source of the alert that asks a person about a shot's picture."""
    return f"shot:{shot.pk}:verification"


def accepted(shot: Shot, picture: CallResult) -> bool:
    """Whether a person has accepted this very picture although it did not pass."""
    found = VerificationResult.objects.filter(shot=shot, picture=picture.asset_ids[0], accepted_at__isnull=False)
    if found.exists():
        settle_alerts(shot.scene.chapter.project_id, alert_of(shot))
        return True
    return False


def request_of(
    request: ShotRequest, layer: Layer, base: CallResult | None, attempt: int
) -> ImageRequest | ImageEditRequest:  # fmt: skip
    """What a layer asks of a provider: an edit where there is anything to start from, else a picture from words."""
    about: dict[str, Any] = {
        "prompt": layer.prompt, "negative_prompt": request.negative_prompt, "width": request.width,
        "height": request.height, "seed": (request.seed + attempt - 1) % 2**31, "brief": layer.brief or request.brief,
    }  # fmt: skip
    pictures = [Reference(media=base.files[0], kind="frame", name="the picture so far")] if base else []
    pictures += [chosen.reference for chosen in _beside(layer, base)]
    if pictures:
        return ImageEditRequest(references=tuple(pictures), **about)
    identities = request.kept.image if layer.layer == CompositeLayer.CHARACTERS else ()
    return ImageRequest(identities=identities, **about)


def _beside(layer: Layer, base: CallResult | None) -> tuple[Chosen, ...]:
    """The references that go along: the picture that is changed counts as one of the three."""
    return layer.references[: limits().references - (1 if base else 0)]


def _again(layer: Layer, problems: Sequence[str]) -> Layer:
    """The same layer, told what was wrong with it."""
    return layer.model_copy(update={"prompt": told(layer.prompt, problems)})


def told(prompt: str, problems: Sequence[str]) -> str:
    """A prompt with what was wrong with what it gave before."""
    return f"{prompt}\nThe last attempt was wrong: {' '.join(problems)}" if problems else prompt
