"""The story department: a screenplay of what was gathered, a reading of each scene, and its shots."""

from __future__ import annotations

import pytest

from media_pipeline.departments import story
from media_pipeline.departments.material import material_of
from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from media_pipeline.runs.actions import resume_run
from media_pipeline.runs.models import Run, RunState
from projects.actions import add_gather_item, change_project
from projects.models import QualifiedDocument
from prompts.models import ModelProfile
from scenes.actions import set_scene_approval
from scenes.importing import import_screenplay_file
from scenes.models import Scene, Shot

from .crafts import at_work

pytestmark = pytest.mark.django_db

SCRIPT = b"INT. LAMP ROOM - NIGHT\n\nMara climbs the stair. She lights the lamp.\n\nMARA\nIt holds.\n"


def test_three_scenes_a_summary_and_two_people_make_a_story(project):
    assert story.readiness(material_of(project)).score == 0
    for title in ("The lamp", "The boat", "The storm"):
        add_gather_item(project, "scene", title=title, body="Something happens.")
    assert story.readiness(material_of(project)).score == 60
    for name in ("Mara", "Ilse"):
        add_gather_item(project, "character", title=name)
    change_project(
        project, logline="A keeper must choose between the lamp that never goes out and her sister in a boat."
    )
    assert story.readiness(material_of(project)) == story.Readiness(100)


def test_the_scenes_that_were_gathered_become_a_screenplay_with_shots(material, qualify):
    run = qualify()
    assert run.state == RunState.SUCCEEDED, run.error
    scenes = list(Scene.objects.order_by("sequence"))
    assert [scene.heading for scene in scenes] == ["INT. LAMP ROOM - NIGHT", "EXT. SEA - DAWN"]
    assert [scene.synopsis for scene in scenes] == ["Mara lights the lamp.", "Ilse rows towards the light."]
    assert all(3 <= shot.expected_seconds <= 7 for shot in Shot.objects.all())
    assert {shot.scene_id for shot in Shot.objects.all()} == {scene.pk for scene in scenes}
    metadata = QualifiedDocument.objects.get(collection="scene metadata", key="Chapter 1, scene 1")
    assert (metadata.data["heading"], metadata.data["shots"]) == ("INT. LAMP ROOM - NIGHT", scenes[0].shots.count())


def test_a_document_that_is_a_screenplay_is_the_screenplay(project):
    notes = add_gather_item(project, "scene", title="A note", body="Not in the script.")
    script = add_gather_item(project, "document", title="Draft 3", body=SCRIPT.decode())
    assert story.script_by_rules([notes, script]) == SCRIPT.decode()


def test_a_screenplay_that_was_imported_is_not_written_again_and_what_people_wrote_stays(project, qualify):
    import_screenplay_file(project, SCRIPT, "lamp.fountain")
    Scene.objects.update(synopsis="Hers.")
    assert qualify().state == RunState.SUCCEEDED
    assert list(Scene.objects.values_list("synopsis", flat=True)) == ["Hers."]


def test_a_scene_that_was_approved_stays_approved_and_unread(project, owner, qualify):
    import_screenplay_file(project, SCRIPT, "lamp.fountain")
    set_scene_approval(Scene.objects.get(), "approved", by=owner)
    assert qualify().state == RunState.SUCCEEDED
    scene = Scene.objects.get()
    assert (scene.synopsis, scene.state.approval) == ("", "approved")


def test_without_a_story_the_run_stops_and_goes_on_when_there_is_one(project, qualify):
    run = qualify()
    assert run.state == RunState.FAILED
    assert "There is no story yet: import a screenplay" in run.error
    import_screenplay_file(project, SCRIPT, "lamp.fountain")
    resume_run(run)
    assert qualify(run).state == RunState.SUCCEEDED
    assert Run.objects.filter(pipeline="qualify_department", subject__endswith="/world").count() == 1
    assert Shot.objects.exists()


def test_a_model_reads_each_scene_and_the_metadata_says_so(project, chat):  # noqa: F811
    ModelProfile.objects.filter(capability="text").update(price=0)
    import_screenplay_file(project, SCRIPT, "lamp.fountain")
    reading = {"synopsis": "Mara keeps her promise.", "purpose": "Shows the vow.", "emotional_tone": "steady"}
    chat.replies = [says(reading), says({"shots": []}), says({"shots": []})]
    at_work(project, "story")
    scene = Scene.objects.get()
    assert (scene.synopsis, scene.purpose, scene.emotional_tone) == tuple(reading.values())
    metadata = QualifiedDocument.objects.get(collection="scene metadata", key="Chapter 1, scene 1")
    assert metadata.data["read by"] == "model house-model-2026"
