"""A production whose process is killed at every boundary makes the same film and does nothing twice."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """INT. LAMP ROOM - NIGHT #1#

Ada trims the wick.

ADA
Hold the light steady.

> DISSOLVE TO:

EXT. HARBOUR - DAWN #2#

The boat is gone.
"""
NEVER_ENDS = 400
"""More kills than the production has commits: by then it must have ended."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory) -> Path:
    """A data folder with a migrated database, to be copied."""
    folder = tmp_path_factory.mktemp("empty-site")
    run(folder, "-m", "manage", "migrate", "-v0").check_returncode()
    return folder


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # SQLite always: these processes are this test's own, whatever database the other tests use.
    environment = os.environ | {"DATA_DIR": str(data), "DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def site(empty: Path, folder: Path) -> Path:
    shutil.copytree(empty, folder)
    (folder / "two.fountain").write_text(SCRIPT)
    return folder


def produce(data: Path, *before: str) -> subprocess.CompletedProcess[str]:
    out = [str(data / "two.fountain"), "--resolution", "720p", "--out", str(data / "film.mp4"), "--json"]
    return run(data, *before, "produce", *out)


def rows(data: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(data / "rushes.sqlite3")) as database:
        return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def undisturbed(empty_site, tmp_path_factory) -> tuple[Path, dict]:
    data = site(empty_site, tmp_path_factory.mktemp("undisturbed") / "data")
    made = produce(data, "-m", "manage")
    assert made.returncode == 0, made.stderr
    return data, json.loads(made.stdout)


def test_a_production_killed_at_every_boundary_makes_the_same_film_and_does_nothing_twice(
    undisturbed, empty_site, tmp_path
):
    reference, facts = undisturbed
    data = site(empty_site, tmp_path / "data")
    kills = 0
    # A start commits its lease and its progress before it goes on. The numbers have no common beat with the steps,
    # so that before and after every kind of commit is met.
    boundaries = itertools.cycle(itertools.product([5, 8, 6, 7, 9], ["before", "after"]))
    for commit, side in itertools.islice(boundaries, NEVER_ENDS):
        ended = produce(data, "-m", "media_pipeline.tests.killed_worker", str(commit), side)
        if ended.returncode == 0:
            break
        assert ended.returncode == -9, ended.stderr
        kills += 1
    assert ended.returncode == 0, f"not done after {kills} kills"
    assert kills > 12, "the production was hardly disturbed"
    assert json.loads(ended.stdout)["sha256"] == facts["sha256"]
    assert (data / "film.mp4").read_bytes() == (reference / "film.mp4").read_bytes()
    assert_nothing_was_done_twice(data)
    for table in ("scenes_take", "scenes_shot", "media_pipeline_mediaasset", "media_pipeline_run"):
        count = f"SELECT count(*) FROM {table}"
        assert rows(data, count) == rows(reference, count), table


def assert_nothing_was_done_twice(data: Path) -> None:
    finished = rows(
        data,
        "SELECT step_id, count(*) FROM media_pipeline_transition WHERE after = 'succeeded' AND step_id IS NOT NULL"
        " GROUP BY step_id",
    )
    steps = rows(data, "SELECT count(*) FROM media_pipeline_step")[0][0]
    assert len(finished) == steps
    assert {count for _, count in finished} == {1}
    assert {state for (state,) in rows(data, "SELECT DISTINCT state FROM media_pipeline_run")} == {"succeeded"}
    assert {number for (number,) in rows(data, "SELECT number FROM scenes_take")} == {1}


def test_a_production_that_is_made_already_is_not_made_again(undisturbed):
    data, facts = undisturbed
    before = rows(data, "SELECT count(*) FROM scenes_take")
    again = produce(data, "-m", "manage")
    assert json.loads(again.stdout)["sha256"] == facts["sha256"]
    assert rows(data, "SELECT count(*) FROM scenes_take") == before


def test_the_film_is_as_long_as_its_shots_less_the_dissolve(undisturbed):
    data, facts = undisturbed
    shots = rows(data, "SELECT expected_seconds FROM scenes_shot")
    frames = sum(round(float(seconds) * 24) for (seconds,) in shots)
    assert facts["frames"] == frames - 12  # half a second at 24 frames
    assert (facts["width"], facts["height"], facts["frame_rate"]) == (1280, 720, "24")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.fountain", "--out", "x.mp4"], "cannot be read"),
        (["{script}", "--out", "x.mp4", "--scenes", "9"], "There is no scene 9"),
        (["{script}", "--out", "x.mp4", "--scenes", "1-"], "is not a list of scene numbers"),
        (["{script}", "--out", "x.mp4", "--project", "toolong"], "2 to 4 capital letters"),
    ],
)
def test_what_cannot_be_produced_ends_with_a_sentence_and_an_error_code(empty_site, tmp_path, arguments, words):
    data = site(empty_site, tmp_path / "data")
    arguments = [argument.format(script=data / "two.fountain") for argument in arguments]
    ended = run(data, "-m", "manage", "produce", *arguments)
    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
