"""Briefs and a call context for the tests."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np

from media_pipeline.providers.animatic.frames import draw_still
from media_pipeline.providers.base import BriefCharacter, ShotBrief

SMALL = (192, 108)


def person(name: str = "Mara", **fields: Any) -> BriefCharacter:
    return BriefCharacter(**{"name": name, "look_seed": 11, **fields})


def brief(**fields: Any) -> ShotBrief:
    base: dict[str, Any] = {
        "asset_name": "S012_SH03",
        "project_title": "The Lamp",
        "heading": "INT. ROOM 7 - DAY",
        "scene_number": "12",
        "shot_number": 3,
        "take_number": 2,
        "int_ext": "INT",
        "location": "Room 7",
    }
    return ShotBrief(**{**base, **fields})


@functools.cache
def pixels(shot: ShotBrief, size: tuple[int, int] = SMALL) -> np.ndarray:
    """The framed picture as floats, height by width by three."""
    picture = np.asarray(draw_still(shot, *size).framed(), dtype=float)
    picture.setflags(write=False)
    return picture


class Call:
    """What the engine lends a provider, noting what the provider says."""

    def __init__(self, workdir: Path, *, cancelled: bool = False) -> None:
        self.workdir = workdir
        self.stopped = cancelled
        self.said: list[float] = []

    def media(self, sha256: str) -> Path:
        raise AssertionError("the animatic draws from the brief and reads no media")

    def progress(self, fraction: float) -> None:
        self.said.append(fraction)

    def cancelled(self) -> bool:
        return self.stopped
