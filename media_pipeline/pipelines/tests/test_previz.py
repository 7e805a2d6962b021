"""Previz: one small frame of each shot, drawn once, drawn anew when its records ask for another."""

from __future__ import annotations

import pytest

from media_pipeline.models import MediaAsset
from media_pipeline.previz import estimate_previz, frames_of, previz_size
from media_pipeline.runs import executor, transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.models import RunState
from projects.actions import write_chapter
from scenes.actions import add_scene, add_shot, change_shot
from scenes.models import Attempt, ShotState, Take
from scenes.shot_plans import plan_scene


@pytest.fixture
def scene(project):
    scene = add_scene(
        write_chapter(project, 1).pk, project.pk, number="1", sequence=1, heading="EXT. QUAY - DAY", int_ext="EXT",
        location_text="QUAY", screenplay_text="EXT. QUAY - DAY\n\nAda waits.\n\nThe boat is gone.\n",
    )  # fmt: skip
    plan_scene(scene)
    scene.refresh_from_db()
    return scene


@pytest.fixture
def drawn(project):
    """Run previz to its end."""

    def run():
        with transport.in_process():
            started = start_run(
                "previz", f"project:{project.pk}", project, settings={"chapter": 1, "scenes": [], "tier": "draft"}
            )

            for due in iter(lambda: due_runs().first(), None):
                executor.advance(due.pk)
        started.refresh_from_db()
        assert started.state == RunState.SUCCEEDED, started.error
        return started.output

    return run


def test_every_shot_gets_one_small_frame_and_none_twice(project, scene, drawn):
    shots = scene.shots.count()
    assert estimate_previz(project, [scene]).shots == shots
    assert drawn() == {"frames": shots}
    frames = frames_of(project, [scene])
    assert [(frame.attempt.picture.width, frame.attempt.picture.height) for frame in frames] == [(896, 512)] * shots
    assert not any(frame.stale for frame in frames)
    assert estimate_previz(project, [scene]).shots == 0
    assert drawn() == {"frames": 0}
    assert not Take.objects.exists()
    assert not ShotState.objects.exclude(selected_take=None).exists()


def test_a_changed_shot_gets_a_further_frame_and_keeps_the_first(project, scene, drawn):
    drawn()
    shot = scene.shots.first()
    change_shot(shot, shot_size="close_up", text_prompt="A close-up of a rope.")
    assert [frame.shot for frame in frames_of(project, [scene]) if frame.stale] == [shot]
    assert drawn() == {"frames": 1}
    rounds = Attempt.objects.filter(group__shot=shot).order_by("round")
    assert [attempt.round for attempt in rounds] == [1, 2]
    assert frames_of(project, [scene])[0].attempt == rounds[1]


@pytest.mark.parametrize(
    ("shape", "size"),
    [("16:9", (896, 512)), ("9:16", (512, 896)), ("1:1", (512, 512)), ("2.39:1", (896, 368)), ("4:5", (512, 640))],
)
def test_a_frame_has_the_productions_shape_within_896_and_512(project, shape, size):
    project.aspect_ratio = shape
    width, height = previz_size(project)
    assert (width, height) == size


def test_frames_take_the_same_queries_for_any_number_of_shots(project, scene, django_assert_max_num_queries):
    add_shot(scene, project.pk, number=50, sequence=50, business="Gulls.", expected_seconds=3)
    with django_assert_max_num_queries(8):
        frames_of(project, [scene])
    assert not MediaAsset.objects.exists()
