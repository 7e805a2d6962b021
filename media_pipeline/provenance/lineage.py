"""What is known of how a file was made, from its records: the asset's own, and those it was derived from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from media_pipeline.assets import MediaAsset
from scenes.models import Take

from .sources import source_of

DEEPEST = 20
"""Steps back along `derived from` that are followed."""


def lineage_of(asset: MediaAsset) -> dict[str, Any]:
    """How a file was made, as JSON values: source type, made by, take, parts. Prompts stand as their digest only.

    `source_type` is empty where nothing is known, as of an upload.
    """
    chain = list(_ancestors(asset))
    told: dict[str, Any] = next((each.provenance for each in chain if each.provenance.get("digital_source_type")), {})
    parts = told.get("parts", [])
    found: dict[str, Any] = {
        "source_type": source_of([told.get("digital_source_type", "")]),
        "sha256": asset.sha256,
        "derived_from": [each.sha256 for each in chain[1:]],
        "provider": told.get("provider", ""),
        "model": told.get("model") or told.get("generator", ""),
        "version": str(told.get("version", "")),
        "parts": parts,
    }
    take = Take.objects.filter(media__in=chain).order_by("pk").first()
    if take is not None and not parts:
        found |= take_facts(take)
    return found


def take_facts(take: Take) -> dict[str, Any]:
    """What of a take's making is told to those who get its file."""
    return {
        "take": take.asset_name, "provider": take.provider, "model": take.model, "seed": take.seed,
        "prompt_sha256": hashlib.sha256(take.prompt.encode()).hexdigest(), "request": take.request_digest,
    }  # fmt: skip


def film_provenance(takes: list[Take], stand_ins: Mapping[str, MediaAsset] | None = None) -> dict[str, Any]:
    """The provenance of a film cut from these takes, in order: kept on the film's asset when it is made.

    `stand_ins` are the stills that are shown in place of missing takes, by shot.
    """
    parts = [take_facts(take) | {"source_type": type_of(take.provenance)} for take in takes]
    for shot, still in (stand_ins or {}).items():
        parts.append({"take": f"{shot} (a still)", "sha256": still.sha256, "source_type": type_of(still.provenance)})
    types = [part["source_type"] for part in parts]
    return {"generator": "Rushes", "digital_source_type": source_of(types), "parts": parts}


def type_of(provenance: Mapping[str, Any]) -> str:
    """The digital source type that an asset's own provenance names, whole; empty where it names none."""
    return source_of([str(provenance.get("digital_source_type", ""))])


def _ancestors(asset: MediaAsset) -> Iterator[MediaAsset]:
    """The asset and what it was derived from, nearest first."""
    current: MediaAsset | None = asset
    for _ in range(DEEPEST):
        if current is None:
            return
        yield current
        current = current.derived_from
