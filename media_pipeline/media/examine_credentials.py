"""Content credentials (C2PA) and XMP, written into a copy of a file. Runs only in the limited child (examiner.py).

The only module that knows c2pa-python. Nothing is fetched and no time-stamp service is asked: it works offline.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from c2pa import Builder, C2paBuilderIntent, C2paError, C2paSignerInfo, Reader, Signer

from . import xmp
from .errors import MediaError

TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".mp4": "video/mp4",
    ".mov": "video/quicktime", ".m4a": "audio/mp4", ".wav": "audio/wav", ".mp3": "audio/mpeg", ".flac": "audio/flac",
    ".pdf": "application/pdf",
}  # fmt: skip
"""Kinds of file that are signed."""


def sign(path: Path, out: str, manifest: dict[str, Any], metadata: str, certificate: str, key: str) -> dict[str, Any]:
    """Write `path` with XMP and a signed manifest to `out`; credentials that were in it stay as those of its parent."""
    kind = TYPES.get(path.suffix.lower())
    if kind is None:
        raise MediaError(f"A file ending in {path.suffix} takes no content credentials.")
    target, described = Path(out), Path(out).with_name(f"described{path.suffix}")
    source = described if xmp.embed(path, described, metadata.encode()) else path
    try:
        inherited = _manifest_of(path, kind) is not None
        info = C2paSignerInfo("es256", Path(certificate).read_bytes(), Path(key).read_bytes(), None)
        with Signer.from_info(info) as signer, Builder(_definition(manifest, inherited=inherited)) as builder:
            if inherited:
                builder.set_intent(C2paBuilderIntent.EDIT)
            with source.open("rb") as original, target.open("w+b") as copy:
                builder.sign(signer, kind, original, copy)
    except C2paError as error:
        raise MediaError(f"The content credentials could not be written: {error}") from error
    finally:
        described.unlink(missing_ok=True)
    return {"inherited": inherited}


def read(path: Path) -> dict[str, Any]:
    """The active manifest of a file, its state of validation and its XMP; empty where there is none."""
    kind = TYPES.get(path.suffix.lower(), "")
    store = _manifest_of(path, kind) if kind else None
    return {
        "manifest": store["manifests"][store["active_manifest"]] if store else {},
        "state": store.get("validation_state", "") if store else "",
        "problems": [status["code"] for status in store.get("validation_status") or []] if store else [],
        "xmp": xmp.found_in(path).decode(errors="replace"),
    }


def _manifest_of(path: Path, kind: str) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file, Reader(kind, file) as reader:
            store: dict[str, Any] = json.loads(reader.json())
            return store
    except C2paError.ManifestNotFound:
        return None
    except C2paError as error:
        if "no JUMBF" in str(error) or "ManifestNotFound" in str(error):
            return None
        raise MediaError(f"The content credentials could not be read: {error}") from error


def _definition(manifest: dict[str, Any], *, inherited: bool) -> dict[str, Any]:
    """A file that has credentials was made elsewhere: it is opened, not created, and says itself how it was made."""
    if not inherited:
        return manifest
    kept = [each for each in manifest["assertions"] if not each["label"].startswith("c2pa.actions")]
    return {**manifest, "assertions": kept}
