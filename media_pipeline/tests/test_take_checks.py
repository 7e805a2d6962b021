"""What quality control writes on takes, and what follows from it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.qc.tests.clips import FRAMES, SIZE, field, tone, write
from media_pipeline.runs.work import Work
from media_pipeline.take_checks import asked_of, measured_take, record_measurements
from projects.actions import write_chapter
from projects.models import Event
from scenes.actions import add_scene, add_shot, record_take, select_take, set_review_state
from scenes.choices import ReviewState
from scenes.models import TakeCheck
from scenes.queries import qc_of_takes

PARTS = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """A good clip, and one that stands still throughout."""
    folder = tmp_path_factory.mktemp("clips")
    good = write(folder / "good.mp4", field(), sound=tone(2, 0.3))
    return {"good": good, "frozen": write(folder / "frozen.mp4", [field()[0]] * FRAMES)}


@pytest.fixture
def shot(project):
    scene = add_scene(write_chapter(project, 1).pk, project.pk, number="1", sequence=1, heading="EXT. QUAY - DAY")
    return add_shot(scene, project.pk, number=1, sequence=1, business="Rain.", expected_seconds=3)


@pytest.fixture
def filmed(project, shot, clips):
    """Record a take of `shot` from one of the clips."""

    def record(name, **fields):
        asset = storage.add_asset(project.pk, clips[name], source=MediaAsset.Source.PROVIDER)
        values = {
            "prompt": "Rain.", "provider": "fal", "request_digest": "x", "seed": 1, "frames": FRAMES,
            "frame_rate": "24", "width": SIZE[0], "height": SIZE[1], "asset_name": "SALT_CH001_S01_SH01_T01",
            **dict.fromkeys(PARTS, asset),
        } | fields  # fmt: skip
        return record_take(shot.pk, project.pk, **values)

    return record


@pytest.fixture
def checked(project, tmp_path):
    """Measure a take and write it down; returns what the pipeline is told."""
    work = Work(workdir=tmp_path, project_id=project.pk, tell=lambda share: None, stop=lambda: False)
    return lambda take: record_measurements(take.pk, measured_take(take.pk, work))


def test_a_good_take_passes_and_becomes_the_systems_best(filmed, checked):
    take = filmed("good")
    answer = checked(take)
    assert answer["verdict"] == "passed"
    assert answer["retry"] is False
    take.refresh_from_db()
    assert take.is_system_best
    assert take.review_state == ReviewState.PENDING
    assert take.checks.get(name="flicker").passed is True


def test_a_take_that_is_no_use_asks_to_be_made_again_and_says_why(filmed, checked):
    take = filmed("frozen")
    answer = checked(take)
    assert answer["retry"] is True
    assert "the picture stands still for 100 % of the time" in answer["sentence"]
    take.refresh_from_db()
    assert take.review_state == ReviewState.NEEDS_REVIEW
    whole = take.checks.get(name="technical")
    assert whole.passed is False
    assert whole.details["sentence"] == answer["sentence"]
    assert "no model was asked" in whole.details["not_measured"]["aesthetic"]
    assert not take.checks.filter(name="aesthetic").exists()
    assert Event.objects.filter(type="take.checked").last().payload["failed"] == ["freeze", "technical"]


def test_measuring_again_replaces_what_stood_there(filmed, checked):
    take = filmed("frozen")
    checked(take)
    count = TakeCheck.objects.count()
    checked(take)
    assert TakeCheck.objects.count() == count
    assert qc_of_takes([take.pk])[take.pk].score == take.checks.get(name="technical").score


def test_a_take_that_is_no_use_gives_way_to_the_good_one_before_it(filmed, checked, shot):
    good, frozen = filmed("good"), None
    checked(good)
    frozen = filmed("frozen")
    checked(frozen)
    shot.state.refresh_from_db()
    assert shot.state.selected_take == good


def test_what_a_person_chose_or_sent_back_is_not_undone(filmed, checked, shot, owner):
    good, frozen = filmed("good"), filmed("frozen")
    checked(good)
    select_take(shot, frozen, owner)
    checked(frozen)
    shot.state.refresh_from_db()
    assert shot.state.selected_take == frozen
    set_review_state(good, ReviewState.RETAKE, by=owner)
    third = filmed("frozen", request_digest="y")
    checked(third)
    third.refresh_from_db()
    assert third.is_system_best


def test_a_drawn_frame_that_stands_is_what_was_asked_for(filmed, checked):
    take = filmed("frozen", provider="animatic")
    assert asked_of(take).intents == {"still", "held", "quiet"}
    assert asked_of(take).rate == Fraction(24)
    assert checked(take)["verdict"] == "passed"
