"""Sound: what the script asks to be heard, where music belongs, and what stays as people wrote it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from media_pipeline.departments import script, sound
from media_pipeline.departments.material import material_of
from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from projects.actions import add_gather_item
from projects.models import Event, QualifiedDocument
from prompts.models import ModelProfile
from scenes.actions import add_shot, change_scene, set_scene_approval
from scenes.models import SoundEffect

from .crafts import at_work, write_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(project):
    """The four scenes with three pieces of music: for scene 3, for a mood, and for nobody yet."""
    scenes = write_film(project)
    change_scene(scenes["1"], emotional_tone="dread, slowly")
    add_gather_item(project, "music_reference", title="Waltz", structured={"scene": "Scene 3", "duration": "1:20"})
    add_gather_item(project, "music_reference", title="Low note", body="Cello.", structured={"mood": "dread"})
    add_gather_item(project, "music_reference", title="March")
    return scenes


def document(key):
    return QualifiedDocument.objects.get(collection="sound", key=key).data


def test_readiness_wants_scenes_music_and_where_it_belongs(project):
    assert sound.readiness(material_of(project)).score == 0
    write_film(project)
    add_gather_item(project, "music_reference", title="Waltz")
    judged = sound.readiness(material_of(project))
    assert (judged.score, judged.missing) == (85, ("Say for which scene, mood or location Waltz is.",))


def test_what_the_action_says_is_heard_at_the_shot_that_says_it(film, project):
    add_shot(film["1"], project.pk, number=1, sequence=1, expected_seconds=4, business="A round room of glass.")
    add_shot(film["1"], project.pk, number=2, sequence=2, expected_seconds=3, business="THUNDER CRACKS. Mara lifts it.")
    at_work(project, "sound")
    assert list(SoundEffect.objects.order_by("pk").values_list("scene__number", "name", "starts")) == [
        ("1", "Thunder cracks", Decimal(4)), ("3", "A door slams below", Decimal(0)),
    ]  # fmt: skip
    for scene in film.values():
        scene.refresh_from_db()
    assert [film[number].ambience for number in "1234"] == ["", "Rain falls on the water", "", ""]
    assert [film[number].music_cue for number in "1234"] == ["Low note: Cello.", "", "Waltz", ""]


@pytest.mark.parametrize(
    ("clause", "is_heard"),
    [
        ("A phone rings somewhere", True), ("Thunder", True), ("A gold ring lies there", False),
        ("Mara cracks a smile", False), ("Mara knocks twice", True), ("A DOOR opens", False), ("GUNSHOT", True),
        ("MARA RUNS", False),
        ("Ilse BANGS the desk", True), ("Footsteps on the stair", True),
    ],
)  # fmt: skip
def test_a_sound_is_one_by_its_words_and_not_by_people_who_look_alike(clause, is_heard):
    somebody = any(name in clause for name in ("Mara", "MARA", "Ilse"))
    assert sound._sounds(clause, somebody) is is_heard


def test_the_cue_sheet_lists_music_in_the_order_of_the_film_with_its_source(film, project):
    change_scene(film["4"], music_cue="Silence, then one bell.")
    at_work(project, "sound")
    sheet = document("cue sheet")
    assert sheet["cues"] == [
        {"scene": "1", "cue": "Low note: Cello.", "source": "Reference: Low note", "duration": ""},
        {"scene": "3", "cue": "Waltz", "source": "Reference: Waltz", "duration": "1:20"},
        {"scene": "4", "cue": "Silence, then one bell.", "source": "Scene", "duration": ""},
    ]
    assert [row["cue"] for row in sheet["references for no scene yet"]] == ["March"]
    assert sheet["scenes without music"] == ["2"]
    assert document("Scene 2")["not told"] == ["Nobody has said its effects.", "Nobody has said its music."]


def test_what_people_wrote_and_approved_stays_and_a_second_run_changes_nothing(film, project, owner):
    change_scene(film["3"], sound_effects=[{"name": "A bell"}], music_cue="None.")
    set_scene_approval(film["1"], "approved", by=owner)
    at_work(project, "sound")
    assert [row.name for row in SoundEffect.objects.all()] == ["A bell"]
    for number, cue in (("1", ""), ("3", "None.")):
        film[number].refresh_from_db()
        assert film[number].music_cue == cue
    before = Event.objects.exclude(type__startswith="run.").count()
    at_work(project, "sound")
    assert Event.objects.exclude(type__startswith="run.").count() == before


def test_a_model_hears_more_in_each_lot_and_the_rules_keep_a_lot_it_gets_wrong(film, project, chat, monkeypatch):  # noqa: F811
    ModelProfile.objects.filter(capability="text").update(price=0)
    monkeypatch.setattr(script, "LOT_SCENES", 2)
    wrong = says({"scenes": [{"scene": "1", "ambience": "Of another lot."}]})
    chat.replies = [
        says({"scenes": [{"scene": "1", "ambience": "Wind in the glass.", "music": "Drums", "effects": ["A gasp"]}]}),
        wrong, wrong,
    ]  # fmt: skip
    at_work(project, "sound")
    assert "[Music reference] Waltz" in chat.asked[0]["messages"][1]["content"]
    film["1"].refresh_from_db()
    assert (film["1"].ambience, film["1"].music_cue) == ("Wind in the glass.", "Low note: Cello.")
    assert list(SoundEffect.objects.order_by("pk").values_list("scene__number", "name")) == [
        ("1", "A gasp"), ("3", "A door slams below"),
    ]  # fmt: skip
    assert QualifiedDocument.objects.get(key="cue sheet").generated_by == "model house-model-2026"
