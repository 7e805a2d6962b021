"""Templates as records: versions, a production's own, the starter set."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from prompts import actions
from prompts.models import Category, ModelProfile, PromptTemplate, PromptTemplateVersion
from prompts.queries import NoTemplate, preview, rendered, template_for, templates_for, variables_of
from prompts.rendering import find_variables, problems_of

pytestmark = pytest.mark.django_db

MOOD = {"name": "mood", "description": "The feeling.", "example": "dread"}


@pytest.fixture
def template(project, owner):
    return actions.create_template(
        project, by=owner, key="scene.mood", name="Mood", category="scene", template="A room full of [mood].",
        variables=[MOOD],
    )  # fmt: skip


def test_every_change_of_the_words_is_a_version_and_any_version_comes_back(template, owner):
    actions.change_template(template, by=owner, name="Mood of a room")
    assert template.versions.count() == 1
    actions.change_template(template, by=owner, template="A hall full of [mood].")
    actions.restore_version(template, 1, by=owner)
    template.refresh_from_db()
    assert template.template == "A room full of [mood]."
    assert [(v.number, v.text[:6], v.by) for v in template.versions.all()] == [
        (3, "A room", owner), (2, "A hall", owner), (1, "A room", owner),
    ]  # fmt: skip
    with pytest.raises(TypeError, match="never changed"):
        template.versions.first().save()


def test_a_variable_that_is_not_described_is_refused_and_nothing_changes(template):
    with pytest.raises(ValidationError, match=r"Describe \[time\]"), transaction.atomic():
        actions.change_template(template, template="[mood] at [time]", variables=[MOOD])
    with pytest.raises(ValidationError, match="Line 1"), transaction.atomic():
        actions.change_template(template, template="A [bad one")
    assert PromptTemplate.objects.get(pk=template.pk).template == "A room full of [mood]."
    assert template.versions.count() == 1


def test_a_key_never_changes_and_is_unique_where_it_holds(template, project):
    with pytest.raises(ValidationError, match="never changes"):
        actions.change_template(template, key="scene.other")
    fields = {"key": "scene.mood", "name": "x", "category": "scene", "template": "x"}
    with pytest.raises(ValidationError):
        actions.create_template(project, **fields)
    general = PromptTemplate.objects.get(key="scene.key_frame", project=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptTemplate.objects.create(key=general.key, name="x", category="scene", template="x")


def test_a_productions_own_template_goes_before_the_general_one(project, owner):
    general = template_for("video.motion", project)
    own = actions.override_template(general, project, by=owner)
    assert own.project == project
    assert [v.name for v in own.variables.all()] == [v.name for v in general.variables.all()]
    assert template_for("video.motion", project) == own
    assert template_for("video.motion", None) == general
    assert actions.override_template(general, project) == own
    keys = list(templates_for(project).values_list("key", flat=True))
    assert keys.count("video.motion") == 1
    actions.remove_template(own)
    assert template_for("video.motion", project) == general
    with pytest.raises(ValidationError, match="inactive"):
        actions.remove_template(general)


def test_a_template_that_is_switched_off_is_not_used(project):
    general = template_for("video.motion", project)
    actions.change_template(general, active=False)
    with pytest.raises(NoTemplate, match=r"video\.motion"):
        template_for("video.motion", project)


def test_templates_of_a_production_take_two_queries(project, template, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = list(templates_for(project))
        assert all(isinstance(len(one.variables.all()), int) for one in found)
    assert template in found


def test_the_starter_set_covers_every_category_and_has_no_mistakes():
    starters = PromptTemplate.objects.filter(project=None)
    assert 14 <= starters.count() <= 20
    assert set(starters.values_list("category", flat=True)) == set(Category.values)
    for starter in starters:
        assert problems_of(starter.template, variables_of(starter)) == [], starter.key
        examples = {v.name: v.example or v.default or v.name for v in starter.variables.all()}
        assert "[" not in rendered(starter, examples), starter.key
        required = {v.name: v.example for v in starter.variables.all() if v.required}
        assert ".." not in rendered(starter, required), starter.key
        assert PromptTemplateVersion.objects.filter(template=starter, number=1).exists()


def test_a_triptych_is_photographs_and_nothing_drawn():
    text = PromptTemplate.objects.get(key="scene.triptych", project=None).template.lower()
    assert "photographic triptych" in text
    assert "storyboard" not in text
    assert "comic" not in text
    assert {"first_frame", "hero", "last_frame"} <= set(find_variables(text))


def test_a_preview_shows_examples_for_what_is_not_known_and_says_so(template):
    shown = preview(template.template, variables_of(template), {"lens": "85"})
    assert shown.text == "A room full of dread."
    assert "[mood]" in " ".join(shown.problems)
    assert preview("A [bad one", [], {}).text == ""


def test_a_price_says_where_it_was_read_and_is_never_below_zero():
    profile = ModelProfile.objects.create(name="X", capability="image", provider="fal")
    with pytest.raises(ValidationError, match="where the price"):
        actions.change_profile(profile, price="0.05")
    actions.change_profile(profile, price="0.05", price_source="The provider's page", price_date="2026-11-21")
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelProfile.objects.filter(pk=profile.pk).update(price=-1)
