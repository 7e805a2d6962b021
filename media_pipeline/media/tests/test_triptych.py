"""A strip of three photographs: cut at its gutters, never across a face."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from media_pipeline.media.errors import BrokenMedia
from media_pipeline.media.triptych import enlarged, split_triptych

PANEL = (768, 1344)
HUES = ((200, 40, 40), (40, 200, 40), (40, 40, 200))


def noisy(size, hue, seed):
    noise = np.random.default_rng(seed).integers(-35, 35, (size[1], size[0], 1))
    return Image.fromarray(np.clip(np.array(hue) + noise, 0, 255).astype(np.uint8))


def strip(path, *, gutter=24, border=10, shift=0, size=(1536, 912)):
    """Three noisy panels, red, green and blue, with white gutters around the thirds."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    edges = [0, width // 3 + shift, 2 * width // 3 + shift, width]
    for place, hue in enumerate(HUES):
        left, right = edges[place] + gutter // 2, edges[place + 1] - gutter // 2
        picture.paste(noisy((right - left, height - 2 * border), hue, place), (left, border))
    picture.save(path)
    return path


def hues(paths):
    return [int(np.asarray(Image.open(path)).reshape(-1, 3).mean(axis=0).argmax()) for path in paths]


def whitest(path):
    """The share of white pixels: what is left of a gutter."""
    return float((np.asarray(Image.open(path)).min(axis=2) > 250).mean())


@pytest.mark.parametrize("shift", [0, 30, -40])
@pytest.mark.parametrize("gutter", [12, 24, 48])
def test_the_gutters_are_found_where_they_are_and_trimmed(tmp_path, gutter, shift):
    paths, size = split_triptych(strip(tmp_path / "strip.png", gutter=gutter, shift=shift), tmp_path, PANEL)
    assert hues(paths) == [0, 1, 2]
    assert [whitest(path) for path in paths] == [0, 0, 0]
    assert {Image.open(path).size for path in paths} == {size}
    assert abs(size[0] / size[1] - 768 / 1344) < 0.005, "of the shape of the frame"


def test_a_strip_of_the_usual_size_gives_panels_of_the_usual_size(tmp_path):
    _, size = split_triptych(strip(tmp_path / "strip.png"), tmp_path, (488, 892))
    assert abs(size[0] - 488) <= 4
    assert abs(size[1] - 892) <= 8


def test_a_strip_without_gutters_is_cut_at_its_thirds(tmp_path):
    paths, _ = split_triptych(strip(tmp_path / "strip.png", gutter=0, border=0), tmp_path, PANEL)
    assert hues(paths) == [0, 1, 2]


def test_an_upscaled_panel_is_brought_to_the_exact_size(tmp_path):
    noisy((781, 1404), HUES[0], 1).save(tmp_path / "large.png")
    enlarged(tmp_path / "large.png", tmp_path / "out.png", PANEL)
    assert Image.open(tmp_path / "out.png").size == PANEL


def test_a_picture_that_is_no_strip_is_refused(tmp_path):
    noisy((400, 700), HUES[0], 1).save(tmp_path / "tall.png")
    with pytest.raises(BrokenMedia, match="wide strip of three panels"):
        split_triptych(tmp_path / "tall.png", tmp_path, PANEL)
