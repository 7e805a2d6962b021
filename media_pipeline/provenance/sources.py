"""IPTC digital source types, and what a file made of several parts is."""

from __future__ import annotations

from collections.abc import Iterable

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""IPTC NewsCodes, digital source type (controlled vocabulary, read 2026)."""

TRAINED = f"{VOCABULARY}trainedAlgorithmicMedia"
ALGORITHMIC = f"{VOCABULARY}algorithmicMedia"
COMPOSITE = f"{VOCABULARY}composite"
COMPOSITE_SYNTHETIC = f"{VOCABULARY}compositeSynthetic"

SYNTHETIC = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")
"""Types of which a trained model made at least a part."""


def source_of(parts: Iterable[str]) -> str:
    """The type of a file made of parts of these types; empty where nothing is known of any of them.

    One type stays what it is. A mix with a part made by a trained model is a composite with synthetic elements; a mix
    without, and one of which something is unknown (an empty type), is a composite.
    """
    types = set(parts)
    if not types - {""}:
        return ""
    if len(types) == 1:
        return full_type(next(iter(types)))
    return COMPOSITE_SYNTHETIC if any(is_synthetic(name) for name in types) else COMPOSITE


def is_synthetic(source_type: str) -> bool:
    """Whether a trained model made at least a part of a file of this type, written whole or short."""
    return source_type.rpartition("/")[2] in SYNTHETIC


def full_type(name: str) -> str:
    """The type with its vocabulary, whether it was written whole or short."""
    return name if name.startswith("http") or not name else f"{VOCABULARY}{name}"
