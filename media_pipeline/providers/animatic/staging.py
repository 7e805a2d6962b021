"""Blocking: from a shot's brief to a camera and figures with places, as a storyboard artist would set them.

Distances are metres, angles radians. What a shot size shows of a person follows the usual cutting points: full
figure, mid-thigh (medium wide), waist (medium), chest (medium close-up), shoulders (close-up), eyes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from media_pipeline.providers.base import BriefCharacter, ShotBrief

from .camera import Camera
from .face import Expression, expression_for
from .figure import ADULT, Actor
from .light import stable
from .look import Look, look_of
from .pose import arms_for, legs_for
from .props import ICONS, icon_for


@dataclass(frozen=True)
class Framing:
    """`cut` and `headroom`: lowest part of the body shown and air above, as shares of height and of the frame.

    `share` is used instead for wide sizes: the figure's height as a share of the frame's, with its feet `feet`
    above the lower edge. `lens` is the focal length over the square root of the frame's area.
    """

    lens: float
    cut: float = 0.0
    headroom: float = 0.09
    share: float = 0.0
    feet: float = 0.1
    person: float = 0.40  # metres of width one person needs
    blur: float = 0.0  # how far out of focus the background is, as a share of the frame's height


FRAMINGS: dict[str, Framing] = {
    "extreme_wide": Framing(1.0, share=0.17, feet=0.20, person=0.9),
    "wide": Framing(1.05, share=0.50, feet=0.13, person=0.75),
    "full": Framing(1.15, share=0.79, feet=0.08, person=0.72),
    "medium_wide": Framing(1.30, cut=0.40, headroom=0.10, person=0.60),
    "medium": Framing(1.45, cut=0.57, headroom=0.11, person=0.48),
    "medium_close_up": Framing(1.75, cut=0.715, headroom=0.09, person=0.36, blur=0.0035),
    "close_up": Framing(2.2, cut=0.80, headroom=0.085, person=0.25, blur=0.008),
    "extreme_close_up": Framing(3.2, person=0.13, blur=0.016),
    "over_shoulder": Framing(1.75, cut=0.66, headroom=0.11, person=0.36, blur=0.0045),
    "two_shot": Framing(1.40, cut=0.56, headroom=0.14, person=0.50),
    "insert": Framing(2.0, cut=0.60, headroom=0.1, blur=0.010),
    "point_of_view": Framing(1.15, cut=0.36, headroom=0.14, person=0.60),
}

INSIDE_SHARE = {"extreme_wide": 0.37, "wide": 0.56}
"""Figures are larger in rooms, which have walls."""

TOP_ANGLES = frozenset({"birds_eye", "overhead"})
_CLOSE = frozenset({"close_up", "extreme_close_up", "medium_close_up"})
_TURNED_FULLY = frozenset({"two_shot", "wide", "full", "extreme_wide", "medium_wide"})


@dataclass(frozen=True)
class Staging:
    """A blocked shot: the camera for a canvas, the figures, and what the set needs to know."""

    camera: Camera
    actors: tuple[Actor, ...]
    span: float  # metres the frame's height shows at the subject
    distance: float
    blur: float
    top_down: bool = False


def stage(brief: ShotBrief, frame: tuple[int, int], canvas: tuple[int, int], kind: str, *, inside: bool) -> Staging:
    """Block a shot for a `frame` (pixels) in the middle of a larger `canvas` (pixels)."""
    cast = [c for c in brief.cast if c.on_camera][:7]
    seated_by_set = kind in {"car", "train"} and inside
    size = brief.shot_size if brief.shot_size in FRAMINGS else "medium"
    if size == "insert":
        cast = []
    framing = FRAMINGS[size]
    actors = [_actor(brief, c, size, seated=seated_by_set) for c in cast]
    aspect = frame[0] / frame[1]
    tallest = max((a.top for a in actors), default=ADULT)
    span, centre = _vertical(framing, size, tallest, inside=inside)
    slots = _slots(cast)
    abreast = max(len(slots), math.ceil(0.8 * len(cast)) if len(cast) > len(slots) else 0)
    span, centre = _widened(span, centre, framing, abreast, aspect, size, tallest)
    if len(slots) > 1 and any(a.pose.sitting and a.turned for a in actors):
        wider = max(span, 0.86 * len(slots) / aspect)
        span, centre = wider, centre - (wider - span) * 0.36
    if brief.camera_angle == "birds_eye":
        span = max(span * 1.5, 5.0)
    elif brief.camera_angle == "overhead":
        span = max(span * 1.15, 2.4)
    if kind == "car" and inside:
        wide = size in {"wide", "full", "extreme_wide", "medium_wide"}
        span, centre = (1.22, 1.06) if wide else (span * 1.12, centre - 0.01)
    placed = _place(actors, cast, slots, span * aspect, size)
    foreground: Actor | None = None
    if size == "over_shoulder":
        placed, foreground = _over_shoulder(brief, cast, placed, span * aspect)
    camera, distance = _camera(brief, framing, span, centre, frame, canvas, inside=inside)
    if foreground is not None:
        near = replace(foreground, z=-distance * 0.46, x=foreground.x * 0.62)
        placed = [*placed, near]
    return Staging(
        camera,
        tuple(placed),
        span,
        distance,
        framing.blur,
        brief.camera_angle in TOP_ANGLES,
    )


def _vertical(framing: Framing, size: str, tallest: float, *, inside: bool) -> tuple[float, float]:
    """Height of the picture at the subject and the height of its centre above the ground."""
    if size == "extreme_close_up":
        head = tallest / 7.5
        return 0.56 * head, tallest - 0.52 * head
    if framing.share:
        share = INSIDE_SHARE.get(size, framing.share) if inside else framing.share
        span = ADULT / share
        return span, span * (0.5 - framing.feet)
    shown = tallest - framing.cut * ADULT * (tallest / ADULT)
    span = shown / (1 - framing.headroom)
    return span, tallest + framing.headroom * span - span / 2


def _slots(cast: list[BriefCharacter]) -> list[str]:
    return [side for side in ("left", "centre", "right") if any(c.side == side for c in cast)]


def _widened(
    span: float, centre: float, framing: Framing, slots: int, aspect: float, size: str, tallest: float
) -> tuple[float, float]:
    """A looser picture when the frame is too narrow for the people in it."""
    needed = framing.person * max(1, slots) / aspect
    if size in {"over_shoulder"}:
        needed = framing.person * 1.25 / aspect
    if needed <= span:
        return span, centre
    if size == "extreme_close_up":
        return needed, centre
    if framing.share:
        return needed, centre * needed / span
    top = tallest + framing.headroom * span * 1.4
    return needed, top - needed / 2


def _actor(brief: ShotBrief, character: BriefCharacter, size: str, *, seated: bool) -> Actor:
    look = look_of(character)
    speaks = any(line.speaker.casefold() == character.name.casefold() and not line.voice_over for line in brief.lines)
    view, mirrored = _view(character, size)
    draw = (stable(f"{brief.asset_name}|{character.name}") % 997) / 997
    first = bool(brief.cast) and character == next((c for c in brief.cast if c.on_camera), None)
    unseen = brief.shot_size == "point_of_view" and any(not c.on_camera for c in brief.cast)
    prop = brief.props[0] if brief.props and first and not unseen else ""
    arms = arms_for(brief.business if first else "", has_prop=bool(prop), speaking=speaks, draw=draw)
    carried = bool(prop) and ICONS[icon_for(prop)].carried
    if carried:
        arms = "down"
    legs = "sit" if seated else legs_for(brief.business)
    if seated and arms == "desk":
        arms = "down"
    if legs == "sit" and not seated and arms in {"down", "pockets", "crossed", "hips"}:
        arms = "desk"
    if legs == "walk" and arms in {"pockets", "hips"}:
        arms = "down"
    return Actor(
        look=look,
        expression=expression_for(character.emotion),
        x=0.0,
        z=0.0,
        height=ADULT * float(character.height),
        view=view,
        mirrored=mirrored,
        arms=arms,
        legs=legs,
        speaking=speaks,
        gaze=0.35 if view == "quarter" else 0.0,
        prop=prop if arms in {"hold", "point"} or carried else "",
        facing=character.facing,
    )


def _view(character: BriefCharacter, size: str) -> tuple[str, bool]:
    """View of the head and whether it looks to the left."""
    if character.facing == "away":
        return "back", character.side == "right"
    if character.facing == "camera":
        if character.side == "centre" and size != "two_shot":
            return "front", False
        return "quarter", character.side == "right"
    return "profile" if size in _TURNED_FULLY else "quarter", character.facing == "left"


def _place(actors: list[Actor], cast: list[BriefCharacter], slots: list[str], width: float, size: str) -> list[Actor]:
    """Give every figure its side of the frame; several on one side stand staggered."""
    alone = len(slots) == 1
    reach = 0.5 - {"close_up": 0.40, "extreme_close_up": 0.46, "medium_close_up": 0.37, "medium": 0.35}.get(size, 0.31)
    if not alone:
        reach = 0.5 - (0.27 if size in _CLOSE or size in {"medium", "two_shot"} else 0.29)
        if size in {"wide", "extreme_wide"}:
            reach = min(reach, 1.5 * max(1, len(slots) - 1) / max(width, 0.1))
    if size == "extreme_wide":
        reach = max(reach, 0.16)
    where = {"left": -reach, "centre": 0.0, "right": reach}
    order = [i for side in ("left", "centre", "right") for i, c in enumerate(cast) if c.side == side]
    if len(order) > 3:  # a crowd: side by side across the frame, every second one a step back
        step = 0.74 * min(width, 1.1 * len(order)) / (len(order) - 1)
        middle = (len(order) - 1) / 2
        return [replace(actors[i], x=(k - middle) * step, z=0.4 * (k % 2)) for k, i in enumerate(order)]
    out: list[Actor] = []
    for i in order:
        group = [k for k in order if cast[k].side == cast[i].side]
        place = group.index(i)
        shift = (place - (len(group) - 1) / 2) * min(0.52, 0.24 * width)
        out.append(replace(actors[i], x=where[cast[i].side] * width + shift, z=0.34 * place))
    return out


_NOBODY = Look(
    skin=(150, 120, 100), hair=(44, 38, 40), hair_style="short", beard="", glasses=False, hat="", top="coat",
    coat=(70, 72, 82), under=(90, 90, 96), legs=(50, 50, 56), scarf=None, broad=1.0, jaw=1.0, brow=1.0, nose=1.0,
    aged=False, child=False, skirt=False, voice=140.0,
)  # fmt: skip


def _over_shoulder(
    brief: ShotBrief, cast: list[BriefCharacter], actors: list[Actor], width: float
) -> tuple[list[Actor], Actor]:
    """Split the cast into whom we look at and whose shoulder we look over."""
    by_name = {c.name: _actor(brief, c, "over_shoulder", seated=False) for c in cast}
    away = next((c for c in cast if c.facing == "away"), None)
    talker = next((line.speaker.casefold() for line in brief.lines if not line.voice_over), "")
    if away is None and len(cast) > 1:
        listeners = [c for c in cast if c.name.casefold() != talker]
        away = listeners[-1] if listeners and len(listeners) < len(cast) else cast[-1]
    seen = [c for c in cast if c is not away]
    if away is not None and away.side != "centre":
        side = -1.0 if away.side == "left" else 1.0
    else:
        main = seen[0].side if seen else "right"
        side = 1.0 if main == "left" else -1.0
    shoulder = by_name[away.name] if away is not None else None
    if shoulder is None:
        shoulder = Actor(_NOBODY, Expression(), 0.0, 0.0, ADULT, view="back")
    out = 0.40 if width > 0.9 else 0.40 + 0.30 * (0.9 - width)
    shoulder = replace(
        shoulder, view="back", arms="down", legs="stand", x=side * width * out, dark=0.72, mirrored=False
    )
    faces: list[Actor] = []
    for k, character in enumerate(seen):
        actor = replace(by_name[character.name], view="quarter", mirrored=side < 0, legs="stand")
        faces.append(replace(actor, x=-side * width * (0.52 - out + 0.2 * k), z=0.25 * k))
    return faces, shoulder


def _camera(
    brief: ShotBrief,
    framing: Framing,
    span: float,
    centre: float,
    frame: tuple[int, int],
    canvas: tuple[int, int],
    *,
    inside: bool,
) -> tuple[Camera, float]:
    """The camera for an angle, aimed so that the picture's centre lies `centre` metres above the ground."""
    focal = framing.lens * math.sqrt(frame[0] * frame[1])
    distance = span * focal / frame[1]
    middle = (canvas[0] / 2, canvas[1] / 2)
    angle = brief.camera_angle
    roll = 0.0
    if angle in TOP_ANGLES:
        pitch = math.radians(-88)
    elif angle == "high_angle":
        pitch = math.radians(-24 if framing.share else -28)
    elif angle == "low_angle":
        pitch, distance = _from_below(math.radians(18 if framing.share else 22), centre, distance, 0.22)
    elif angle == "worms_eye":
        pitch, distance = _from_below(math.radians(40), centre, distance, 0.10)
    else:
        eye = {"shoulder_level": 1.38, "hip_level": 0.95, "ground_level": 0.16, "dutch_angle": 1.35}.get(angle, 1.56)
        if brief.shot_size in _CLOSE and angle in {"eye_level", "dutch_angle"}:
            eye = centre
        rise = max(-0.62 * distance, min(0.62 * distance, centre - eye))
        pitch = math.asin(rise / distance)
        if angle == "dutch_angle":
            roll = math.radians(9 if stable(brief.asset_name) % 2 else -9)
    if brief.shot_size == "point_of_view":
        roll += math.radians(1.6)
    focal = distance * frame[1] / span
    position = (0.0, centre - distance * math.sin(pitch), -distance * math.cos(pitch))
    return Camera(position, pitch, roll, focal, middle), distance


def _from_below(pitch: float, centre: float, distance: float, lowest: float) -> tuple[float, float]:
    """A low camera cannot go below the floor: it comes nearer instead, with a wider lens."""
    fall = centre - lowest
    if distance * math.sin(pitch) > fall:
        nearest = max(1.35, fall / math.sin(pitch))
        distance = min(distance, nearest) if fall > 0.2 else distance
        pitch = math.asin(min(0.9, max(0.0, fall) / distance))
    return pitch, distance
