"""A dressed mezzanine is still one, with the levels asked and the words in their place."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from media_pipeline.media.dress import dress
from media_pipeline.media.errors import MediaError
from media_pipeline.media.mezzanine import is_mezzanine
from media_pipeline.media.sound_file import own_sound

from .numbered import tone
from .shots import SMALL, film_pictures, make_picture, write_wav


@pytest.fixture
def picture(tmp_path):
    return make_picture(tmp_path / "shot.mp4", 1, 24)


def test_levels_are_raised_and_the_form_stays(picture, tmp_path):
    out = tmp_path / "dressed.mp4"
    dress(picture, out, SMALL, frames=24, gains=(0.8, 0.8, 0.8))
    assert is_mezzanine(out, SMALL)
    before, after = film_pictures(picture), film_pictures(out)
    assert len(after) == 24
    for one, other in zip(before, after, strict=True):
        assert other.mean() == pytest.approx(0.8 * one.mean(), abs=1.5)


def test_words_are_laid_over_and_the_rest_stays(picture, tmp_path):
    overlay = Image.new("RGBA", (160, 90))
    overlay.paste((255, 0, 0, 255), (0, 0, 32, 32))
    overlay.save(tmp_path / "words.png")
    out = tmp_path / "dressed.mp4"
    dress(picture, out, SMALL, frames=24, overlay=tmp_path / "words.png")
    assert is_mezzanine(out, SMALL)
    before, after = film_pictures(picture)[20], film_pictures(out)[20]
    assert np.abs(after[4:28, 4:28] - 85).max() < 25, "red"
    assert np.abs(after[48:, 48:] - before[48:, 48:]).mean() < 4


def test_more_than_matching_is_refused(picture, tmp_path):
    with pytest.raises(MediaError, match="at most 25%"):
        dress(picture, tmp_path / "out.mp4", SMALL, frames=24, gains=(1.4, 1, 1))
    assert not (tmp_path / "out.mp4").exists()


def test_any_sound_becomes_one_of_ours(tmp_path):
    from media_pipeline.media.probe import probe

    source = write_wav(tmp_path / "music.wav", tone(2)[:, ::2], rate=24_000)
    own_sound(source, tmp_path / "own.flac")
    info = probe(tmp_path / "own.flac")
    assert (info.audio_codec, info.sample_rate, info.channels) == ("flac", 48_000, 2)
    assert float(info.duration) == pytest.approx(2, abs=0.01)
