"""A small story told in records, and a second production that must never be heard of in the first."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFilter

from characters.models import Character
from media_pipeline import storage
from projects.actions import create_project
from projects.models import Chapter
from scenes.models import Scene, Shot, ShotState

LAMP_ROOM = """Ada trims the wick of the great lantern. The brass glows.

ADA
The keeper never leaves the light."""
HARBOUR = "Fishing boats strain at their ropes. Tomas coils a wet rope on the quay."


def tell(project, texts):
    """Scenes with these texts, numbered from 1."""
    chapter = Chapter.objects.create(project=project, number=1, title="One")
    return [
        Scene.objects.create(
            chapter=chapter, number=str(n), sequence=n, heading=heading, screenplay_text=text, text_prompt="xylophone"
        )
        for n, (heading, text) in enumerate(texts, start=1)
    ]


@pytest.fixture
def story(project):
    scenes = tell(project, [("INT. LAMP ROOM - NIGHT", LAMP_ROOM), ("EXT. HARBOUR - DAWN", HARBOUR)])
    Character.objects.create(
        project=project, name="Ada", aliases=["The Keeper"], description="Lighthouse keeper, a scar on her left hand."
    )
    shot = Shot.objects.create(scene=scenes[1], number=1, sequence=1, business="A gull lands on the bollard.")
    ShotState.objects.create(shot=shot)
    return project


@pytest.fixture
def other(db):
    other = create_project(title="Elsewhere", code="ELSE")
    tell(other, [("EXT. DESERT - DAY", "A camel carries the lantern of the keeper across the dunes.")])
    return other


def picture(path, seed):
    """A blocky picture that differs from seed to seed."""
    image = Image.new("RGB", (320, 180), (20 * seed % 255, 40, 90))
    draw = ImageDraw.Draw(image)
    for n in range(14):
        place = (seed * 7919 + n * 104729) % 300, (seed * 1299 + n * 15485) % 150
        shade = (seed * 31 + n * 67) % 256
        draw.rectangle([*place, place[0] + 20 + n * 6, place[1] + 15 + n * 4], fill=(shade, shade, 255 - shade))
    image.save(path)
    return path


@pytest.fixture
def references(project, tmp_path):
    """Three uploaded references of the production, by their digest."""
    paths = [picture(tmp_path / f"reference{seed}.png", seed) for seed in (1, 2, 3)]
    return [storage.add_asset(project.pk, path, source="uploaded", role="reference") for path in paths]


@pytest.fixture
def regraded(tmp_path):
    """The first reference again: smaller, softer, warmer, as JPEG."""
    softer = Image.open(picture(tmp_path / "again.png", 1)).resize((200, 113)).filter(ImageFilter.GaussianBlur(1))
    path = tmp_path / "regraded.jpg"
    softer.point(lambda value: min(255, int(value * 0.9 + 15))).save(path, quality=70)
    return path
