"""Skies: the gradient from horizon to zenith, sun, moon, stars and clouds."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from .ink import Colour, mix, smooth
from .scenery import Glow, Scenery


def paint_sky(set_: Scenery, weather: str) -> None:
    """Fill the whole canvas with sky; what stands on the ground is drawn over it."""
    canvas, light, camera = set_.canvas, set_.light, set_.camera
    width, height = canvas.size
    small = (max(2, width // 32), max(2, height // 32))
    x = (np.arange(small[0]) + 0.5) * width / small[0] - camera.centre[0]
    y = (np.arange(small[1]) + 0.5) * height / small[1] - camera.centre[1]
    gx, gy = np.meshgrid(x, y)
    right, up, forward = camera.axes()
    ray = gx[..., None] * right - gy[..., None] * up + camera.focal * forward
    elevation = np.arcsin(np.clip(ray[..., 1] / np.linalg.norm(ray, axis=-1), -1, 1))
    share = np.clip(elevation / math.radians(38), 0, 1) ** 0.75
    low, top = np.array(light.sky_low, float), np.array(light.sky_top, float)
    picture = low + (top - low) * share[..., None]
    if light.sun == "sun" and light.sun_height < 0.2:
        picture = picture + _afterglow(set_, ray)
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    canvas.image.paste(image, (0, 0))
    _stars(set_, weather)
    _disc(set_)
    _clouds(set_, weather)


def _bearing(set_: Scenery) -> float:
    return set_.light.side * 0.33


def _afterglow(set_: Scenery, ray: np.ndarray) -> np.ndarray:
    bearing, height = _bearing(set_), set_.light.sun_height * 0.6
    sun = np.array([math.sin(bearing) * math.cos(height), math.sin(height), math.cos(bearing) * math.cos(height)])
    cosine = np.clip((ray @ sun) / np.linalg.norm(ray, axis=-1), -1, 1)
    spread = np.exp(-((np.arccos(cosine) / 0.42) ** 2))
    glow: np.ndarray = spread[..., None] * np.array([46.0, 34.0, 10.0])
    return glow


def _stars(set_: Scenery, weather: str) -> None:
    light = set_.light
    if light.sky_top[2] > 60 or weather in {"cloudy", "rainy", "stormy", "snowy", "foggy"} or light.inside:
        return
    random = np.random.default_rng(set_.seed + 5)
    for _ in range(240):
        bearing, elevation = random.uniform(-1.2, 1.2), random.uniform(0.04, 1.2)
        size = 1.0 + 1.8 * random.random() ** 3
        bright = mix(light.sky_top, (236, 240, 255), 0.35 + 0.65 * random.random())
        place = set_.camera.far(bearing, elevation)
        if set_.camera.pitch > -0.8:
            set_.canvas.disc(place, size, bright)


def _disc(set_: Scenery) -> None:
    light, camera = set_.light, set_.camera
    if not light.sun or abs(camera.pitch) > 1.0:
        return
    centre = camera.far(_bearing(set_), light.sun_height * 0.62)
    radius = camera.focal * 0.030
    if light.sun == "moon":
        set_.glows.append(Glow(centre, radius * 7, (150, 172, 214), 0.5))
        set_.canvas.disc(centre, radius, (232, 236, 240))
        for dx, dy, size in ((-0.3, -0.2, 0.26), (0.25, 0.2, 0.34), (0.1, -0.45, 0.16)):
            set_.canvas.disc(centre + np.array([[dx, dy]]) * radius, radius * size, (208, 214, 224))
    else:
        low = light.sun_height < 0.2
        colour: Colour = (255, 238, 196) if low else (255, 250, 232)
        set_.glows.append(Glow(centre, radius * (10 if low else 7), (255, 206, 140) if low else (255, 246, 220), 0.55))
        set_.canvas.disc(centre, radius * (1.25 if low else 0.9), colour)


def _clouds(set_: Scenery, weather: str) -> None:
    count = {"clear": 4, "": 5, "cloudy": 15, "windy": 9, "rainy": 17, "stormy": 19, "snowy": 11, "foggy": 0}.get(
        weather, 5
    )
    if set_.camera.pitch < -0.7:
        return
    random = np.random.default_rng(set_.seed + 11)
    light = set_.light
    night = light.sky_top[2] < 60
    for index in range(count):
        bearing = random.uniform(-0.85, 0.85)
        elevation = random.uniform(0.05, 0.55) * (1.0 if weather in {"", "clear"} else 0.9)
        wide = random.uniform(0.16, 0.42) * (0.6 + elevation)
        here = mix(light.sky_low, light.sky_top, min(1.0, elevation / 0.66))
        pale: Colour = (70, 84, 116) if night else (255, 250, 244)
        if weather in {"rainy", "stormy"}:
            pale = mix(here, (60, 64, 76), 0.35)
        body = mix(here, pale, 0.55 if weather not in {"stormy"} else 0.75)
        belly = mix(body, mix(light.sky_top, light.haze, 0.3), 0.5)
        _cloud(set_, bearing, elevation, wide, body, belly, flat=weather == "windy", index=index)


def _cloud(
    set_: Scenery, bearing: float, elevation: float, wide: float, body: Colour, belly: Colour, *, flat: bool, index: int
) -> None:
    random = np.random.default_rng(set_.seed * 31 + index)
    tall = wide * (0.14 if flat else 0.24)
    lumps = 7
    xs = np.linspace(-1, 1, lumps)
    tops = [(x * wide / 2, tall * (0.25 + (1 - x * x) * random.uniform(0.5, 1.0))) for x in xs]
    outline = [(-wide * 0.56, 0.0), *tops, (wide * 0.56, 0.0), (0.0, -tall * 0.12)]
    pixels = [set_.camera.far(bearing + x, elevation + y)[0] for x, y in outline]
    curve = smooth(np.array(pixels), closed=True)
    thickness = set_.camera.focal * tall * 0.22
    set_.canvas.solid(curve, body, belly, (thickness * 0.3, thickness))
