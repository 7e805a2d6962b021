"""One house for the tests of a module: a migrated database and a sandbox, a production for each test."""

from __future__ import annotations

import pytest

from conftest import _digest_of_migrations
from media_pipeline.providers.fal.sandbox.testing import running_sandbox

from .house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory, pytestconfig):
    folder = tmp_path_factory.mktemp("house")
    migrated = pytestconfig.cache.mkdir("migrated") / f"{_digest_of_migrations()}.sqlite3"
    with running_sandbox(folder, plain_media=True, concurrency=50, seconds=0.2) as sandbox:
        house = House(folder, migrated, sandbox)
        yield house
        house.remove()
