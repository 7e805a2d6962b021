"""The order of a film through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.actions import create_project
from scenes.importing import import_screenplay_file
from scenes.models import Scene, Shot

SCRIPT = (
    b"INT. LAMP ROOM - NIGHT #1#\n\nMara lights the lamp.\n\nIt burns.\n\nEXT. QUAY - DAY #2#\n\nThe boat is gone.\n"
)


@pytest.fixture
def api(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def film(project):
    import_screenplay_file(project, SCRIPT, "lamp.fountain", chapter_number=1)
    return project


def post(client, url, data=None, **headers):
    return client.post(f"/api/v1/{url}", data or {}, content_type="application/json", headers=headers)


def scene(number):
    return Scene.objects.get(number=number)


def test_scenes_are_put_in_parted_joined_and_moved(api, film):
    chapter = film.chapters.get()
    new = post(api, f"chapters/{chapter.pk}/insert-scene/", {"text": "EXT. CLIFF - DAWN", "after": scene("1").pk})
    assert (new.status_code, new.json()["number"]) == (201, "1A")
    part = post(api, f"scenes/{scene('1').pk}/split/", {"at": 2}).json()
    assert part["number"] == "A1A"
    assert post(api, f"scenes/{scene('1').pk}/merge/", {"other": part["scene"]}).json()["omitted"] == part["scene"]
    order = list(chapter.scenes.order_by("-sequence").values_list("pk", flat=True))
    assert post(api, f"chapters/{chapter.pk}/reorder/", {"order": order}).json()["order"] == order
    refused = post(api, f"chapters/{chapter.pk}/reorder/", {"order": order[1:]})
    assert "Missing" in refused.json()["detail"]


def test_a_keyed_scene_is_put_in_once(api, film):
    url = f"chapters/{film.chapters.get().pk}/insert-scene/"
    answers = [post(api, url, {"text": "EXT. CLIFF - DAWN"}, **{"Idempotency-Key": "cliff"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Scene.objects.count() == 3


def test_shots_are_put_in_parted_joined_omitted_and_brought_back(api, film):
    one = scene("1")
    first = post(api, f"scenes/{one.pk}/insert-shot/", {"business": "She waits."}).json()
    second = post(api, f"scenes/{one.pk}/insert-shot/", {"business": "She goes.", "after": first["shot"]}).json()
    assert post(api, f"scenes/{one.pk}/reorder/", {"order": [second["shot"], first["shot"]]}).status_code == 200
    part = post(api, f"shots/{first['shot']}/split/", {"seconds": "1.5", "business": "Then."})
    assert part.status_code == 201
    assert post(api, f"shots/{first['shot']}/split/", {"seconds": "99"}).status_code == 400
    assert post(api, f"shots/{first['shot']}/merge/", {"other": part.json()["shot"]}).status_code == 200
    assert post(api, f"shots/{second['shot']}/omit/").json()["changed"] is True
    assert post(api, f"shots/{second['shot']}/restore/").json()["changed"] is True
    assert Shot.objects.get(pk=first["shot"]).business == "She waits.\n\nThen."


def test_what_is_of_another_whole_does_not_exist(api, film, owner, stranger, client):
    other = create_project(title="Other", code="OTH", owner=owner)
    import_screenplay_file(other, SCRIPT, "lamp.fountain", chapter_number=1)
    foreign = Scene.objects.filter(chapter__project=other).first()
    refused = post(
        api, f"scenes/{Scene.objects.filter(chapter__project=film).first().pk}/merge/", {"other": foreign.pk}
    )
    assert refused.json()["errors"] == {"other": ["There is no such scene beside it."]}
    client.force_login(stranger)
    assert post(client, f"scenes/{foreign.pk}/split/", {"at": 2}).status_code == 404


def test_a_draft_is_looked_at_beforehand(api, film):
    draft = SimpleUploadedFile("two.fountain", SCRIPT.replace(b"It burns.", b"It goes out."))
    told = api.post(f"/api/v1/projects/{film.slug}/screenplay/preview/", {"screenplay": draft}).json()
    assert (told["words"], told["changed"][0]["fields"]) == ("Scenes: 1 changed, 1 unchanged.", ["screenplay_text"])
    assert "It burns." in scene("1").screenplay_text
