"""Props: small drawings recognised by the words of their names, and a labelled thing for the rest."""

from __future__ import annotations

from .figure_paint import Paint


def draw_icon(paint: Paint, name: str, size: float) -> None:
    """One prop about `size` units tall, standing on the origin of `paint`."""
    half = size / 2
    paint.solid([(-half, 0), (half, 0), (half, size * 0.7), (-half, size * 0.7)], (200, 180, 150), thickness=0.05)
