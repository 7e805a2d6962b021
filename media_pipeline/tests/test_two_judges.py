"""Both gates of a picture with remote judges, and the budget of takes: through the real pipeline and the sandbox."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from media_pipeline.approaches.tests.conftest import production, render, sent, shot  # noqa: F401
from media_pipeline.providers.fal.tests.conftest import sandbox, work  # noqa: F401
from media_pipeline.providers.llm.tests.chat_server import KEY, ChatServer, Reply
from media_pipeline.takes.limits import TakeLimits
from projects.models import Alert
from prompts.models import ModelProfile
from scenes.choices import GenerationApproach as Approach
from scenes.choices import ReviewState
from scenes.models import CompositeIteration, VerificationResult

pytestmark = pytest.mark.slow

FINE = json.dumps({name: {"passed": True} for name in ("location", "characters", "props", "lighting", "camera")})


@pytest.fixture
def judged(production):  # noqa: F811
    """A judge that sees, whose price is known."""
    ModelProfile.objects.filter(name="Moondream Query").update(price=Decimal("0.001"))


@pytest.fixture
def known(settings):
    """A knowledge service elsewhere; give it the confidences of its answers, in order."""
    server = ChatServer()
    settings.KNOWLEDGE_URL, settings.KNOWLEDGE_API_KEY = server.base, KEY
    ModelProfile.objects.filter(capability="knowledge").update(price=Decimal(0))

    def answers(*confidences):
        server.replies = [
            Reply(
                json.dumps(
                    {
                        "confidence": sure, "measured": "vector distance",
                        "passages": [
                            {"passage": {"source": "scene:1", "title": "Lamp room", "text": "Ada trims the wick."},
                             "confidence": sure},
                        ],
                    }
                ).encode()
            )
            for sure in confidences
        ]  # fmt: skip
        return server

    yield answers
    server.close()


def kept(run):
    rows = VerificationResult.objects.filter(run=run, kind="knowledge_query").order_by("pk")
    return list(rows.values_list("passed", "confidence"))


def test_a_picture_passes_when_it_is_seen_and_known(render, shot, judged, known, sandbox):  # noqa: F811
    sandbox.answer(FINE)
    server = known(0.83)
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "succeeded", run.error
    assert kept(run) == [(True, Decimal("0.830"))]
    assert server.asked[0]["image"], "the picture goes with the question"
    assert CompositeIteration.objects.filter(run=run).last().passed is True


def test_what_is_not_known_well_enough_is_put_right_in_the_next_attempt(render, shot, judged, known, sandbox, sent):  # noqa: F811
    sandbox.answer(FINE)
    known(0.8, 0.81)
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "succeeded", run.error
    assert kept(run) == [(False, Decimal("0.800")), (True, Decimal("0.810"))], "it must lie above 0.8"
    assert list(CompositeIteration.objects.filter(run=run).values_list("layer", "passed")) == [
        ("location", True), ("characters", False), ("correction", True)
    ]  # fmt: skip
    assert "does not bear the picture out (confidence 0.80)" in sent("nano-banana/edit")[-1]["prompt"]


def test_a_picture_that_is_seen_but_never_known_stops_for_a_person(render, shot, judged, known, sandbox, settings):  # noqa: F811
    settings.TAKE_LIMITS = TakeLimits(layer_attempts=2)
    sandbox.answer(FINE)
    known(*[0.4] * 5)
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "failed"
    assert not [job for job in sandbox.jobs() if "video" in job["endpoint"]], "no video is bought"
    assert Alert.objects.get(source=f"shot:{shot.pk}:verification").dismissed_at is None


def test_a_take_under_its_threshold_is_filmed_again_within_the_budget_then_flagged(render, shot, sandbox, sent):  # noqa: F811
    run = render(shot, Approach.IMAGE_TO_VIDEO, qc={"block": {"sharpness": 100}})
    assert run.state == "succeeded", run.error
    takes = list(run.takes.order_by("number"))
    assert [take.number for take in takes] == [1, 2] == list(range(1, TakeLimits().takes + 1))
    videos = [body["seed"] for body in sent("image-to-video")]
    assert [take.seed for take in takes] == videos, "each take says the seed it was filmed with"
    assert videos[0] != videos[1]
    assert {take.review_state for take in takes} == {ReviewState.NEEDS_REVIEW}
    assert [take.checks.get(name="technical").passed for take in takes] == [False, False]


def test_a_take_that_only_wants_a_look_is_flagged_and_not_paid_for_twice(render, shot, sandbox):  # noqa: F811
    run = render(shot, Approach.IMAGE_TO_VIDEO, qc={"review": {"sharpness": 100}})
    assert run.state == "succeeded", run.error
    (take,) = run.takes.all()
    assert take.review_state == ReviewState.NEEDS_REVIEW
    assert "sharp" in take.checks.get(name="technical").details["sentence"]
