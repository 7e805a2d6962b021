"""The people of the story."""

from .character import Character

__all__ = ["Character"]
