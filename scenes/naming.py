"""Asset names: {CODE}_{CH###}_{S##}_{SH##}_T{##}[_{CHARACTER}][_{suffix}].{ext}, sortable, parseable back to records.

The prefix of the chapter follows the production's label (EP for episodes, CH otherwise). The character stands in
capitals and the suffix in small letters, so that either may be missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from anyascii import anyascii

from projects.choices import ChapterLabel
from projects.models import Project

PATTERN = re.compile(
    r"(?P<code>[A-Z]{2,4})_(?P<label>CH|EP)(?P<chapter>\d{3,})_S(?P<scene>\d{2,}[A-Z]*|[A-Z0-9.\-]+)_SH(?P<shot>\d{2,})"
    r"(?P<letters>[A-Z]*)_T(?P<take>\d{2,})(?:_(?P<character>[A-Z0-9][A-Z0-9-]*))?(?:_(?P<suffix>[a-z0-9][a-z0-9-]*))?"
    r"(?:\.(?P<extension>[a-z0-9]+))?\Z",
    re.ASCII,
)

EXAMPLE = "TIDE_CH001_S02_SH04_T01 or TIDE_CH001_S02_SH04_T01_ADA_thumbnail.jpg"


@dataclass(frozen=True)
class AssetName:
    """What an asset name stands for; the scene's number as in the script, without leading zeros.

    `letters` are those of a shot put in later (A of 4A), `character` is in capitals and `suffix` in small letters,
    both without spaces. `str` gives the name back.
    """

    code: str
    chapter: int
    scene: str
    shot: int
    take: int
    letters: str = ""
    label: str = "CH"
    character: str = ""
    suffix: str = ""
    extension: str = ""

    def __str__(self) -> str:
        shot = f"{self.shot:02d}{self.letters}"
        name = f"{self.code}_{self.label}{self.chapter:03d}_S{_padded(self.scene)}_SH{shot}_T{self.take:02d}"
        name += "".join(f"_{part}" for part in (self.character, self.suffix) if part)
        return f"{name}.{self.extension}" if self.extension else name

    def of(self, *, character: str = "", suffix: str = "", extension: str = "") -> AssetName:
        """The name of another file of the same take: of one character, one use, one kind."""
        whose, use = _word(character).upper(), _word(suffix).lower()
        return replace(self, character=whose, suffix=use, extension=extension.lstrip(".").lower())


def asset_name(project: Project, chapter: int, scene: str, shot: int | str, take: int) -> str:
    """The name of a take's files, without extension; a shot that was put in later is 4A."""
    number, letters = re.match(r"(\d+)(.*)", str(shot), re.S).groups()  # type: ignore[union-attr]
    label = "EP" if project.chapter_label == ChapterLabel.EPISODE else "CH"
    return str(AssetName(project.code, chapter, scene, int(number), take, letters, label))


def parse_asset_name(name: str) -> AssetName:
    """The records behind a name; raises ValueError with a sentence when it is none."""
    match = PATTERN.match(name)
    if not match:
        raise ValueError(f"{name!r} is not an asset name such as {EXAMPLE}.")
    parts = match.groupdict(default="")
    scene = re.sub(r"^0+(?=\d)", "", parts["scene"])
    return AssetName(
        parts["code"], int(parts["chapter"]), scene, int(parts["shot"]), int(parts["take"]), parts["letters"],
        parts["label"], parts["character"], parts["suffix"], parts["extension"],
    )  # fmt: skip


def file_name(name: str, extension: str, *, suffix: str = "", character: str = "") -> str:
    """What a file of a take is called when it leaves: the take's name, whose it is, what it is for, its kind.

    A name that is no asset name (of a take recorded under another rule) is kept and given the extension.
    """
    try:
        known = parse_asset_name(name)
    except ValueError:
        return f"{name}.{extension.lstrip('.').lower()}"
    return str(known.of(character=character, suffix=suffix, extension=extension))


def _word(text: str) -> str:
    """Letters and digits of ASCII with hyphens between: MARÍA DEL MAR is MARIA-DEL-MAR."""
    return "-".join(re.findall(r"[A-Za-z0-9]+", anyascii(text)))


def _padded(scene: str) -> str:
    """12A as 12A, 3 as 03: the number is padded, letters stay; marks that a file name cannot hold become dots."""
    clean = re.sub(r"[^A-Za-z0-9.\-]", ".", scene).upper() or "00"
    match = re.match(r"(\d+)(.*)", clean)
    return f"{int(match[1]):02d}{match[2]}" if match else clean
