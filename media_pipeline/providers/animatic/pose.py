"""Poses: where the joints of a figure are, in heads above the ground, for a figure that looks to the right."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

Joint = tuple[float, float]
Limb = tuple[Joint, Joint, Joint]


@dataclass(frozen=True)
class Pose:
    """Joints in heads. `near` is the side on the left of the picture, `far` the other; limbs run from the body out."""

    near_arm: Limb
    far_arm: Limb
    near_leg: Limb
    far_leg: Limb
    near_hand: str = "relaxed"
    far_hand: str = "relaxed"
    far_in_front: bool = False
    near_behind: bool = False
    rise: float = 0.0  # the body is this much lower (negative) than when standing
    lean: float = 0.0
    sitting: bool = False


_FRONT_LEGS: tuple[Limb, Limb] = (
    ((-0.36, 3.75), (-0.40, 2.05), (-0.44, 0.28)),
    ((0.36, 3.75), (0.44, 2.02), (0.52, 0.26)),
)
_TURNED_LEGS: tuple[Limb, Limb] = (
    ((-0.26, 3.75), (-0.24, 2.05), (-0.34, 0.26)),
    ((0.22, 3.75), (0.34, 2.05), (0.36, 0.30)),
)
_WALK_LEGS: tuple[Limb, Limb] = (
    ((-0.14, 3.75), (0.12, 2.05), (-0.72, 0.62)),
    ((0.12, 3.75), (0.62, 2.12), (0.86, 0.28)),
)
_SIT_FRONT: tuple[Limb, Limb] = (
    ((-0.38, 3.75), (-0.58, 3.42), (-0.52, 1.75)),
    ((0.38, 3.75), (0.62, 3.42), (0.56, 1.75)),
)
_SIT_TURNED: tuple[Limb, Limb] = (
    ((-0.22, 3.75), (1.12, 3.62), (1.00, 1.85)),
    ((0.12, 3.75), (1.36, 3.70), (1.40, 1.95)),
)

_ARMS_FRONT: dict[str, tuple[Limb, Limb]] = {
    "down": (((-0.75, 5.86), (-0.98, 4.74), (-0.94, 3.70)), ((0.75, 5.86), (1.00, 4.76), (0.90, 3.72))),
    "pockets": (((-0.75, 5.86), (-1.16, 4.78), (-0.74, 4.02)), ((0.75, 5.86), (1.16, 4.78), (0.74, 4.02))),
    "crossed": (((-0.75, 5.86), (-0.98, 4.86), (0.42, 5.02)), ((0.75, 5.86), (0.98, 4.80), (-0.42, 4.82))),
    "gesture": (((-0.75, 5.86), (-1.04, 4.80), (-1.00, 3.80)), ((0.75, 5.86), (1.10, 4.86), (1.22, 5.72))),
    "hold": (((-0.75, 5.86), (-1.02, 4.80), (-0.30, 4.78)), ((0.75, 5.86), (1.02, 4.82), (0.36, 4.86))),
    "phone": (((-0.75, 5.86), (-1.00, 4.76), (-0.92, 3.75)), ((0.75, 5.86), (1.20, 5.02), (0.52, 6.42))),
    "hips": (((-0.75, 5.86), (-1.40, 4.90), (-0.72, 4.28)), ((0.75, 5.86), (1.40, 4.90), (0.72, 4.28))),
    "desk": (((-0.75, 5.86), (-1.02, 4.86), (-0.50, 4.28)), ((0.75, 5.86), (1.04, 4.86), (0.46, 4.24))),
    "point": (((-0.75, 5.86), (-1.00, 4.76), (-0.94, 3.72)), ((0.75, 5.86), (1.42, 5.48), (2.25, 5.72))),
}
_ARMS_TURNED: dict[str, tuple[Limb, Limb]] = {
    "down": (((-0.50, 5.84), (-0.66, 4.72), (-0.34, 3.74)), ((0.46, 5.84), (0.60, 4.78), (0.80, 3.86))),
    "pockets": (((-0.50, 5.84), (-0.86, 4.80), (-0.22, 4.02)), ((0.46, 5.84), (0.70, 4.84), (0.56, 4.04))),
    "crossed": (((-0.50, 5.84), (-0.72, 4.84), (0.66, 5.04)), ((0.46, 5.84), (0.90, 4.86), (-0.10, 4.80))),
    "gesture": (((-0.50, 5.84), (-0.66, 4.74), (-0.30, 3.80)), ((0.46, 5.84), (0.92, 4.94), (1.62, 5.42))),
    "hold": (((-0.50, 5.84), (-0.56, 4.76), (0.62, 4.86)), ((0.46, 5.84), (0.80, 4.90), (1.00, 5.02))),
    "phone": (((-0.50, 5.84), (-0.24, 4.94), (0.02, 6.42)), ((0.46, 5.84), (0.60, 4.78), (0.72, 3.90))),
    "hips": (((-0.50, 5.84), (-1.16, 4.90), (-0.36, 4.28)), ((0.46, 5.84), (0.96, 4.92), (0.48, 4.30))),
    "desk": (((-0.50, 5.84), (-0.44, 4.80), (0.70, 4.40)), ((0.46, 5.84), (0.82, 4.92), (1.24, 4.44))),
    "point": (((-0.50, 5.84), (-0.66, 4.74), (-0.30, 3.78)), ((0.46, 5.84), (1.20, 5.50), (2.10, 5.78))),
}
_HANDS: dict[str, tuple[str, str]] = {
    "pockets": ("hidden", "hidden"),
    "crossed": ("tucked", "hidden"),
    "gesture": ("relaxed", "open"),
    "hold": ("grip", "grip"),
    "phone": ("relaxed", "grip"),
    "hips": ("hidden", "hidden"),
    "point": ("relaxed", "point"),
    "desk": ("flat", "flat"),
}

_ARM_WORDS: tuple[tuple[str, str], ...] = (
    ("phone", r"\b(phones?|telephones?|calls?|dials?|receiver)\b"),
    ("point", r"\b(points?|pointing|aims?|aiming)\b"),
    (
        "hold",
        r"\b(holds?|holding|carr(?:y|ies)|grips?|clutch\w*|reads?|reading|opens?|opening|raises?|lifts?|pours?|drinks?"
        r"|takes?|hands?|gives?|lights?|examin\w*|writes?|studies)\b",
    ),
    ("crossed", r"\b(cross(?:es|ed)? (?:her|his|their) arms|arms crossed|waits?|stubborn\w*)\b"),
    ("gesture", r"\b(waves?|gestures?|explains?|argues?|shrugs?|reaches|reach|shouts?|knocks?)\b"),
    ("hips", r"\b(hands on (?:her|his|their) hips)\b"),
)
_WALK = re.compile(
    r"\b(walks?|walking|runs?|running|strides?|crosses|enters?|entering|leaves?|leaving|approach\w*|climbs?|hurr(?:y|ies)"
    r"|rush\w*|steps|march\w*|follows?|paces|arrives?|exits?)\b"
)
_SIT = re.compile(
    r"\b(sits?|sitting|seated|sat|at the table|at (?:her|his|their|the) desk|drives?|driving|at the wheel)\b"
)


def arms_for(business: str, *, has_prop: bool, speaking: bool, draw: float) -> str:
    """What the arms do, from the words of the action; else something natural by `draw` (0 to 1)."""
    words = business.lower()
    for name, pattern in _ARM_WORDS:
        if re.search(pattern, words):
            return name
    if has_prop:
        return "hold"
    if speaking and draw < 0.5:
        return "gesture"
    return ("down", "pockets", "down", "crossed", "hips", "down", "pockets")[int(draw * 7) % 7]


def legs_for(business: str) -> str:
    """ "walk", "sit" or "stand", from the words of the action."""
    words = business.lower()
    if _SIT.search(words):
        return "sit"
    return "walk" if _WALK.search(words) else "stand"


def pose_of(arms: str, legs: str, *, turned: bool) -> Pose:
    """The pose for arms and legs by name, for a body seen from the front or turned to the right."""
    near_arm, far_arm = (_ARMS_TURNED if turned else _ARMS_FRONT)[arms]
    near_hand, far_hand = _HANDS.get(arms, ("relaxed", "relaxed"))
    if legs == "walk" and turned:
        near_leg, far_leg = _WALK_LEGS
        if arms == "down":
            near_arm, far_arm = ((-0.50, 5.84), (-0.30, 4.78), (0.42, 4.12)), ((0.46, 5.84), (0.20, 4.80), (0.02, 3.9))
    elif legs == "sit":
        near_leg, far_leg = _SIT_TURNED if turned else _SIT_FRONT
    else:
        near_leg, far_leg = _TURNED_LEGS if turned else _FRONT_LEGS
    pose = Pose(
        near_arm, far_arm, near_leg, far_leg, near_hand, far_hand,
        far_in_front=arms in {"crossed", "hold", "gesture", "point", "desk"} or (not turned and arms in {"phone",
            "pockets", "hips"}),
        lean=0.12 if legs == "walk" and turned else 0.0,
    )  # fmt: skip
    if legs == "sit":
        pose = replace(pose, rise=-1.62, sitting=True)
    return pose
