from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path

import psutil
import pytest

from media_pipeline.media import confine
from media_pipeline.media.errors import BrokenMedia, Cancelled, MediaError, TimedOut
from media_pipeline.media.process import Limits, run_process
from media_pipeline.media.runner import (
    atomic_output,
    file_address,
    input_args,
    raw_input_args,
    run_ffmpeg,
)

from .numbered import frame_numbers, make_clip, picture

ENDLESS = ["-f", "lavfi", "-i", "testsrc2=size=640x360", "-f", "null", "-"]
ROOT = Path(__file__).resolve().parents[3]


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.fixture(autouse=True)
def _nothing_left_behind():
    before = children()
    yield
    assert children() <= before


def test_progress_rises_to_one_and_frames_are_counted(tmp_path):
    told: list[float] = []
    source = make_clip(tmp_path / "in.mp4", 96)
    arguments = [*input_args(source, options=["-readrate", "6"]), "-f", "null", "-"]
    report = run_ffmpeg(arguments, frames=96, progress=told.append)
    assert report.frames == 96
    assert report.cpu_seconds > 0
    assert told == sorted(set(told))
    assert told[-1] == 1.0
    assert len(told) > 2


def test_raw_frames_written_to_standard_input_arrive_in_order(tmp_path):
    def write(pipe):
        for number in range(10):
            pipe.write(picture(number).tobytes())

    out = tmp_path / "out.mp4"
    run_ffmpeg([*raw_input_args(160, 90, Fraction(24)), "-f", "mp4", file_address(out)], stdin=write)
    assert frame_numbers(out) == list(range(10))


def test_a_failing_writer_ends_the_run_with_its_own_error():
    def write(pipe):
        pipe.write(picture(0).tobytes())
        raise LookupError("the drawing is missing")

    with pytest.raises(LookupError, match="the drawing is missing"):
        run_ffmpeg([*raw_input_args(160, 90, Fraction(24)), "-f", "null", "-"], stdin=write)


def test_a_writer_with_more_than_is_wanted_is_no_failure():
    def write(pipe):
        for _ in range(2000):
            pipe.write(picture(0).tobytes())

    arguments = [*raw_input_args(160, 90, Fraction(24)), "-frames:v", "3", "-f", "null", "-"]
    assert run_ffmpeg(arguments, stdin=write).frames == 3


def test_cancelling_ends_the_process_and_leaves_no_file(tmp_path):
    asked = iter([False, False, False])
    out = tmp_path / "out.mp4"
    with pytest.raises(Cancelled), atomic_output(out) as part:
        run_ffmpeg([*ENDLESS[:4], "-f", "mp4", file_address(part)], cancelled=lambda: next(asked, True))
    assert list(tmp_path.iterdir()) == []


def test_a_run_cancelled_before_it_began_starts_no_process(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises(Cancelled):
        run_ffmpeg(ENDLESS, cancelled=lambda: True)


def test_an_error_in_the_progress_callback_ends_the_process():
    def told(fraction):
        raise RuntimeError("the page has gone")

    with pytest.raises(RuntimeError, match="the page has gone"):
        run_ffmpeg(ENDLESS, frames=100_000, progress=told)


def test_the_wall_limit_ends_an_endless_run():
    with pytest.raises(TimedOut, match=r"took longer than 0\.4 s"):
        run_ffmpeg(ENDLESS, wall_seconds=0.4)


def test_the_processor_limit_ends_an_endless_run():
    with pytest.raises(TimedOut, match="more than 1 s of processor time"):
        run_ffmpeg(ENDLESS, cpu_seconds=1)


def test_a_run_that_gets_nothing_to_do_is_ended_as_stalled():
    idle = threading.Event()
    with pytest.raises(TimedOut, match=r"no progress for 0\.3 s"):
        run_ffmpeg(
            [*raw_input_args(160, 90, Fraction(24)), "-f", "null", "-"],
            stall_seconds=0.3,
            stdin=lambda pipe: idle.wait(1) and None,
        )


def test_the_memory_limit_is_named_when_it_is_passed():
    arguments = ["-f", "lavfi", "-i", "testsrc2=size=7680x4320", "-c:v", "libx264", "-f", "null", "-"]
    with pytest.raises(MediaError, match="needed more than the 700 MiB"):
        run_ffmpeg(arguments, memory_bytes=700 << 20)


def test_a_failure_tells_the_first_cause():
    with pytest.raises(MediaError, match="No such filter: 'nofilter'"):
        run_ffmpeg(["-f", "lavfi", "-i", "testsrc2", "-vf", "nofilter", "-f", "null", "-"])


def test_only_the_last_lines_of_a_talkative_run_are_kept():
    arguments = ["-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "60", "-vf", "showinfo", "-f", "null", "-"]
    report = run_ffmpeg(arguments, verbosity="info", stderr_tail=5)
    assert len(report.stderr) == 5


def test_the_environment_is_empty_and_there_is_no_core_file(tmp_path, monkeypatch):
    monkeypatch.setenv("A_SECRET", "swordfish")
    seen: list[str] = []
    asks = (
        "import os, resource; print(sorted(os.environ));"
        "print(resource.getrlimit(resource.RLIMIT_CORE), os.getsid(0) == os.getpid())"
    )
    run_process(
        [sys.executable, "-I", "-c", asks],
        name="the question",
        limits=Limits(),
        on_line=lambda line: bool(seen.append(line)),
    )
    assert "A_SECRET" not in seen[0]
    assert seen[1] == "(0, 0) True"


def test_a_strangers_file_can_only_be_opened_as_what_is_listed(tmp_path):
    secret = make_clip(tmp_path / "secret.mp4")
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{0}\n#EXT-X-ENDLIST\n"
    for text in (
        hls,
        "ffconcat version 1.0\nfile '{0}'\n",
        "ffconcat version 1.0\nfile secret.mp4\n",
        "just text\n" * 50,
    ):
        bad = tmp_path / "bad.mp4"
        bad.write_text(text.format(secret))
        with pytest.raises(BrokenMedia):
            run_ffmpeg([*input_args(bad), "-f", "null", "-"])


def test_a_name_that_looks_like_an_option_or_an_address_is_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("-y.mp4", "a:b.mp4", "x%d.mp4"):
        make_clip(tmp_path / "plain.mp4", 2).rename(tmp_path / name)
        assert run_ffmpeg([*input_args(Path(name)), "-f", "null", "-"]).frames == 2


def test_output_appears_whole_or_not_at_all(tmp_path):
    out = tmp_path / "out.txt"
    with atomic_output(out) as part:
        part.write_text("first")
        assert not out.exists()
    with pytest.raises(AttributeError), atomic_output(out) as part:
        part.write_text("second").nothing_of_the_kind()
    assert out.read_text() == "first"
    assert list(tmp_path.iterdir()) == [out]


def test_an_empty_output_is_a_failure(tmp_path):
    with (
        pytest.raises(MediaError, match=r"Nothing was written for out\.txt"),
        atomic_output(tmp_path / "out.txt") as part,
    ):
        part.touch()
    assert list(tmp_path.iterdir()) == []


def test_a_limit_is_never_raised_above_a_stricter_one():
    code = (
        "import resource, sys; sys.path.append(sys.argv[1]); from media_pipeline.media import confine;"
        "resource.setrlimit(resource.RLIMIT_CPU, (7, 7)); confine._lower(resource.RLIMIT_CPU, 100, 105);"
        "print(resource.getrlimit(resource.RLIMIT_CPU))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(7, 7)"
    assert confine.CPU_GRACE_SECONDS == 5


PARENT = """
import sys
sys.path.append(sys.argv[1])
from media_pipeline.media.runner import run_ffmpeg
run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=640x360", "-f", "null", "-"])
"""


@pytest.mark.slow
def test_killing_the_parent_kills_its_ffmpeg():
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(ROOT)])
    try:
        ffmpeg = _wait_for(lambda: [c for c in psutil.Process(parent.pid).children() if "ffmpeg" in c.name()])[0]
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        _wait_for(lambda: not ffmpeg.is_running() or ffmpeg.status() == psutil.STATUS_ZOMBIE)
    finally:
        parent.kill()
        parent.wait()


def _wait_for(condition):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen within 60 s")
