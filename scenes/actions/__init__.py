"""The only writers of scenes, shots and takes: one named verb per change."""

from __future__ import annotations

from .scenes import add_scene, change_scene, omit_scene, set_scene_status
from .shots import add_shot, change_shot, remove_shots, set_shot_status
from .takes import flag_take, record_take, select_take, set_review_state

__all__ = [
    "add_scene",
    "add_shot",
    "change_scene",
    "change_shot",
    "flag_take",
    "omit_scene",
    "record_take",
    "remove_shots",
    "select_take",
    "set_review_state",
    "set_scene_status",
    "set_shot_status",
]
