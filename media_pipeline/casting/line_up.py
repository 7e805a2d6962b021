"""The line-up: everybody who is pictured on one ground line, at the heights their records give them.

It is drawn here from the front views, costs nothing, and is made again when the cast, a picture or a height changes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from characters.models import Character
from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.provenance.lineage import type_of
from media_pipeline.provenance.sources import source_of
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from projects.actions import write_document
from projects.models import Project, QualifiedDocument

from .line_up_drawing import Figure, draw_line_up
from .portraits import Angle, Kind, views_of

COLLECTION, KEY = "characters", "line-up"
VERSION = 1
"""Raised whenever the same people give another picture."""

FEWEST = 1


@dataclass(frozen=True)
class Standing:
    """Somebody in the line-up, and the picture they are cut out of."""

    character: int
    name: str
    scale: str
    is_told: bool
    asset: int
    media: str
    drawn: bool


def standing(project: Project) -> list[Standing]:
    """Everybody with a front view or a master, in the order of their names, in a fixed number of queries."""
    found = []
    for person in Character.objects.filter(project=project).prefetch_related("references__image").order_by("name"):
        rows = list(person.references.all())
        row = views_of(rows).get(str(Angle.FRONT)) or next((one for one in rows if one.kind == Kind.MASTER), None)
        if row is not None:
            found.append(
                Standing(
                    character=person.pk, name=person.name, scale=f"{person.scale_height.normalize():f}",
                    is_told=bool(person.height) or person.scale_height != 1, asset=row.image_id,
                    media=row.image.sha256, drawn=row.image.provenance.get("provider") == "animatic",
                )
            )  # fmt: skip
    return found


def digest_of(people: list[Standing]) -> str:
    """sha256 over everything the picture shows."""
    seen = [[one.name, one.scale, one.is_told, one.media] for one in people]
    return hashlib.sha256(json.dumps([VERSION, seen]).encode()).hexdigest()


def line_up_of(project: Project) -> QualifiedDocument | None:
    """The line-up that was kept last: `data` has its asset, the people in it and their digest."""
    return QualifiedDocument.objects.filter(project=project, collection=COLLECTION, key=KEY).first()


def is_outdated(document: QualifiedDocument | None, people: list[Standing]) -> bool:
    """Whether there are people to be lined up whom the kept picture does not show as they are now."""
    return len(people) >= FEWEST and (document is None or document.data.get("digest") != digest_of(people))


def keep_line_up(run: RunContext, project: Project) -> dict[str, Any] | None:
    """Draw and keep the line-up where it is not the one of now; None where there is nothing to draw."""
    people = standing(project)
    if not is_outdated(line_up_of(project), people):
        return None
    digest = digest_of(people)
    drawn = run.local(f"line-up/{digest[:16]}", lambda work: _drawn(work, project, people))
    data = drawn | {"digest": digest, "people": [vars(one) for one in people]}
    run.record(f"line-up/{digest[:16]}/kept", lambda: _keep(project, data))
    return drawn


def _drawn(work: Work, project: Project, people: list[Standing]) -> dict[str, Any]:
    figures = [
        Figure(one.name, Fraction(one.scale), work.media(one.media), told=one.is_told, drawn=one.drawn)
        for one in people
    ]  # fmt: skip
    path = work.workdir / "line-up.png"
    draw_line_up(figures, path, title=project.title)
    pictures = MediaAsset.objects.in_bulk([one.asset for one in people])
    asset = storage.add_asset(
        project.pk, Path(path), source=MediaAsset.Source.DERIVED, role="line_up",
        derived_from=pictures[people[0].asset] if len(people) == 1 else None,
        provenance=_provenance(people, pictures),
    )  # fmt: skip
    return {"asset": asset.pk, "sha256": asset.sha256, "width": asset.width, "height": asset.height}


def _provenance(people: list[Standing], pictures: dict[int, MediaAsset]) -> dict[str, Any]:
    parts = [
        {"take": one.name, "sha256": one.media, "source_type": type_of(pictures[one.asset].provenance)}
        for one in people
    ]  # fmt: skip
    types = [part["source_type"] for part in parts]
    return {"generator": "Rushes", "digital_source_type": source_of(types), "parts": parts}


def _keep(project: Project, data: dict[str, Any]) -> int:
    return write_document(project, COLLECTION, KEY, data, generated_by="rules").pk
