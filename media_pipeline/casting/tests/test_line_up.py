"""The line-up: figures at their heights, kept as a document, and made again when somebody grows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageDraw

from characters.actions import add_reference, change_character, create_character
from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.casting.line_up import is_outdated, line_up_of, standing
from media_pipeline.casting.line_up_drawing import ROOM, Figure, cut_out, draw_line_up
from media_pipeline.casting.orders import order_line_up
from media_pipeline.runs.models import RunState

RED, BLUE, WALL = (190, 30, 30), (30, 30, 190), (200, 204, 198)


def figure(folder, colour, high=160, wide=60):
    """A person of one colour before a plain wall."""
    picture = Image.new("RGB", (160, 200), WALL)
    ImageDraw.Draw(picture).rectangle((80 - wide // 2, 190 - high, 80 + wide // 2 - 1, 189), fill=colour)
    path = folder / f"{colour[0]}.png"
    picture.save(path)
    return path


def rows_of(picture, colour):
    """First and last row in which a colour is seen."""
    near = np.abs(np.asarray(picture.convert("RGB"), int) - colour).max(axis=2) < 40
    rows = np.flatnonzero(near.any(axis=1))
    return rows[0], rows[-1]


def test_people_stand_on_one_line_at_the_heights_of_their_records(tmp_path):
    out = tmp_path / "line-up.png"
    people = [
        Figure("Mara", Fraction(1), figure(tmp_path, RED)), Figure("Tom", Fraction(3, 4), figure(tmp_path, BLUE)),
    ]  # fmt: skip
    draw_line_up(people, out, title="Salt")
    with Image.open(out) as drawn:
        (top, ground), (lower, same) = rows_of(drawn, RED), rows_of(drawn, BLUE)
    assert abs(ground - same) <= 1
    assert abs((ground - top) - ROOM) <= 3
    assert abs((same - lower) - ROOM * 3 / 4) <= 3


def test_a_figure_is_cut_out_of_its_backdrop_and_a_crowded_picture_is_left_whole(tmp_path):
    assert cut_out(Figure("Mara", Fraction(1), figure(tmp_path, RED))).size == (60, 160)
    assert cut_out(Figure("Mara", Fraction(1), figure(tmp_path, BLUE, wide=160))).size == (160, 200)


@pytest.mark.django_db
def test_it_is_kept_with_who_stands_in_it_and_made_again_when_somebody_grows(project, tmp_path, work):
    asset = storage.add_asset(project.pk, figure(tmp_path, RED), source=MediaAsset.Source.UPLOADED)
    mara = create_character(project, name="Mara")
    add_reference(mara, asset.pk, "master")
    run = work(order_line_up(project))
    assert run.state == RunState.SUCCEEDED, run.error
    document = line_up_of(project)
    assert [(one["name"], one["scale"]) for one in document.data["people"]] == [("Mara", "1")]
    picture = MediaAsset.objects.get(pk=document.data["asset"])
    assert (picture.source, picture.role) == ("derived", "line_up")
    assert not is_outdated(document, standing(project))
    change_character(mara, scale_height="1.1")
    assert is_outdated(document, standing(project))
