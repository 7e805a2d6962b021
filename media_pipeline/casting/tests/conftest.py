"""A character who lacks little, so that a test makes few pictures, and a count of those that are made."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from characters.actions import add_reference, create_character
from media_pipeline.assets import MediaAsset
from media_pipeline.casting.limits import CharacterPictures
from media_pipeline.casting.portraits import VIEWS
from media_pipeline.providers.animatic.provider import AnimaticProvider
from media_pipeline.runs import transport
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.executor import advance


@pytest.fixture
def small(settings):
    settings.CHARACTER_PICTURES = CharacterPictures(width=64, height=96)


@pytest.fixture
def uploaded(project):
    """A small picture of a production, by its name."""

    def uploaded(name):
        picture = io.BytesIO()
        Image.new("RGB", (64, 96), "white").save(picture, "PNG")
        default_storage.save(f"{name}.png", ContentFile(picture.getvalue()))
        return MediaAsset.objects.create(
            project=project, kind="image", sha256=name.encode().hex().ljust(64, "0")[:64], file=f"{name}.png", size=1,
            width=64, height=96, source="uploaded",
        )  # fmt: skip

    return uploaded


@pytest.fixture
def lacking(project, uploaded, small):
    """A character with an uploaded master and every view of it but those that are named."""

    def lacking(name, *angles, **fields):
        person = create_character(project, name=name, **fields)
        master = uploaded(f"{name} master")
        add_reference(person, master.pk, "master")
        for angle in VIEWS:
            if angle not in angles:
                add_reference(person, uploaded(f"{name} {angle}").pk, "view", angle=angle, made_from=master)
        return person

    return lacking


@pytest.fixture
def drawn(monkeypatch):
    """What the animatic was asked to draw, as (name, label)."""
    asked = []
    draw = AnimaticProvider._image

    def image(self, request, brief, context):
        asked.append((brief.character.name, brief.label))
        return draw(self, request, brief, context)

    monkeypatch.setattr(AnimaticProvider, "_image", image)
    return asked


@pytest.fixture
def work():
    """Advance every run that can move, as workers do; gives the run as it is then."""

    def work(run):
        with transport.in_process():
            while due := due_runs().first():
                advance(due.pk)
        run.refresh_from_db()
        return run

    return work
