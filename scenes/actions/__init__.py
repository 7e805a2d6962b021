"""The only writers of scenes, shots, takes and places: one named verb per change."""

from __future__ import annotations

from .attempts import add_round, choose_attempt, favour_attempt, record_attempt, start_attempts
from .breakdown import record_breakdown
from .checks import (
    dismiss_continuity,
    record_continuity,
    record_cut_findings,
    record_iteration,
    record_take_checks,
    record_verification,
)
from .places import (
    change_place,
    create_consistency_group,
    create_location,
    create_prop,
    create_style,
    meet_locations,
    remove_place,
)
from .scenes import (
    add_scene,
    change_scene,
    count_scene_work,
    omit_scene,
    open_again,
    restore_scene,
    set_scene_approval,
    set_scene_status,
)
from .shot_structure import insert_shot, merge_shots, reorder_shots, split_shot
from .shots import (
    add_shot,
    change_shot,
    choose_references,
    count_shot_work,
    give_back_to_planner,
    omit_shot,
    plan_shot,
    record_decisions,
    record_frames,
    remove_shots,
    restore_shot,
    set_shot_status,
)
from .sound import record_line_audio, select_line_audio
from .structure import duplicate_scene, insert_scene, merge_scenes, reorder_scenes, split_scene
from .takes import flag_take, record_take, select_take, set_review_state

__all__ = [
    "add_round",
    "add_scene",
    "add_shot",
    "change_place",
    "change_scene",
    "change_shot",
    "choose_attempt",
    "choose_references",
    "count_scene_work",
    "count_shot_work",
    "create_consistency_group",
    "create_location",
    "create_prop",
    "create_style",
    "dismiss_continuity",
    "duplicate_scene",
    "favour_attempt",
    "flag_take",
    "give_back_to_planner",
    "insert_scene",
    "insert_shot",
    "meet_locations",
    "merge_scenes",
    "merge_shots",
    "omit_scene",
    "omit_shot",
    "open_again",
    "plan_shot",
    "record_attempt",
    "record_breakdown",
    "record_continuity",
    "record_cut_findings",
    "record_decisions",
    "record_frames",
    "record_iteration",
    "record_line_audio",
    "record_take",
    "record_take_checks",
    "record_verification",
    "remove_place",
    "remove_shots",
    "reorder_scenes",
    "reorder_shots",
    "restore_scene",
    "restore_shot",
    "select_line_audio",
    "select_take",
    "set_review_state",
    "set_scene_approval",
    "set_scene_status",
    "set_shot_status",
    "split_scene",
    "split_shot",
    "start_attempts",
]
