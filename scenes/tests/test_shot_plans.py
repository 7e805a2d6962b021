"""Plans as records: what changes when a scene changes, and what stays."""

from __future__ import annotations

import pytest

from scenes.actions import change_scene, change_shot
from scenes.importing import import_screenplay_file
from scenes.models import Scene, Shot, Take
from scenes.shot_plans import plan_scene

SCRIPT = """INT. LAMP ROOM - NIGHT #1#

Ada trims the wick. She looks at the window for a long time.

ADA
Hold the light steady.

TOM (O.S.)
It is steady. You are shaking, Ada. You have been shaking since the boat went out.

Ada crosses to the window and wipes the salt from the glass with her sleeve. Far out, a small light goes on and off.

ADA
There. Did you see it? He is alive, and he is coming home without the engine.
"""


@pytest.fixture
def scene(project):
    import_screenplay_file(project, SCRIPT.encode(), "low-water.fountain")
    return Scene.objects.select_related("chapter", "state").get()


def test_a_scene_is_planned_once_and_again_only_when_it_has_changed(scene):
    assert plan_scene(scene) is True
    shots = list(scene.shots.values_list("pk", "number"))
    assert len(shots) >= 3
    assert plan_scene(scene) is False
    change_scene(scene, screenplay_text=scene.screenplay_text.replace("wick", "lamp"))
    assert plan_scene(scene) is True
    assert scene.state.status == "ready_for_generation"


def test_every_shot_has_a_length_a_camera_a_prompt_and_a_reason(scene):
    plan_scene(scene)
    for shot in Shot.objects.select_related("state"):
        assert 3 <= shot.expected_seconds <= 7
        assert shot.shot_size
        assert shot.camera_angle
        assert shot.camera_movement
        assert shot.text_prompt
        assert shot.state.plan_reason


def test_a_voice_from_outside_is_heard_and_not_seen(scene):
    plan_scene(scene)
    lines = [line for shot in Shot.objects.all() for line in shot.lines.all() if line.speaker == "TOM"]
    assert lines
    assert all(line.off_screen for line in lines)
    seen = {person.name for shot in Shot.objects.all() for person in shot.cast.all() if person.on_camera}
    assert seen == {"ADA"}


def test_shots_that_did_not_change_keep_their_record_and_hand_edits(scene):
    plan_scene(scene)
    first = scene.shots.order_by("sequence").first()
    change_shot(first, lens_mm=85)
    change_scene(scene, screenplay_text=scene.screenplay_text.replace("without the engine", "without the motor"))
    plan_scene(scene)
    again = scene.shots.order_by("sequence").first()
    assert (again.pk, again.lens_mm) == (first.pk, 85)
    numbers = list(scene.shots.order_by("sequence").values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))


def test_a_shot_that_was_filmed_is_omitted_and_not_deleted(scene, project, tmp_path):
    from media_pipeline.models import MediaAsset

    plan_scene(scene)
    shot = scene.shots.order_by("sequence").last()
    asset = MediaAsset.objects.create(
        project=project, file="x", kind="video", sha256="0" * 64, size=1, content_type="video/mp4", source="provider"
    )
    roles = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")
    Take(
        shot=shot, number=1, asset_name="x", prompt="", provider="animatic", request_digest="x", seed=1, frames=72,
        frame_rate="24", width=16, height=9, **dict.fromkeys(roles, asset),
    ).save(force_insert=True)  # fmt: skip
    change_scene(scene, screenplay_text="INT. LAMP ROOM - NIGHT\n\nNothing.\n")
    plan_scene(scene)
    shot.state.refresh_from_db()
    assert shot.state.status == "omitted"
    assert scene.shots.exclude(state__status="omitted").count() == 1
