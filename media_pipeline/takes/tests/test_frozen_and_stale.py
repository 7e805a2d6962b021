"""What is frozen when a run starts, and what a take knows of the changes since."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from characters.models import CharacterIdentity
from media_pipeline.asked import profiles_of
from media_pipeline.assets import MediaAsset
from media_pipeline.estimates import request_if_missing
from media_pipeline.providers.choice import frozen_profile
from media_pipeline.run_settings import chosen_for_run
from media_pipeline.shot_request import ShotRequest, draws_seed, shot_request, shots_of
from media_pipeline.takes.staleness import changes_since, is_stale
from projects.actions import change_project
from projects.models import Project
from prompts.models import ModelProfile, PromptTemplate
from scenes.actions import (
    change_scene,
    change_shot,
    create_style,
    draw_seed,
    give_back_to_planner,
    record_plan,
    record_take,
)
from scenes.choices import GenerationApproach as Approach
from scenes.models import Shot

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(production, shot):
    """The request for the shot as its records are now, with its production read anew."""

    def ask(**asked):
        project = Project.objects.get(pk=production.pk)
        (row,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
        request = shot_request(row, project, "standard", **asked)
        return request.model_copy(update={"profiles": profiles_of(request, project)})

    return ask


@pytest.fixture
def taken(production, shot, ask):
    """A take of the shot that was asked for with these settings, as a run records it."""

    def taken(**asked):
        request = ask(**asked)
        clip, still = (
            MediaAsset.objects.get_or_create(
                project=production, sha256=kind.ljust(64, "0"),
                defaults={"kind": kind, "file": kind, "size": 1, "source": "provider"},
            )[0]
            for kind in ("video", "image")
        )  # fmt: skip
        clips, stills = ("media", "picture", "proxy"), ("thumbnail", "filmstrip", "keyframe", "last_frame")
        return record_take(
            shot.pk, production.pk, asset_name="LAMP_T01", run=None, prompt=request.prompt, provider="fal", seed=1,
            parameters=request.model_dump(mode="json"), request_digest=request.digest, frames=72, frame_rate="24",
            width=1280, height=720, cost=None, **dict.fromkeys(clips, clip), **dict.fromkeys(stills, still),
        )  # fmt: skip

    return taken


@pytest.fixture
def changes(production, shot):
    def changes(take):
        return {
            change.words: (change.before, change.after)
            for change in changes_since(take, Shot.objects.get(pk=shot.pk), Project.objects.get(pk=production.pk))
        }

    return changes


# -- what is frozen


def test_the_request_holds_direction_templates_and_models_as_they_stood(ask, shot, owner):
    change_shot(shot, by=owner, lens_mm=85, text_prompt="")
    request = ShotRequest.model_validate(ask().model_dump(mode="json"))
    assert request.direction["lens"] == ("85 mm", "shot")
    assert request.templates["scene.key_frame"].startswith("scene.key_frame ")
    image = next(profile for profile in request.profiles if profile["capability"] == "image")
    assert (image["name"], image["price"]) == ("Nano Banana", "0.039000")
    assert image["parameters"]["output_format"] == "png"


def test_a_run_goes_on_with_the_models_as_they_stood_when_it_began(ask):
    frozen = ask().profiles
    ModelProfile.objects.filter(name="Nano Banana").update(price=Decimal(9), parameters={}, active=False)
    profile = frozen_profile(frozen, "image", set())
    assert (profile.name, profile.price, profile.parameters["output_format"]) == (
        "Nano Banana", Decimal("0.039"), "png",
    )  # fmt: skip
    assert frozen_profile(frozen, "image", {"lora"}) is None, "nobody asked for one that takes identities"


def test_what_a_director_sets_is_in_the_prompts(ask, shot, owner):
    change_scene(shot.scene, by=owner, lighting_type="low_key", key_light="left", palette=["#1B3A4B"])
    change_shot(shot, by=owner, eyeline="Ada to the sea", focus_target="the wick")
    prompt = ask().prompt
    for words in ("Low key", "key light from left", "#1B3A4B", "focus on the wick", "eyeline ada to the sea"):
        assert words.lower() in prompt.lower(), words


def test_the_planners_words_give_way_where_a_person_decided_otherwise(ask, shot, owner):
    Shot.objects.filter(pk=shot.pk).update(text_prompt="Wide shot of Ada. eye level, 24 mm lens.", overrides=[])
    assert ask().prompt.startswith("Wide shot of Ada.")
    change_shot(Shot.objects.get(pk=shot.pk), by=owner, shot_size="close_up")
    prompt = ask().prompt
    assert "Wide shot" not in prompt
    assert prompt.lower().startswith("close-up")
    change_shot(Shot.objects.get(pk=shot.pk), by=owner, text_prompt="Ada, seen from the stairs.")
    assert ask().prompt.startswith("Ada, seen from the stairs."), "what a person wrote goes out as it was written"


def test_a_composite_is_told_what_to_put_right_and_how_the_production_looks(ask, shot, owner, production):
    style = create_style(production, name="Chalk", prompt_fragment="Chalky pale light.")
    change_shot(shot, by=owner, approach=Approach.COMPOSITE_IMAGE_TO_VIDEO, style=style, palette=["#101010"])
    layers = ask(reason="The lamp is on her left.").layers
    assert "Chalky pale light" in layers[0].prompt
    assert "#101010" in layers[0].prompt
    assert "The lamp is on her left." in layers[-1].prompt


def test_a_long_prompt_gives_way_within_the_models_limit_and_says_so(ask, shot, owner, production):
    style = create_style(production, name="Ornate", prompt_fragment="Baroque. " * 200)
    change_shot(shot, by=owner, style=style)
    ModelProfile.objects.filter(name="Nano Banana").update(limits={"prompt_length": 900})
    request = ask()
    assert len(request.prompt) <= 900
    assert request.dropped == ("style",)
    assert "Ada trims the wick" in request.prompt


# -- identities


def test_without_a_trained_identity_references_keep_people_the_same_and_it_is_said(ask):
    kept = ask(coherence={"lora": True}).kept
    assert kept.image == ()
    assert kept.notes == ("ADA has no trained identity: the references keep them the same.",)
    assert ask(coherence={"lora": False}).kept.notes == ()


# -- settings of one run


def test_a_run_may_set_what_its_production_does_not(production, ask):
    assert ask(coherence={"identity_references": False}).references == ()
    assert chosen_for_run(production, {"identity_references": False, "qc_scoring": True}) == {
        "identity_references": False
    }


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"lora": True}, "needs a trained identity"),
        ({"structure_control": True}, "needs a structure model"),
        ({"magic": True}, "no coherence setting"),
        ({"lora": "perhaps"}, "either on or off"),
    ],
)
def test_what_cannot_do_anything_here_is_refused_before_the_run(production, chosen, words):
    assert not CharacterIdentity.objects.exists()
    with pytest.raises(ValidationError) as refused:
        chosen_for_run(production, chosen)
    assert words in " ".join(refused.value.messages)


# -- seeds


def test_shared_seeds_are_one_in_a_production_and_a_shots_own_goes_before(ask, shot, owner):
    shared = ask().seed
    assert ask().seed == shared
    change_shot(shot, by=owner, seed=7)
    assert ask().seed == 7


def test_a_random_seed_is_drawn_once_and_is_the_same_after_a_retake(production, shot, ask, taken, owner):
    change_project(production, seed_policy="random")
    project = Project.objects.get(pk=production.pk)
    assert draws_seed(shot, project, {}) is True
    before = ask()
    drawn = draw_seed(shot)
    assert draw_seed(Shot.objects.get(pk=shot.pk)) == drawn == ask().seed
    assert ask().asked == before.asked, "what was estimated and approved is what is rendered"
    taken()
    assert ask().seed == drawn
    assert draws_seed(Shot.objects.select_related("state").get(pk=shot.pk), project, {}) is False


def test_without_seed_control_every_take_has_another_seed(ask, taken):
    first = ask(coherence={"seed_control": False}).seed
    assert ask(coherence={"seed_control": False}).seed == first, "a run that is begun again asks for the same"
    taken()
    assert ask(coherence={"seed_control": False}).seed != first


# -- what has changed since


def test_a_take_that_is_what_its_records_ask_for_is_not_stale(taken, changes):
    assert changes(taken()) == {}


@pytest.mark.parametrize("asked", [{"coherence": {"identity_references": False}}, {"reason": "Brighter."}])
def test_a_take_made_with_settings_or_a_reason_of_its_own_is_held_against_them(asked, taken, changes, shot, production):
    take = taken(**asked)
    assert changes(take) == {}
    (row,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
    assert request_if_missing(row, production, "standard") is None, "producing does not make it again"


def test_a_change_of_direction_is_told_with_how_it_was_and_is(taken, changes, shot, owner):
    take = taken()
    change_scene(shot.scene, by=owner, lighting_type="low_key")
    found = changes(take)
    assert found["the direction: lighting type"] == ("nothing", "Low key")
    assert "low key" in found["the prompt"][1]


def test_a_change_of_a_look_is_told(taken, changes, shot):
    take = taken()
    ada = shot.cast.get().character
    ada.prompt_fragment = "a grey braid and an oilskin coat"
    ada.save()
    assert "oilskin" in changes(take)["the prompt"][1]


def test_a_change_of_a_template_is_told(taken, changes, shot, owner):
    take = taken()
    template = PromptTemplate.objects.get(key="scene.key_frame", project=None)
    template.template = f"{template.template} Shot on a rainy set."
    template.save()
    assert "rainy set" in changes(take)["the prompt"][1]


def test_a_change_of_a_model_profile_is_told_and_its_price_is_none(taken, changes, production, shot):
    take = taken()
    ModelProfile.objects.filter(name="Nano Banana").update(price=Decimal(1))
    assert changes(take) == {}
    ModelProfile.objects.filter(name="Nano Banana").update(parameters={"num_images": 1, "output_format": "jpeg"})
    before, after = changes(take)["the settings of the model profile Nano Banana"]
    assert "output_format png" in before
    assert "output_format jpeg" in after
    assert is_stale(take, Shot.objects.get(pk=shot.pk), Project.objects.get(pk=production.pk))


def test_another_model_is_told(taken, changes):
    take = taken()
    ModelProfile.objects.filter(name="Z-Image Turbo").update(tiers=[], preference=1)
    assert changes(take)["the image model"] == ("fal:fal-ai/nano-banana", "fal:fal-ai/z-image/turbo")


# -- what a person decided


def test_a_decision_stays_through_planning_and_can_be_given_back(shot, owner):
    record_plan(shot, {"approach": Approach.IMAGE_TO_VIDEO, "expected_seconds": Decimal("3.500")})
    change_shot(shot, by=owner, because="It is a still moment.", approach=Approach.HELD_FRAME_STATIC)
    kept = Shot.objects.select_related("state").get(pk=shot.pk)
    assert (kept.state.decided["approach"]["by"], kept.state.decided["approach"]["reason"]) == (
        "owner", "It is a still moment.",
    )  # fmt: skip
    give_back_to_planner(kept, ["approach"], by=owner)
    again = Shot.objects.select_related("state").get(pk=shot.pk)
    assert again.approach == Approach.IMAGE_TO_VIDEO
    assert "approach" not in again.overrides
    assert "approach" not in again.state.decided
