"""Figures of clips and sounds, asked of the limited child process: facts for quality control, no judgement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .child import ask


def picture_figures(
    path: Path, *, per_second: float = 2.0, exact_flicker: bool = False, cancelled: Callable[[], bool] | None = None
) -> dict[str, Any]:
    """What examine_figures.figures finds in the pictures of a clip; BrokenMedia when none can be decoded."""
    return ask("figures", path, per_second=per_second, exact_flicker=exact_flicker, cancelled=cancelled)


def sound_figures(path: Path, *, cancelled: Callable[[], bool] | None = None) -> dict[str, Any]:
    """What examine_figures.sound_figures finds in the first sound of a file; `seconds` is 0 where there is none."""
    return ask("sound_figures", path, cancelled=cancelled)


def edge_figures(path: Path, *, cancelled: Callable[[], bool] | None = None) -> dict[str, Any]:
    """What examine_edges.edges finds in the first and last half second of a clip, as "head" and "tail"."""
    return ask("edges", path, cancelled=cancelled)
