"""Every number of the take pipeline, shown working through fal's sandbox: by default, and once it is changed.

Only the part of a take that a number is about is made here; whole takes are in the tests of the approaches.
"""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from characters.models import CharacterReference
from media_pipeline import storage
from media_pipeline.approaches import triptych
from media_pipeline.approaches.first_last_frame import between
from media_pipeline.approaches.image_to_video import motion
from media_pipeline.media.stills import image_info
from media_pipeline.providers.base import ImageEditRequest, ImageRequest, Reference
from media_pipeline.providers.llm.tests.chat_server import KEY, ChatServer, Reply
from media_pipeline.runs import executor, poller, registry, transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.models import Step
from media_pipeline.shot_request import ShotRequest, shot_request, shots_of
from media_pipeline.storage import local_path
from media_pipeline.takes.composite import Composite
from media_pipeline.takes.limits import TakeLimits
from media_pipeline.takes.verification import Questions, verify
from projects.actions import change_project
from projects.models import Project
from prompts.models import ModelProfile
from scenes.actions import add_scene, change_shot
from scenes.choices import GenerationApproach as Approach
from scenes.models import CompositeIteration, Shot, VerificationResult
from scenes.shot_plans import plan_scene

pytestmark = pytest.mark.django_db

YES = json.dumps(dict.fromkeys(("location", "characters", "props", "lighting", "camera"), True))


@pytest.fixture
def only(production, shot, work, owner, monkeypatch):
    """Do one part of a take as a run: `only(part)` calls it with run, shot and frozen request, and gives the run."""
    monkeypatch.setattr(registry, "_pipelines", {})
    monkeypatch.setattr(registry, "_load", lambda: None)
    asked = {}

    @registry.pipeline("part")
    def pipeline(run):
        request = ShotRequest.model_validate(run.freeze(asked["request"]))
        found = Shot.objects.select_related("scene__chapter__project", "state").get(pk=shot.pk)
        return asked["part"](run, found, request)

    def only(part, tier="standard", rounds=60):
        def request():
            (row,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
            return shot_request(row, Project.objects.get(pk=production.pk), tier).model_dump(mode="json")

        asked.update(part=part, request=request)
        with transport.in_process():
            return work(start_run("part", f"shot:{shot.pk}", production, by=owner), rounds=rounds)

    return only


@pytest.fixture
def stored(production, tmp_path):
    """A stored picture of one colour; gives its asset."""

    def stored(name, size=(128, 72)):
        path = tmp_path / f"{name}.png"
        shade = sum(name.encode()) * 37 % 256
        Image.new("RGB", size, (shade, 255 - shade, 90)).save(path)
        return storage.add_asset(production.pk, path, source="uploaded", role="reference")

    return stored


@pytest.fixture
def judged(production):
    """A judge whose price is known, so that a production with a limit may ask it."""
    ModelProfile.objects.filter(name="Moondream Query").update(price=Decimal("0.001"))


def built(run, shot, request):
    return {"picture": Composite(run, shot, request).build().files[0]}


def attempts_of(run):
    return list(CompositeIteration.objects.filter(run=run.pk).values_list("layer", "attempts"))


def composite(shot):
    change_shot(shot, approach=Approach.COMPOSITE_IMAGE_TO_VIDEO)


# -- 3 references in a request


@pytest.mark.parametrize(("most", "sent_along"), [(3, 3), (2, 2)])
def test_a_request_takes_three_references_the_picture_so_far_among_them(
    only, shot, production, stored, sent, settings, most, sent_along
):
    settings.TAKE_LIMITS = TakeLimits(references=most)
    composite(shot)
    shot.cast.create(character=production.characters.get(name="TOM"), name="TOM", order=1)
    for character in production.characters.all():
        CharacterReference.objects.create(character=character, kind="master", image=stored(character.name))
    assert only(built).state == "succeeded"
    edits = sent("nano-banana/edit")
    assert len(edits[0]["image_urls"]) == sent_along
    assert len(edits) == (1 if most == 3 else 2), "who has no room goes into a layer of their own"


def test_a_model_that_takes_three_references_is_never_sent_four(only, stored, sandbox):
    four = tuple(Reference(media=stored(name).sha256) for name in "abcd")
    ask = ImageEditRequest(prompt="All of them.", references=four, width=1280, height=720)
    run = only(lambda run, shot, request: run.call("edit", ask) and None)
    assert (run.state, sandbox.jobs()) == ("failed", []), "nothing was sent and nothing is paid"
    assert "takes at most 3 reference images; 4 were given" in run.error
    ModelProfile.objects.filter(name="Nano Banana Edit").update(limits={"references": 4})
    assert only(lambda run, shot, request: run.call("edit", ask) and None).state == "succeeded"


# -- 5 attempts a layer, 20 iterations a composite


@pytest.mark.parametrize(("limits", "attempts"), [(TakeLimits(), 5), (TakeLimits(layer_attempts=2), 2)])
def test_a_layer_that_never_passes_is_tried_five_times(only, shot, judged, sandbox, settings, limits, attempts):
    settings.TAKE_LIMITS = limits
    composite(shot)
    sandbox.answer("no, it is too dark")
    run = only(built)
    assert run.state == "failed"
    assert attempts_of(run) == [("location", attempt) for attempt in range(1, attempts + 1)]
    assert len(sandbox.jobs("fal-ai/nano-banana")) == attempts


@pytest.mark.slow
def test_a_composite_of_a_crowd_ends_at_twenty_iterations(only, shot, sandbox):
    composite(shot)
    for number in range(1, 45):
        shot.cast.create(name=f"SAILOR {number}", order=number)
    run = only(built, rounds=120)
    assert run.state == "succeeded", run.error
    assert len(attempts_of(run)) == 20
    assert len(sandbox.jobs(contains="prompt")) == 20


def test_how_many_iterations_a_composite_has_is_a_setting(only, shot, judged, sandbox, settings):
    assert TakeLimits().iterations == 20
    settings.TAKE_LIMITS = TakeLimits(iterations=3)
    composite(shot)
    sandbox.answer("no")
    run = only(built)
    assert (run.state, len(attempts_of(run))) == ("failed", 3)


# -- above 0.8 the knowledge query passes


@pytest.fixture
def knows(settings):
    """A knowledge service that is as sure as it is told to be."""
    server = ChatServer()
    settings.KNOWLEDGE_URL, settings.KNOWLEDGE_API_KEY = server.base, KEY

    def knows(confidence):
        answer = {"confidence": confidence, "measured": "distance", "passages": []}
        server.replies = [Reply(json.dumps(answer).encode())]

    yield knows
    server.close()


@pytest.mark.parametrize(
    ("confidence", "limit", "passed"),
    [(0.80, "0.8", False), (0.81, "0.8", True), (0.81, "0.9", False), (0.70, "0.6", True)],
)
def test_a_picture_passes_when_what_is_known_bears_it_out_with_more_than_eight_tenths(
    only, judged, sandbox, knows, settings, confidence, limit, passed
):
    settings.TAKE_LIMITS = TakeLimits(confidence=Decimal(limit))
    assert TakeLimits().confidence == Decimal("0.8")
    sandbox.answer(YES)
    knows(confidence)

    def look(run, shot, request):
        picture = run.call("picture", ImageRequest(prompt="A lamp.", width=1280, height=720))
        questions = Questions(vision="Is there a lamp?", knowledge="Does Ada keep a lamp?")
        verdict = verify(run, shot, questions, picture, key="look", aspects=("location",), tier="standard",
                         iteration_id=None, knowledge=True)  # fmt: skip
        return {"passed": verdict.passed}

    assert only(look).output == {"passed": passed}
    kept = VerificationResult.objects.get(kind="knowledge_query")
    assert (kept.passed, float(kept.confidence)) == (passed, confidence)


# -- shots of 3 to 7 s


LONG = "\n\n".join(
    ["INT. LAMP ROOM - NIGHT", *(f"Ada climbs the stairs and looks out of window {n}, then winds the clock." * 2
                                 for n in range(1, 7))]
)  # fmt: skip


@pytest.mark.parametrize(("span", "frames"), [((3, 7), (48, 112)), ((4, 5), (64, 80))])
def test_planned_shots_last_three_to_seven_seconds_and_so_many_frames_are_bought(
    production, only, shot, stored, sent, settings, span, frames
):
    """At 16 frames a second 3 s are 48 frames and 7 s are 112."""
    settings.SHOT_SECONDS = span
    chapter = production.chapters.get()
    scene = add_scene(chapter.pk, production.pk, number="2", sequence=2, heading=LONG.split("\n")[0],
                      screenplay_text=LONG)  # fmt: skip
    plan_scene(scene)
    seconds = [planned.expected_seconds for planned in scene.shots.all()]
    assert seconds
    assert all(span[0] <= length <= span[1] for length in seconds)
    change_shot(shot, expected_seconds=min(seconds))
    picture = stored("start").sha256

    def film(run, shot, request):
        run.call("video", motion(request, picture))

    only(film)
    assert frames[0] <= sent("image-to-video")[0]["num_frames"] <= frames[1]


def test_a_person_may_ask_for_a_shot_of_another_length_and_the_models_own_limit_holds(
    only, shot, stored, sent, sandbox
):
    """The profile's max_frames: 161 at 16 a second are 10 s."""
    change_shot(shot, expected_seconds=Decimal(11))
    picture = stored("start").sha256
    run = only(lambda run, shot, request: run.call("video", motion(request, picture)) and None)
    assert (run.state, sandbox.jobs()) == ("failed", [])
    assert "makes 17 to 161 frames at 16 frames a second; this shot needs 176" in run.error


# -- ten minutes


@pytest.mark.parametrize(
    ("timeout", "waited", "state"), [(600, 599, "submitted"), (600, 601, "failed"), (60, 61, "failed")]
)
def test_a_video_that_takes_longer_than_ten_minutes_counts_as_timed_out(
    only, stored, sandbox, shot, timeout, waited, state
):
    profiles = ModelProfile.objects.filter(endpoint="fal-ai/wan/v2.2-a14b/image-to-video")
    assert profiles.get(name="Wan 2.2 Image to Video").timeout_seconds == 600, "by default"
    profiles.update(timeout_seconds=timeout)
    sandbox.change(seconds=5000)
    picture = stored("start").sha256
    only(lambda run, shot, request: run.call("video", motion(request, picture)), rounds=0)
    step = Step.objects.get(key="video")
    assert step.state == "submitted"
    sent_at = timezone.now() - timedelta(seconds=waited)
    Step.objects.filter(pk=step.pk).update(submitted_at=sent_at, next_poll_at=timezone.now())
    with transport.in_process():
        poller.attend(poller.claim_steps(1)[0])
        executor.advance(step.run_id)
    step.refresh_from_db()
    assert step.state == state
    if state == "failed":
        assert step.error_class == "TimedOut"
        assert f"within {timedelta(seconds=timeout)}" in step.error_message


# -- 81 and 49 frames, 1536x912, 768x1344


@pytest.mark.parametrize(("limits", "frames"), [(TakeLimits(), 81), (TakeLimits(first_last_frames=65), 65)])
def test_between_a_first_and_a_last_frame_lie_81_frames(only, stored, sent, settings, limits, frames):
    settings.TAKE_LIMITS = limits
    first, last = stored("first").sha256, stored("last").sha256
    run = only(lambda run, shot, request: run.call("video", between(request, first, last)) and None)
    assert run.state == "succeeded", run.error
    (video,) = sent("image-to-video")
    assert (video["num_frames"], video["frames_per_second"]) == (frames, 16)


@pytest.mark.parametrize(
    ("limits", "strip", "panel", "frames"),
    [
        (TakeLimits(), (1536, 912), (768, 1344), 49),
        pytest.param(
            TakeLimits(strip=(1152, 684), panel=(384, 672), triptych_frames=33),
            (1152, 684),
            (384, 672),
            33,
            marks=pytest.mark.slow,
        ),
    ],
    ids=["by default", "changed"],
)
def test_a_triptych_has_its_strip_panels_and_frames(
    only, shot, production, sent, settings, limits, strip, panel, frames
):
    """1536x912 split in three, each panel enlarged to 768x1344, and two videos of 49 frames."""
    settings.TAKE_LIMITS = limits
    change_project(production, aspect_ratio="9:16")
    ModelProfile.objects.filter(name="Z-Image Turbo").update(tiers=[], preference=1)  # takes a size in pixels
    change_shot(shot, approach=Approach.TRIPTYCH_SPLIT_FIRST_LAST)

    def make(run, shot, request):
        made = triptych.make(run, shot, request, 1)
        return {"start": made.start, "end": made.end, **made.facts}

    run = only(make)
    assert run.state == "succeeded", run.error
    assert sent("z-image/turbo")[0]["image_size"] == {"width": strip[0], "height": strip[1]}
    assert [video["num_frames"] for video in sent("image-to-video")] == [frames, frames]
    keys = run.steps.get(key="key frames").output
    for name in ("first", "hero", "last"):
        found = image_info(Path(local_path(production.pk, keys[name]["sha256"])))
        assert (found.width, found.height) == panel
    assert run.output["bought_frames"] == 2 * frames


def test_the_rate_of_key_frame_videos_is_16_frames_a_second():
    assert Fraction(TakeLimits().model_rate) == 16
