"""The visible mark on files that leave, where the production wants one: a copy with words in a corner, made once."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.film_dressing import VISIBLE_MARK, words_over
from media_pipeline.media.dress import lay_over
from media_pipeline.media.errors import MediaError
from projects.coherence import effective
from projects.models import Project

ROLE = "marked"
VERSION = 1
"""Part of what a kept copy is found by: raise it when copies are to be made anew."""


def wants_mark(project: Project) -> bool:
    """Whether what leaves this production says visibly that it was made with AI."""
    return effective(project.coherence)["visible_mark"]


def marked_copy(asset: MediaAsset) -> MediaAsset:
    """The picture or clip with the mark in its corner, coded again; sound as it is.

    A film is marked when it is put together: raises MediaError for one that was not.
    """
    if asset.role == ROLE or asset.provenance.get("assembly", {}).get("marked"):
        return asset
    if asset.role == "film":
        raise MediaError(
            "the production wants a visible mark and this film was put together without one: put it together again."
        )
    if asset.kind not in (MediaAsset.Kind.IMAGE, MediaAsset.Kind.VIDEO) or not asset.width or not asset.height:
        return asset
    key = hashlib.sha256(json.dumps([VERSION, asset.sha256, VISIBLE_MARK]).encode()).hexdigest()
    kept = asset.derivatives.filter(role=ROLE, provenance__marked=key).first()
    if kept is not None and kept.exists():
        return kept
    Path(settings.WORK_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.WORK_DIR, prefix="marked-") as folder:
        source = storage.local_path(asset.project_id, asset.sha256)
        drawn = _still if asset.kind == MediaAsset.Kind.IMAGE else _clip
        return storage.add_asset(
            asset.project_id, drawn(source, asset, Path(folder)), source=MediaAsset.Source.DERIVED, role=ROLE,
            derived_from=asset, provenance={**asset.provenance, "marked": key},
        )  # fmt: skip


def _still(source: Path, asset: MediaAsset, folder: Path) -> Path:
    """A picture in its own kind, upright."""
    out = folder / f"marked{source.suffix}"
    with Image.open(source) as picture:
        kind = picture.format
        upright = ImageOps.exif_transpose(picture)
        seen = upright.convert("RGBA")
    words = words_over(seen.size, [], VISIBLE_MARK)
    seen.alpha_composite(words)
    if kind == "JPEG" or "A" not in upright.getbands():
        seen = seen.convert("RGB")
    seen.save(out, kind, **({"quality": 95, "subsampling": 0} if kind == "JPEG" else {}))
    return out


def _clip(source: Path, asset: MediaAsset, folder: Path) -> Path:
    assert asset.width is not None
    assert asset.height is not None
    size = asset.width, asset.height
    words = folder / "words.png"
    words_over(size, [], VISIBLE_MARK).save(words)
    out = folder / "marked.mp4"
    lay_over(source, out, words, size=size)
    return out
