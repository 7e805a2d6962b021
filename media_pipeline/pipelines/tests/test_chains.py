"""Shots that go on from one another are made in turn; a chain that broke goes on from its break."""

from __future__ import annotations

from decimal import Decimal

import pytest

from media_pipeline.approaches.tests.conftest import production, sent  # noqa: F401
from media_pipeline.pipelines.produce_film import _render, _shots_to_render
from media_pipeline.providers.fal.tests.conftest import sandbox, work  # noqa: F401
from media_pipeline.runs import transport
from media_pipeline.runs.actions import resume_run, start_run
from media_pipeline.runs.errors import ChildrenFailed
from media_pipeline.runs.models import Run
from projects.models import Project
from scenes.actions import add_shot
from scenes.models import Shot, Take

pytestmark = pytest.mark.django_db

DEEDS = ("Ada waits.", "MIDDLE: Ada turns to the door.", "Ada opens it.", "The sea.", "The sea again.")


@pytest.fixture
def shots(production, owner):  # noqa: F811
    """Five shots; the second and the third go on from the one before."""
    scene = production.chapters.get().scenes.get()
    return [
        add_shot(
            scene, production.pk, by=owner, number=number, sequence=number, business=deed, shot_size="wide",
            expected_seconds=Decimal(3), approach="image_to_video", continues_previous=number in (2, 3),
        )
        for number, deed in enumerate(DEEDS, start=1)
    ]  # fmt: skip


@pytest.fixture
def chains(production, shots):  # noqa: F811
    """What a production would render now, as rows of shot numbers."""

    def chains(**settings):
        project = Project.objects.get(pk=production.pk)
        found = _shots_to_render(project, [shots[0].scene_id], {"tier": "standard"} | settings)
        numbers = dict(Shot.objects.values_list("pk", "number"))
        return [[numbers[pk] for pk, _ in chain] for chain in found], found

    return chains


def test_linked_shots_are_one_chain_and_all_others_render_at_once(chains):
    assert chains()[0] == [[1, 2, 3], [4], [5]]


def test_settings_of_a_run_are_counted_where_it_is_decided_what_is_made(chains):
    rows, found = chains(coherence={"identity_references": False})
    assert rows == [[1, 2, 3], [4], [5]]
    assert all(asked for chain in found for _, asked in chain)


@pytest.mark.slow
def test_a_chain_goes_on_from_its_break_and_hands_the_last_frame_over_exactly(
    production, shots, chains, sandbox, sent, work, owner  # noqa: F811
):  # fmt: skip
    (first, *_), found = chains()
    assert first == [1, 2, 3]
    sandbox.script("fail", endpoint="*image-to-video", contains="MIDDLE", type="content_policy_violation", times=1)
    with transport.in_process():
        settings = {"tier": "standard", "shots": found[0], "coherence": {"qc_scoring": False}}
        run = work(start_run("render_chain", f"shot:{shots[0].pk}", production, settings=settings, by=owner), rounds=90)
    assert run.state == "failed"
    assert [len(shot.takes.all()) for shot in shots[:3]] == [1, 0, 0], "what is before the break is kept"
    before = len(sandbox.jobs())
    assert (len(sent("nano-banana")), len(sent("image-to-video"))) == (1, 2)

    with transport.in_process():
        assert resume_run(run)
        work(run, rounds=90)
    assert run.state == "succeeded", run.error
    assert len(sandbox.jobs()) == before + 2, "the second and the third shot are asked for, and nothing else"
    assert len(sent("nano-banana")) == 1, "only the first of a chain needs a picture of its own"
    one, two, three = (Take.objects.get(shot=shot) for shot in shots[:3])
    assert (two.keyframe_id, three.keyframe_id) == (one.last_frame_id, two.last_frame_id)
    assert two.parameters["start_from"] == one.last_frame.sha256
    children = Run.objects.filter(pipeline="render_shot", parent=run)
    assert {child.settings["coherence"]["qc_scoring"] for child in children} == {False}


class Told:
    """Stands in for a run's context: notes what it is asked to wait for, and lets one of it fail."""

    def __init__(self, settings, breaks=""):
        self.settings, self.breaks, self.waited = settings, breaks, []

    def progress(self, percent, words, until=None):
        pass

    def children(self, wanted, *, settings, progress=None, words=""):
        self.waited.append((sorted(wanted), settings))
        if self.breaks in wanted:
            raise ChildrenFailed(self.breaks, "failed", "One of the runs did not succeed.")
        return {}


CHAINS = [[(1, "a"), (2, "b")], [(3, "c")], [(4, "d")]]


def test_all_chains_are_started_at_once_with_the_settings_of_the_run(project):
    run = Told({"tier": "draft", "chapter": 1, "coherence": {"qc_scoring": False}})
    _render(run, project, CHAINS, approved=False)
    settings = {"tier": "draft", "coherence": {"qc_scoring": False}}
    assert run.waited == [(["shot/1", "shot/3", "shot/4"], settings)]


def test_without_parallel_clips_they_are_made_one_after_the_other_and_one_that_breaks_stops_no_other(project):
    run = Told({"tier": "draft", "coherence": {"parallel_clips": False}}, breaks="shot/3")
    with pytest.raises(ChildrenFailed):
        _render(run, project, CHAINS, approved=False)
    assert [keys for keys, _ in run.waited] == [["shot/1"], ["shot/3"], ["shot/4"]]
