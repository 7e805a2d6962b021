"""Scenes, shots and takes.

Scene and Shot hold what people write; SceneState and ShotState what machines know of them. A Take is one
immutable result: only its flags and its review state ever change.
"""

from __future__ import annotations

from .attempts import Attempt, GenerationGroup
from .checks import CompositeIteration, CompositeReference, ContinuityCheck, VerificationResult
from .direction import DIRECTION_FIELDS, Direction
from .places import (
    CameraMark,
    ConsistencyGroup,
    LightingPreset,
    Location,
    LocationReference,
    LocationVariant,
    Prop,
    PropReference,
    ReferenceImage,
    Style,
    StyleReference,
)
from .scene import Scene, SceneState
from .scene_parts import (
    DialogueAudio,
    DialogueLine,
    SceneCast,
    ScenePart,
    SceneProp,
    SceneReference,
    SetElement,
    SoundEffect,
)
from .shot import LONGEST_SHOT, SHORTEST_SHOT, Shot, ShotCast, ShotLine, ShotReference, ShotState
from .take import Take, TakeCheck

__all__ = [
    "DIRECTION_FIELDS",
    "LONGEST_SHOT",
    "SHORTEST_SHOT",
    "Attempt",
    "CameraMark",
    "CompositeIteration",
    "CompositeReference",
    "ConsistencyGroup",
    "ContinuityCheck",
    "DialogueAudio",
    "DialogueLine",
    "Direction",
    "GenerationGroup",
    "LightingPreset",
    "Location",
    "LocationReference",
    "LocationVariant",
    "Prop",
    "PropReference",
    "ReferenceImage",
    "Scene",
    "SceneCast",
    "ScenePart",
    "SceneProp",
    "SceneReference",
    "SceneState",
    "SetElement",
    "Shot",
    "ShotCast",
    "ShotLine",
    "ShotReference",
    "ShotState",
    "SoundEffect",
    "Style",
    "StyleReference",
    "Take",
    "TakeCheck",
    "VerificationResult",
]
