"""Scenes, shots and takes.

Scene and Shot hold what people write; SceneState and ShotState what machines know of them. A Take is one
immutable result: only its flags and its review state ever change.
"""

from __future__ import annotations

from .direction import Direction
from .scene import Scene, SceneState
from .shot import LONGEST_SHOT, SHORTEST_SHOT, Shot, ShotCast, ShotLine, ShotState
from .take import Take

__all__ = [
    "LONGEST_SHOT",
    "SHORTEST_SHOT",
    "Direction",
    "Scene",
    "SceneState",
    "Shot",
    "ShotCast",
    "ShotLine",
    "ShotState",
    "Take",
]
