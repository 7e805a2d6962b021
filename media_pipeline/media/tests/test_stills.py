from __future__ import annotations

import hashlib
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from media_pipeline.media.errors import BrokenMedia
from media_pipeline.media.stills import image_info, thumbnail

from .numbered import make_clip, picture, read_number


def test_a_thumbnail_keeps_the_shape_and_the_picture(tmp_path):
    Image.fromarray(picture(321, 2, (1600, 900))).save(tmp_path / "still.png")
    assert thumbnail(tmp_path / "still.png", tmp_path / "small.jpg", 320) == (320, 180)
    small = Image.open(tmp_path / "small.jpg")
    assert (small.format, small.size) == ("JPEG", (320, 180))
    assert read_number(np.array(small)) == (2, 321)


def test_a_thumbnail_is_never_larger_than_the_still(tmp_path):
    Image.new("RGB", (100, 50)).save(tmp_path / "still.png")
    assert thumbnail(tmp_path / "still.png", tmp_path / "small.jpg", 320) == (100, 50)


def test_a_photograph_is_turned_upright_and_its_thumbnail_says_nothing_of_where_it_was_taken(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera"
    Image.fromarray(picture(9, 1, (320, 180))).transpose(Image.Transpose.ROTATE_90).save(
        tmp_path / "photo.jpg", exif=exif
    )
    assert thumbnail(tmp_path / "photo.jpg", tmp_path / "small.jpg", 160) == (160, 90)
    small = Image.open(tmp_path / "small.jpg")
    assert read_number(np.array(small)) == (1, 9)
    assert not small.getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_sort_of_pixel_becomes_a_thumbnail(mode, tmp_path):
    name = "still.jpg" if mode == "CMYK" else "still.png"
    Image.new("L", (64, 32), 255).convert("RGB" if mode == "CMYK" else "L").convert(mode).save(tmp_path / name)
    assert thumbnail(tmp_path / name, tmp_path / "small.jpg", 32) == (32, 16)


def test_what_is_transparent_shows_dark_ground(tmp_path):
    Image.new("RGBA", (64, 32), (255, 255, 255, 0)).save(tmp_path / "still.png")
    thumbnail(tmp_path / "still.png", tmp_path / "small.jpg", 32)
    assert np.abs(np.array(Image.open(tmp_path / "small.jpg")).astype(int) - 32).max() < 4


def test_the_same_still_gives_the_same_bytes(tmp_path):
    Image.fromarray(picture(321, 2, (640, 360))).save(tmp_path / "still.png")
    for name in ("a.jpg", "b.jpg"):
        thumbnail(tmp_path / "still.png", tmp_path / name, 320)
    digests = {hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a.jpg", "b.jpg")}
    assert len(digests) == 1


def test_a_clip_is_no_still(tmp_path):
    clip = make_clip(tmp_path / "still.png.mp4", 2, rate=Fraction(24))
    with pytest.raises(BrokenMedia, match=r"A still was expected, but the file is a clip \(h264\)"):
        image_info(clip)
    with pytest.raises(BrokenMedia, match="A still was expected"):
        thumbnail(clip, tmp_path / "small.jpg", 100)
    assert [path.name for path in tmp_path.iterdir()] == ["still.png.mp4"]
