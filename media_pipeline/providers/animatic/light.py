"""Light and colour: what the time of day, the weather and the place do to paint.

Local colours are painted once; `Light` says how they look where the light reaches, where it does not, and far away.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from .ink import Colour, luminance, mix, tinted

Factors = tuple[float, float, float]

NIGHT_TIMES = frozenset({"night", "twilight", "evening"})
DARK_TIMES = NIGHT_TIMES | {"dusk"}


def stable(text: str) -> int:
    """A number for a name that never changes between runs and machines."""
    return int.from_bytes(hashlib.sha256(text.strip().lower().encode()).digest()[:6], "big")


@dataclass(frozen=True)
class Light:
    """The light of one frame. Factors multiply paint; `side` is where the key comes from (-1 left, 1 right)."""

    key: Factors
    shadow: Factors
    sky_top: Colour
    sky_low: Colour
    haze: Colour
    haze_share: float  # how much of the haze colour lies over something 60 m away
    ink: Colour
    side: float = -1.0
    sun: str = ""  # "", "sun", "moon": what stands in the sky
    sun_height: float = 0.3
    lamps: bool = False  # lamps and windows are lit
    rim: Colour | None = None
    inside: bool = False

    def lit(self, paint: Colour) -> Colour:
        """Paint in the key light."""
        return tinted(paint, self.key)

    def dim(self, paint: Colour) -> Colour:
        """Paint in shadow."""
        return tinted(paint, self.shadow)

    def half(self, paint: Colour) -> Colour:
        """Paint in half light: walls and floors away from the key."""
        return mix(self.lit(paint), self.dim(paint), 0.5)

    def at(self, paint: Colour, depth: float, lit: float = 1.0) -> Colour:
        """Paint seen over `depth` metres of air, `lit` from 0 (shadow) to 1 (key)."""
        near = mix(self.dim(paint), self.lit(paint), lit)
        share = 1.0 - (1.0 - self.haze_share) ** (max(0.0, depth) / 60.0)
        return mix(near, self.haze, min(0.96, share))

    def ink_at(self, depth: float) -> Colour:
        """Ink seen over `depth` metres: lines pale as they go away."""
        share = 1.0 - (1.0 - self.haze_share) ** (max(0.0, depth) / 60.0)
        return mix(self.ink, self.haze, min(0.92, share * 0.9))


_DAY = Light(
    key=(1.0, 0.99, 0.95),
    shadow=(0.66, 0.70, 0.80),
    sky_top=(126, 166, 200),
    sky_low=(222, 229, 226),
    haze=(208, 218, 222),
    haze_share=0.42,
    ink=(34, 34, 44),
    sun="sun",
    sun_height=0.55,
)

_OUTSIDE: dict[str, Light] = {
    "day": _DAY,
    "noon": replace(_DAY, key=(1.04, 1.02, 0.95), shadow=(0.58, 0.62, 0.74), sky_top=(98, 152, 200), sun_height=0.9),
    "morning": replace(
        _DAY, key=(1.02, 0.97, 0.87), shadow=(0.64, 0.68, 0.80), sky_low=(240, 228, 204), haze=(224, 220, 208)
    ),
    "afternoon": replace(
        _DAY, key=(1.03, 0.97, 0.86), shadow=(0.62, 0.64, 0.74), sky_low=(236, 226, 202), haze=(222, 216, 202), side=1.0
    ),
    "golden_hour": Light(
        key=(1.08, 0.88, 0.62),
        shadow=(0.56, 0.48, 0.56),
        sky_top=(122, 132, 158),
        sky_low=(250, 200, 128),
        haze=(240, 192, 136),
        haze_share=0.52,
        ink=(48, 32, 38),
        side=1.0,
        sun="sun",
        sun_height=0.12,
        rim=(255, 222, 160),
    ),
    "dawn": Light(
        key=(0.97, 0.83, 0.78),
        shadow=(0.50, 0.52, 0.66),
        sky_top=(92, 110, 152),
        sky_low=(242, 196, 172),
        haze=(220, 186, 178),
        haze_share=0.58,
        ink=(38, 36, 52),
        sun="sun",
        sun_height=0.07,
        rim=(255, 220, 196),
    ),
    "dusk": Light(
        key=(0.82, 0.66, 0.64),
        shadow=(0.40, 0.39, 0.54),
        sky_top=(54, 62, 104),
        sky_low=(228, 142, 110),
        haze=(164, 112, 118),
        haze_share=0.50,
        ink=(24, 22, 38),
        side=1.0,
        sun="sun",
        sun_height=0.03,
        lamps=True,
        rim=(255, 190, 150),
    ),
    "twilight": Light(
        key=(0.60, 0.62, 0.82),
        shadow=(0.32, 0.35, 0.54),
        sky_top=(30, 42, 86),
        sky_low=(138, 128, 166),
        haze=(92, 98, 142),
        haze_share=0.50,
        ink=(16, 18, 34),
        side=1.0,
        lamps=True,
        rim=(170, 180, 226),
    ),
    "night": Light(
        key=(0.58, 0.68, 0.90),
        shadow=(0.22, 0.28, 0.46),
        sky_top=(14, 22, 46),
        sky_low=(56, 76, 114),
        haze=(46, 64, 100),
        haze_share=0.46,
        ink=(8, 10, 22),
        sun="moon",
        sun_height=0.5,
        lamps=True,
        rim=(158, 186, 228),
    ),
}
_OUTSIDE["evening"] = replace(
    _OUTSIDE["twilight"], key=(0.68, 0.62, 0.76), sky_low=(176, 132, 150), haze=(112, 98, 132)
)
_OUTSIDE["continuous"] = _OUTSIDE["later"] = _DAY


def _inside(time: str) -> Light:
    """The same hour seen from a room: window light by day, lamps by night; the sky stays for the window."""
    out = _OUTSIDE.get(time, _DAY)
    base = replace(out, inside=True, haze_share=0.30, sun="")
    if time in DARK_TIMES:
        warm: Factors = (1.0, 0.87, 0.70) if time != "dusk" else (1.0, 0.87, 0.74)
        cold: Factors = (0.30, 0.30, 0.42) if time == "night" else (0.36, 0.35, 0.48)
        return replace(
            base, key=warm, shadow=cold, haze=(74, 62, 66), ink=(16, 14, 24), lamps=True, rim=(255, 214, 150)
        )
    if time in {"golden_hour", "dawn"}:
        return replace(base, haze=(214, 178, 146), shadow=(0.52, 0.46, 0.52))
    return replace(base, key=(1.0, 0.98, 0.93), shadow=(0.60, 0.62, 0.70), haze=(206, 206, 200))


def _grey(colour: Colour, share: float) -> Colour:
    value = round(luminance(colour))
    return mix(colour, (value, value, value), share)


def _dulled(light: Light, *, share: float, dark: float, haze: float) -> Light:
    """Less colour, less contrast, more air; what is dark already does not get much darker."""
    dark = max(dark, 0.88) if light.lamps else dark

    def sky(colour: Colour) -> Colour:
        return tinted(_grey(colour, share), (dark, dark, dark * 1.02))

    key: Factors = tuple(k * dark for k in light.key)  # type: ignore[assignment]
    shadow: Factors = tuple(s * (0.5 + 0.5 * dark) * 1.05 for s in light.shadow)  # type: ignore[assignment]
    return replace(
        light,
        key=key,
        shadow=shadow,
        sky_top=sky(light.sky_top),
        sky_low=sky(light.sky_low),
        haze=sky(light.haze),
        haze_share=max(light.haze_share, haze),
        sun="",
    )


def light_for(time_of_day: str, weather: str, *, inside: bool) -> Light:
    """The light at a time of day (a value of scenes.choices.TimeOfDay) in a weather, inside or out."""
    light = _inside(time_of_day) if inside else _OUTSIDE.get(time_of_day, _DAY)
    if weather in {"cloudy", "windy"}:
        light = replace(_dulled(light, share=0.35, dark=0.96, haze=0.45), sun="" if weather == "cloudy" else light.sun)
    elif weather == "rainy":
        light = _dulled(light, share=0.55, dark=0.84, haze=0.62)
    elif weather == "stormy":
        light = _dulled(light, share=0.6, dark=0.66, haze=0.62)
    elif weather == "snowy":
        light = _dulled(light, share=0.5, dark=0.98, haze=0.70)
    elif weather == "foggy":
        light = _dulled(light, share=0.5, dark=0.96, haze=0.86)
    if inside:
        light = replace(light, haze_share=0.30)
    return light


@dataclass(frozen=True)
class Palette:
    """The paint of one place."""

    wall: Colour
    floor: Colour
    wood: Colour
    cloth: Colour
    accent: Colour
    leaf: Colour
    earth: Colour
    stone: Colour


_PALETTES: tuple[Palette, ...] = tuple(
    Palette(*row)
    for row in (
        # wall, floor, wood, cloth, accent, leaf, earth, stone
        (
            (190, 194, 172), (156, 130, 102), (128, 92, 64), (96, 118, 112), (198, 120, 70), (104, 126, 88),
            (158, 140, 110), (164, 160, 150),
        ),
        (
            (166, 180, 192), (126, 116, 112), (106, 84, 74), (94, 106, 136), (208, 156, 84), (92, 120, 100),
            (142, 136, 122), (148, 154, 162),
        ),
        (
            (214, 192, 150), (142, 106, 78), (114, 74, 54), (130, 74, 62), (84, 120, 124), (126, 130, 78),
            (176, 144, 104), (182, 166, 140),
        ),
        (
            (208, 180, 168), (134, 106, 96), (102, 72, 60), (94, 92, 116), (216, 164, 98), (112, 124, 96),
            (162, 132, 114), (172, 158, 152),
        ),
        (
            (146, 176, 172), (126, 108, 94), (114, 84, 64), (172, 106, 86), (224, 180, 106), (86, 124, 106),
            (146, 136, 112), (146, 158, 156),
        ),
        (
            (198, 190, 180), (134, 124, 118), (122, 98, 80), (86, 100, 108), (190, 90, 72), (112, 122, 92),
            (154, 142, 126), (168, 164, 158),
        ),
        (
            (192, 188, 146), (140, 114, 84), (104, 80, 56), (88, 104, 84), (194, 98, 66), (116, 126, 74),
            (162, 142, 98), (168, 162, 136),
        ),
        (
            (180, 172, 188), (122, 108, 112), (98, 78, 78), (106, 92, 124), (214, 168, 104), (104, 120, 104),
            (144, 132, 126), (158, 154, 164),
        ),
        (
            (206, 206, 196), (148, 142, 132), (132, 108, 88), (112, 132, 138), (202, 132, 80), (110, 132, 104),
            (166, 156, 138), (180, 178, 172),
        ),
    )
)  # fmt: skip

_COLD_ROOM = Palette(
    (206, 216, 212), (158, 168, 166), (152, 146, 134), (132, 164, 166), (92, 142, 150), (112, 134, 108),
    (158, 152, 138), (182, 188, 188),
)  # fmt: skip
_STEEL = Palette(
    (142, 154, 160), (108, 114, 118), (110, 100, 92), (92, 104, 112), (210, 142, 74), (96, 116, 100),
    (134, 130, 122), (146, 152, 156),
)  # fmt: skip


def palette_for(location: str, kind: str) -> Palette:
    """The paint of a place, the same for every scene there; `kind` of room decides where convention is strong."""
    if kind in {"hospital", "laboratory"}:
        return _COLD_ROOM
    if kind in {"ship", "spaceship", "prison", "factory"}:
        return _STEEL
    return _PALETTES[stable(location) % len(_PALETTES)]
