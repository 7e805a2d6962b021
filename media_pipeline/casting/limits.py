"""The numbers of a character's pictures. They are a setting: here are its names and its defaults."""

from __future__ import annotations

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field


class CharacterPictures(BaseModel):
    """Who gets pictures, and how large; CHARACTER_PICTURES changes them, as JSON: {"roles_without": ["extra"]}."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles_without: tuple[str, ...] = ("extra", "narrator")
    """Roles of characters.models.Character.StoryRole that get none: extras are many and narrators are not seen."""

    width: int = Field(default=768, ge=64, le=4096)
    """Pixels; a figure from head to shoes stands upright."""

    height: int = Field(default=1152, ge=64, le=4096)
    """Pixels; both sides are multiples of 16, as image models want them."""


def pictures() -> CharacterPictures:
    """The numbers that hold here."""
    found: CharacterPictures = settings.CHARACTER_PICTURES
    return found
