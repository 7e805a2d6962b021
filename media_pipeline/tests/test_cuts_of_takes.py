"""Continuity by the pictures as records: found once, replaced on measuring again, silent where it is meant."""

from __future__ import annotations

import pytest

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.continuity import cuts_around, measured_cut, open_cuts, record_cuts
from media_pipeline.qc.tests.clips import FRAMES, SIZE, each, field, write
from media_pipeline.runs.work import Work
from projects.actions import write_chapter
from scenes.actions import add_scene, add_shot, change_shot, dismiss_continuity, omit_shot, record_take
from scenes.models import ContinuityCheck, Take

PARTS = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    light = write(folder / "light.mp4", field())
    return {"light": light, "dark": write(folder / "dark.mp4", each(field(), lambda n, f: f * 0.4))}


@pytest.fixture
def shots(project):
    scene = add_scene(write_chapter(project, 1).pk, project.pk, number="1", sequence=1, heading="EXT. QUAY - DAY")
    return [add_shot(scene, project.pk, number=n, sequence=n, business="Rain.", expected_seconds=3) for n in (1, 2, 3)]


@pytest.fixture
def filmed(project, clips):
    def record(shot, name):
        asset = storage.add_asset(project.pk, clips[name], source=MediaAsset.Source.PROVIDER)
        return record_take(
            shot.pk, project.pk, prompt="Rain.", provider="fal", request_digest="x", seed=1, frames=FRAMES,
            frame_rate="24", width=SIZE[0], height=SIZE[1], asset_name="SALT_CH001_S01_SH01_T01",
            **dict.fromkeys(PARTS, asset),
        )  # fmt: skip

    return record


@pytest.fixture
def measure(project, tmp_path):
    """Measure cuts by the ids of their takes and write them down."""
    work = Work(workdir=tmp_path, project_id=project.pk, tell=lambda share: None, stop=lambda: False)

    def do(pairs):
        takes = Take.objects.in_bulk({pk for pair in pairs for pk in pair})
        return record_cuts([measured_cut(takes[one], takes[other], work) for one, other in pairs])

    return do


def test_a_jump_of_light_is_critical_and_written_once(shots, filmed, measure):
    light, dark = filmed(shots[0], "light"), filmed(shots[1], "dark")
    pairs = cuts_around(dark.pk)
    assert pairs == [(light.pk, dark.pk)]
    assert measure(pairs) == {"cuts": 1, "open": 1}
    assert measure(pairs) == {"cuts": 1, "open": 1}
    check = ContinuityCheck.objects.get(kind="lighting_jump")
    assert (check.severity, check.passed, check.from_take, check.to_take) == ("critical", False, light, dark)
    assert check.notes.startswith("The light changes by ")
    assert check.evidence["light_match"]["unit"] == "stops and L*"
    assert ContinuityCheck.objects.get(kind="palette").passed
    assert not ContinuityCheck.objects.filter(kind="last_frame_match").exists(), "the shot does not go straight on"


def test_a_dismissed_break_stays_dismissed_when_measured_again(shots, filmed, measure, owner):
    pairs = [(filmed(shots[0], "light").pk, filmed(shots[1], "dark").pk)]
    measure(pairs)
    dismiss_continuity(ContinuityCheck.objects.get(kind="lighting_jump"), "A storm.", by=owner)
    assert measure(pairs)["open"] == 0
    assert ContinuityCheck.objects.get(kind="lighting_jump").dismissal_reason == "A storm."


def test_light_that_the_records_let_change_is_no_break(shots, filmed, measure):
    change_shot(shots[1], business="Ada switches off the lamp.")
    pairs = [(filmed(shots[0], "light").pk, filmed(shots[1], "dark").pk)]
    assert measure(pairs)["open"] == 0
    assert ContinuityCheck.objects.get(kind="lighting_jump").notes.startswith("Meant, as the shots' records say")


def test_cuts_of_shots_made_at_the_same_moment_are_found_later(shots, filmed, measure):
    takes = [filmed(shot, "light") for shot in shots]
    scene = [shots[0].scene_id]
    assert open_cuts(scene) == [(takes[0].pk, takes[1].pk), (takes[1].pk, takes[2].pk)]
    measure(open_cuts(scene)[:1])
    assert open_cuts(scene) == [(takes[1].pk, takes[2].pk)]
    omit_shot(shots[1])
    assert open_cuts(scene) == [(takes[0].pk, takes[2].pk)]
    assert cuts_around(takes[0].pk) == [(takes[0].pk, takes[2].pk)]
