"""Files that people drop into a production's material: kept, shown small, and read where they hold words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from projects.choices import GatherKind
from projects.models import Project

from . import storage
from .assets import MediaAsset
from .media.child import ask
from .media.documents import TEXT_SUFFIXES, document_type
from .media.errors import MediaError
from .media.frames import frame_at
from .media.stills import thumbnail
from .media_services import keep_upload, received

MEGABYTE = 1024**2
THUMBNAIL = "thumbnail"
"""Role of the small picture of an attachment, which is derived from it."""

THUMBNAIL_WIDTH = 480
KIND_OF = {
    MediaAsset.Kind.IMAGE: GatherKind.VISUAL_REFERENCE,
    MediaAsset.Kind.VIDEO: GatherKind.VISUAL_REFERENCE,
    MediaAsset.Kind.AUDIO: GatherKind.MUSIC_REFERENCE,
    MediaAsset.Kind.DOCUMENT: GatherKind.DOCUMENT,
}
"""What a file is material for where nobody says so."""

ACCEPTED = ("image/*", "video/*", "audio/*", "application/pdf", *TEXT_SUFFIXES)
"""What a browser offers to choose."""

ONLY = "Pictures, video, sound, PDF, and text or Markdown can be kept."


@dataclass(frozen=True)
class Brought:
    """A file that is kept: the asset, what it is usually material for, its words where it has any, and its name."""

    asset: MediaAsset
    kind: GatherKind
    text: str = ""
    title: str = ""

    def filled(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Fields of an item with this file; what they leave empty is the file's own kind, name and words."""
        own = {"kind": self.kind, "title": self.title, "body": self.text}
        return fields | {name: fields.get(name) or value for name, value in own.items()} | {"attachment": self.asset}


def take_in(project: Project, pieces: Iterable[bytes], name: str, *, by: Any = None) -> Brought:
    """Keep a file of the production, known by its content, with a small picture of what can be seen.

    Raises ValidationError beside "file" that says what is wrong with it; nothing is kept then.
    """
    with received(pieces, name, settings.GATHER_FILE_MB * MEGABYTE) as path:
        if not path.stat().st_size:
            raise ValidationError({"file": "The file is empty."})
        if document_type(path):
            return _document(project, path, name, by)
        if path.suffix in TEXT_SUFFIXES:
            raise ValidationError({"file": f"It is called {path.suffix} and is not text."})
        asset = _media(project, path, name, by)
        _show_small(asset, path)
    return Brought(asset, KIND_OF[MediaAsset.Kind(asset.kind)], title=_title(name))


def _document(project: Project, path: Path, name: str, by: Any) -> Brought:
    if path.stat().st_size > settings.GATHER_DOCUMENT_MB * MEGABYTE:
        raise ValidationError({"file": f"A document may have {settings.GATHER_DOCUMENT_MB} MB: send it in parts."})
    try:
        text = ask("text", path)["text"]
    except MediaError as problem:
        raise ValidationError({"file": str(problem)}) from problem
    asset = keep_upload(project, path, name, kind=MediaAsset.Kind.DOCUMENT, by=by)
    return Brought(asset, GatherKind.DOCUMENT, text=text, title=_title(name))


def _media(project: Project, path: Path, name: str, by: Any) -> MediaAsset:
    try:
        return keep_upload(project, path, name, by=by)
    except ValidationError as refused:
        raise ValidationError({"file": f"{' '.join(refused.messages)} {ONLY}"}) from refused


def _show_small(asset: MediaAsset, path: Path) -> None:
    """A small picture beside a picture or clip, once."""
    if asset.kind not in (MediaAsset.Kind.IMAGE, MediaAsset.Kind.VIDEO):
        return
    if asset.derivatives.filter(role=THUMBNAIL).exists():
        return
    small = path.with_name("small.jpg")
    try:
        if asset.kind == MediaAsset.Kind.VIDEO:
            still = path.with_name("first.png")
            frame_at(path, 0, still)
            path = still
        thumbnail(path, small, THUMBNAIL_WIDTH)
        storage.add_asset(
            asset.project_id, small, source=MediaAsset.Source.DERIVED, role=THUMBNAIL, derived_from=asset
        )  # fmt: skip
    except MediaError as problem:
        raise ValidationError({"file": str(problem)}) from problem


def _title(name: str) -> str:
    """What a file is called, as a title."""
    return " ".join(PurePath(name).stem.replace("_", " ").split())[:200]
