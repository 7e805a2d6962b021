from __future__ import annotations

import stat

import pytest

from media_pipeline.media import binary
from media_pipeline.media.errors import MediaError


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch):
    monkeypatch.delenv("FFMPEG_BINARY", raising=False)
    yield
    binary.configure(None)


def program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_binary_of_the_wheel_is_taken_before_one_on_the_path(monkeypatch, tmp_path):
    program(tmp_path / "ffmpeg", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "imageio_ffmpeg" in str(binary.ffmpeg_binary())


def test_the_environment_names_the_binary_and_what_is_configured_goes_before_it(monkeypatch, tmp_path):
    first, second = program(tmp_path / "one", "exit 0"), program(tmp_path / "two", "exit 0")
    monkeypatch.setenv("FFMPEG_BINARY", str(first))
    assert binary.ffmpeg_binary() == first
    binary.configure(second)
    assert binary.ffmpeg_binary() == second


def test_the_path_is_searched_where_the_wheel_brings_no_binary(monkeypatch, tmp_path):
    mine = program(tmp_path / "ffmpeg", "exit 0")
    monkeypatch.setattr(binary, "_from_wheel", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert binary.ffmpeg_binary() == mine


def test_a_setting_that_names_no_program_is_an_error_that_names_the_setting(tmp_path):
    binary.configure(tmp_path / "missing")
    with pytest.raises(MediaError, match=r"FFMPEG_BINARY names .*missing"):
        binary.ffmpeg_binary()


def test_no_ffmpeg_at_all_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr(binary, "_from_wheel", lambda: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(MediaError, match="install the imageio-ffmpeg package"):
        binary.ffmpeg_binary()


def test_the_wheels_build_has_what_the_product_needs():
    binary.require(
        encoders=["libx264", "aac", "flac", "mjpeg", "png"],
        filters=["scale", "fps", "tpad", "xfade", "overlay", "ebur128", "showwavespic", "tile", "aresample"],
    )
    assert "=" not in binary.capabilities().encoders


def test_everything_that_is_missing_is_named_in_one_sentence():
    with pytest.raises(MediaError, match="lacks encoder libnone, filter nofilter;"):
        binary.require(encoders=["libx264", "libnone"], filters=["nofilter", "scale"])


def test_a_program_that_is_not_ffmpeg_is_refused_with_what_it_said(tmp_path):
    binary.configure(program(tmp_path / "other", "echo other tool 1.0"))
    with pytest.raises(MediaError, match=r"is not an ffmpeg: .*other tool 1\.0"):
        binary.capabilities()
