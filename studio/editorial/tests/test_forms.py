"""The forms of scenes and shots: what stands on them, what an empty field means, what machines made of the record."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from media_pipeline.models import MediaAsset, Run
from projects.choices import Role
from projects.models import Project
from scenes.actions import add_shot, change_scene, change_shot, record_take, record_take_checks
from scenes.direction import FIELDS
from scenes.models import Scene, Shot, Take
from studio.editorial import facts
from studio.editorial.activity import story_of
from studio.editorial.records.scenes import DIRECTION, PROMPTS

from .posting import address, form_data, post_change

pytestmark = pytest.mark.django_db

TABS = ["Story", "Direction", "Cast and dialogue", "Props and set", "Sound", "Prompts", "Generation", "Review"]


def page_of(client, record):
    response = client.get(address(type(record), "edit", record.pk))
    assert response.status_code == 200
    return response


def take_of(shot, project, **fields):
    asset = MediaAsset.objects.filter(project=project).first()
    parts = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")
    values = {
        "asset_name": f"T{shot.pk}_{Take.objects.filter(shot=shot).count()}", "prompt": "p", "provider": "animatic",
        "request_digest": "1" * 64, "seed": 1, "frames": 72, "frame_rate": "24", "width": 16, "height": 9,
        "cost": Decimal("0.25"), **dict.fromkeys(parts, asset),
    }  # fmt: skip
    return record_take(shot.pk, project.pk, **(values | fields))


def test_a_scene_has_tabs_in_the_order_people_think(as_role, ours):
    html = page_of(as_role(Role.WRITER), ours.of(Scene)).content.decode()
    places = [html.index(f'id="tab-{tab.lower().replace(" ", "_")}"') for tab in (*TABS, "History")]
    assert places == sorted(places)


def test_no_field_of_direction_is_missing_from_the_form():
    placed = {
        name
        for entries in DIRECTION.values()
        for entry in entries
        for name in ([entry] if isinstance(entry, str) else entry)
    }
    assert placed | set(PROMPTS) == set(FIELDS)


def test_groups_that_say_nothing_are_folded_and_say_so(as_role, ours):
    scene, client = ours.of(Scene), as_role(Role.WRITER)
    assert "Conflict – empty" in page_of(client, scene).content.decode()
    change_scene(scene, conflict="She has to keep the clock ticking.")
    html = page_of(client, scene).content.decode()
    assert "Conflict – empty" not in html
    assert "Frame – empty" in html


def test_a_group_with_a_refused_field_stands_open(as_role, ours):
    client, shot = as_role(Role.DIRECTOR), ours.of(Shot)
    response = post_change(client, shot, aperture="900", lens_mm="35")
    html = response.content.decode()
    assert "Lens – empty" not in html
    assert 'value="35"' in html, "what was typed is still there"
    assert 'value="900"' in html


def test_an_empty_field_of_a_shot_shows_what_holds_and_who_says_it(as_role, ours):
    scene, shot = ours.of(Scene), ours.of(Shot)
    change_scene(scene, lens_mm=85, weather="stormy")
    Project.objects.filter(pk=ours.project.pk).update(style_texture="16 mm grain")
    form = page_of(as_role(Role.DIRECTOR), shot).context["form"]
    assert form["lens_mm"].field.widget.attrs["placeholder"] == "85 mm (from the scene)"
    assert form["texture"].field.widget.attrs["placeholder"] == "16 mm grain (from the production)"
    assert dict(form["weather"].field.choices)[""] == "Stormy (from the scene)"
    assert not form["lens_mm"].value()


def test_what_a_shot_says_itself_does_not_hide_what_the_scene_says(as_role, ours):
    change_scene(ours.of(Scene), lens_mm=85)
    shot = ours.of(Shot)
    change_shot(shot, lens_mm=35)
    form = page_of(as_role(Role.DIRECTOR), shot).context["form"]
    assert (form["lens_mm"].value(), form.inherited["lens_mm"]) == (35, "85 mm")


def test_saving_a_shot_does_not_write_what_it_inherits(as_role, ours):
    change_scene(ours.of(Scene), lens_mm=85, weather="stormy")
    shot = ours.of(Shot)
    assert post_change(as_role(Role.DIRECTOR), shot, business="Waves.").status_code == 302
    shot.refresh_from_db()
    assert (shot.lens_mm, shot.weather, shot.business) == (None, "", "Waves.")


def test_the_cast_says_which_look_is_worn(as_role, ours):
    form = page_of(as_role(Role.WRITER), ours.of(Scene)).context["form"]
    assert "look" in form.formsets["cast"].empty_form.fields


def test_the_generation_tab_adds_up_what_the_takes_cost(ours):
    scene, shot = ours.of(Scene), ours.of(Shot)
    take_of(shot, ours.project)
    take_of(shot, ours.project, cost=None)
    making = facts.making_of_scene(scene)
    assert (making.cost.known, making.cost.unknown) == (Decimal("0.35"), 1)
    assert [one.takes for one in making.shots] == [3, 0]
    assert [one.take.number for one in facts.making_of_shot(shot).takes] == [3, 2, 1]


def test_the_review_tab_shows_what_was_measured(ours):
    take = ours.of(Take)
    record_take_checks(take, [{"kind": "motion", "name": "flicker", "score": Decimal(40), "passed": False}])
    (judged,) = facts.judgement_of_shot(ours.of(Shot)).takes
    assert (judged.qc.score, judged.qc.failed) == (Decimal("40.00"), ["flicker"])


def test_what_machines_made_never_stands_in_the_form_that_is_saved(as_role, ours):
    for model in (Scene, Shot):
        form = page_of(as_role(Role.DIRECTOR, f"a-{model.__name__}"), ours.of(model)).context["form"]
        assert not {"status", "approval", "selected_take", "takes", "decisions"} & set(form.fields)


def queries_of(client, record):
    url = address(type(record), "edit", record.pk)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_a_scene_with_many_shots_takes_and_runs_opens_in_as_many_queries(as_role, ours):
    client, scene = as_role(Role.DIRECTOR), ours.of(Scene)
    before = queries_of(client, scene), queries_of(client, ours.of(Shot))
    for number in range(20, 28):
        shot = add_shot(scene, ours.project.pk, number=number, sequence=number)
        take_of(shot, ours.project)
        take_of(ours.of(Shot), ours.project)
        Run.objects.create(pipeline=f"p{number}", subject=f"shot:{shot.pk}", project=ours.project)
    assert (queries_of(client, scene), queries_of(client, ours.of(Shot))) == before


def test_the_history_tells_who_changed_which_fields(as_role, ours):
    client, shot = as_role(Role.DIRECTOR), ours.of(Shot)
    assert post_change(client, shot, business="Waves.", lens_mm="35").status_code == 302
    first = story_of(shot)[0]
    assert (first.who, first.fields) == ("the-director", ["business", "lens (mm)"])
    html = page_of(client, shot).content.decode()
    assert "the-director" in html
    assert "business, lens (mm)" in html


def test_a_change_by_a_script_stands_in_the_history_as_well(as_role, ours):
    scene = ours.of(Scene)
    change_scene(scene, by=as_role(Role.DIRECTOR).person, synopsis="Ebb.")
    assert next((line.who, line.fields) for line in story_of(scene)) == ("the-director", ["synopsis"])


def test_versions_of_a_scene_are_compared_and_restored(as_role, ours):
    client, scene = as_role(Role.DIRECTOR), ours.of(Scene)
    old = scene.latest_revision_id
    post_change(client, scene, heading="EXT. BREAKWATER - DAWN", **{"action-publish": "action-publish"})
    scene.refresh_from_db()
    compared = client.get(address(Scene, "revisions_compare", scene.pk, old, scene.latest_revision_id))
    assert "BREAKWATER" in compared.content.decode()
    page = client.get(address(Scene, "revisions_revert", scene.pk, old))
    data = form_data(page, revision=old, **{"action-publish": "action-publish"})
    assert client.post(address(Scene, "edit", scene.pk), data).status_code == 302
    scene.refresh_from_db()
    assert scene.heading == "INT. Lanternfish HARBOUR - NIGHT"


def test_lines_are_put_in_another_order(as_role, ours):
    scene = ours.of(Scene)
    change_scene(scene, dialogue=[{"speaker": "ADA", "line": "One."}, {"speaker": "ADA", "line": "Two."}])
    order = {"dialogue-0-ORDER": "2", "dialogue-1-ORDER": "1", "action-publish": "yes"}
    assert post_change(as_role(Role.DIRECTOR), scene, **order).status_code == 302
    assert list(Scene.objects.get(pk=scene.pk).dialogue.values_list("line", flat=True)) == ["Two.", "One."]
