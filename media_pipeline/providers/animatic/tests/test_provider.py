"""The animatic as a provider: honest, exact and the same every time."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from media_pipeline.media.errors import Cancelled
from media_pipeline.providers.animatic.provider import AnimaticProvider
from media_pipeline.providers.animatic.slate import AMBER, strip_height
from media_pipeline.providers.base import BriefLine, Capability, ImageRequest, SpeechRequest, VideoRequest
from media_pipeline.providers.errors import Refused

from .scene import Call, brief, person


def image_request(**fields):
    return ImageRequest(**{"prompt": "", "width": 320, "height": 180, "brief": brief(cast=(person(),)), **fields})


def video_request(**fields):
    base = {"prompt": "", "width": 192, "height": 108, "frames": 12, "rate": "24", "brief": brief(cast=(person(),))}
    return VideoRequest(**{**base, **fields})


def made(request, folder):
    folder.mkdir()
    result = AnimaticProvider().submit(request, "", Call(folder))
    return result, result.files[0].path


def amber_share(picture):
    """The share of a picture's pixels that have the label's colour."""
    return float((np.abs(np.asarray(picture, dtype=int) - np.array(AMBER)).max(axis=2) < 36).mean())


def test_it_offers_images_layers_and_videos_and_works_on_this_machine():
    assert AnimaticProvider.capabilities == {Capability.IMAGE, Capability.IMAGE_EDIT, Capability.VIDEO}
    assert AnimaticProvider.local
    assert AnimaticProvider.name == "animatic"


def test_a_keyframe_has_the_size_asked_for_and_says_what_it_is(tmp_path):
    result, path = made(image_request(), tmp_path / "a")
    with Image.open(path) as picture:
        assert picture.size == (320, 180)
        assert picture.mode == "RGB"
    assert result.files[0].kind == "image"
    assert result.provenance == {
        "provider": "animatic",
        "generator": "Rushes animatic",
        "version": 2,
        "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
        "label": "Animatic",
    }


@pytest.mark.parametrize(("width", "height"), [(640, 360), (360, 640), (400, 400)])
def test_the_label_stands_in_the_strip_of_every_keyframe(width, height, tmp_path):
    _, path = made(image_request(width=width, height=height), tmp_path / "a")
    with Image.open(path) as picture:
        strip = picture.crop((0, height - strip_height(width, height), width // 2, height))
        assert amber_share(strip) > 0.05


def test_the_same_image_request_gives_the_same_bytes(tmp_path):
    digests = {hashlib.sha256(made(image_request(), tmp_path / name)[1].read_bytes()).hexdigest() for name in "ab"}
    assert len(digests) == 1


def test_the_same_video_request_gives_the_same_bytes(tmp_path):
    line = BriefLine(speaker="Mara", text="Who is there?", start_frame=2, end_frame=10)
    request = video_request(brief=brief(cast=(person(),), camera_movement="handheld", lines=(line,)))
    digests = {hashlib.sha256(made(request, tmp_path / name)[1].read_bytes()).hexdigest() for name in "ab"}
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("frames", "rate", "movement"),
    [(1, "25", "static"), (17, "24000/1001", "push_in"), (31, "30000/1001", "pan"), (24, "24", "whip_pan")],
)
def test_a_video_has_exactly_the_frames_rate_and_size_asked_for(frames, rate, movement, tmp_path):
    shot = brief(cast=(person(),), camera_movement=movement)
    result, path = made(video_request(frames=frames, rate=rate, brief=shot), tmp_path / "a")
    assert result.files[0].kind == "video"
    with av.open(str(path)) as media:
        picture = media.streams.video[0]
        assert (picture.width, picture.height) == (192, 108)
        assert picture.average_rate == Fraction(rate)
        assert sum(1 for _ in media.decode(picture)) == frames
    with av.open(str(path)) as media:
        sound = media.streams.audio[0]
        samples = sum(frame.samples for frame in media.decode(sound))
        assert sound.rate == 48000
        assert samples >= round(frames * 48000 / Fraction(rate)) - 1024


def test_the_label_stands_in_every_frame_of_a_video(tmp_path):
    _, path = made(video_request(width=320, height=180, frames=6), tmp_path / "a")
    with av.open(str(path)) as media:
        for frame in media.decode(video=0):
            assert amber_share(frame.to_image().crop((0, 170, 60, 180))) > 0.1


def test_a_moving_camera_moves_the_picture_and_not_the_slate(tmp_path):
    shot = brief(cast=(person(),), camera_movement="pan", location="Library")
    _, path = made(video_request(width=320, height=180, frames=24, brief=shot), tmp_path / "a")
    with av.open(str(path)) as media:
        shown = [frame.to_ndarray(format="rgb24").astype(float) for frame in media.decode(video=0)]
    assert np.abs(shown[0][:160] - shown[-1][:160]).mean() > 6
    assert np.abs(shown[0][174:] - shown[-1][174:]).mean() < 4


def test_a_static_camera_keeps_still(tmp_path):
    _, path = made(video_request(frames=12, brief=brief(cast=(person(),), camera_movement="static")), tmp_path / "a")
    with av.open(str(path)) as media:
        shown = [frame.to_ndarray(format="gray").astype(float) for frame in media.decode(video=0)]
    assert np.abs(shown[0] - shown[-1]).mean() < 2


def test_a_line_is_shown_while_it_is_spoken(tmp_path):
    line = BriefLine(speaker="Mara", text="Who is there at this hour?", start_frame=6, end_frame=12)
    shot = brief(cast=(person(),), camera_movement="static", lines=(line,))
    _, path = made(video_request(width=320, height=180, frames=18, brief=shot), tmp_path / "a")
    with av.open(str(path)) as media:
        shown = [frame.to_ndarray(format="gray").astype(float)[130:165] for frame in media.decode(video=0)]
    change = [float(np.abs(frame - shown[0]).mean()) for frame in shown]
    assert max(change[:6]) < 2
    assert min(change[6:12]) > 4
    assert max(change[12:]) < 2


def test_a_request_without_a_brief_is_refused_by_a_sentence(tmp_path):
    with pytest.raises(Refused, match="draws from a shot's brief"):
        AnimaticProvider().submit(image_request(brief=None), "", Call(tmp_path))
    with pytest.raises(Refused, match="draws from a shot's brief"):
        AnimaticProvider().submit(video_request(brief=None), "", Call(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_drawn_or_coded_is_refused(tmp_path):
    with pytest.raises(Refused, match="193x108"):
        AnimaticProvider().submit(video_request(width=193), "", Call(tmp_path))
    with pytest.raises(Refused, match="32x180"):
        AnimaticProvider().submit(image_request(width=32), "", Call(tmp_path))
    with pytest.raises(Refused, match="speech"):
        AnimaticProvider().submit(SpeechRequest(text="Hello"), "", Call(tmp_path))


def test_a_cancelled_call_stops_and_leaves_no_film(tmp_path):
    for request in (image_request(), video_request()):
        with pytest.raises(Cancelled):
            AnimaticProvider().submit(request, "", Call(tmp_path, cancelled=True))
    assert list(tmp_path.iterdir()) == []


def test_a_call_cancelled_in_the_middle_stops_the_coding(tmp_path):
    class Impatient(Call):
        def progress(self, fraction):
            super().progress(fraction)
            self.stopped = fraction >= 0.2

    with pytest.raises(Cancelled):
        AnimaticProvider().submit(video_request(frames=400), "", Impatient(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_progress_rises_to_the_end(tmp_path):
    call = Call(tmp_path)
    AnimaticProvider().submit(video_request(frames=48), "", call)
    assert call.said == sorted(call.said)
    assert call.said[-1] == 1.0


def test_there_is_never_anything_to_wait_for_or_to_fetch(tmp_path):
    provider = AnimaticProvider()
    assert provider.poll("x", "", {}) is None
    with pytest.raises(Refused):
        provider.fetch("x", "", {}, Call(tmp_path))
