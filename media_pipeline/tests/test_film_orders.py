"""What a film is cut of and how it is ordered: joints that fit, stand-ins that are named, sounds at their times."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from media_pipeline import storage
from media_pipeline.film_cut import fitted, sounds_of, transitions_of
from media_pipeline.film_orders import film_plan, start_assembly
from media_pipeline.media.tests.shots import write_wav
from media_pipeline.qc.tests.clips import tone
from media_pipeline.shot_request import shots_of
from projects.actions import write_chapter
from scenes.actions import add_scene, add_shot, change_scene


@pytest.fixture
def scenes(project):
    """Two scenes of two shots of three seconds."""
    chapter = write_chapter(project, 1)
    made = []
    for number in (1, 2):
        scene = add_scene(chapter.pk, project.pk, number=str(number), sequence=number, heading=f"EXT. QUAY {number}")
        for shot in (1, 2):
            add_shot(scene, project.pk, number=shot, sequence=shot, business="Rain.", expected_seconds=Decimal(3))
        made.append(scene)
    return made


@pytest.fixture
def music(project, tmp_path):
    return storage.add_asset(project.pk, write_wav(tmp_path / "bed.wav", tone(1, 0.2)), source="uploaded")


def joints(project, scenes):
    return [(one["kind"], one["frames"]) for one in transitions_of(shots_of(scenes), project)]


def test_joints_are_what_the_scenes_ask_for(project, scenes):
    change_scene(scenes[0], transition_out="dissolve", transition_out_seconds=Decimal(1))
    assert joints(project, scenes) == [("cut", 0), ("cut", 0), ("dissolve", 24), ("cut", 0), ("cut", 0)]


def test_a_fade_out_and_a_fade_in_make_one_fade_through_black(project, scenes):
    change_scene(scenes[0], transition_out="fade_out", transition_out_seconds=Decimal("0.5"))
    change_scene(scenes[1], transition_in="fade_in", transition_in_seconds=Decimal("0.75"))
    assert joints(project, scenes)[2] == ("dip", 30)
    assert ("fade through black", 1) in film_plan(project, scenes).joints


def test_nothing_is_mixed_with_what_is_before_or_after_the_film(project, scenes):
    change_scene(scenes[0], transition_in="dissolve", transition_in_seconds=Decimal(1))
    change_scene(scenes[1], transition_out="dissolve", transition_out_seconds=Decimal(2))
    found = joints(project, scenes)
    assert (found[0], found[-1]) == (("fade_in", 24), ("fade_out", 48))
    change_scene(scenes[1], transition_out="smash_cut")
    assert joints(project, scenes)[-1] == ("cut", 0)


def test_a_transition_is_no_longer_than_a_third_of_its_shorter_shot():
    asked = [{"kind": "cut", "frames": 0}, {"kind": "dissolve", "frames": 96}, {"kind": "fade_out", "frames": 24}]
    assert fitted(asked, [72, 120]) == [
        asked[0], {"kind": "dissolve", "frames": 24, "asked_frames": 96}, asked[2]
    ]  # fmt: skip


def test_an_ambience_lies_under_its_scene_and_an_effect_where_it_is(project, scenes, music):
    change_scene(
        scenes[1], sound_effects=[
            {"name": "Ambience", "starts": Decimal(0), "sound": music},
            {"name": "Bang", "starts": Decimal("0.5"), "sound": music},
        ],
    )  # fmt: skip
    ambience, bang = sounds_of(shots_of(scenes))
    assert (ambience["clip"], ambience["until"]) == (2, 3)
    assert (bang["clip"], bang["starts"], bang.get("until")) == (2, "1/2", None)


def test_the_plan_says_what_stands_in_and_how_long_it_lasts(project, scenes):
    plan = film_plan(project, scenes)
    assert (plan.shots, plan.approved, plan.seconds) == (4, 0, 12)
    assert plan.stand_ins == (("1/1", "card"), ("1/2", "card"), ("2/1", "card"), ("2/2", "card"))


def test_a_film_with_holes_is_not_started_unless_they_may_be_filled(project, scenes, owner, music):
    with pytest.raises(ValidationError, match=r"no take yet: 1/1, 1/2, 2/1, 2/2\. Render them, or let others"):
        start_assembly(project, 1, by=owner)
    run = start_assembly(project, 1, order={"fill": True, "music": music.pk, "mark": True}, by=owner)
    assert run.settings["scene_ids"] == [scene.pk for scene in scenes]
    assert run.settings["coherence"] == {"visible_mark": True}
    assert (run.settings["music_db"], run.settings["ducking_db"], run.settings["loudness"]) == (-12, 9, -16)
    assert start_assembly(project, 1, order={"fill": True, "music": music.pk, "mark": True}, by=owner) == run
    with pytest.raises(ValidationError, match="with other settings"):
        start_assembly(project, 1, order={"fill": True}, by=owner)


@pytest.mark.parametrize(
    ("order", "field", "words"),
    [
        ({"loudness": -3}, "loudness", "between -31 and -9 LUFS"),
        ({"ducking_db": 7}, "ducking_db", "0, 6, 9, 12 dB"),
        ({"music": 999_999}, "music", "no sound of this production"),
    ],
)
def test_what_cannot_be_is_refused_by_name(project, scenes, order, field, words):
    with pytest.raises(ValidationError) as refused:
        start_assembly(project, 1, order={"fill": True} | order)
    assert words in str(refused.value.message_dict[field])
