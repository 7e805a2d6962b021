"""Renaming a character everywhere, and taking it back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from characters.actions import create_character
from characters.models import Character
from projects.actions import undo_correction, write_bible
from projects.models import Chapter, Event
from scenes.actions import change_scene, change_shot, create_prop
from scenes.casting import preview_rename, rename_character
from scenes.importing import import_screenplay_file, preview_screenplay_file
from scenes.models import DialogueLine, Scene, SceneCast, Shot, ShotCast
from scenes.names_in_text import NameChange
from scenes.shot_plans import plan_scene

SCRIPT = b"""INT. HOPE'S KITCHEN - DAY

Hope pours tea. There is hope in the steam.

HOPE
You have hope, Tom.

TOM (O.S.)
Hope, I have none.

YOUNG HOPE runs in.

YOUNG HOPE
Me too!
"""


@pytest.fixture
def hope(project):
    import_screenplay_file(project, SCRIPT, "hope.fountain", chapter_number=1)
    for scene in Scene.objects.filter(chapter__project=project).select_related("state", "chapter"):
        plan_scene(scene)
    return Character.objects.get(project=project, name="HOPE")


def everything():
    """Every text the production holds, to compare before and after."""
    return {
        "scenes": list(Scene.objects.order_by("pk").values_list("heading", "screenplay_text", "location_text")),
        "chapter": list(Chapter.objects.values_list("script_text")),
        "cast": list(SceneCast.objects.order_by("pk").values_list("name", "character_id")),
        "lines": list(DialogueLine.objects.order_by("pk").values_list("speaker", "line")),
        "shots": list(Shot.objects.order_by("pk").values_list("business", "text_prompt", "props_seen")),
        "people": list(ShotCast.objects.order_by("pk").values_list("name", "character_id")),
        "names": list(Character.objects.order_by("pk").values_list("name", "aliases")),
    }


def test_a_name_follows_the_letters_it_is_written_in():
    change = NameChange("MARA", "vera lind")
    assert change.in_text("MARA, Mara's coat; mara and Tamara.") == "VERA LIND, vera lind's coat; mara and Tamara."
    assert NameChange("MARA", "VERA").in_text("Mara stays.") == "Vera stays."


def test_a_longer_name_of_somebody_else_stays():
    change = NameChange("JOHN", "Jim", ["JOHN SMITH", "TOM"])
    assert change.in_text("John nods. John Smith does not.") == "Jim nods. John Smith does not."


def test_only_cues_are_cues():
    text = "MARA\nWe go.\n\nMARA (V.O.)\nNo.\n\nMARA\n\nMARA WALKS\nand sits."
    assert (
        NameChange("MARA", "VERA").in_cues(text) == "VERA\nWe go.\n\nVERA (V.O.)\nNo.\n\nMARA\n\nMARA WALKS\nand sits."
    )


def test_names_without_capitals_are_found_inside_words():
    assert NameChange("小明", "小红").in_text("小明说话") == "小红说话"


def test_a_preview_tells_what_is_certain_and_what_only_mentions(hope):
    before = everything()
    preview = preview_rename(hope, "Grace")
    certain = {change.key.split(":", 1)[0] + ":" + change.column for change in preview.certain}
    assert "scenes.dialogueline:speaker" in certain
    assert "scenes.scenecast:name" in certain
    assert "scenes.scene:screenplay_text" in certain
    mentions = {change.column: change.excerpt for change in preview.mentions}
    assert mentions["heading"] == "INT. HOPE'S KITCHEN - DAY"
    assert mentions["line"] == "Hope, I have none."
    assert everything() == before


def test_a_character_is_renamed_everywhere(hope):
    character, _ = rename_character(hope, "Grace")
    assert (character.name, character.aliases) == ("Grace", ["HOPE"])
    scene = Scene.objects.get()
    assert scene.heading == "INT. GRACE'S KITCHEN - DAY"
    assert "Grace pours tea. There is hope in the steam." in scene.screenplay_text
    assert "GRACE\nYou have hope, Tom." in scene.screenplay_text
    assert "YOUNG HOPE\nMe too!" in scene.screenplay_text
    assert set(DialogueLine.objects.values_list("speaker", flat=True)) == {"GRACE", "TOM", "YOUNG HOPE"}
    assert DialogueLine.objects.get(speaker="TOM").line == "Grace, I have none."
    assert not ShotCast.objects.filter(name="HOPE").exists()
    assert ShotCast.objects.filter(name="GRACE", character=character).exists()
    assert "Hope" not in " ".join(Shot.objects.values_list("text_prompt", flat=True)).replace("Young Hope", "")


def test_what_was_planned_stays_planned(hope):
    shots = list(Shot.objects.order_by("pk").values_list("pk", "number"))
    rename_character(hope, "Grace")
    assert plan_scene(Scene.objects.select_related("state", "chapter").get()) is False
    assert list(Shot.objects.order_by("pk").values_list("pk", "number")) == shots


def test_a_mention_can_be_left_and_a_cue_cannot(hope):
    preview = preview_rename(hope, "Grace")
    line = next(change.key for change in preview.mentions if change.column == "line")
    rename_character(hope, "Grace", leave=[line])
    assert DialogueLine.objects.get(speaker="TOM").line == "Hope, I have none."
    with pytest.raises(ValidationError, match="cannot be left"):
        rename_character(Character.objects.get(pk=hope.pk), "Joy", leave=[f"characters.character:{hope.pk}:name"])


def test_the_words_of_a_scene_can_be_left_while_its_cues_follow(hope):
    scene = Scene.objects.get()
    rename_character(hope, "Grace", leave=[f"scenes.scene:{scene.pk}:screenplay_text"])
    scene.refresh_from_db()
    assert "Hope pours tea." in scene.screenplay_text
    assert "GRACE\nYou have hope" in scene.screenplay_text


def test_an_old_draft_still_finds_the_character(hope, project):
    rename_character(hope, "Grace")
    changes = preview_screenplay_file(project, SCRIPT + b"\nTOM\nEnd.\n", "hope.fountain", chapter_number=1)
    assert changes.characters == []
    assert changes.locations == []


def test_a_name_that_somebody_has_is_refused_and_nothing_changes(hope):
    before = everything()
    with pytest.raises(ValidationError, match="Tom is TOM already: merge the two"):
        rename_character(hope, "Tom")
    assert preview_rename(hope, " ").problems == ["Give the character a name."]
    assert preview_rename(hope, "x" * 121).problems == ["A name has at most 120 letters."]
    assert everything() == before


def test_somebody_of_that_name_in_a_shot_is_a_problem(hope):
    shot = ShotCast.objects.filter(name="HOPE").first().shot
    ShotCast.objects.create(shot=shot, name="GRACE", order=9)
    assert preview_rename(hope, "Grace").problems == [f"In shot {shot} somebody else is called GRACE already."]


def test_a_rename_is_taken_back_whole(hope, owner):
    before = everything()
    _, correction = rename_character(hope, "Grace", by=owner)
    assert everything() != before
    undo_correction(correction, by=owner)
    assert everything() == before
    assert plan_scene(Scene.objects.select_related("state", "chapter").get()) is False
    with pytest.raises(ValidationError, match="already"):
        undo_correction(correction)
    assert Event.objects.filter(type="correction.undone").count() == 1


def test_a_rename_is_not_taken_back_over_later_work(hope, owner):
    _, correction = rename_character(hope, "Grace", by=owner)
    change_scene(Scene.objects.get(), heading="INT. GRACE'S ATTIC - DAY", by=owner)
    now = everything()
    with pytest.raises(ValidationError, match=r"the heading of scene 1 INT\. GRACE'S ATTIC - DAY was changed since"):
        undo_correction(correction, by=owner)
    assert everything() == now


def test_revisions_and_drafts_follow(hope, owner):
    scene = Scene.objects.get()
    scene.save_revision(user=owner).publish()
    rename_character(hope, "Grace", by=owner)
    scene.refresh_from_db()
    shown = scene.get_latest_revision_as_object()
    assert shown.heading == "INT. GRACE'S KITCHEN - DAY"
    assert {line.speaker for line in shown.dialogue.all()} == {"GRACE", "TOM", "YOUNG HOPE"}
    draft = scene.get_latest_revision_as_object()
    draft.synopsis = "Grace waits."
    draft.save_revision(user=owner)
    rename_character(Character.objects.get(pk=hope.pk), "Joy", by=owner)
    scene.refresh_from_db()
    shown = scene.get_latest_revision_as_object()
    assert (shown.synopsis, scene.synopsis) == ("Joy waits.", "")
    assert scene.has_unpublished_changes
    assert {line.speaker for line in shown.dialogue.all()} == {"JOY", "TOM", "YOUNG HOPE"}


def test_the_bible_and_what_shots_hold_by_name_follow(hope, project):
    write_bible(project, title="Bible", parts={"relationships": [
        {"from_name": "Hope", "to_name": "Tom", "kind": "sister", "description": "Hope is older."}
    ]})  # fmt: skip
    shot = Shot.objects.first()
    change_shot(shot, identity_scales={"HOPE": 0.5}, props_seen=["HOPE", "teapot"])
    rename_character(hope, "Grace")
    relation = project.bible.relationships.get()
    assert (relation.from_name, relation.description) == ("Grace", "Grace is older.")
    shot.refresh_from_db()
    assert shot.identity_scales == {"GRACE": 0.5}


def test_a_preview_asks_a_fixed_number_of_questions(hope, project, django_assert_max_num_queries):
    with django_assert_max_num_queries(50) as few:
        preview_rename(hope, "Grace")
    for number in range(8):
        create_character(project, name=f"Hope's friend {number}", background="Met Hope.")
        scene = Scene.objects.first()
        ShotCast.objects.create(shot=scene.shots.first(), name=f"FRIEND {number}", order=20 + number)
    with django_assert_max_num_queries(len(few)):
        preview_rename(hope, "Grace")


def test_a_thing_that_would_get_the_name_of_another_is_named_and_nothing_is_written(hope, project):
    create_prop(project, name="Hope's cup")
    create_prop(project, name="Faith's cup")
    before = everything()
    with pytest.raises(ValidationError, match="Another prop is called Faith's cup already"):
        rename_character(hope, "Faith")
    assert everything() == before
