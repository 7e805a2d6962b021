"""Final Draft (.fdx)."""

from __future__ import annotations

from projects.screenplay.model import Screenplay


def read_fdx(data: bytes) -> Screenplay:
    raise NotImplementedError
