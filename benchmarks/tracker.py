"""A large production in the API: 1,000 scenes, 5,000 shots, 20,000 takes; listing shots and posting decisions.

    python -m benchmarks.tracker [--seconds 20] [--clients 8]
    python .ci/with_postgres.py python -m benchmarks.tracker

One web process (`manage.py web`, 12 threads) on SQLite in a temporary folder, or on a database beside the one of
DATABASE_URL. Every client has a token of one person and asks one request after another: pages of 50 shots with filters
and ordering, then changes of the review state of takes. No worker runs. To repeat it against another tracker, make the
same rows (SEED below) and ask for the same pages.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from benchmarks.databases import own_database

ROOT = Path(__file__).resolve().parent.parent
SCENES, SHOTS_EACH, TAKES_EACH = 1_000, 5, 4
PORT = 8497

SEED = """
import json
from decimal import Decimal
from django.contrib.auth import get_user_model
from media_pipeline.assets import MediaAsset
from projects.actions import create_project, write_chapter
from scenes.choices import ReviewState
from scenes.models import Scene, SceneState, Shot, ShotState, Take
from studio.api.models import issue_token
owner = get_user_model().objects.create_user("owner", "", "take-one-please")
project = create_project(title="Large", code="LARG", owner=owner)
chapter = write_chapter(project, 1)
scenes = Scene.objects.bulk_create([
    Scene(chapter=chapter, number=str(n), sequence=n, heading=f"INT. ROOM {{n}} - NIGHT")
    for n in range(1, {scenes} + 1)])
SceneState.objects.bulk_create([SceneState(scene=scene) for scene in scenes])
shots = Shot.objects.bulk_create([
    Shot(scene=scene, number=n, sequence=n, business=f"Business {{n}}.", expected_seconds=Decimal(4),
         shot_size=("wide", "medium", "close_up")[n % 3]) for scene in scenes for n in range(1, {shots} + 1)])
asset = MediaAsset.objects.create(
    project=project, kind="video", sha256="0" * 64, file="x.mp4", size=1, source="derived")
parts = {{f"{{part}}_id": asset.pk for part in
          ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")}}
takes = Take.objects.bulk_create([
    Take(shot=shot, number=n, asset_name=f"T{{n}}", prompt="A room.", provider="animatic", request_digest="d", seed=1,
         frames=96, frame_rate="24", width=1920, height=1080, review_state=ReviewState.values[n % 4], **parts)
    for shot in shots for n in range(1, {takes} + 1)], batch_size=500)
newest = {{take.shot_id: take.pk for take in takes}}
ShotState.objects.bulk_create([
    ShotState(shot=shot, last_take_number={takes}, selected_take_id=newest[shot.pk], status="awaiting_review")
    for shot in shots])
_, token = issue_token(owner, "benchmark", ["view", "write", "review"])
print("SEED", json.dumps({{
    "project": project.pk, "token": token, "scenes": [scene.pk for scene in scenes],
    "takes": [take.pk for take in takes]}}))
"""

PAGES = (
    "shots/?scene__chapter__project={project}&page={page}", "shots/?scene={scene}", "scenes/?page={page}",
    "takes/?review_state=approved&page={page}", "shots/?shot_size=close_up&ordering=-sequence&page={page}",
)  # fmt: skip


def main() -> None:
    """Print the results as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rushes-tracker-") as folder, own_database() as url:
        environment = os.environ | {
            "DATA_DIR": folder, "DATABASE_URL": url, "DEBUG": "0", "LOG_LEVEL": "ERROR", "API_RATE": "1000000/min",
            "ALLOWED_HOSTS": "127.0.0.1",
        }  # fmt: skip
        run = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*run, "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        seed = _seeded(run, environment)
        web = subprocess.Popen([*run, "web", "--port", str(PORT)], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            _wait()
            report(seed, options, "PostgreSQL" if url else "SQLite")
        finally:
            web.terminate()
            web.wait()


def _seeded(run: list[str], environment: dict[str, str]) -> dict[str, Any]:
    text = SEED.format(scenes=SCENES, shots=SHOTS_EACH, takes=TAKES_EACH)
    done = subprocess.run([*run, "shell", "-v0", "-c", text], env=environment, cwd=ROOT, capture_output=True, text=True,
                          check=False)  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    line = next(line for line in done.stdout.splitlines() if line.startswith("SEED"))
    found: dict[str, Any] = json.loads(line.removeprefix("SEED"))
    return found


def _wait() -> None:
    for _ in range(300):
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("The web process did not start.")


def report(seed: dict[str, Any], options: argparse.Namespace, database: str) -> None:
    """Ask, and print what was measured."""

    def list_page(client: httpx.Client, chance: random.Random) -> httpx.Response:
        page = chance.choice(PAGES).format(
            project=seed["project"], page=chance.randint(1, 15), scene=chance.choice(seed["scenes"])
        )
        return client.get(page)

    def decide(client: httpx.Client, chance: random.Random) -> httpx.Response:
        state = chance.choice(("approved", "retake", "needs_review", "pending"))
        return client.post(f"takes/{chance.choice(seed['takes'])}/review/", json={"state": state})

    size = f"{SCENES:,} scenes, {SCENES * SHOTS_EACH:,} shots, {SCENES * SHOTS_EACH * TAKES_EACH:,} takes"
    print(
        f"## {database}: {size}, {options.clients} clients, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
    )
    print("| request | a second | median | 95 of 100 | refused or failed |\n|---|---|---|---|---|")
    for words, ask in (("listing 50 rows", list_page), ("posting a decision", decide)):
        times, wrong, took = _load(ask, seed["token"], options)
        ordered = sorted(times)
        median, late = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
        print(f"| {words} | {len(times) / took:.0f} | {1000 * median:.0f} ms | {1000 * late:.0f} ms | {wrong} |")
    print()


def _load(
    ask: Callable[[httpx.Client, random.Random], httpx.Response], token: str, options: argparse.Namespace
) -> tuple[list[float], int, float]:
    """Times of all answers in seconds, how many were no success, and how long it took."""
    times: list[float] = []
    wrong: list[str] = []
    until = time.perf_counter() + options.seconds

    def client(number: int) -> None:
        chance = random.Random(number)
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}/api/v1/", headers=headers, timeout=60) as http:
            while time.perf_counter() < until:
                begun = time.perf_counter()
                answer = ask(http, chance)
                times.append(time.perf_counter() - begun)
                if answer.status_code >= 300:
                    wrong.append(f"{answer.status_code} {answer.url} {answer.text[:200]}")

    begun = time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(options.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        print(wrong[0], file=sys.stderr)
    return times, len(wrong), time.perf_counter() - begun


if __name__ == "__main__":
    main()
