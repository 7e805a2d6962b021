"""The demo shows every type of record, filled."""

from __future__ import annotations

import hashlib

import pytest
from django.apps import apps

from characters.models import Character
from media_pipeline.models import MediaAsset
from projects.models import BudgetLedgerEntry, Correction, DepartmentReadiness, PersonDaySpending
from scenes.actions import record_take
from scenes.importing import import_screenplay_file
from scenes.models import Scene, Shot
from scenes.shot_plans import plan_scene
from studio.demo_material import drop_in
from studio.demo_records import write_story, write_work
from studio.management.commands.demo import EXAMPLE

BY_RUNS = {BudgetLedgerEntry, PersonDaySpending, DepartmentReadiness}
"""What only runs can make: those that spend, and the qualification that the demo begins with."""

PARTS = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame", "sound")


@pytest.fixture
def filmed(project, owner, settings):
    """The example with its shots planned, the story written, and a take of the first two shots."""
    settings.OUTGOING_WEBHOOK_HOSTS = ["hooks.example.com"]
    import_screenplay_file(project, EXAMPLE.read_bytes(), EXAMPLE.name, by=owner)
    assert write_story(project, owner)
    for scene in Scene.objects.select_related("state", "chapter"):
        plan_scene(scene)
    for shot in Shot.objects.order_by("scene__sequence", "sequence")[:2]:
        digest = hashlib.sha256(str(shot.pk).encode()).hexdigest()
        asset = MediaAsset.objects.create(project=project, file=digest, kind="image", sha256=digest, size=1)
        record_take(
            shot.pk, project.pk, prompt="The flats.", provider="animatic", request_digest="x", seed=1, frames=96,
            frame_rate="24", width=16, height=9, asset_name=f"SALT_{shot.pk}", **dict.fromkeys(PARTS, asset),
        )  # fmt: skip
    assert write_work(project, owner)
    return project


def test_every_type_of_record_is_filled(filmed):
    empty = [
        model.__name__ for app in ("projects", "characters", "scenes", "prompts")
        for model in apps.get_app_config(app).get_models() if model not in BY_RUNS and not model.objects.exists()
    ]  # fmt: skip
    assert empty == []


def test_a_second_demo_writes_nothing_twice(filmed, owner):
    assert write_story(filmed, owner) is False
    assert write_work(filmed, owner) is False
    assert Correction.objects.count() == 1


def test_the_people_of_the_script_are_described(filmed):
    for name in ("MIRA", "TOMAS"):
        person = Character.objects.get(project=filmed, name=name)
        assert person.appearance_summary
        assert person.default_look is not None


def test_another_script_gets_the_same_without_its_scenes_in_the_way(project, owner):
    assert write_story(project, owner)
    assert write_work(project, owner) is False


def test_pictures_a_sound_and_a_paper_lie_in_the_material(project, owner):
    drop_in(project, owner)
    found = {item.title: (item.kind, item.attachment.kind) for item in project.gather_items.all()}
    assert found == {
        "Salt flats after rain": ("visual_reference", "image"), "Dusk, rust red and dry": ("visual_reference", "image"),
        "One low brass note": ("music_reference", "audio"), "Treatment, second pass": ("document", "document"),
    }  # fmt: skip
