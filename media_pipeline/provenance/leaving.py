"""The copy of a file that leaves: the same pictures, with where they came from written in and signed."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media import credentials as files
from media_pipeline.media import xmp
from media_pipeline.visible_mark import marked_copy, wants_mark

from .credentials import credentials
from .lineage import lineage_of, type_of
from .sources import is_synthetic, source_of

ROLE = "leaving"
TOOL = "Rushes"
VERSION = 1
"""Part of what a kept copy is found by: raise it when copies are to be made anew."""


def leaving_copy(asset: MediaAsset, name: str = "") -> MediaAsset:
    """The asset to hand out for `asset`: a signed copy, made once and kept, under which `name` it leaves.

    It bears the visible mark where the production wants one and a model made any of it. A file that nothing is known of
    (an upload leaves as it came) and a kind that takes no credentials are handed out as they are. Raises MediaError
    with a sentence when the credentials of the settings cannot be used, or a film has no mark that should.
    """
    if asset.role == ROLE:
        return asset
    lineage = lineage_of(asset)
    if not lineage["source_type"]:
        return asset
    if is_synthetic(lineage["source_type"]) and wants_mark(asset.project):
        asset = marked_copy(asset)
        lineage = lineage_of(asset)
    if not files.can_carry(Path(asset.name)):
        return asset
    signed_by, manifest = credentials(), manifest_of(lineage, name or Path(asset.name).name)
    key = hashlib.sha256(
        json.dumps([VERSION, manifest, signed_by.fingerprint], sort_keys=True).encode()
    ).hexdigest()  # fmt: skip
    kept = asset.derivatives.filter(role=ROLE, provenance__leaving=key).first()
    if kept is not None and kept.exists():
        return kept
    Path(settings.WORK_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.WORK_DIR, prefix="leaving-") as folder:
        source = storage.local_path(asset.project_id, asset.sha256)
        out = Path(folder) / f"leaving{source.suffix}"
        _sign(source, out, lineage, manifest)
        return storage.add_asset(
            asset.project_id, out, source=MediaAsset.Source.DERIVED, role=ROLE, derived_from=asset,
            provenance={**asset.provenance, "leaving": key},
        )  # fmt: skip


def signed_document(data: bytes, title: str, pictures: list[tuple[str, MediaAsset]]) -> bytes:
    """A PDF that leaves, signed as put together of these pictures, each with what it is called.

    It leaves as it is where nothing is known of any of them. Raises MediaError as leaving_copy does.
    """
    types = [type_of(asset.provenance) for _, asset in pictures]
    lineage: dict[str, Any] = {"source_type": source_of(types), "provider": "", "model": "", "version": ""}
    if not lineage["source_type"]:
        return data
    lineage["parts"] = [
        {"take": called, "sha256": asset.sha256, "source_type": kind}
        for (called, asset), kind in zip(pictures, types, strict=True)
    ]
    Path(settings.WORK_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.WORK_DIR, prefix="leaving-") as folder:
        source, out = Path(folder) / "made.pdf", Path(folder) / "leaving.pdf"
        source.write_bytes(data)
        _sign(source, out, lineage, manifest_of(lineage, title))
        return out.read_bytes()


def _sign(source: Path, out: Path, lineage: dict[str, Any], manifest: dict[str, Any]) -> None:
    described = xmp.packet(source_type=lineage["source_type"], tool=TOOL, title=manifest["title"])
    signed_by = credentials()
    files.sign(source, out, manifest=manifest, metadata=described, certificate=signed_by.certificate, key=signed_by.key)


def manifest_of(lineage: dict[str, Any], title: str) -> dict[str, Any]:
    """The C2PA manifest of a file made as its lineage says."""
    agent = " ".join(word for word in (lineage["provider"], lineage["model"], lineage["version"]) if word) or TOOL
    created = {
        "action": "c2pa.created", "digitalSourceType": lineage["source_type"], "softwareAgent": {"name": agent},
    }  # fmt: skip
    return {
        "claim_generator_info": [{"name": TOOL, "version": str(VERSION)}],
        "title": title,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            {"label": "rushes.lineage", "data": lineage},
        ],
        "ingredients": [
            {
                "title": part["take"],
                "format": "video/mp4" if "request" in part else "image/png",
                "relationship": "componentOf",
                "instance_id": f"take:{place}",
            }
            for place, part in enumerate(lineage["parts"], start=1)
        ],
    }
