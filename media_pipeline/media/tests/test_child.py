"""The process that looks into files: its answers, its limits, and what is said when it breaks."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from PIL import Image

from media_pipeline.media import child
from media_pipeline.media.errors import BrokenMedia, Cancelled, MediaError, TimedOut
from media_pipeline.media.frames import frame_at, last_frame
from media_pipeline.media.probe import probe
from media_pipeline.media.stills import thumbnail

from .numbered import make_clip


def examiner_that(does: str, folder, monkeypatch):
    script = folder / "examiner.py"
    script.write_text(does)
    monkeypatch.setattr(child, "EXAMINER", script)
    (folder / "upload.mp4").write_bytes(b"x")
    return folder / "upload.mp4"


def test_questions_are_answered_from_another_process(tmp_path):
    clip = make_clip(tmp_path / "clip.mp4", 12)
    info = probe(clip)
    assert (info.kind, info.frames, info.rate, info.duration) == ("video", 12, Fraction(24), Fraction(1, 2))
    assert last_frame(clip, tmp_path / "last.png") is True
    frame_at(clip, 3, tmp_path / "third.png")
    assert thumbnail(tmp_path / "last.png", tmp_path / "small.jpg", 80) == (80, 45)
    assert Image.open(tmp_path / "third.png").size == (160, 90)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".jpg", ".mp4", ".png", ".png"]


def test_what_is_wrong_with_a_file_comes_back_as_broken_and_a_wrong_question_as_refused(tmp_path):
    (tmp_path / "text.mp4").write_text("Dear reader,\n" * 400)
    with pytest.raises(BrokenMedia, match="not a picture, clip or sound"):
        probe(tmp_path / "text.mp4")
    with pytest.raises(MediaError, match="there is no frame 12") as refused:
        frame_at(make_clip(tmp_path / "clip.mp4", 12), 12, tmp_path / "frame.png")
    assert not isinstance(refused.value, BrokenMedia)
    assert not (tmp_path / "frame.png").exists()


def test_a_decoder_that_crashes_is_the_files_fault_and_not_ours(tmp_path, monkeypatch):
    upload = examiner_that("import os; os.kill(os.getpid(), 11)", tmp_path, monkeypatch)
    with pytest.raises(BrokenMedia, match="its decoder crashed"):
        probe(upload)


def test_a_file_that_swells_in_memory_is_refused(tmp_path, monkeypatch):
    upload = examiner_that("swollen = bytearray(1 << 30)", tmp_path, monkeypatch)
    monkeypatch.setattr(child, "LIMITS", dataclasses.replace(child.LIMITS, memory_bytes=256 << 20))
    with pytest.raises(BrokenMedia, match="more memory than is allowed"):
        probe(upload)


def test_a_file_that_keeps_its_decoder_busy_is_given_up(tmp_path, monkeypatch):
    upload = examiner_that("while True: pass", tmp_path, monkeypatch)
    monkeypatch.setattr(child, "LIMITS", dataclasses.replace(child.LIMITS, wall_seconds=0.3))
    with pytest.raises(TimedOut, match=r"took longer than 0\.3 s"):
        probe(upload)


def test_an_error_of_our_own_is_told_with_its_last_words(tmp_path, monkeypatch):
    upload = examiner_that("raise KeyError('frames')", tmp_path, monkeypatch)
    with pytest.raises(MediaError, match="KeyError: 'frames'"):
        probe(upload)


def test_a_question_can_be_cancelled(tmp_path, monkeypatch):
    upload = examiner_that("while True: pass", tmp_path, monkeypatch)
    asked = iter([False])
    with pytest.raises(Cancelled):
        child.ask("probe", upload, cancelled=lambda: next(asked, True))
