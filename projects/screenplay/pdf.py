"""PDF."""

from __future__ import annotations

from projects.screenplay.model import Screenplay


def read_pdf(data: bytes) -> Screenplay:
    raise NotImplementedError
