"""Direction: who says what, and what a request depends on."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from media_pipeline.shot_request import shot_request, shots_of
from projects.actions import change_project, create_project
from scenes import actions
from scenes.direction import picture_prompt, resolved, with_direction
from scenes.models import Shot

pytestmark = pytest.mark.django_db


def direction(shot):
    return resolved(with_direction(Shot.objects.all()).get(pk=shot.pk))


@pytest.fixture
def shot(ten):
    return ten.shots.get(number=1)


def test_a_shots_empty_field_means_its_scenes_then_the_styles_then_the_productions(project, ten, shot):
    change_project(project, default_negative_prompt="blurred", style_texture="fine grain", style_palette=["#101010"])
    actions.create_style(project, name="Lantern", palette=["#1B3A4B"], is_project_style=True)
    actions.change_scene(ten, lighting_type="low_key", lens_mm=35)
    actions.change_shot(shot, lens_mm=85)
    found = direction(shot)
    assert found["lens_mm"] == (85, "shot")
    assert found["lighting_type"] == ("low_key", "scene")
    assert found["palette"] == (["#1B3A4B"], "project style")
    assert found["texture"] == ("fine grain", "project style")
    assert found["negative_prompt"] == ("blurred", "project style")
    assert found["weather"] == ("", "")
    assert found["style"].value.name == "Lantern"


def test_a_style_of_the_shot_goes_before_the_scenes(project, ten, shot):
    actions.change_scene(ten, style=actions.create_style(project, name="Day", prompt_fragment="Chalky light."))
    actions.change_shot(shot, style=actions.create_style(project, name="Dream", prompt_fragment="Milky."))
    actions.change_shot(shot, text_prompt="A lamp.", base_prompt="Photograph.")
    found = direction(shot)
    assert (found["style"].value.name, found["style"].source) == ("Dream", "shot")
    assert picture_prompt(found) == "Photograph.\nA lamp.\nMilky."


def test_a_production_has_one_style_of_its_own(project):
    first = actions.create_style(project, name="One", is_project_style=True)
    second = actions.create_style(project, name="Two", is_project_style=True)
    first.refresh_from_db()
    assert (first.is_project_style, second.is_project_style) == (False, True)


def test_direction_of_many_shots_takes_one_query_and_one_for_the_style(project, ten, eleven, django_assert_num_queries):
    with django_assert_num_queries(2):
        shots = list(with_direction(Shot.objects.filter(scene__in=[ten, eleven])))
        for shot in shots:
            resolved(shot, shots[0].scene.chapter.project)
    assert len(shots) == 3


def test_a_take_depends_only_on_what_it_is_made_of(project, ten, shot):
    def digest(**models):
        (found, _) = shots_of([type(ten).objects.select_related("chapter", "state").get(pk=ten.pk)])
        request = shot_request(found, project, "standard")
        return request.model_copy(update=models).digest

    real = {"image_model": "fal:x", "video_model": "fal:y"}
    before, drawn = digest(**real), digest()
    actions.change_scene(ten, heading="INT. LANTERN ROOM - NIGHT", synopsis="Ada waits.", legal_notes="Cleared.")
    actions.change_shot(shot, purpose="Wait.")
    assert digest(**real) == before
    assert digest() != drawn  # the animatic draws the heading
    actions.change_scene(ten, negative_prompt="lettering")
    assert digest(**real) != before


def test_records_of_another_production_are_refused(project, ten, owner):
    other = create_project(title="Other", code="OTHE", owner=owner)
    foreign = actions.create_style(other, name="Foreign")
    with pytest.raises(ValidationError, match="another production"):
        actions.change_scene(ten, style=foreign)
    ten.refresh_from_db()
    assert ten.style is None


def test_a_colour_that_is_none_is_named(ten):
    with pytest.raises(ValidationError, match="'teal' is not a colour"):
        actions.change_scene(ten, palette=["#1B3A4B", "teal"])


def test_lists_of_a_scene_are_written_as_a_whole_and_rows_that_stay_keep_their_record(ten):
    actions.change_scene(ten, dialogue=[{"speaker": "ADA", "line": "Hold."}, {"speaker": "TOM", "line": "It is."}])
    first, second = ten.dialogue.all()
    actions.change_scene(ten, dialogue=[{"id": second.pk, "delivery": "flat"}, {"speaker": "ADA", "line": "Steady."}])
    assert [(row.speaker, row.line, row.delivery) for row in ten.dialogue.all()] == [
        ("TOM", "It is.", "flat"), ("ADA", "Steady.", ""),
    ]  # fmt: skip
    assert ten.dialogue.first().pk == second.pk
    with pytest.raises(ValidationError, match="Row 1"):
        actions.change_scene(ten, dialogue=[{"id": first.pk}])
    with pytest.raises(ValidationError, match=r"Row 2.*no field"):
        actions.change_scene(ten, cast=[{"name": "ADA"}, {"mood": "x"}])


def test_what_was_approved_was_the_scene_as_it_stood(ten, owner):
    actions.set_scene_approval(ten, "approved", by=owner)
    actions.change_scene(ten, page="4")
    ten.state.refresh_from_db()
    assert (ten.state.approval, ten.state.approved_by) == ("approved", owner)
    actions.change_scene(ten, synopsis="Another.")
    ten.state.refresh_from_db()
    assert (ten.state.approval, ten.state.approved_by) == ("open", None)


def test_an_old_draft_that_is_published_leaves_what_machines_wrote_alone(ten, film, owner):
    revision = ten.save_revision(user=owner)
    take = film(ten.shots.get(number=1))
    actions.set_scene_status(ten.pk, ten.chapter.project_id, "in_review")
    revision.publish(user=owner)
    ten.state.refresh_from_db()
    assert ten.state.status == "in_review"
    assert ten.shots.get(number=1).takes.get() == take


def test_nobody_wears_the_look_of_another(project, ten):
    from characters.actions import create_character
    from characters.models import Look

    ada, tom = create_character(project, name="ADA"), create_character(project, name="TOM")
    coat = Look.objects.create(character=ada, name="Storm", wardrobe="Oilskin coat.")
    actions.change_scene(ten, cast=[{"character": ada, "look": coat}])
    with pytest.raises(ValidationError, match="another character"):
        actions.change_scene(ten, cast=[{"character": tom, "look": coat}])
    assert ten.cast.get().look == coat
