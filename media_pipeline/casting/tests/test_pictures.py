"""The pictures of one character: only what is missing, nothing twice, and a refusal in the provider's own words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from characters.actions import add_reference
from media_pipeline.casting import portraits
from media_pipeline.casting.orders import Prices, order_pictures
from media_pipeline.casting.orders import lacking as what_lacks
from media_pipeline.providers.animatic.provider import AnimaticProvider
from media_pipeline.providers.errors import Refused
from media_pipeline.runs.actions import resume_run, start_run
from media_pipeline.runs.models import RunState, Step
from projects.actions import set_budget
from prompts.models import ModelProfile

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(monkeypatch):
    """Let the provider refuse a picture of these people, by name and label, until the list is emptied."""
    unwanted = []
    draw = AnimaticProvider._image

    def image(self, request, brief, context):
        if (brief.character.name, brief.label) in unwanted:
            raise Refused("The back of a keeper is not shown here.")
        return draw(self, request, brief, context)

    monkeypatch.setattr(AnimaticProvider, "_image", image)
    return unwanted


def test_an_uploaded_master_is_kept_and_only_the_missing_views_are_made_from_it(lacking, drawn, work):
    mara = lacking("Mara", "back")
    master = portraits.master_of(mara)
    run = work(order_pictures(mara))
    assert run.state == RunState.SUCCEEDED, run.error
    assert drawn == [("Mara", "Back")]
    assert portraits.master_of(mara) == master
    view = mara.references.get(source="generated")
    assert (view.kind, view.angle, view.horizontal_angle, view.made_from) == ("view", "back", 180, master.image)
    step = Step.objects.get(run=run, key="view/back")
    assert [one["media"] for one in step.input["references"]] == [master.image.sha256]
    assert view.description.startswith("Asked for: Mara, back. Not measured: the animatic draws")
    with pytest.raises(ValidationError, match="nothing is missing"):
        order_pictures(mara)


def test_a_run_that_is_put_away_after_every_step_draws_nothing_twice(lacking, drawn, work, settings):
    settings.RUN_SLICE_SECONDS = 0
    run = work(order_pictures(lacking("Mara", "back", "left_side")))
    assert run.state == RunState.SUCCEEDED, run.error
    assert sorted(drawn) == [("Mara", "Back"), ("Mara", "Left side")]


def test_a_refused_view_keeps_the_others_and_says_why_and_is_alone_asked_again(lacking, refused, drawn, work):
    refused.append(("Mara", "Back"))
    mara = lacking("Mara", "back", "left_side")
    run = work(order_pictures(mara))
    assert run.state == RunState.FAILED
    assert "The back of a keeper is not shown here." in run.error
    assert [row.angle for row in mara.references.filter(source="generated")] == ["left_side"]
    refused.clear()
    drawn.clear()
    resume_run(run)
    assert work(run).state == RunState.SUCCEEDED
    assert drawn == [("Mara", "Back")]
    assert not portraits.missing_views(mara)


def test_one_character_that_is_refused_stops_the_department_after_the_others_are_pictured(
    project, lacking, refused, drawn, work
):
    refused.append(("Mara", "Back"))
    lacking("Mara", "back")
    ilse = lacking("Ilse", "front")
    run = start_run("qualify_department", f"department:{project.pk}/character", project)
    assert work(run).state == RunState.FAILED
    assert "The back of a keeper is not shown here." in run.error
    assert not portraits.missing_views(ilse)
    refused.clear()
    drawn.clear()
    resume_run(run)
    assert work(run).state == RunState.SUCCEEDED
    assert drawn == [("Mara", "Back")]


def test_what_came_from_elsewhere_since_a_refusal_is_not_asked_for_again(lacking, uploaded, refused, drawn, work):
    refused.append(("Mara", "Back"))
    mara = lacking("Mara", "back")
    run = work(order_pictures(mara))
    assert run.state == RunState.FAILED
    add_reference(mara, uploaded("the back of Mara").pk, "view", angle="back")
    drawn.clear()
    resume_run(run)
    assert work(run).state == RunState.SUCCEEDED
    assert drawn == []
    assert mara.references.filter(angle="back").count() == 1


def test_a_limit_refuses_before_anything_is_drawn(project, lacking, drawn, work):
    ModelProfile.objects.filter(provider="animatic").update(price=Decimal(1), price_source="a test")
    set_budget(project, limit=Decimal("1.5"))
    run = work(order_pictures(lacking("Mara", "back", "front")))
    assert run.state == RunState.FAILED
    assert "limit" in run.error
    assert drawn == []


def test_what_is_missing_is_priced_before(project, lacking):
    ModelProfile.objects.filter(provider="animatic").update(price=Decimal("0.25"), expected_attempts=1)
    mara = lacking("Mara", "back", "front")
    wanted = what_lacks(list(mara.references.all()))
    assert (wanted.master, wanted.views, wanted.pictures) == (False, 2, 2)
    assert Prices(project).of(wanted) == Decimal("0.50")
    ModelProfile.objects.filter(provider="animatic", capability="image_edit").update(price=None)
    assert Prices(project).of(wanted) is None


def test_views_of_a_master_that_was_replaced_are_said_to_be_so_and_made_again_when_asked(
    lacking, uploaded, drawn, work
):
    mara = lacking("Mara", "back", "front", "left_side", "three_quarter_left", "three_quarter_right")
    mara.references.filter(kind="view").exclude(angle="right_side").delete()
    new = uploaded("another Mara")
    add_reference(mara, new.pk, "master")
    assert portraits.outdated_views(mara) == ["right_side"]
    for angle in portraits.missing_views(mara):  # whoever uploads a view says of no other picture that it is its master
        add_reference(mara, uploaded(f"new {angle}").pk, "view", angle=angle)
    run = work(order_pictures(mara))
    assert run.state == RunState.SUCCEEDED, run.error
    assert drawn == [("Mara", "Right side")]
    assert mara.references.get(kind="view", angle="right_side").made_from == new
    assert mara.references.get(kind="candidate").angle == "right_side"


def test_seeds_follow_the_policy_of_the_production(project, lacking):
    mara, ilse = lacking("Mara"), lacking("Ilse")
    assert portraits.seed_of(mara) == portraits.seed_of(ilse)
    project.seed_policy = "per_scene"
    mara.project = ilse.project = project
    assert portraits.seed_of(mara) != portraits.seed_of(ilse)
    assert portraits.seed_of(mara) == portraits.seed_of(mara)
