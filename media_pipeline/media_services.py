"""Media work on its own, for people and scripts that have files and no shots: what may be asked, and how it starts."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from projects.models import Project

from . import storage
from .assets import MediaAsset
from .media.errors import MediaError
from .runs.actions import start_run
from .runs.models import Run

SERVICES = {
    "last-frame": "media_last_frame",
    "stitch": "media_stitch",
    "audio-stitch": "media_audio_stitch",
    "music-track": "media_music_track",
}
"""Name of a service -> its pipeline."""

MOST_ASSETS = 200
LARGEST_UPLOAD = 1024**3
"""Bytes; a minute of 2160p is well under a gigabyte."""

KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "last-frame": {"asset": ("video",)},
    "stitch": {"assets": ("video",)},
    "audio-stitch": {"assets": ("audio", "video")},
    "music-track": {"asset": ("video",), "music": ("audio",)},
}
"""Service -> what it takes: the name of each setting that is a file, or files, and the kinds these may be."""


def start_service(project: Project, service: str, asked: dict[str, Any], *, by: Any = None) -> Run:
    """Start a service on files of the production as a durable run, or give the open run of exactly this.

    `asked` holds ids of assets and the service's other settings. Raises ValidationError that names what is missing.
    """
    for name, kinds in KINDS[service].items():
        _check(project, name, kinds, asked)
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    return start_run(SERVICES[service], f"media:{digest[:24]}", project, settings=asked, by=by)


def _check(project: Project, name: str, kinds: tuple[str, ...], asked: dict[str, Any]) -> None:
    given = asked[name] if isinstance(asked[name], list) else [asked[name]]
    if not given or len(given) > MOST_ASSETS:
        raise ValidationError({name: f"Name 1 to {MOST_ASSETS} files."})
    found = MediaAsset.objects.filter(project=project).in_bulk(given)
    for pk in given:
        asset = found.get(pk)
        if asset is None:
            raise ValidationError({name: f"There is no file {pk} in this production."})
        if asset.kind not in kinds:
            raise ValidationError({name: f"File {pk} is {asset.get_kind_display().lower()}; this takes {_or(kinds)}."})
        if "audio" in kinds and asset.kind == "video" and not asset.has_audio:
            raise ValidationError({name: f"File {pk} has no sound."})


def add_upload(project: Project, pieces: Iterable[bytes], name: str, *, by: Any = None) -> MediaAsset:
    """Keep a picture, clip or sound that somebody sends, known by its content; ValidationError when it is none."""
    with received(pieces, name) as path:
        return keep_upload(project, path, name, by=by)


@contextmanager
def received(pieces: Iterable[bytes], name: str, largest: int = LARGEST_UPLOAD) -> Iterator[Path]:
    """What somebody sends, as a file in a folder of its own for as long as it is worked on.

    Raises ValidationError beside "file" where it is larger than `largest` bytes.
    """
    Path(settings.WORK_DIR).mkdir(parents=True, exist_ok=True)
    suffix = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(dir=settings.WORK_DIR, prefix="upload-") as folder:
        path = Path(folder) / f"upload{suffix if suffix.isascii() and suffix[1:].isalnum() else ''}"
        size = 0
        with path.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > largest:
                    raise ValidationError({"file": f"The file is larger than {largest // 1024**2} MB."})
                file.write(piece)
        yield path


def keep_upload(project: Project, path: Path, name: str, *, kind: str = "", by: Any = None) -> MediaAsset:
    """Check and keep a file that was received, under the name it was sent with; ValidationError when it is refused."""
    told = {"file_name": Path(name).name[:120]}
    try:
        asset = storage.add_asset(project.pk, path, source=MediaAsset.Source.UPLOADED, kind=kind, provenance=told)
    except MediaError as problem:
        raise ValidationError({"file": str(problem)}) from problem
    if by is not None and asset.created_by_id is None:
        MediaAsset.objects.filter(pk=asset.pk, created_by=None).update(created_by=by)
        asset.created_by = by
    return asset


def length_of(asset: MediaAsset) -> dict[str, Any]:
    """How long a file is: exact seconds as a fraction in text, and whole frames with their rate where it has any."""
    return {
        "asset": asset.pk, "kind": asset.kind, "seconds": asset.duration or None,
        "approximately": round(float(asset.exact_duration), 3) if asset.exact_duration is not None else None,
        "frames": asset.frame_count, "frame_rate": asset.frame_rate or None,
    }  # fmt: skip


def _or(kinds: tuple[str, ...]) -> str:
    return " or ".join(kinds)
