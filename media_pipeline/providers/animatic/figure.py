"""Figures: a person of the cast with body, wardrobe, hands and head, standing in the stage.

The body is a flat drawing in an upright plane, so that the camera's angle foreshortens it; the head is drawn
square to the lens, as heads are round. Units are heads (an adult is seven and a half).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from . import props
from .camera import Camera, Decal, Sheet
from .face import Expression
from .figure_paint import Paint
from .head import draw_head
from .ink import Canvas, Colour, Points, mix, points
from .light import Light
from .limbs import CAP, between, draw_hand, pieces, ring, tube_of
from .look import Look
from .pose import Joint, Limb, Pose, pose_of

HEADS_TALL = 7.5
ADULT = 1.75
"""Metres of a figure with scale height 1."""


@dataclass(frozen=True)
class Actor:
    """One figure on the stage: who, where (metres) and doing what."""

    look: Look
    expression: Expression
    x: float
    z: float
    height: float  # metres
    y: float = 0.0  # height of the ground under the figure
    view: str = "front"  # view of the head: front, quarter, profile, back
    mirrored: bool = False  # looks to the left of the picture
    arms: str = "down"
    legs: str = "stand"
    speaking: bool = False
    gaze: float = 0.0
    prop: str = ""
    facing: str = "camera"  # as the brief says it, for the view from above
    dark: float = 0.0  # foreground silhouettes: share of shadow over everything

    @property
    def head(self) -> float:
        """Metres to one head of this figure; children have larger heads for their size."""
        return self.height / (6.3 if self.look.child else HEADS_TALL)

    @property
    def pose(self) -> Pose:
        if self.view == "back" and self.arms not in {"down", "pockets", "hips"}:
            return pose_of("down", self.legs, turned=False)
        return pose_of(self.arms, self.legs, turned=self.turned)

    @property
    def turned(self) -> bool:
        return self.view in {"quarter", "profile"}

    @property
    def top(self) -> float:
        """Height of the crown above the ground in metres."""
        return self.height + self.y + self.pose.rise * self.head


def draw_actor(canvas: Canvas, camera: Camera, light: Light, actor: Actor) -> None:
    """Draw one figure. The stage behind must already be there; nearer figures are drawn later."""
    if actor.dark:
        light = _darkened(light, actor.dark)
    squash = actor.height / actor.head / HEADS_TALL
    base = np.array([actor.x, actor.y + actor.pose.rise * actor.head, actor.z])
    sheet = Sheet(camera, base, actor.head, mirrored=actor.mirrored)
    depth = max(0.0, float(camera.seen([base])[0, 2]))
    pen = float(np.clip(sheet.scale * 0.013, 1.3, 8.0))
    body = _Body(canvas, sheet, actor, squash)
    shadow = 1.0 if light.side < 0 else -1.0
    paint = Paint(canvas, body.at, sheet.scale, light, depth, pen, shadow)
    body.draw(paint)
    neck = body.at([(body.neck_x, 6.46)])[0]
    high = actor.y + (6.46 * squash + actor.pose.rise) * actor.head
    scale = camera.scale((actor.x, high, actor.z)) * actor.head * 1.04
    at = Decal(neck, scale, camera.roll, mirrored=actor.mirrored)
    head = Paint(canvas, at, scale, light, depth, pen, shadow)
    pitch = float(np.clip(math.sin(camera.pitch) * 1.6, -1.0, 1.0))
    draw_head(head, actor.look, actor.view, actor.expression, pitch=pitch, gaze=actor.gaze, speaking=actor.speaking)
    body.draw_over_head(paint)


def outline(camera: Camera, actor: Actor) -> list[Points]:
    """Head and body as two rough areas in pixels of the canvas, for light that must not wash a figure out."""
    low, head = actor.y + actor.pose.rise * actor.head, actor.head
    turn = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    middle = (actor.x, actor.top - 0.5 * head, actor.z)
    size = camera.scale(middle) * head
    face = camera.project([middle])[0] + size * np.stack([0.36 * np.cos(turn), 0.50 * np.sin(turn)], axis=1)
    sides = [(0.4, 6.2), (0.8, 5.8), (0.75, 3.6), (0.5, 0.2), (-0.5, 0.2), (-0.75, 3.6), (-0.8, 5.8), (-0.4, 6.2)]
    body = camera.area([(actor.x + x * head, low + y * head, actor.z) for x, y in sides])
    return [face, body]


def _darkened(light: Light, share: float) -> Light:
    key = tuple(k * (1 - share) + s * 0.45 * share for k, s in zip(light.key, light.shadow, strict=True))
    shadow = tuple(s * (1 - 0.6 * share) for s in light.shadow)
    return replace(light, key=key, shadow=shadow)  # type: ignore[arg-type]


class _Body:
    """Body and wardrobe of one actor."""

    def __init__(self, canvas: Canvas, sheet: Sheet, actor: Actor, squash: float) -> None:
        self.canvas = canvas
        self.sheet = sheet
        self.actor = actor
        self.look = actor.look
        self.pose = actor.pose
        self.squash = squash  # children are fewer heads tall
        self.turned = actor.turned
        self.back = actor.view == "back"
        self.neck_x = 0.10 if self.turned else 0.0
        self.sleeve = {"coat": 0.265, "jacket": 0.25, "sweater": 0.25, "shirt": 0.235, "hooded": 0.27}[self.look.top]
        self.hem = {"coat": 2.35, "jacket": 3.42, "sweater": 3.62, "shirt": 3.85, "hooded": 3.58}[self.look.top]

    def at(self, values: object) -> Points:
        local = points(values).copy()  # type: ignore[arg-type]
        lean = np.clip((local[:, 1] - 3.6) / 3.0, 0, 1) * self.pose.lean
        local[:, 0] = local[:, 0] * (1 + (self.look.broad - 1) * 0.9) + lean
        if self.squash < 1:
            local[:, 1] = local[:, 1] - (1 - self.squash) * HEADS_TALL * np.clip(local[:, 1] / 6.3, 0, 1)
        return self.sheet(local)

    def draw(self, paint: Paint) -> None:
        pose = self.pose
        if not pose.far_in_front:
            self._arm(paint, pose.far_arm, pose.far_hand, far=True)
        self._leg(paint, pose.far_leg, far=True)
        self._leg(paint, pose.near_leg, far=False)
        self._neck(paint)
        self._torso(paint)
        if pose.sitting and not self.turned:
            self._lap(paint)
        if pose.far_in_front and self.actor.arms != "phone":
            self._arm(paint, pose.far_arm, pose.far_hand, far=False, other=True)
        if self.actor.prop and not self.back:
            self._held(paint)
        if self.actor.arms != "phone" or not self.turned:
            self._arm(paint, pose.near_arm, pose.near_hand, far=False)

    def draw_over_head(self, paint: Paint) -> None:
        """What comes in front of the face: the arm that holds a telephone, a scarf, a collar."""
        if self.actor.arms == "phone" and not self.back:
            limb = self.pose.near_arm if self.turned else self.pose.far_arm
            self._arm(paint, limb, "grip", far=False)
            x, y = limb[2]
            paint.solid(
                [(x - 0.08, y + 0.42), (x + 0.04, y + 0.44), (x + 0.09, y - 0.06), (x - 0.02, y - 0.08)],
                (40, 42, 48),
                thickness=0.03,
            )

    def _held(self, paint: Paint) -> None:
        """The prop: between the hands, or hanging from one when it is carried by a handle."""
        left, right = self.pose.near_arm[2], self.pose.far_arm[2]
        icon = props.ICONS[props.icon_for(self.actor.prop)]
        size = max(0.13, icon.size) / self.actor.head
        if icon.carried:
            x, y = left[0] + (0.12 if self.turned else -0.05), left[1] - 0.42 - size * 0.36
        elif self.actor.arms == "point":
            x, y = right[0] + 0.22 + size * 0.3, right[1] + 0.1 + size * 0.1
        else:
            x, y = (left[0] + right[0]) / 2 + (0.22 if self.turned else 0.0), max(left[1], right[1]) + size * 0.22
        ahead = self.actor.arms == "point"  # icons of weapons and torches point to the left
        at = Decal(self.at([(x, y)])[0], paint.unit, self.sheet.camera.roll, mirrored=self.actor.mirrored != ahead)
        props.draw_icon(paint.through(at), self.actor.prop, icon.size / size)

    def _neck(self, paint: Paint) -> None:
        x = self.neck_x
        wide = 0.215 + 0.03 * (self.look.broad - 1) * 5
        shape = [
            (x - wide - 0.08, 5.9),
            (x - wide, 6.45),
            (x - wide, 6.85),
            (x + wide * 0.9, 6.85),
            (x + wide * 0.9, 6.45),
            (x + wide + 0.06, 5.9),
        ]
        if self.turned:
            shape = [(-0.26, 5.9), (-0.20, 6.45), (-0.22, 6.85), (0.26, 6.85), (0.24, 6.45), (0.30, 5.9)]
        curve = paint.solid(shape, self.look.skin, thickness=0.10)
        with paint.within(curve) as inner:
            if inner is not None and not self.back:
                inner.patch(
                    [(x - 0.4, 6.52), (x + 0.1, 6.34), (x + 0.42, 6.52), (x + 0.42, 7.0), (x - 0.4, 7.0)],
                    paint.dim(self.look.skin),
                )

    @property
    def _neckline(self) -> float:
        return 6.04 if self.look.top in {"coat", "jacket", "shirt"} else 6.22

    def _torso_shape(self) -> list[Joint]:
        hem = self.hem
        flare = 0.16 if self.look.top == "coat" else 0.0
        if self.pose.sitting:
            hem = max(hem, 3.35)
        if self.turned:
            return [
                (-0.20, 6.50), (-0.36, 6.36), (-0.62, 6.16), (-0.74, 5.86), (-0.68, 5.3), (-0.60, 4.6), (-0.64, 3.95),
                (-0.66 - flare, hem), (0.0, hem - 0.06), (0.60 + flare, hem), (0.60, 3.95), (0.56, 4.6), (0.68, 5.2),
                (0.70, 5.62), (0.60, 5.98), (0.42, 6.22), (0.28, 6.40), (0.08, self._neckline), (-0.10, 6.36),
            ]  # fmt: skip
        half = [
            (0.20, 6.52), (0.32, 6.38), (0.58, 6.24), (0.82, 6.06), (0.92, 5.76), (0.80, 5.25), (0.69, 4.6), (0.74,
                3.95),
            (0.75 + flare, hem),
        ]  # fmt: skip
        neck = [(0.0, self._neckline if not self.back else 6.44)]
        return [(-x, y) for x, y in half] + [(0.0, hem - 0.06)] + [(x, y) for x, y in reversed(half)] + neck

    def _torso(self, paint: Paint) -> None:
        curve = paint.solid(self._torso_shape(), self.look.coat, thickness=0.34, rim=True)
        with paint.within(curve) as inner:
            if inner is None:
                return
            if self.back:
                inner.stroke([(0.0, 6.2), (0.02, 5.0), (0.0, 3.4)], 0.8)
                inner.stroke([(-0.5, 5.6), (-0.3, 5.2), (-0.25, 4.8)], 0.8)
                inner.stroke([(0.55, 5.5), (0.35, 5.1)], 0.8)
                if self.look.top == "hooded":
                    inner.solid(
                        [(-0.5, 6.3), (0.5, 6.3), (0.42, 5.75), (0.0, 5.5), (-0.42, 5.75)],
                        self.look.coat,
                        thickness=0.1,
                    )
            else:
                self._front(inner)
            self._folds(inner)
        paint.canvas.contour(curve, paint.pen, paint.ink, weight=(paint.shadow_side, 0.7))
        if self.look.scarf is not None:
            x = self.neck_x
            paint.solid(
                [(x - 0.42, 6.42), (x, 6.56), (x + 0.42, 6.44), (x + 0.38, 6.16), (x, 6.06), (x - 0.40, 6.16)],
                self.look.scarf,
                thickness=0.12,
            )
            if not self.back:
                paint.solid(
                    [(x + 0.05, 6.2), (x + 0.30, 6.18), (x + 0.28, 5.3), (x + 0.06, 5.32)],
                    self.look.scarf,
                    thickness=0.08,
                )
                paint.stroke([(x - 0.3, 6.34), (x, 6.24), (x + 0.3, 6.36)], 0.8)

    def _front(self, paint: Paint) -> None:
        x = self.neck_x
        top, look = self.look.top, self.look
        if top in {"coat", "jacket"}:
            deep = 4.9 if top == "coat" else 4.55
            paint.solid(
                [
                    (x - 0.34, 6.5),
                    (x - 0.2, 6.44),
                    (x, 6.10),
                    (x + 0.2, 6.44),
                    (x + 0.34, 6.5),
                    (x + 0.06, deep),
                    (x - 0.02, deep),
                ],
                look.under,
                thickness=0.12,
            )
            paint.stroke([(x - 0.2, 6.45), (x, 6.06), (x + 0.2, 6.45)], 1.0)
            lapel = [
                (x + 0.24, 6.46),
                (x + 0.50, 6.1),
                (x + 0.42, 5.75),
                (x + 0.50, 5.66),
                (x + 0.05, deep - 0.02),
                (x + 0.20, 6.0),
            ]
            paint.solid(lapel, mix(look.coat, (0, 0, 0), 0.10), thickness=0.08)
            paint.solid([(2 * x - px, py) for px, py in lapel], mix(look.coat, (255, 255, 255), 0.06), thickness=0.08)
            paint.stroke([(x + 0.04, deep), (x + 0.06, 3.9), (x + 0.02, 2.0)], 1.0, taper=(0.05, 0.1))
            for y in (deep - 0.2, deep - 0.75):
                paint.patch(ring(x + 0.14, y, 0.045), paint.dim(mix(look.coat, (0, 0, 0), 0.4)))
            for side in (-0.48, 0.36):
                paint.stroke([(x + side - 0.14, 4.12), (x + side + 0.16, 4.06)], 1.0)
        elif top == "shirt":
            for sign in (-1, 1):
                paint.solid(
                    [
                        (x + sign * 0.10, 6.55),
                        (x + sign * 0.32, 6.36),
                        (x + sign * 0.30, 6.04),
                        (x + sign * 0.01, 6.10),
                    ],
                    mix(look.coat, (255, 255, 255), 0.12),
                    thickness=0.05,
                )
            paint.stroke([(x, 6.05), (x + 0.02, 5.0), (x, 3.8)], 0.9, taper=(0.05, 0.05))
            for y in (5.7, 5.2, 4.7, 4.2):
                paint.patch(ring(x + 0.06, y, 0.028), paint.dim(look.coat))
        elif top == "sweater":
            band = [(x - 0.30, 6.42), (x, 6.16), (x + 0.30, 6.42), (x + 0.36, 6.34), (x, 6.02), (x - 0.36, 6.34)]
            paint.solid(band, mix(look.coat, (0, 0, 0), 0.15), thickness=0.03)
            for i in range(-8, 9):
                paint.stroke([(i * 0.085, self.hem + 0.26), (i * 0.085, self.hem)], 0.5, alpha=150)
            paint.stroke([(-0.8, self.hem + 0.27), (0.8, self.hem + 0.27)], 0.7)
        else:
            paint.solid(
                [
                    (x - 0.5, 6.5),
                    (x - 0.34, 6.2),
                    (x, 5.86),
                    (x + 0.34, 6.2),
                    (x + 0.5, 6.5),
                    (x + 0.44, 6.05),
                    (x, 5.66),
                    (x - 0.44, 6.05),
                ],
                mix(look.coat, (0, 0, 0), 0.12),
                thickness=0.05,
            )
            paint.patch([(x - 0.26, 6.5), (x, 6.05), (x + 0.26, 6.5)], paint.mid(look.under))
            for side in (-0.12, 0.12):
                paint.stroke([(x + side, 5.92), (x + side * 1.2, 5.3)], 0.9)
            paint.stroke([(x - 0.42, 4.0), (x - 0.3, 4.5), (x + 0.3, 4.5), (x + 0.42, 4.0)], 0.9)

    def _folds(self, paint: Paint) -> None:
        """The few lines that make cloth of a shape."""
        if paint.unit < 30:
            return
        paint.stroke([(-0.72, 5.25), (-0.48, 5.12), (-0.36, 4.92)], 0.9, taper=(0.1, 0.7))
        paint.stroke([(0.70, 5.25), (0.50, 5.08), (0.42, 4.9)], 0.9, taper=(0.1, 0.7))
        paint.stroke([(-0.64, 4.62), (-0.40, 4.55), (-0.24, 4.6)], 0.8, taper=(0.1, 0.7))
        paint.stroke([(0.62, 4.45), (0.42, 4.38), (0.3, 4.42)], 0.8, taper=(0.1, 0.7))
        if self.look.top == "coat":
            for x in (-0.5, 0.4):
                paint.stroke([(x, 3.9), (x * 1.12, 3.2), (x * 1.15, 2.5)], 0.8, taper=(0.6, 0.1))

    def _lap(self, paint: Paint) -> None:
        """Thighs of a person who sits towards us."""
        colour = self.look.coat if self.look.skirt else self.look.legs
        for side in (-1.0, 1.0):
            shape = [
                (side * 0.12, 3.95),
                (side * 0.66, 3.95),
                (side * 0.86, 3.5),
                (side * 0.80, 3.2),
                (side * 0.50, 3.08),
                (side * 0.20, 3.24),
            ]
            paint.solid(shape, colour, thickness=0.14)

    def _leg(self, paint: Paint, limb: Limb, *, far: bool) -> None:
        look = self.look
        colour = mix(look.legs, (0, 0, 0), 0.14) if far else look.legs
        skirt = look.skirt and not self.pose.sitting
        if self.pose.sitting and not self.turned:
            limb = (limb[1], ((limb[1][0] + limb[2][0]) / 2, (limb[1][1] + limb[2][1]) / 2), limb[2])
            radii = (0.28, 0.24, 0.18)
        else:
            radii = (0.38, 0.255, 0.185) if not self.turned else (0.37, 0.25, 0.18)
        foot = limb[2]
        self._shoe(paint, foot, limb)
        paint.flat(self.at(tube_of(limb, radii)), look.skin if skirt else colour, thickness=0.12)
        if paint.unit > 30 and not skirt:
            (_, _), (kx, ky), _ = limb
            paint.stroke([(kx - 0.18, ky + 0.06), (kx, ky - 0.02), (kx + 0.14, ky + 0.08)], 0.7, taper=(0.2, 0.7))
        if skirt and not far:
            wide = 0.78 if not self.turned else 0.66
            hem = 1.75
            shape = [
                (-0.62, 4.0),
                (-wide, 3.2),
                (-wide - 0.06, hem),
                (0.0, hem - 0.08),
                (wide + 0.06, hem),
                (wide, 3.2),
                (0.62, 4.0),
            ]
            paint.solid(shape, look.legs, thickness=0.25)

    def _shoe(self, paint: Paint, foot: Joint, limb: Limb) -> None:
        x, y = foot
        colour: Colour = mix(self.look.legs, (20, 16, 16), 0.62)
        if self.turned:
            lift = 0.34 if y > 0.5 else 0.0
            shape = [
                (x - 0.22, y + 0.08),
                (x + 0.18, y + 0.08),
                (x + 0.42, y - 0.10),
                (x + 0.62, y - 0.18 + lift * 0.2),
                (x + 0.60, y - 0.28),
                (x - 0.22, y - 0.28 + lift * 0.4),
            ]
        else:
            side = -1.0 if x < 0 else 1.0
            shape = [
                (x - 0.17, y + 0.1),
                (x + 0.17, y + 0.1),
                (x + side * 0.12 + 0.2, y - 0.16),
                (x + side * 0.12 + 0.14, y - 0.32),
                (x + side * 0.12 - 0.14, y - 0.32),
                (x + side * 0.12 - 0.2, y - 0.16),
            ]
        paint.solid(shape, colour, thickness=0.06)

    def _arm(self, paint: Paint, limb: Limb, hand: str, *, far: bool, other: bool = False) -> None:
        look = self.look
        colour = mix(look.coat, (0, 0, 0), 0.14 if far else 0.0)
        radius = self.sleeve
        if hand not in {"hidden", "tucked"}:
            thumb = -1.0 if limb[2][0] < 0 and not self.turned else 1.0
            draw_hand(paint, look.skin, limb[1], limb[2], hand, thumb=thumb)
        rolled = look.top == "shirt" and self.actor.look.broad > 0.97
        sleeve, radii = limb, (radius, radius * 0.84, radius * 0.62)
        if rolled:
            forearm = self.at(tube_of((limb[1], between(limb[1], limb[2], 0.5), limb[2]), (0.17, 0.16, 0.115)))
            paint.flat(forearm, look.skin, thickness=0.08)
            sleeve = (limb[0], between(limb[0], limb[1], 0.55), between(limb[1], limb[2], 0.10))
            radii = (radius, radius * 0.9, radius * 0.82)
        outer = -1.0 if limb[0][0] < 0 else 1.0
        for piece, widths in pieces(sleeve, radii):
            tube = tube_of(piece, widths)
            lit_side = (outer * self.sheet.sign < 0) == (paint.shadow_side > 0)
            paint.flat(self.at(tube), colour, thickness=0.13, rim=lit_side and not far, ink=0)
            self._ink_sleeve(paint, tube, outer=outer)
        if paint.unit > 30:
            ex, ey = limb[1]
            side = 1.0 if limb[2][0] > limb[0][0] else -1.0
            paint.stroke(
                [(ex - side * 0.12, ey + 0.10), (ex, ey + 0.04), (ex + side * 0.10, ey + 0.12)], 0.8, taper=(0.2, 0.7)
            )
            paint.stroke([(ex - side * 0.14, ey - 0.06), (ex + side * 0.02, ey - 0.04)], 0.7, taper=(0.2, 0.7))
        if hand == "tucked":
            self._fingers_on_sleeve(paint, limb)

    def _ink_sleeve(self, paint: Paint, tube: Points, *, outer: float) -> None:
        """Ink along a sleeve, open at the shoulder so that arm and body read as one garment."""
        side = (len(tube) - CAP) // 2
        left, right = tube[:side], tube[side : 2 * side][::-1]
        skip = max(1, side // 5)
        outside, inside = (left, right) if (left[0][0] - right[0][0]) * outer > 0 else (right, left)
        for path, first in ((outside, 0), (inside, skip)):
            paint.canvas.stroke(self.at(path[first:]), paint.pen * 1.35, paint.ink, taper=(0.25, 0.02))
        cuff = self.at([left[-1], right[-1]])
        paint.canvas.stroke(cuff, paint.pen * 1.2, paint.ink, taper=(0.02, 0.02))

    def _fingers_on_sleeve(self, paint: Paint, limb: Limb) -> None:
        x, y = limb[2]
        side = 1.0 if x > limb[1][0] else -1.0
        paint.solid(
            [
                (x - side * 0.06, y + 0.14),
                (x + side * 0.26, y + 0.12),
                (x + side * 0.34, y),
                (x + side * 0.26, y - 0.12),
                (x - side * 0.06, y - 0.10),
            ],
            self.look.skin,
            thickness=0.04,
        )
        for dy in (0.06, 0.0, -0.06):
            paint.stroke([(x + side * 0.08, y + dy), (x + side * 0.30, y + dy)], 0.6)
