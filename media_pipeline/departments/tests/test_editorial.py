"""Editorial: how long, how paced, how built, and what an editor would flag; counted by hand on a short script."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from media_pipeline.departments import editorial, script
from media_pipeline.departments.material import material_of
from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from projects.actions import change_project, write_chapter
from projects.models import Event, QualifiedDocument
from prompts.models import ModelProfile
from scenes.actions import add_shot, change_scene, insert_scene

from .crafts import at_work, write_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(project):
    """Scene 1 with shots of 4, 6 and 11 s, scene 2 with one of 3 s; scenes 3 and 4 without."""
    scenes = write_film(project)
    for number, lengths in {"1": (4, 6, 11), "2": (3,)}.items():
        for place, length in enumerate(lengths, start=1):
            add_shot(scenes[number], project.pk, number=place, sequence=place, expected_seconds=length)
    return scenes


def chapter():
    return QualifiedDocument.objects.get(collection="editorial", key="Chapter 1")


def test_readiness_names_the_scene_that_is_not_written_and_the_chapter_without_a_target(project):
    assert editorial.readiness(material_of(project)).score == 0
    scenes = write_film(project)
    change_scene(scenes["4"], screenplay_text="")
    judged = editorial.readiness(material_of(project))
    assert judged.score == 30  # three of four scenes: 30 of 40, and nothing else
    assert judged.missing[:2] == ("Write scene 4.", "Give Chapter 1 a target duration.")


def test_running_time_shots_and_averages_are_those_of_the_shots_else_of_the_pages(film, project):
    write_chapter(project, 1, target_seconds=60)
    at_work(project, "editorial")
    data = chapter().data
    # shots of 21 and 3 s, and two scenes of an eighth of a page, 7.5 s each
    assert data["running time"] == {
        "expected": "39 s", "target": "1 min 0 s", "against the target": "21 s shorter", "scenes": 4, "shots": 4,
        "average shot": "6 s",
    }  # fmt: skip
    columns = ("scene", "expected", "shots", "average shot", "lines")
    assert [tuple(row[column] for column in columns) for row in data["scenes"]] == [
        ("1", "21 s", 3, "7 s", 1), ("2", "3 s", 1, "3 s", 1), ("3", "7.5 s", 0, "", 0), ("4", "7.5 s", 0, "", 0),
    ]  # fmt: skip
    assert data["shots outside 3 to 7 seconds"] == [{"shot": "1/3", "seconds": "11"}]
    assert data["pacing"] == [{"pace": "Medium", "scenes": 4, "expected": "39 s", "average shot": "6 s"}]
    assert data["transitions"] == [
        {"where": "out of scene 3", "transition": "Dissolve", "seconds": "", "asked by": "the script"}
    ]


def test_an_editor_flags_length_pace_emptiness_and_transitions_that_do_not_meet(film, project):
    write_chapter(project, 1, target_seconds=60)
    change_scene(film["1"], pacing="fast", transition_out="wipe")
    change_scene(film["2"], transition_in="iris")
    at_work(project, "editorial")
    assert chapter().data["flags"] == [
        "Chapter 1 runs 39 s, 21 s shorter than its target of 1 min 0 s.",
        "Scene 1 is to be fast, but its shots last 7 s on average, those of Chapter 1 6 s.",
        "The script leaves scene 3 by dissolve, and the scene by cut.",
        "Scene 4 has no dialogue and no action.",
        "Scenes 3, 4: no shots yet.",
        "Shot 1/3 lasts 11 s: a shot is to last 3 to 7 s.",
        "Scene 1 goes out by wipe, and scene 2 comes in by iris.",
    ]


def test_the_beats_are_held_against_the_structure(film, project):
    change_project(project, narrative_structure="pas")
    change_scene(film["3"], structure_beat="hook")
    change_scene(film["1"], structure_beat="crisis")
    at_work(project, "editorial")
    data = chapter().data
    assert [row["scenes"] for row in data["structure"]] == ["3", "1", ""]
    assert [flag for flag in data["flags"] if "crisis" in flag or "resolution" in flag] == [
        "Scene 1, the rising action or crisis, comes before the hook or inciting incident.",
        "No scene is, of PAS (problem, agitation, solution), the resolution or button.",
    ]


def test_a_second_run_writes_nothing_and_the_scenes_stay_as_they_are(film, project):
    at_work(project, "editorial")
    events = Event.objects.exclude(type__startswith="run.")
    before = events.count()
    assert not events.filter(type="scene.changed").exists()
    at_work(project, "editorial")
    assert events.count() == before


def test_notes_of_a_model_stand_beside_what_was_counted_one_question_for_each_lot(film, project, chat, monkeypatch):  # noqa: F811
    ModelProfile.objects.filter(capability="text").update(price=0)
    monkeypatch.setattr(script, "LOT_SCENES", 2)
    chat.replies = [
        says({"notes": [{"scene": "2", "note": "Two people and one shot."}]}),
        says({"notes": [{"scene": "3", "note": "Ends without a look back."}]}),
    ]
    at_work(project, "editorial")
    assert [("Scene 1" in body["messages"][1]["content"], "Scene 3" in body["messages"][1]["content"])
            for body in chat.asked] == [(True, False), (False, True)]  # fmt: skip
    assert chapter().data["notes"] == [
        {"scene": "2", "note": "Two people and one shot."}, {"scene": "3", "note": "Ends without a look back."},
    ]  # fmt: skip
    assert chapter().data["running time"]["shots"] == 4


def test_reading_the_script_takes_as_many_queries_for_twice_the_scenes(film, project):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            editorial._snapshot(script.read_script(project, *editorial.LISTS))
        return len(counted)

    before = queries()
    for scene in list(film.values()):
        insert_scene(scene.chapter, after=scene)
    assert queries() == before


@pytest.mark.parametrize(
    ("length", "words"),
    [(Fraction(119, 2), "59.5 s"), (Fraction(5999, 100), "1 min 0 s"), (None, "")],
)
def test_lengths_are_said_as_people_say_them(length, words):
    assert editorial.clock(length) == words
