"""Live pages and media files over the site's own web process."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import time
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed

from projects.events import CHANNEL
from studio.tests.real_site import PATIENCE, free_port, next_ids, next_message, real_site, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory, pytestconfig):
    site = real_site(tmp_path_factory.mktemp("site"), pytestconfig)
    yield site
    site.remove()


@contextmanager
def uncommitted_event(site):
    """An open transaction with one event in it; yields its id and a function that commits."""
    values = (site.seed["project"], "test.told", "test:1", "{}", "2026-11-20 12:00:00")
    insert = "INSERT INTO projects_event (project_id, type, subject, payload, at) VALUES ({}) RETURNING id"
    if site.database_url:
        with psycopg.connect(site.database_url) as connection:
            event = connection.execute(insert.format("%s, %s, %s, %s, %s"), values).fetchone()[0]
            connection.execute("SELECT pg_notify(%s, '')", [CHANNEL])
            yield event, connection.commit
        return
    connection = sqlite3.connect(site.folder / "rushes.sqlite3", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    event = connection.execute(insert.format("?, ?, ?, ?, ?"), values).fetchone()[0]
    yield event, lambda: connection.execute("COMMIT")
    connection.close()


def test_a_page_resumes_after_the_web_process_was_killed(site):
    with site.web() as web, site.page() as page:
        start = next_message(page)["id"]
        told = site.tell(3)
        assert next_ids(page, 3) == told
        web.kill()
        with pytest.raises(ConnectionClosed):
            page.recv(timeout=PATIENCE)
    missed = site.tell(4)
    with site.web(), site.page(since=told[-1]) as page:
        assert next_message(page) == {"type": "hello", "id": told[-1], "stale": False}
        later = site.tell(2)
        assert next_ids(page, 6) == missed + later
        with site.page(since=start) as from_the_start:
            next_message(from_the_start)
            assert next_ids(from_the_start, 9) == told + missed + later


def test_nothing_is_announced_before_it_is_committed(site):
    with site.web(), site.page() as page:
        next_message(page)
        with uncommitted_event(site) as (event, commit):
            with pytest.raises(TimeoutError):
                page.recv(timeout=0.7)  # several looks of the tailer
            committed = time.monotonic()
            commit()
            assert next_message(page)["id"] == event
            assert time.monotonic() - committed < 2


def test_two_web_processes_announce_the_same_change(site):
    with site.web(), site.page() as first:
        next_message(first)
        site.port = free_port()
        with site.web(), site.page() as second:
            next_message(second)
            told = site.tell(5)
            assert next_ids(first, 5) == next_ids(second, 5) == told


def test_asked_to_stop_the_web_process_tells_its_pages_to_come_back(site):
    with site.web() as web, site.page() as page:
        next_message(page)
        web.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=PATIENCE)
        assert closed.value.rcvd.code == 1012  # service restart
        assert web.wait(PATIENCE) in (0, -signal.SIGTERM)


# -- media files

LARGE = 48 * 1024 * 1024


@pytest.fixture(scope="module")
def film(site):
    """A large file in the store, its asset and a part of its bytes."""
    name = "ab/film.mp4"
    path = site.folder / "media" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    piece = os.urandom(1 << 20)
    with path.open("wb") as file:
        for _ in range(LARGE >> 20):
            file.write(piece)
    asset = site.python(
        "import json\nfrom media_pipeline.assets import MediaAsset\n"
        f"asset = MediaAsset.objects.create(project_id={site.seed['project']}, file='{name}', kind='video', "
        f"sha256='{'ab' * 32}', size={LARGE}, content_type='video/mp4', source='uploaded')\n"
        "print('ASSET', json.dumps({'pk': asset.pk}))",
        "ASSET",
    )
    return asset["pk"], piece


def ask(site, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Cookie": f"sessionid={site.seed['cookie']}", **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_the_web_process_sends_exactly_the_part_a_player_asks_for(site, film):
    asset, piece = film
    with site.web():
        answer, body = ask(site, f"/media/{asset}/", Range=f"bytes={(1 << 20) - 5}-{(1 << 20) + 4}")
        assert (answer.status, answer.headers["Content-Range"]) == (206, f"bytes 1048571-1048580/{LARGE}")
        assert body == piece[-5:] + piece[:5]
        answer, body = ask(site, f"/media/{asset}/")
        assert (answer.status, len(body), body[-10:]) == (200, LARGE, piece[-10:])
        assert ask(site, f"/media/{asset}/", Range=f"bytes={LARGE}-")[0].status == 416
        assert ask(site, f"/media/{asset}/", Cookie="")[0].status == 404


def test_paused_players_hold_neither_threads_nor_memory(site, film):
    asset, _ = film
    with site.web(WEB_THREADS="2") as web, ExitStack() as players:
        ask(site, f"/media/{asset}/")
        before = memory_of(web.pid)
        for _ in range(12):
            player = players.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            request = (
                f"GET /media/{asset}/ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={site.seed['cookie']}\r\n\r\n"
            )
            player.sendall(request.encode())
            assert player.recv(12) == b"HTTP/1.1 200"
        answer, body = ask(site, "/healthz")
        assert (answer.status, json.loads(body)["status"]) == (200, "ok")
        assert memory_of(web.pid) - before < 40 << 20  # 12 files of 48 MiB are under way


def test_a_player_that_leaves_ends_its_file(site, film):
    asset, _ = film
    with site.web() as web:
        ask(site, "/healthz")
        request = f"GET /media/{asset}/ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={site.seed['cookie']}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", site.port)) as player:
            player.sendall(request.encode())
            player.recv(1000)
            wait_until(lambda: open_films(web.pid) == 1)
        wait_until(lambda: open_films(web.pid) == 0)


def memory_of(pid):
    """Resident bytes of a process."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def open_films(pid):
    folder = f"/proc/{pid}/fd"
    targets = []
    for entry in os.listdir(folder):
        try:
            targets.append(os.readlink(f"{folder}/{entry}"))
        except FileNotFoundError:  # closed between the two calls
            continue
    return sum(target.endswith("film.mp4") for target in targets)
