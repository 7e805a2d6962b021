"""What a file that comes back says of where it came from, and whether it can be believed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from media_pipeline.media import credentials, xmp

from .sources import ALGORITHMIC, COMPOSITE, COMPOSITE_SYNTHETIC, TRAINED

_SOURCE_TYPE = re.compile(rb'DigitalSourceType(?:="|>)([^"<]+)')

IN_WORDS = {
    TRAINED: "made by a trained model",
    ALGORITHMIC: "drawn by rules, not by a trained model",
    COMPOSITE: "put together of several files",
    COMPOSITE_SYNTHETIC: "put together of several files, some made by a trained model",
}
"""Source type -> what it means."""

UNTRUSTED = "signingCredential.untrusted"


class Standing(StrEnum):
    """Whether what a file says can be believed."""

    WHOLE = "whole"
    CHANGED = "changed"
    UNSIGNED = "unsigned"
    SILENT = "silent"


@dataclass(frozen=True)
class Said:
    """What a file says. `problems` are the codes of the C2PA specification, for those who know them."""

    standing: Standing
    sentence: str
    title: str = ""
    made: str = ""
    maker: str = ""
    signer: str = ""
    parts: int = 0
    problems: tuple[str, ...] = ()


def said_by(path: Path) -> Said:
    """Read a file that somebody sent: its credentials, else its XMP. Raises MediaError for what cannot be read."""
    found = credentials.read(path)
    manifest, described = found["manifest"], _source_type(xmp.found_in(path))
    if not manifest:
        if described:
            sentence = "It says how it was made, but nobody has signed that: anybody may have written or changed it."
            return Said(Standing.UNSIGNED, sentence, made=_in_words(described))
        return Said(
            Standing.SILENT, "It carries no word of where it came from. That says nothing for it or against it."
        )
    action = _created(manifest)
    problems = tuple(code for code in found["problems"] if code != UNTRUSTED)
    facts: dict[str, Any] = {
        "title": manifest.get("title", ""),
        "made": _in_words(action.get("digitalSourceType", "") or described),
        "maker": (action.get("softwareAgent") or {}).get("name", "") or _generator(manifest),
        "signer": (manifest.get("signature_info") or {}).get("issuer", ""),
        "parts": len([one for one in manifest.get("ingredients", []) if one.get("relationship") == "componentOf"]),
        "problems": problems,
    }
    if found["state"] not in ("Valid", "Trusted") or problems:
        sentence = "It was changed after it was signed: what it says of its making holds no longer."
        return Said(Standing.CHANGED, sentence, **facts)
    known = UNTRUSTED not in found["problems"]
    sentence = "It is as it was when it was signed." + (
        "" if known else " Who signed it is on no public list: believe the name only if you know the house."
    )
    return Said(Standing.WHOLE, sentence, **facts)


def _created(manifest: dict[str, Any]) -> dict[str, Any]:
    actions = [
        action for assertion in manifest.get("assertions", []) if assertion["label"].startswith("c2pa.actions")
        for action in assertion["data"].get("actions", [])
    ]  # fmt: skip
    return next((action for action in actions if action.get("action") == "c2pa.created"), {})


def _generator(manifest: dict[str, Any]) -> str:
    return str(next((one.get("name", "") for one in manifest.get("claim_generator_info", [])), ""))


def _source_type(packet: bytes) -> str:
    match = _SOURCE_TYPE.search(packet)
    return match[1].decode(errors="replace") if match else ""


def _in_words(source_type: str) -> str:
    return IN_WORDS.get(source_type, source_type.rpartition("/")[2])
