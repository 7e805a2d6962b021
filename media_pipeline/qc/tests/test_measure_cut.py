"""Planted breaks at a cut are found by their own measurement; small differences are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from media_pipeline.media import child, examiner, figures
from media_pipeline.media.examine_edges import lab
from media_pipeline.media.figures import edge_figures
from media_pipeline.qc.cuts import BadCutThresholds, CutThresholds, measure_cut, similarity, sliced_distance

from .clips import each, field, write


@pytest.fixture(autouse=True)
def _examined_here(monkeypatch):
    def ask(question, path, *, cancelled=None, **details):
        return child.unwrapped(examiner.answer(question, path.absolute(), details))

    monkeypatch.setattr(figures, "ask", ask)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return write(tmp_path_factory.mktemp("first") / "a.mp4", field(speed=1))


def cut(first, frames, tmp_path, **options):
    second = write(tmp_path / "b.mp4", frames)
    measured = measure_cut(edge_figures(first)["tail"], edge_figures(second)["head"], **{"continues": False} | options)
    return measured, {score.name for score in measured.scores if not measured.fits(score)}


def test_the_next_pictures_of_the_same_set_fit(first, tmp_path):
    measured, breaks = cut(first, each(field(seed=8), lambda n, f: f * 0.95), tmp_path)
    assert breaks == set()
    assert measured.edge.score is None


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda n, f: f * 0.5, "light_match"),
        (lambda n, f: f * [1.25, 1, 0.6], "colour_match"),
        (lambda n, f: f.mean(axis=2, keepdims=True).repeat(3, axis=2), "palette_match"),
    ],
    ids=["half the level", "warmer", "without colour"],
)
def test_a_planted_jump_is_found(first, change, broken, tmp_path):
    assert broken in cut(first, each(field(speed=1), change), tmp_path)[1]


def test_an_insert_is_not_judged_by_its_colours(first, tmp_path):
    measured, breaks = cut(first, each(field(), lambda n, f: f * [1.25, 1, 0.6]), tmp_path, detail=True)
    assert breaks == set()
    assert "insert" in measured.palette.note


def test_a_shot_that_goes_straight_on_begins_where_the_other_ends(first, tmp_path):
    whole = field(speed=1, frames=96)
    first = write(tmp_path / "half.mp4", whole[:48])
    assert cut(first, whole[48:], tmp_path, continues=True)[1] == set()
    assert cut(first, whole[:48][::-1][40:], tmp_path, continues=True)[1] == {"edge_match"}


def test_the_tail_is_the_end_and_the_head_the_beginning(tmp_path):
    frames = each(field(), lambda n, f: f * 0 + (40 if n < 24 else 200))
    found = edge_figures(write(tmp_path / "a.mp4", frames))
    assert found["head"]["lab"][0] == pytest.approx(lab(np.full(3, 40 / 255))[0], abs=1)
    assert found["tail"]["lab"][0] == pytest.approx(lab(np.full(3, 200 / 255))[0], abs=1)


def test_lab_is_cies():
    """sRGB red is L* 53.24, a* 80.09, b* 67.20 under D65 (Lindbloom's calculator)."""
    assert lab(np.array([1.0, 0, 0])) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert lab(np.ones(3)) == pytest.approx([100, 0, 0], abs=0.05)


def test_distance_and_likeness_have_their_ends():
    colours = np.random.default_rng(1).normal(0, 20, (256, 2))
    assert sliced_distance(colours, colours) == 0
    assert sliced_distance(colours, colours + np.array([3, 4])) == pytest.approx(5, rel=0.02)
    picture = np.random.default_rng(1).uniform(0, 255, (36, 64))
    assert similarity(picture, picture) == pytest.approx(1)
    assert similarity(picture, 255 - picture) < 0


def test_thresholds_of_cuts_are_settings():
    assert CutThresholds.of({"light_match": 80}).light_match == 80
    with pytest.raises(BadCutThresholds, match="no measurement 'beauty'"):
        CutThresholds.of({"beauty": 1})
    with pytest.raises(BadCutThresholds, match="not 101"):
        CutThresholds.of({"light_match": 101})
