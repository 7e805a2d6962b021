"""Clips made once for all tests of the package."""

from __future__ import annotations

import pytest

from .kinds import KINDS


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A function from the name of a kind to its clip (read only), made when first asked for."""
    clips = {}

    def clip(name):
        if name not in clips:
            clips[name] = KINDS[name].make(tmp_path_factory.mktemp("kind"))
        return clips[name]

    return clip
