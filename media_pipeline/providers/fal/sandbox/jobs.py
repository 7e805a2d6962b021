"""Jobs, and the journal that keeps them over a restart."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class JobState(StrEnum):
    """The only three words fal's status ever says."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


def canonical(body: Any) -> str:
    """JSON with sorted keys: equal bodies have equal texts."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(endpoint: str, body: Any) -> str:
    """What makes two submits duplicates of each other: the endpoint and the body."""
    return hashlib.sha256(f"{endpoint}\n{canonical(body)}".encode()).hexdigest()


@dataclass
class Job:
    """One accepted request. Times ending in `_at` are wall clock, `_clock` the sandbox's clock, in seconds."""

    request_id: str
    endpoint: str
    sequence: int
    body: dict[str, Any]
    digest: str
    base: str  # the address the sandbox was called by
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    webhook: str = ""
    low_priority: bool = False
    direct: bool = False
    start_timeout: float | None = None
    store_io: bool = True
    lifetime: float | None = None  # seconds its media live; None: for ever
    state: JobState = JobState.IN_QUEUE
    submitted_at: float = 0.0
    submitted_clock: float = 0.0
    started_at: float | None = None
    ended_at: float | None = None
    ended_clock: float | None = None
    status_code: int | None = None
    reply_headers: dict[str, str] = field(default_factory=dict)
    reply: Any = None
    error: str | None = None
    error_type: str | None = None
    logs: list[dict[str, str]] = field(default_factory=list)
    inference_time: float | None = None
    units: str | None = None  # in the endpoint's unit, a decimal number
    cancel_requested: bool = False
    cancelled: bool = False
    faults: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    webhook_settled: bool = False
    result_read: bool = False

    @property
    def app(self) -> str:
        """Owner and application without the sub-path, as it stands in the job's addresses."""
        return "/".join(self.endpoint.split("/")[:2])

    @property
    def queue_key(self) -> tuple[bool, int]:
        """Low priority stands behind all others; else first come, first served."""
        return (self.low_priority, self.sequence)

    def fault(self, *names: str) -> dict[str, Any] | None:
        """The first fault scripted for this job that has one of these names."""
        return next((fault for fault in self.faults if fault["fault"] in names), None)

    def address(self, ending: str = "") -> str:
        """One of the job's addresses on the queue surface."""
        return f"{self.base}/queue/{self.app}/requests/{self.request_id}{ending}"


class Journal:
    """Jobs, calls and notes in one SQLite file, written at every change; used by the server's own thread only."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        # The page cache outlives a killed process; only a power cut could lose what was written.
        self.connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
            "CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, sequence INTEGER, body TEXT, facts TEXT);"
            "CREATE TABLE IF NOT EXISTS calls (name TEXT, endpoint TEXT, count INTEGER, PRIMARY KEY (name, endpoint));"
            "CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT);"
            "CREATE TABLE IF NOT EXISTS media (address TEXT PRIMARY KEY, facts TEXT);"
        )

    def add(self, job: Job) -> None:
        """Keep a new job; it is on disk when this returns."""
        self.connection.execute(
            "INSERT INTO job VALUES (?, ?, ?, ?)",
            (job.request_id, job.sequence, json.dumps(job.body), self._facts(job)),
        )

    def save(self, job: Job) -> None:
        """Keep what has changed about a job (its body never does)."""
        self.connection.execute("UPDATE job SET facts = ? WHERE id = ?", (self._facts(job), job.request_id))

    def _facts(self, job: Job) -> str:
        return json.dumps({name: value for name, value in vars(job).items() if name != "body"})

    def jobs(self) -> list[Job]:
        """Every job, oldest first."""
        rows = self.connection.execute("SELECT body, facts FROM job ORDER BY sequence").fetchall()
        found = []
        for body, facts in rows:
            job = Job(body=json.loads(body), **json.loads(facts))
            job.state = JobState(job.state)
            found.append(job)
        return found

    def count(self, name: str, endpoint: str) -> None:
        """One more call of this kind."""
        self.connection.execute(
            "INSERT INTO calls VALUES (?, ?, 1) ON CONFLICT (name, endpoint) DO UPDATE SET count = count + 1",
            (name, endpoint),
        )

    def calls(self) -> dict[str, dict[str, int]]:
        """How often each endpoint was called, by kind of call."""
        found: dict[str, dict[str, int]] = {}
        for name, endpoint, count in self.connection.execute("SELECT name, endpoint, count FROM calls"):
            found.setdefault(endpoint, {})[name] = count
        return found

    def note(self, key: str, value: Any) -> None:
        """Keep a small JSON value by name."""
        self.connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (key, json.dumps(value)))

    def noted(self, key: str, default: Any) -> Any:
        """A value kept by `note`."""
        row = self.connection.execute("SELECT value FROM note WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default

    def add_media(self, address: str, facts: dict[str, Any]) -> None:
        """Keep what is behind a media address."""
        self.connection.execute("INSERT OR REPLACE INTO media VALUES (?, ?)", (address, json.dumps(facts)))

    def media(self) -> dict[str, dict[str, Any]]:
        """What is behind each media address."""
        return {row[0]: json.loads(row[1]) for row in self.connection.execute("SELECT address, facts FROM media")}

    def clear(self) -> None:
        """Forget jobs, calls and media; notes stay."""
        self.connection.executescript("DELETE FROM job; DELETE FROM calls; DELETE FROM media;")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()
