"""Which model makes what."""

from __future__ import annotations

from .profile import ModelProfile

__all__ = ["ModelProfile"]
