"""One storyboard frame: the set, the figures on it, the weather over it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from media_pipeline.providers.base import ShotBrief

from . import car, closeup, exterior, finish, furniture, interior, sky
from .figure import Actor, draw_actor, outline
from .ink import SUPERSAMPLE, Canvas
from .light import Light, light_for, palette_for, stable
from .place import place_kind
from .scenery import Scenery
from .staging import Staging, stage
from .topdown import draw_from_above

MARGIN = 1.2
"""The still is this much larger than the frame each way, to leave room for camera moves."""


@dataclass(frozen=True)
class Still:
    """A drawn shot, larger than its frame: the frame is the middle `width` by `height` pixels."""

    image: Image.Image
    width: int
    height: int

    def framed(self) -> Image.Image:
        """The picture as the shot's camera sees it, without slate or titles."""
        left = (self.image.width - self.width) // 2
        top = (self.image.height - self.height) // 2
        return self.image.crop((left, top, left + self.width, top + self.height))


MOST_PIXELS = 3840 * 2160
"""Frames larger than this are drawn at this size and enlarged: the drawing table would take gigabytes."""


def draw_still(brief: ShotBrief, width: int, height: int) -> Still:
    """Draw a shot's storyboard frame, `MARGIN` times larger than width by height (pixels)."""
    share = math.sqrt(MOST_PIXELS / (width * height))
    if share >= 1.0:
        return _draw(brief, width, height)
    still = _draw(brief, max(1, round(width * share)), max(1, round(height * share)))
    size = (math.ceil(width * MARGIN / 2) * 2, math.ceil(height * MARGIN / 2) * 2)
    return Still(still.image.resize(size, Image.Resampling.BICUBIC), width, height)


def _draw(brief: ShotBrief, width: int, height: int) -> Still:
    size = (math.ceil(width * MARGIN / 2) * 2, math.ceil(height * MARGIN / 2) * 2)
    table = (size[0] * SUPERSAMPLE, size[1] * SUPERSAMPLE)
    inside = brief.int_ext != "EXT"
    kind = place_kind(brief.location or brief.heading, brief.sub_location, inside=inside)
    light = light_for(brief.time_of_day, brief.weather, inside=inside)
    if stable(brief.location) % 2 and not light.sun:
        light = replace(light, side=-light.side)
    seed = stable(brief.location or brief.heading) & 0xFFFFFF
    frame = (width * SUPERSAMPLE, height * SUPERSAMPLE)
    staging = stage(brief, frame, table, kind, inside=inside)
    insert = brief.shot_size == "insert"
    if insert:
        staging = replace(staging, camera=closeup.insert_camera(frame, table, closeup.subject_of(brief), inside=inside))
    canvas = Canvas(Image.new("RGB", table, light.haze), seed=seed)
    turn = 0.0
    if inside and kind not in {"corridor", "car", "train", "church"}:
        turn = math.radians(14 + seed % 13) * (1 if seed % 2 else -1)
    set_ = Scenery(canvas, staging.camera, light, palette_for(brief.location, kind), turn, seed, brief.weather)
    _draw_set(set_, kind, brief, staging, inside=inside)
    if insert:
        set_.finish()
        canvas.image.paste(finish.blurred(canvas.image, staging.blur * frame[1]), (0, 0))
        closeup.draw_insert(set_, brief, inside=inside)
    else:
        _draw_people(set_, staging, kind, inside=inside, height=height)
    if brief.shot_size == "point_of_view":
        closeup.draw_own_hands(set_, brief, frame)
    _weather_over(canvas, brief, light, seed, inside=inside)
    focus, reach = _focus(staging, size)
    shapes = [] if insert or staging.top_down else [outline(staging.camera, actor) for actor in staging.actors]
    image = finish.develop(canvas.image, light, set_.glows, focus, reach, shapes)
    if brief.weather == "foggy" and not inside:
        image = finish.fog(image, light, staging.camera.horizon() / SUPERSAMPLE, share=0.36)
    return Still(image, width, height)


def _draw_set(set_: Scenery, kind: str, brief: ShotBrief, staging: Staging, *, inside: bool) -> None:
    if inside and kind == "car":
        car.build(set_, brief, staging)
    elif inside:
        interior.build(set_, kind)
    else:
        sky.paint_sky(set_, brief.weather)
        exterior.build(set_, kind)


def _draw_people(set_: Scenery, staging: Staging, kind: str, *, inside: bool, height: int) -> None:
    flat = replace(set_, turn=0.0)
    people = [a for a in staging.actors if not a.dark]
    nearest = min((staging.camera.depth([(a.x, 1.2, a.z)]) for a in people), default=0.0)
    if staging.blur and people:
        behind = [p for p in set_.pieces if p[0] > nearest + 0.05]
        front = [p for p in set_.pieces if p[0] <= nearest + 0.05]
        set_.pieces[:] = behind
        set_.finish()
        soft = finish.blurred(set_.canvas.image, staging.blur * height * SUPERSAMPLE)
        set_.canvas.image.paste(soft, (0, 0))
        set_.pieces.extend(front)
    for actor in staging.actors:
        _stand(flat, staging, actor, kind)
    seated = [a for a in people if a.legs == "sit"]
    if inside and seated and kind in furniture.TABLED and not staging.top_down:
        _table_for(flat, seated, staging)
    set_.finish()


def _stand(flat: Scenery, staging: Staging, actor: Actor, kind: str) -> None:
    depth = staging.camera.depth([(actor.x, 1.0, actor.z)])
    if staging.top_down:
        flat.later_at(depth, lambda: draw_from_above(flat.canvas, staging.camera, flat.light, actor))
        return
    if not actor.dark and actor.y == 0.0:
        wide = 0.34 if actor.legs != "walk" else 0.5
        flat.later_at(depth + 0.30, lambda: flat.floor_shadow(actor.x, actor.z, wide, 0.2))
    if actor.legs == "sit" and not actor.dark and kind != "car":
        seat = furniture.bench if kind == "train" else furniture.chair_now
        flat.later_at(depth + 0.20, lambda: seat(flat, actor.x, actor.z + 0.12))
    flat.later_at(depth, lambda: draw_actor(flat.canvas, staging.camera, flat.light, actor))


def _table_for(flat: Scenery, seated: list[Actor], staging: Staging) -> None:
    """The table people sit at: between two who face each other, else in front of them."""
    left, right = min(a.x for a in seated), max(a.x for a in seated)
    z = seated[0].z
    depth = staging.camera.depth([(left, 0.7, z)])
    if all(a.turned for a in seated) and len(seated) > 1:
        x, wide, near = (left + right) / 2, max(0.7, right - left - 0.55), z
    elif seated[0].turned:
        side = -1.0 if seated[0].mirrored else 1.0
        x, wide, near = seated[0].x + side * 0.95, 1.1, z
    else:
        x, wide, near = (left + right) / 2, right - left + 1.25, z - 0.62
    flat.later_at(depth - 0.05, lambda: furniture.table_now(flat, x, near, wide, 0.7))


def _weather_over(canvas: Canvas, brief: ShotBrief, light: Light, seed: int, *, inside: bool) -> None:
    if inside:
        return
    pale = light.lit((236, 242, 248))
    if brief.weather in {"rainy", "stormy"}:
        finish.rain(canvas.image, seed, heavy=brief.weather == "stormy", pale=pale)
    elif brief.weather == "snowy":
        finish.snow(canvas.image, seed)


def _focus(staging: Staging, size: tuple[int, int]) -> tuple[tuple[float, float], float]:
    """Where the light gathers, in picture pixels, and how far it reaches."""
    spots = [staging.camera.project([(a.x, a.top * 0.8, a.z)])[0] / SUPERSAMPLE for a in staging.actors if not a.dark]
    middle = np.array([size[0] / 2, size[1] / 2])
    if spots:
        middle = 0.5 * middle + 0.5 * np.mean(spots, axis=0)
    x = float(np.clip(middle[0], size[0] * 0.2, size[0] * 0.8))
    y = float(np.clip(middle[1], size[1] * 0.25, size[1] * 0.75))
    return (x, y), 0.62 * math.hypot(*size) * 0.72
