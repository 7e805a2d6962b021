"""What a template's variables stand for in a real scene."""

from __future__ import annotations

import pytest

from characters.actions import create_character
from prompts.models import PromptTemplate
from prompts.rendering import find_variables
from scenes import actions
from scenes.prompt_values import NAMES, preview_for, scene_values, shot_values

pytestmark = pytest.mark.django_db


def test_a_shot_speaks_with_its_scenes_and_its_casts_words(project, ten):
    ada = create_character(project, name="ADA", prompt_fragment="grey braid, oilskin coat")
    actions.change_scene(ten, lighting_type="low_key", colour_temperature=2700, weather="stormy")
    shot = ten.shots.get(number=1)
    actions.change_shot(
        shot, shot_size="close_up", camera_angle="low_angle", lens_mm=85,
        cast=[{"name": "ADA", "character": ada, "side": "left"}],
    )  # fmt: skip
    shot = type(shot).objects.get(pk=shot.pk)
    values = shot_values(shot)
    assert values["camera"] == "close-up, low angle, 85 mm"
    assert values["lighting"] == "low key, 2700 K"
    assert values["people"] == "ADA left, grey braid, oilskin coat"
    assert (values["weather"], values["location"], values["seconds"]) == ("stormy", "LAMP ROOM", "4")
    text = preview_for(PromptTemplate.objects.get(key="scene.key_frame", project=None), shot).text
    assert text.startswith("close-up, low angle, 85 mm. Ada trims the wick. ADA left, grey braid, oilskin coat In LAMP")


def test_names_offered_to_writers_cover_the_values_and_the_starter_scenes(ten):
    assert set(scene_values(ten)) <= set(NAMES)
    assert set(shot_values(ten.shots.first())) <= set(NAMES)
    for template in PromptTemplate.objects.filter(project=None, category__in=["scene", "video"]):
        assert set(find_variables(template.template)) - set(NAMES) <= {"composition"}, template.key
