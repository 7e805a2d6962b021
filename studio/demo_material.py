"""What the writers of the demo production have dropped in: words, two pictures, a sound and a paper."""

from __future__ import annotations

import io
import math
import struct
import wave
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from media_pipeline.gathering import take_in
from media_pipeline.qualification import keep_readiness
from projects.actions import add_gather_item
from projects.models import Project

WORDS: tuple[dict[str, Any], ...] = (
    {"kind": "note", "title": "Grandmother's sentence", "body": "The sea left: nobody told it what time it was."},
    {"kind": "world_rule", "title": "The sea comes back as a wall", "department": "world",
     "body": "Never as a tide: all at once, and only when it is told the time.", "structured": {"category": "physics"}},
    {"kind": "world_rule", "title": "Clocks are made of what the sea leaves", "department": "world",
     "body": "Brass from wrecks, glass from bottles, and one gear of salt.", "structured": {"category": "technology"}},
    {"kind": "character", "title": "MIRA", "body": "Twelve, barefoot, a coil of red rope over her shoulder.",
     "structured": {"age": 12, "height": "1.48 m", "carries": "the red rope"}},
    {"kind": "prop", "title": "Red rope", "body": "Eight metres, thumb thick. Red in every light.",
     "structured": {"length": "8 m", "owner": "MIRA"}},
    {"kind": "location", "title": "Salt flats", "body": "White without end; a skin of water on it at dawn. No plants.",
     "structured": {"time": "dawn, dusk"}},
    {"kind": "user_input", "title": "From the director", "body": "I want to hear it before I see it. The clock, too."},
)  # fmt: skip

TREATMENT = """# The Salt Clock: treatment, second pass

Sixty years ago the sea left. It went in one night, and it left a plain of salt, the wrecks of a fishing fleet, and a
town that has forgotten what it was for.

Mira is twelve and was never told to stay away from the dry well. At its bottom stands a clock as tall as she is, and it
ticks. She knows one person who would know why: Tomas, who made the last clock that ever rang a tide, and who has not
made another since.

He knows what it is at the first look, and does not say. A clock of salt opens one thing, at one hour. They put it on a
sledge and pull it out to where the water used to begin, because there is nowhere else it could belong.

The hour comes. Nobody has to do anything. That is what Tomas had never understood: the sea was not waiting for a key.
It was waiting to be told the time.
"""


def write_down(project: Project, person: Any) -> None:
    """What is words alone."""
    for fields in WORDS:
        add_gather_item(project, by=person, **fields)
    keep_readiness(project)


def drop_in(project: Project, person: Any) -> None:
    """What are files: pictures, a sound, a paper."""
    files = (
        (flats("#f0d9b5", "#8fa9bf"), "salt_flats_at_dawn.png", {"title": "Salt flats after rain",
         "body": "The sky stands on its head; no line where it ends."}),
        (flats("#b33a2b", "#2c3e55"), "salt_flats_at_dusk.png", {"title": "Dusk, rust red and dry"}),
        (low_note(), "low_brass.wav", {"title": "One low brass note",
         "body": "Like a ship very far off. Once per scene at most."}),
        (TREATMENT.encode(), "The_Salt_Clock_treatment.md", {"title": "Treatment, second pass"}),
    )  # fmt: skip
    for data, name, said in files:
        add_gather_item(project, by=person, **take_in(project, [data], name, by=person).filled(said))
    keep_readiness(project)


def flats(light: str, dark: str) -> bytes:
    """A sky from `dark` down to `light` over its own reflection, with a low sun: a PNG of 960x600."""
    width, height = 960, 600
    sky = Image.linear_gradient("L").resize((width, height // 2))
    upper = Image.composite(Image.new("RGB", sky.size, light), Image.new("RGB", sky.size, dark), sky)
    ImageDraw.Draw(upper).ellipse((610, 205, 690, 285), fill="#fff6e3")
    picture = Image.new("RGB", (width, height))
    picture.paste(upper.filter(ImageFilter.GaussianBlur(3)), (0, 0))
    lower = upper.transpose(Image.Transpose.FLIP_TOP_BOTTOM).filter(ImageFilter.GaussianBlur(9))
    picture.paste(Image.blend(lower, Image.new("RGB", lower.size, "#e8e2d4"), 0.18), (0, height // 2))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def low_note(seconds: int = 3, rate: int = 8_000) -> bytes:
    """A low note of 58 Hz with two overtones that swells and dies away: a WAV."""
    samples = bytearray()
    for place in range(seconds * rate):
        at = place / rate
        loud = math.sin(math.pi * at / seconds) ** 2
        tone = sum(math.sin(2 * math.pi * 58 * n * at) / n for n in (1, 2, 3))
        samples += struct.pack("<h", round(9000 * loud * tone))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(samples))
    return out.getvalue()
