"""Asset names: {CODE}_{CH###}_{S##}_{SH##}_T{##}, sortable, and parseable back to the records."""

from __future__ import annotations

import re
from dataclasses import dataclass

from projects.choices import ChapterLabel
from projects.models import Project

PATTERN = re.compile(
    r"(?P<code>[A-Z]{2,4})_(?:CH|EP)(?P<chapter>\d{3,})_S(?P<scene>\d{2,}[A-Z]*|[A-Z0-9.\-]+)_SH(?P<shot>\d{2,})"
    r"(?P<suffix>[A-Z]*)_T(?P<take>\d{2,})\Z"
)


@dataclass(frozen=True)
class AssetName:
    """The numbers that an asset name stands for; the scene's as in the script, without leading zeros."""

    code: str
    chapter: int
    scene: str
    shot: int
    take: int
    suffix: str = ""


def asset_name(project: Project, chapter: int, scene: str, shot: int | str, take: int) -> str:
    """The name of a take's files, without extension; a shot that was put in later is 4A."""
    prefix = "EP" if project.chapter_label == ChapterLabel.EPISODE else "CH"
    return f"{project.code}_{prefix}{chapter:03d}_S{_padded(scene)}_SH{_padded(str(shot))}_T{take:02d}"


def parse_asset_name(name: str) -> AssetName:
    """The records behind a name; raises ValueError with a sentence when it is none."""
    match = PATTERN.match(name)
    if not match:
        raise ValueError(f"{name!r} is not an asset name such as TIDE_CH001_S02_SH04_T01.")
    parts = match.groupdict()
    scene = re.sub(r"^0+(?=\d)", "", parts["scene"])
    return AssetName(
        parts["code"], int(parts["chapter"]), scene, int(parts["shot"]), int(parts["take"]), parts["suffix"]
    )


def _padded(scene: str) -> str:
    """12A as 12A, 3 as 03: the number is padded, letters stay; marks that a file name cannot hold become dots."""
    clean = re.sub(r"[^A-Za-z0-9.\-]", ".", scene).upper() or "00"
    match = re.match(r"(\d+)(.*)", clean)
    return f"{int(match[1]):02d}{match[2]}" if match else clean
