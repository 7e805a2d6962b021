"""A chapter of three scenes, and takes without a render."""

from __future__ import annotations

import hashlib

import pytest

from projects.actions import write_chapter
from scenes.actions import add_scene, add_shot, record_take
from scenes.models import Scene

TAKE_PARTS = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")


@pytest.fixture
def chapter(project):
    """A chapter without scenes."""
    return write_chapter(project, 1)


@pytest.fixture
def ten(chapter):
    """Scene 10 with two shots of 4 and 3 seconds."""
    scene = add_scene(
        chapter.pk, chapter.project_id, number="10", sequence=1, heading="INT. LAMP ROOM - NIGHT", int_ext="INT",
        location_text="LAMP ROOM", time_of_day="night", length_eighths=9,
        screenplay_text="INT. LAMP ROOM - NIGHT #10#\n\nAda trims the wick.\n\nTom opens the hatch.\n",
    )  # fmt: skip
    add_shot(scene, chapter.project_id, number=1, sequence=1, business="Ada trims the wick.", expected_seconds=4)
    add_shot(scene, chapter.project_id, number=2, sequence=2, business="Tom opens the hatch.", expected_seconds=3)
    return scene


@pytest.fixture
def eleven(chapter, ten):
    """Scene 11 with one shot."""
    scene = add_scene(
        chapter.pk, chapter.project_id, number="11", sequence=2, heading="EXT. HARBOUR - DAWN", int_ext="EXT",
        location_text="HARBOUR", time_of_day="dawn", length_eighths=4,
        screenplay_text="EXT. HARBOUR - DAWN #11#\n\nThe boat is gone.\n",
    )  # fmt: skip
    add_shot(scene, chapter.project_id, number=1, sequence=1, business="The boat is gone.", expected_seconds=5)
    return scene


@pytest.fixture
def asset(project):
    """Make a stored file of this production, told apart by its name."""
    from media_pipeline.models import MediaAsset

    def make(name="still", owner=project):
        digest = hashlib.sha256(f"{owner.pk} {name}".encode()).hexdigest()
        return MediaAsset.objects.create(
            project=owner, file=name, kind="image", sha256=digest, size=1, content_type="image/png", source="provider"
        )

    return make


@pytest.fixture
def film(asset):
    """Record a take of a shot, 96 frames at 24 unless said otherwise."""

    def record(shot, **fields):
        picture = asset(f"take {shot.pk} {shot.takes.count()}")
        values = {
            "prompt": "A lamp.", "provider": "animatic", "request_digest": "x", "seed": 1, "frames": 96,
            "frame_rate": "24", "width": 16, "height": 9, "asset_name": f"SALT_CH001_S10_SH01_T{shot.takes.count()}",
            **dict.fromkeys(TAKE_PARTS, picture),
        } | fields  # fmt: skip
        return record_take(shot.pk, shot.scene.chapter.project_id, **values)

    return record


@pytest.fixture
def numbers(chapter):
    """The numbers of the chapter's scenes in order, with (x) on omitted ones."""

    def read():
        scenes = Scene.objects.filter(chapter=chapter).select_related("state").order_by("sequence", "pk")
        return [f"{scene.number}{' (x)' if scene.state.status == 'omitted' else ''}" for scene in scenes]

    return read
