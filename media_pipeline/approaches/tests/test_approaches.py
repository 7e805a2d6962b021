"""Every way of making a shot, through fal's protocol: what is asked for, and what comes out of it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from characters.models import CharacterReference
from media_pipeline import storage
from media_pipeline.media.probe import probe
from media_pipeline.providers.base import VideoRequest
from media_pipeline.providers.choice import NoModel, needs_of, profile_for
from media_pipeline.storage import local_path
from projects.actions import change_project
from prompts.models import ModelProfile
from scenes.actions import add_shot, change_shot
from scenes.choices import GenerationApproach as Approach
from scenes.models import CompositeIteration

pytestmark = pytest.mark.django_db


def take_of(run):
    assert run.state == "succeeded", run.error
    return run.takes.get()


def picture_of(take):
    return probe(local_path(take.shot.scene.chapter.project_id, take.picture.sha256))


def test_a_composite_is_built_of_the_place_then_the_people(render, shot, sent, sandbox):
    sandbox.answer('{"location": true, "characters": true, "props": true, "lighting": true, "camera": true}')
    take = take_of(render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO))
    layers = list(CompositeIteration.objects.filter(run=take.run).values_list("number", "layer", "attempts"))
    assert layers == [(1, "location", 1), (2, "characters", 1)]
    assert len(sent("nano-banana")) == 1, "the place is made from words"
    (edit,) = sent("nano-banana/edit")
    assert len(edit["image_urls"]) == 1, "the picture before is what the people are put into"
    assert "Ada" in edit["prompt"] or "ADA" in edit["prompt"]
    (video,) = sent("image-to-video")
    assert video["num_frames"] == 48, "3 s at 16 frames a second"
    assert (take.frames, picture_of(take).frames) == (72, 72)
    shot.state.refresh_from_db()
    assert shot.state.final_composite_id == shot.state.start_image_id == take.keyframe_id


def test_one_picture_is_set_in_motion(render, shot, sent):
    take_of(render(shot, Approach.IMAGE_TO_VIDEO))
    assert (len(sent("nano-banana")), len(sent("image-to-video"))) == (1, 1)


def test_a_shot_is_made_from_words_alone(render, shot, sent):
    take = take_of(render(shot, Approach.TEXT_TO_VIDEO))
    (video,) = sent("text-to-video")
    assert "image_url" not in video
    assert sent("nano-banana") == []
    assert take.keyframe.width == take.width, "its own first frame is the key frame"


def test_a_first_and_a_last_frame_are_81_frames_apart_and_both_stay(render, shot, sent):
    change_shot(shot, last_frame_prompt="The wick burns.")
    take = take_of(render(shot, Approach.FIRST_LAST_FRAME))
    (video,) = sent("image-to-video")
    assert (video["num_frames"], video["frames_per_second"]) == (81, 16)
    assert video["image_url"] != video["end_image_url"]
    assert "The wick burns" in sent("nano-banana/edit")[0]["prompt"]
    length = take.parameters["length"]
    assert (length["planned_frames"], length["bought_frames"], length["used_frames"]) == (72, 81, 72)
    assert picture_of(take).frames == 72
    shot.state.refresh_from_db()
    assert shot.state.end_image_id not in (None, shot.state.start_image_id)


def test_an_upright_triptych_is_split_enlarged_and_joined_through_its_hero(render, shot, sent, production):
    change_project(production, aspect_ratio="9:16")
    shot.refresh_from_db()
    run = render(shot, Approach.TRIPTYCH_SPLIT_FIRST_LAST)
    take = take_of(run)
    (strip,) = sent("nano-banana")
    assert "photographic triptych" in strip["prompt"]
    assert not {"storyboard", "comic"} & set(strip["prompt"].lower().split())
    step = run.steps.get(key="strip")
    assert (step.input["width"], step.input["height"]) == (1536, 912)
    assert len(sent("upscale/image")) == 3
    first, second = sent("image-to-video")
    assert (first["num_frames"], second["num_frames"]) == (49, 49)
    hero, again = (Path(url).name for url in (first["end_image_url"], second["image_url"]))
    assert hero == again, "the hero ends one and begins the other"
    frames = run.steps.get(key="key frames").output
    assert set(frames) == {"first", "hero", "last"}
    joined = take.media
    assert joined.frame_count == 97, "49 and 49, with the hero once"
    assert picture_of(take).frames == 72


def test_a_triptych_in_a_lying_picture_is_two_frames_and_says_why(render, shot, sent):
    take = take_of(render(shot, Approach.TRIPTYCH_SPLIT_FIRST_LAST))
    assert take.parameters["approach"] == Approach.FIRST_LAST_FRAME
    assert "stand upright" in take.parameters["approach_reason"]


@pytest.mark.parametrize("approach", [Approach.HELD_FRAME_PUSH, Approach.HELD_FRAME_STATIC])
def test_a_held_frame_buys_no_video(render, shot, sandbox, approach):
    take = take_of(render(shot, approach))
    assert [job["endpoint"] for job in sandbox.jobs() if "video" in job["endpoint"]] == []
    assert picture_of(take).frames == 72
    assert take.cost == Decimal("0.039"), "one picture"


def test_a_shot_beyond_the_models_length_is_chained(render, shot, sent, owner):
    change_shot(shot, by=owner, expected_seconds=Decimal(12))
    take = take_of(render(shot, Approach.EXTENDED))
    pieces = sent("image-to-video")
    assert len(pieces) == 2
    assert all(piece["num_frames"] <= 161 for piece in pieces)
    assert pieces[0]["image_url"] != pieces[1]["image_url"], "the second goes on from where the first ended"
    assert picture_of(take).frames == 288


def test_a_composite_longer_than_the_model_is_chained_without_being_asked(render, shot, owner):
    change_shot(shot, by=owner, expected_seconds=Decimal(11))
    take = take_of(render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO))
    assert take.parameters["approach"] == Approach.EXTENDED
    assert "Longer than the model" in take.parameters["approach_reason"]


def test_somebody_is_put_into_the_take_that_is_there(render, shot, sent, again):
    first = take_of(render(shot, Approach.IMAGE_TO_VIDEO))
    run = render(again(shot), Approach.CHARACTER_ANIMATE_REPLACE)
    take = take_of(run)
    (asked,) = sent("animate/replace")
    assert asked["video_url"]
    assert asked["image_url"]
    assert take.parameters["source_video"] == first.media.sha256
    assert take.number == 2


def test_without_a_take_to_work_on_the_first_one_is_a_composite(render, shot):
    take = take_of(render(shot, Approach.CHARACTER_ANIMATE_REPLACE))
    assert take.parameters["approach"] == Approach.COMPOSITE_IMAGE_TO_VIDEO
    assert "there is none yet" in take.parameters["approach_reason"]


def test_a_take_is_made_anew_from_the_take_that_is_there(render, shot, sent, again):
    first = take_of(render(shot, Approach.IMAGE_TO_VIDEO))
    take = take_of(render(again(shot), Approach.VIDEO_TO_VIDEO))
    (asked,) = sent("video-to-video")
    assert asked["video_url"]
    assert (asked["num_frames"], asked["resample_fps"]) == (48, True), "3 s at 16 frames a second"
    assert "Ada trims the wick" in asked["prompt"]
    assert take.parameters["source_video"] == first.media.sha256
    assert take.parameters["approach_reason"] == "Works on take 1."
    assert (take.number, picture_of(take).frames) == (2, 72)


def test_what_no_model_can_do_ends_before_any_money_is_spent(render, shot, again, sandbox):
    take_of(render(shot, Approach.IMAGE_TO_VIDEO))
    ModelProfile.objects.filter(name__in=["Wan 2.2 Video to Video", "Wan 2.2 Replace", "Wan 2.2 Move"]).delete()
    before = len(sandbox.jobs())
    run = render(again(shot), Approach.VIDEO_TO_VIDEO)
    assert run.state == "failed"
    assert "Only the animatic can work on a video here" in run.error
    assert len(sandbox.jobs()) == before


def test_a_continuous_shot_starts_from_the_last_frame_of_the_one_before(render, shot, production, owner, sent):
    first = take_of(render(shot, Approach.IMAGE_TO_VIDEO))
    next_one = add_shot(
        shot.scene, production.pk, by=owner, number=91, sequence=91, business="She looks up.",
        expected_seconds=Decimal(3), continues_previous=True, approach=Approach.COMPOSITE_IMAGE_TO_VIDEO,
    )  # fmt: skip
    take = take_of(render(next_one))
    assert take.keyframe_id == first.last_frame_id
    assert take.parameters["start_from"] == first.last_frame.sha256
    assert len(sent("nano-banana")) == 1, "no picture is made for it"


def test_a_video_model_is_chosen_by_what_the_request_needs(sandbox):
    about = {"prompt": "", "width": 1280, "height": 720, "frames": 48, "rate": Fraction(24)}
    wanted = {
        "fal-ai/wan/v2.2-a14b/text-to-video": VideoRequest(**about),
        "fal-ai/wan/v2.2-a14b/image-to-video": VideoRequest(**about, start_image="a", end_image="b"),
        "fal-ai/wan/v2.2-14b/animate/replace": VideoRequest(**about, start_image="a", source_video="b"),
    }
    for endpoint, request in wanted.items():
        assert profile_for("video", "standard", needs=needs_of(request)).endpoint == endpoint
    with pytest.raises(NoModel, match=r"Wan 2\.2 Turbo"):
        profile_for("video", "draft", named="Wan 2.2 Turbo", needs={"end_frame"})


@pytest.mark.slow
def test_between_the_pieces_of_a_long_shot_faces_are_brought_back_to_the_references(
    render, shot, sent, owner, production, tmp_path
):
    path = tmp_path / "ada.png"
    Image.new("RGB", (256, 256), (90, 120, 150)).save(path)
    ada = storage.add_asset(production.pk, path, source="uploaded", role="reference")
    CharacterReference.objects.create(character=production.characters.get(name="ADA"), kind="master", image=ada)
    change_shot(shot, by=owner, expected_seconds=Decimal(11))
    take = take_of(render(shot, Approach.EXTENDED))
    anchors = [edit for edit in sent("nano-banana/edit") if edit["prompt"].startswith("The same photograph")]
    assert [len(edit["image_urls"]) for edit in anchors] == [2], "the last frame of the first piece, and Ada"
    assert take.parameters["length"]["pieces"] == 2
    planned, bought, used = (take.parameters["length"][f"{name}_frames"] for name in ("planned", "bought", "used"))
    assert (planned, used) == (264, 264)
    assert bought == 265, "the second piece brings one frame that is there already"
