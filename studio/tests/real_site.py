"""The site as it is deployed: real processes over a database of their own, of the kind the tests run on."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from websockets.sync.client import ClientConnection, connect

from conftest import _digest_of_migrations

PATIENCE = 90
"""Seconds; a test machine may be busy with other things."""

SEED = """
import json
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from projects.actions import create_project
person = get_user_model().objects.create_user("owner", "owner@example.com", "take-one-please")
project = create_project(title="Real Wire", owner=person)
client = Client()
client.force_login(person)
cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
print("SEED", json.dumps({"project": project.pk, "slug": project.slug, "cookie": cookie, "person": person.pk}))
"""


def real_site(folder: Path, config: pytest.Config) -> RealSite:
    """A site in this folder; on SQLite from the migrated copy that conftest.py keeps."""
    return RealSite(folder, config.cache.mkdir("migrated") / f"{_digest_of_migrations()}.sqlite3")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RealSite:
    """A folder, a migrated database with one production and its owner, and the processes a test starts."""

    def __init__(self, folder: Path, migrated: Path) -> None:
        """`migrated` is where the tests keep their migrated SQLite database, if they have made it yet."""
        self.folder = folder
        self.port = free_port()
        self.database_url = _own_database()
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DATA_DIR", "DEBUG")
        } | {"DATA_DIR": str(folder), "DATABASE_URL": self.database_url, "DEBUG": "1", "LOG_LEVEL": "INFO"}
        if migrated.exists() and not self.database_url:
            shutil.copyfile(migrated, folder / "rushes.sqlite3")
        self.manage("migrate", "--verbosity=0")
        self.seed = self.python(SEED, "SEED")

    @property
    def address(self) -> str:
        """Where the web process listens."""
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *words: str) -> str:
        """Run one of the site's commands to its end; what it said."""
        done = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, text: str, word: str) -> dict:
        """Run Python in the site; the JSON behind the line that begins with `word`."""
        said = self.manage("shell", "--verbosity=0", "-c", text)
        return json.loads(next(line for line in said.splitlines() if line.startswith(word)).removeprefix(word))

    def command(self, *words: str) -> list[str]:
        """The command line of one of the site's commands."""
        return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *words]

    @contextmanager
    def running(self, *words: str, log: str = "log", **environment: str) -> Iterator[subprocess.Popen]:
        """One of the site's commands as a process of its own, killed at the end if it still runs."""
        with (self.folder / log).open("ab") as said:
            process = subprocess.Popen(
                self.command(*words), env=self.environment | environment, stdout=said, stderr=subprocess.STDOUT
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    @contextmanager
    def web(self, **environment: str) -> Iterator[subprocess.Popen]:
        """The web process, once it listens."""
        with self.running("web", "--port", str(self.port), **environment) as process:
            wait_until(lambda: self.listens() or process.poll() is not None, self.said)
            assert process.poll() is None, self.said()
            yield process

    def listens(self) -> bool:
        """Whether anything answers at the site's port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def said(self, log: str = "log") -> str:
        """What the processes wrote."""
        file = self.folder / log
        return file.read_text() if file.exists() else ""

    def page(self, since: int | None = None) -> AbstractContextManager[ClientConnection]:
        """The WebSocket of an open page of the production, closed at the end of the block."""
        query = f"?since={since}" if since is not None else ""
        return connect(
            f"ws://127.0.0.1:{self.port}/ws/projects/{self.seed['slug']}/{query}",
            origin=self.address,
            additional_headers={"Cookie": f"sessionid={self.seed['cookie']}"},
            open_timeout=PATIENCE,
        )

    def tell(self, count: int = 1) -> list[int]:
        """Commit so many events through the site's own verb; their ids."""
        said = self.python(
            "import json\nfrom django.db import transaction\nfrom projects.events import emit\nids = []\n"
            f"for place in range({count}):\n    with transaction.atomic():\n"
            f"        ids.append(emit({self.seed['project']}, 'test.told', 'test:1', {{'place': place}}).pk)\n"
            "print('TOLD', json.dumps({'ids': ids}))",
            "TOLD",
        )
        return said["ids"]

    def rows(self, question: str) -> list[tuple]:
        """Rows of the site's database, over a connection of the test's own."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(question).fetchall()
        with closing(sqlite3.connect(self.folder / "rushes.sqlite3", timeout=20)) as connection:
            return connection.execute(question).fetchall()

    def remove(self) -> None:
        """Drop the database and the folder."""
        if self.database_url:
            _drop(self.database_url)
        shutil.rmtree(self.folder, ignore_errors=True)


def next_message(page: ClientConnection) -> dict:
    """The next message of a page."""
    return json.loads(page.recv(timeout=PATIENCE))


def next_ids(page: ClientConnection, count: int) -> list[int]:
    """The ids of the next so many events."""
    return [next_message(page)["id"] for _ in range(count)]


def wait_until(true, why=lambda: "") -> None:
    """Wait until `true()`; fails with `why()`."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)


def _own_database() -> str:
    """The address of a new PostgreSQL database beside the one the tests run on; "" for SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return ""
    name = f"rushes_real_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _drop(url: str) -> None:
    name = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
