"""A language model on this machine that a test speaks for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from .chat_server import KEY, ChatServer


@pytest.fixture
def chat(settings):
    server = ChatServer()
    settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_MODEL = server.base, KEY, "house-model"
    yield server
    server.close()


@pytest.fixture
def context(tmp_path):
    """What the engine lends for a call, with a paid profile that waits for half a second at most."""
    profile = {"name": "House", "supports": ["json_schema", "vision"], "price": "0.00001", "timeout_seconds": 0.5}
    return SimpleNamespace(workdir=tmp_path, profile=profile, media=lambda sha: tmp_path / sha)
