"""Editing records: what a form says goes through a verb, or nothing happens."""

from __future__ import annotations

import pytest

from characters.models import Character
from projects.choices import Role
from projects.models import Chapter, Event, Project
from scenes.models import Scene, Shot

from .posting import post_change

pytestmark = pytest.mark.django_db


def last_event(project):
    return project.events.order_by("-pk").first()


@pytest.mark.parametrize(
    ("model", "field", "value", "event"),
    [
        (Project, "title", "Salt and Lantern", "project.changed"),
        (Chapter, "title", "Ebb", "chapter.changed"),
        (Character, "description", "Keeps the light.", "character.changed"),
        (Scene, "heading", "EXT. BREAKWATER - DAWN", "scene.changed"),
        (Shot, "business", "Mara lights the lamp.", "shot.changed"),
    ],
)
def test_an_edit_is_saved_by_the_verb_and_told_as_one_event(as_role, ours, model, field, value, event):
    client = as_role(Role.OWNER)
    record = ours.of(model)
    before = Event.objects.count()
    response = post_change(client, record, **{field: value})
    assert response.status_code == 302, response.context["form"].errors
    record.refresh_from_db()
    assert getattr(record, field) == value
    assert Event.objects.count() == before + 1
    assert last_event(ours.project).type == event
