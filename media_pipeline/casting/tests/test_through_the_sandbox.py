"""A character pictured by fal: the real client and poller, a sandbox that speaks the real protocol."""

from __future__ import annotations

import pytest

from media_pipeline.casting import portraits
from media_pipeline.casting.orders import order_pictures
from media_pipeline.providers.fal.tests.conftest import sandbox, work  # noqa: F401
from media_pipeline.runs import transport
from media_pipeline.runs.models import RunState, Step

pytestmark = pytest.mark.django_db


def test_the_views_are_edits_of_the_master_and_described_by_a_model_that_sees(lacking, sandbox, work):  # noqa: F811
    sandbox.answer("A woman in a yellow coat, seen from behind.", contains="behind")
    mara = lacking("Mara", "back", "left_side")
    mara.references.filter(kind="master").delete()
    with transport.in_process():
        run = order_pictures(mara)
    run = work(run)
    assert run.state == RunState.SUCCEEDED, run.error
    steps = {step.key: step for step in Step.objects.filter(run=run, kind=Step.Kind.PROVIDER)}
    assert sorted(steps) == [
        "master", "view/back", "view/back/seen", "view/left_side", "view/left_side/seen",
    ]  # fmt: skip
    assert {step.provider for step in steps.values()} == {"fal"}
    master = portraits.master_of(mara)
    assert steps["view/back"].input["references"][0]["media"] == master.image.sha256
    assert steps["view/back"].input["horizontal_angle"] == 180
    back = mara.references.get(angle="back")
    assert back.description == "A woman in a yellow coat, seen from behind."
    assert back.made_from == master.image
    assert back.model.startswith("fal:")
    assert mara.references.get(angle="left_side").description
