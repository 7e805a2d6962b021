"""Putting files where they stay, named by their digest.

A file is written to a temporary name, synced, hashed, renamed, and only then recorded; a crash leaves at most a
temporary file. The same bytes are stored once. Deletions happen after commit, never inside a transaction.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, transaction

from .assets import MediaAsset
from .media.containers import check_document, check_weights
from .media.errors import BrokenMedia
from .media.probe import probe

CHUNK = 1 << 20
ABANDONED_AFTER = 3600.0
"""Seconds after which a half copied file belongs to a process that is gone: copies take seconds."""

CONTENT_TYPES = {".mp4": "video/mp4", ".flac": "audio/flac", ".wav": "audio/wav", ".webp": "image/webp"}


def digest_of(path: Path) -> str:
    """sha256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def store(path: Path) -> tuple[str, str]:
    """Keep a copy of the file in the store; returns its digest and the name it has there."""
    sha256 = digest_of(path)
    name = f"{sha256[:2]}/{sha256}{path.suffix.lower()}"
    if not default_storage.exists(name):
        if isinstance(default_storage, FileSystemStorage):
            _place(path, Path(default_storage.path(name)))
        else:
            with path.open("rb") as file:
                default_storage.save(name, File(file))
    return sha256, name


def add_asset(
    project_id: int,
    path: Path,
    *,
    source: str,
    kind: str = "",
    role: str = "",
    derived_from: MediaAsset | None = None,
    provenance: dict[str, Any] | None = None,
) -> MediaAsset:
    """Check, store and record a file of a production; the same bytes give the asset there is already.

    Pictures, video and sound are probed and known by their content; `kind` names weights and documents (PDF, text, 3D
    worlds), whose own formats are checked. Raises BrokenMedia with a sentence when the file is not what it should be.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise BrokenMedia(f"{path.name} is empty: the media was not made.")
    facts = _facts_of(path, kind)
    sha256, name = store(path)
    existing = MediaAsset.objects.filter(project_id=project_id, sha256=sha256).first()
    if existing:
        if provenance and not existing.provenance:  # the same bytes, of which nothing was known until now
            existing.provenance = provenance
            existing.save(update_fields=["provenance"])
        return existing
    named = CONTENT_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    asset = MediaAsset(
        project_id=project_id, file=name, role=role, sha256=sha256, size=path.stat().st_size,
        source=source, derived_from=derived_from, provenance=provenance or {}, **{"content_type": named, **facts},
    )  # fmt: skip
    try:
        with transaction.atomic():
            asset.save(force_insert=True)
    except IntegrityError:  # another worker recorded the same bytes a moment ago
        return MediaAsset.objects.get(project_id=project_id, sha256=sha256)
    return asset


def _facts_of(path: Path, kind: str) -> dict[str, Any]:
    """What a file is: kind and, for what can be seen or heard, its measures."""
    if kind == MediaAsset.Kind.WEIGHTS:
        check_weights(path)
        return {"kind": kind}
    if kind == MediaAsset.Kind.DOCUMENT:
        return {"kind": kind, "content_type": check_document(path)}
    info = probe(path)
    return {
        "kind": MediaAsset.Kind.AUDIO if info.kind == "sound" else info.kind,
        "width": info.width, "height": info.height, "frame_rate": str(info.rate or ""),
        "frame_count": info.frames, "duration": str(info.duration or ""), "codec": info.codec or "",
        "has_audio": info.has_audio,
    }  # fmt: skip


def local_path(project_id: int, sha256: str) -> Path:
    """A local file with the bytes of an asset of this production, fetched into the cache where the store is remote."""
    asset = MediaAsset.objects.get(project_id=project_id, sha256=sha256)
    if isinstance(default_storage, FileSystemStorage):
        return Path(default_storage.path(asset.name))
    cached = Path(settings.CACHE_DIR) / "media" / asset.name
    if not cached.exists():
        with default_storage.open(asset.name) as remote, tempfile.NamedTemporaryFile(delete=False) as copy:
            shutil.copyfileobj(remote, copy, CHUNK)
        _place(Path(copy.name), cached)
        os.unlink(copy.name)
    return cached


def sweep_abandoned(now: float | None = None) -> int:
    """Remove what killed processes left half copied more than an hour ago; returns how many files."""
    if not isinstance(default_storage, FileSystemStorage):
        return 0
    old = (time.time() if now is None else now) - ABANDONED_AFTER
    abandoned = [path for path in Path(default_storage.location).glob("*/.incoming-*") if path.stat().st_mtime < old]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


def _place(source: Path, destination: Path) -> None:
    """Copy under a temporary name beside the destination, sync, rename: never half a file under the final name."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=destination.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as copy, source.open("rb") as original:
            shutil.copyfileobj(original, copy, CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, destination)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
