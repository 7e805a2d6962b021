"""The review room under load: a board of 5,000 shots, a playlist of 200 takes, 50 people in one session.

    python -m benchmarks.dailies
    python .ci/with_postgres.py python -m benchmarks.dailies --database-of-environment

Makes a site in a temporary folder, starts two web processes, and asks them as browsers and pages do: half of the people
are connected to each, the presenter to the first. Nothing of the installation is touched: the database is a new one, or
the empty one that the environment names where that is asked for.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PORTS = (8498, 8499)
ROOT = Path(__file__).resolve().parent.parent
SHOTS, TAKES, PEOPLE, MOVES = 5_000, 200, 50, 60

SEED = """
import json
from decimal import Decimal
from django.contrib.auth import get_user_model
from django.test import Client
from dailies import actions
from projects.actions import add_member, create_project, write_chapter
from scenes.actions import add_scene
from scenes.models import Scene, Shot, ShotState, Take
from studio.dailies.tests.filming import real_take
people = get_user_model()
owner = people.objects.create_user("owner", "owner@example.com", "take-one-please")
project = create_project(title="Large", code="LARG", owner=owner)
chapter = write_chapter(project, 1)
scenes = [add_scene(chapter.pk, project.pk, number=str(n), sequence=n, heading=f"INT. ROOM {{n}} - NIGHT")
          for n in range(1, {shots} // 50 + 1)]
shots = Shot.objects.bulk_create([
    Shot(scene=scene, number=n, sequence=n, business=f"Business {{n}}.", expected_seconds=Decimal("4"))
    for scene in scenes for n in range(1, 51)])
ShotState.objects.bulk_create([ShotState(shot=shot) for shot in shots])
real = [real_take(project, shot, frames=72, start=n) for n, shot in enumerate(shots[:8])]
rest = []
for n, shot in enumerate(shots[8:]):
    of = real[n % 8]
    values = {{f.attname: getattr(of, f.attname) for f in Take._meta.concrete_fields if f.name not in ("id", "shot")}}
    rest.append(Take(shot=shot, **values))
Take.objects.bulk_create(rest)
made = dict(Take.objects.values_list("shot_id", "pk"))
ShotState.objects.filter(shot__in=shots[8:4000]).update(last_take_number=1, status="awaiting_review")
for state in ShotState.objects.filter(shot__in=[shot.pk for shot in shots[8:4000]]):
    state.selected_take_id = made[state.shot_id]
    state.save(update_fields=["selected_take"])
playlist = actions.create_playlist(project, "Two hundred", [made[shot.pk] for shot in shots[:{takes}]], by=owner)
cookies = []
for n in range({people}):
    person = people.objects.create_user(f"reviewer{{n}}", "", "x")
    add_member(project, person, "reviewer", by=owner)
    client = Client()
    client.force_login(person)
    cookies.append(client.cookies["sessionid"].value)
client = Client()
client.force_login(owner)
print("SEED", json.dumps({{"slug": project.slug, "playlist": playlist.pk, "cookies": cookies, "shot": shots[100].pk,
    "takes": [made[shot.pk] for shot in shots[:{takes}]], "owner": client.cookies["sessionid"].value}}))
"""

BOARD = """
import json, time
from django.contrib.auth import get_user_model
from django.db import connection, reset_queries
from django.test import Client
client = Client(HTTP_HOST="localhost")
client.force_login(get_user_model().objects.get(username="owner"))
found = []
for query in ("", "page=60", "review=pending", "model=animatic&group=status", "continuity=1", "qc=1&stale=1",
              "group=qc", "group=continuity"):
    client.get("/projects/{slug}/dailies/?" + query)
    times = []
    for _ in range(5):
        reset_queries()
        begun = time.perf_counter()
        answer = client.get("/projects/{slug}/dailies/?" + query)
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200
    found.append([query, len(connection.queries), sorted(times)[2], len(answer.content)])
print("BOARD", json.dumps(found))
"""


class Site:
    """A site in a folder of its own."""

    def __init__(self, folder: Path, *, database_of_environment: bool = False) -> None:
        self.folder = folder
        self.environment = os.environ | {"DATA_DIR": str(folder / "data"), "DEBUG": "1", "LOG_LEVEL": "WARNING"}
        if not database_of_environment:
            self.environment.pop("DATABASE_URL", None)
        self.manage("migrate", "--verbosity=0")

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def python(self, text: str, word: str):
        said = self.manage("shell", "--verbosity=0", "-c", text)
        return json.loads(next(line for line in said.splitlines() if line.startswith(word)).removeprefix(word))


def percentiles(values: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(values)
    return f"{1000 * statistics.median(ordered):.0f} ms / {1000 * ordered[int(0.95 * (len(ordered) - 1))]:.0f} ms"


def browse(address: str, seed: dict) -> list[str]:
    """Open the playlist as a browser does; how long until the first frame is seen, and until the next take is."""
    from playwright.sync_api import sync_playwright

    opened, moved, scrolled = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        shown = "document.querySelector('#videos video.on')?.readyState >= 2"
        for _ in range(5):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": "sessionid", "value": seed["owner"], "url": address}])
            page = context.new_page()
            begun = time.perf_counter()
            page.goto(f"{address}/projects/{seed['slug']}/dailies/playlists/{seed['playlist']}/", wait_until="commit")
            page.wait_for_function(shown)
            opened.append(time.perf_counter() - begun)
            page.wait_for_timeout(1500)  # a person looks at a take before they go on
            for _ in range(6):
                took = page.evaluate("""async () => {
                  const begun = performance.now();
                  await room.open(room.place + 1);
                  return performance.now() - begun;
                }""")
                moved.append(took / 1000)
                page.wait_for_timeout(600)
            context.close()
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": seed["owner"], "url": address}])
        page = context.new_page()
        page.goto(f"{address}/projects/{seed['slug']}/dailies/")
        for count in range(1, 11):
            begun = time.perf_counter()
            page.mouse.wheel(0, 30_000)
            page.wait_for_function(f"document.querySelectorAll('.card').length > {60 * count}")
            scrolled.append(time.perf_counter() - begun)
        browser.close()
    return [
        f"| playlist of {TAKES} takes, until its first frame is seen | {percentiles(opened)} |",
        f"| to the next take, until its frame is seen | {percentiles(moved)} |",
        f"| the next 60 shots while scrolling the board | {percentiles(scrolled)} |",
    ]


async def sit(addresses: list[str], seed: dict) -> list[str]:
    """Fifty people follow; how long until each has heard each move and each decision, from just before it was said.

    They are spread over the web processes; the presenter is connected to the first.
    """
    address = addresses[0]
    import httpx
    import websockets

    heard: dict[int, list[float]] = {}
    decided: dict[str, list[float]] = {}
    said: dict[object, float] = {}

    async def follow(address: str, cookie: str) -> None:
        url = f"{address.replace('http', 'ws')}/ws/projects/{seed['slug']}/?fragments=0"
        headers = {"Cookie": f"sessionid={cookie}"}
        async with websockets.connect(url, origin=address, additional_headers=headers, open_timeout=60) as line:
            ready.release()
            async for text in line:
                now, message = time.perf_counter(), json.loads(text)
                if message["type"] == "session.moved":
                    heard.setdefault(message["payload"]["serial"], []).append(now)
                elif message["type"] == "dailies.decided":
                    decided.setdefault(message["payload"]["key"], []).append(now)

    ready = asyncio.Semaphore(0)
    followers = [
        asyncio.create_task(follow(addresses[place % len(addresses)], cookie))
        for place, cookie in enumerate(seed["cookies"])
    ]
    for _ in followers:
        await ready.acquire()
    room = f"{address}/projects/{seed['slug']}/dailies"
    async with httpx.AsyncClient(cookies={"sessionid": seed["owner"]}, timeout=60) as client:
        page = await client.get(f"{room}/playlists/{seed['playlist']}/")
        token = page.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
        headers = {"X-CSRFToken": token, "Accept": "application/json", "Referer": address}
        session = f"{room}/playlists/{seed['playlist']}/session/"
        (await client.post(session, json={"deed": "start"}, headers=headers)).raise_for_status()
        for serial in range(1, MOVES + 1):
            said[serial] = time.perf_counter()
            move = {"deed": "move", "take": seed["takes"][serial % 5], "frame": serial, "serial": serial}
            (await client.post(session, json=move, headers=headers)).raise_for_status()
            await asyncio.sleep(0.2)
        import uuid

        for place in range(20):
            key = str(uuid.uuid4())
            said[key] = time.perf_counter()
            body = {"key": key, "take": seed["takes"][place], "decision": "approve"}
            (await client.post(f"{room}/decide/", json=body, headers=headers)).raise_for_status()
            await asyncio.sleep(0.2)
        await asyncio.sleep(3)
    for task in followers:
        task.cancel()
    await asyncio.gather(*followers, return_exceptions=True)
    moves = [at - said[serial] for serial, times in heard.items() for at in times]
    words = [at - said[key] for key, times in decided.items() for at in times]
    all_there = len(moves) == MOVES * PEOPLE and len(words) == 20 * PEOPLE
    return [
        f"| {PEOPLE} people, {MOVES} frame changes, from just before it is said to each page ({len(moves)} of "
        f"{MOVES * PEOPLE} arrived) | {percentiles(moves)} |",
        f"| {PEOPLE} people, 20 decisions ({len(words)} of {20 * PEOPLE} arrived) | {percentiles(words)} |",
        "" if all_there else "NOT EVERYTHING ARRIVED",
    ]


def main() -> None:
    """Print the table of docs and results."""
    own = "--database-of-environment" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder, database_of_environment=own)
        seed = site.python(SEED.format(shots=SHOTS, takes=TAKES, people=PEOPLE), "SEED")
        for query, queries, seconds, size in site.python(BOARD.format(slug=seed["slug"]), "BOARD"):
            took = f"{queries} queries, {1000 * seconds:.0f} ms, {size >> 10} KB"
            print(f"| board of {SHOTS:,} shots, `?{query}` | {took} |")
        webs = []
        try:
            for port in PORTS:
                command = [sys.executable, str(ROOT / "manage.py"), "web", "--port", str(port)]
                webs.append(subprocess.Popen(command, env=site.environment, cwd=ROOT, stderr=subprocess.DEVNULL))
                wait_for_port(port)
            addresses = [f"http://127.0.0.1:{port}" for port in PORTS]
            print(f"| load of the machine (1 min) before browsing | {os.getloadavg()[0]:.1f} |")
            for line in browse(addresses[0], seed):
                print(line)
            print(f"| load of the machine (1 min) before sitting | {os.getloadavg()[0]:.1f} |")
            for line in asyncio.run(sit(addresses, seed)):
                print(line, flush=True)
        finally:
            for web in webs:
                web.kill()
                web.wait()


def wait_for_port(port: int) -> None:
    """Until somebody listens."""
    import socket

    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The web process did not start.")


if __name__ == "__main__":
    main()
