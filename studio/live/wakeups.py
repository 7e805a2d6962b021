"""Noticing that another connection has committed, at next to no cost.

Both sources yield at once when they are entered and then whenever something may have been committed. They carry no
data: the event table is the truth, a wake-up too many costs one indexed query.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from projects.events import CHANNEL

SQLITE_POLL = 0.1
"""Seconds between two looks at SQLite's data_version: half of this is the usual delay of an event."""

SWEEP = 5.0
"""Seconds after which PostgreSQL is asked even when no NOTIFY came."""


def commits() -> AsyncIterator[None]:
    """Wake-ups of the site's own database."""
    if connection.vendor == "postgresql":
        return postgres_commits(connection.get_connection_params())
    return sqlite_commits(str(connection.settings_dict["NAME"]))


async def sqlite_commits(database: str, poll: float = SQLITE_POLL) -> AsyncIterator[None]:
    """`PRAGMA data_version` of an own read-only connection moves when any other connection has committed."""
    address = database if database.startswith("file:") else f"{Path(database).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as reader:
        seen = None
        while True:
            version = reader.execute("PRAGMA data_version").fetchone()[0]
            if version != seen:
                seen = version
                yield
            await asyncio.sleep(poll)


async def postgres_commits(parameters: dict[str, Any], sweep: float = SWEEP) -> AsyncIterator[None]:
    """LISTEN on an own connection; notifications that come while the reader is busy wait in the socket."""
    address = {name: value for name, value in parameters.items() if name not in _DJANGO_ONLY}
    async with await psycopg.AsyncConnection.connect(**address, autocommit=True) as listener:
        await listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        yield
        while True:
            async for _ in listener.notifies(timeout=sweep, stop_after=1):
                pass
            yield


_DJANGO_ONLY = frozenset({"cursor_factory", "context", "prepare_threshold", "server_side_binding", "pool"})
"""Connection parameters that mean something to Django's synchronous connections only."""
