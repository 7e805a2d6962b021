"""Figures seen from straight above: shoulders, head and hair, feet, and a long shadow on the ground."""

from __future__ import annotations

import math

import numpy as np

from .camera import Camera
from .figure import Actor
from .figure_paint import Paint
from .hair import DROP, VOLUME
from .ink import Canvas, Colour, mix
from .light import Light

_FACING = {"camera": -math.pi / 2, "left": math.pi, "right": 0.0, "away": math.pi / 2}


class _Level:
    """Maps metres right and up the picture to a level plane `height` above the ground, turned to face an angle."""

    def __init__(self, camera: Camera, actor: Actor, height: float, facing: float) -> None:
        self.camera, self.actor, self.height, self.facing = camera, actor, height, facing

    def __call__(self, values: object) -> np.ndarray:
        local = np.asarray(values, dtype=float).reshape(-1, 2)
        c, s = math.cos(self.facing), math.sin(self.facing)
        x = local[:, 0] * c - local[:, 1] * s + self.actor.x
        z = local[:, 0] * s + local[:, 1] * c + self.actor.z
        return self.camera.project(np.stack([x, np.full(len(x), self.height), z], axis=1))


def _oval(x: float, y: float, along: float, across: float, count: int = 22) -> np.ndarray:
    turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return np.stack([x + along * np.cos(turn), y + across * np.sin(turn)], axis=1)


def draw_from_above(canvas: Canvas, camera: Camera, light: Light, actor: Actor) -> None:
    """One figure; local x points where the figure looks, in metres."""
    angle = _FACING[actor.facing]
    k = actor.height / 1.75

    def level(height: float) -> Paint:
        at = _Level(camera, actor, height * k, angle)
        scale = camera.scale((actor.x, height * k, actor.z))
        return Paint(
            canvas, at, scale, light, 3.0, float(np.clip(scale * 0.010, 1.4, 7.0)), 1.0 if light.side < 0 else -1.0
        )

    _shadow(canvas, camera, light, actor, k)
    look = actor.look
    ground = level(0.03)
    stride = 0.16 if actor.legs == "walk" else 0.05
    for side, ahead in ((-1.0, stride), (1.0, -stride * 0.6)):
        ground.solid(
            _oval(0.10 * k + ahead, side * 0.10 * k, 0.14 * k, 0.055 * k, 12),
            mix(look.legs, (16, 14, 16), 0.6),
            thickness=0.02,
        )
    hips = level(0.9)
    hips.solid(_oval(0.0, 0.0, 0.13 * k, 0.19 * k), look.legs, thickness=0.04)
    body = level(1.38)
    reach = 0.20 if actor.arms in {"hold", "gesture", "point", "phone", "desk"} else 0.04
    for side in (-1.0, 1.0):
        body.solid(
            _oval(reach * k + 0.06, side * 0.27 * k, 0.12 * k + reach * 0.4, 0.062 * k, 14), look.coat, thickness=0.04
        )
        body.solid(
            _oval(reach * k * 2 + 0.17, side * (0.27 - reach * 0.5) * k, 0.055 * k, 0.045 * k, 10),
            look.skin,
            thickness=0.02,
        )
    shape = [
        (0.12, 0.0), (0.11, 0.14), (0.06, 0.245), (-0.03, 0.255), (-0.11, 0.14), (-0.12, 0.0),
        (-0.11, -0.14), (-0.03, -0.255), (0.06, -0.245), (0.11, -0.14),
    ]  # fmt: skip
    body.solid(np.array(shape) * k * np.array([1.0, look.broad]), look.coat, thickness=0.07, rim=True)
    if look.scarf is not None:
        level(1.46).solid(_oval(0.01, 0.0, 0.115 * k, 0.105 * k), look.scarf, thickness=0.03)
    _head(level(1.62), actor, k)


def _head(paint: Paint, actor: Actor, k: float) -> None:
    look = actor.look
    paint.solid([(0.105 * k, 0.022), (0.132 * k, 0.0), (0.105 * k, -0.022)], look.skin, thickness=0.01)
    for side in (-1.0, 1.0):
        paint.solid(_oval(-0.005, side * 0.083 * k, 0.026 * k, 0.016 * k, 8), look.skin, thickness=0.01)
    paint.solid(_oval(0.0, 0.0, 0.107 * k, 0.084 * k), look.skin, thickness=0.03)
    if look.hair_style == "bald":
        return
    size = VOLUME[look.hair_style] * k
    back = 0.05 if look.hair_style in DROP else 0.0
    hair: Colour = look.hair
    curve = paint.solid(
        _oval(-0.022 - back / 2, 0.0, (0.098 + back) * size, 0.088 * size), hair, thickness=0.04, rim=True
    )
    if look.hair_style == "bun":
        paint.solid(_oval(-0.10 * k, 0.0, 0.045 * k, 0.045 * k, 12), hair, thickness=0.02)
    if look.hair_style == "ponytail":
        paint.solid([(-0.10, 0.03), (-0.22, 0.02), (-0.26, -0.02), (-0.12, -0.03)], hair, thickness=0.02)
    with paint.within(curve) as inner:
        if inner is not None:
            for y in (-0.05, -0.02, 0.02, 0.05):
                inner.stroke([(0.07, y * 0.6), (-0.02, y), (-0.12, y * 1.3)], 0.9, inner.dim(mix(hair, (0, 0, 0), 0.3)))
    if look.hat:
        brim = mix(look.coat, (40, 40, 48), 0.45)
        if look.hat == "brim":
            paint.solid(_oval(0.0, 0.0, 0.19 * k, 0.17 * k), brim, thickness=0.05)
        paint.solid(_oval(0.0, 0.0, 0.115 * k, 0.098 * k), mix(brim, (255, 255, 255), 0.08), thickness=0.05, rim=True)


def _shadow(canvas: Canvas, camera: Camera, light: Light, actor: Actor, k: float) -> None:
    """The shadow along the ground, away from the key: short legs, a body and a head."""
    away = np.array([-light.side * 0.92, 0.38])
    across = np.array([-away[1], away[0]])
    outline = [
        (0.0, 0.14),
        (0.5, 0.16),
        (1.05, 0.25),
        (1.2, 0.12),
        (1.32, 0.10),
        (1.45, 0.0),
        (1.32, -0.10),
        (1.2, -0.12),
        (1.05, -0.25),
        (0.5, -0.16),
        (0.0, -0.14),
    ]
    spots = [np.array([actor.x, actor.z]) + (away * a + across * b) * k for a, b in outline]
    ring = np.array([(x, 0.006, z) for x, z in spots])
    canvas.fill(camera.area(ring), mix(light.ink, light.dim((90, 90, 110)), 0.25), 96)
