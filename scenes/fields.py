"""Checks of values that the records of this package share."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")
MOST_COLOURS = 24


def validate_palette(value: Any) -> None:
    """A list of colours in hex, such as ["#1B3A4B"]; ValidationError names the first that is none."""
    if not isinstance(value, list):
        raise ValidationError('A palette is a list of colours such as ["#1B3A4B", "#E0A458"].')
    if len(value) > MOST_COLOURS:
        raise ValidationError(f"A palette has at most {MOST_COLOURS} colours; this one has {len(value)}.")
    for colour in value:
        if not (isinstance(colour, str) and COLOUR.match(colour)):
            raise ValidationError(f"{colour!r} is not a colour: write # and six hexadecimal digits, such as #1B3A4B.")


def validate_words(value: Any) -> None:
    """A list of texts."""
    if not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
        raise ValidationError("This has to be a list of texts.")


def validate_mapping(value: Any) -> None:
    """Names and values."""
    if not isinstance(value, dict):
        raise ValidationError('This has to be names and values, such as {"name": "value"}.')


def validate_scales(value: Any) -> None:
    """Names with a number from 0 to 1 each, such as {"ADA": 0.5}."""
    validate_mapping(value)
    for name, scale in value.items():
        try:
            inside = not isinstance(scale, bool) and 0 <= Decimal(str(scale)) <= 1
        except ArithmeticError:
            inside = False
        if not inside:
            raise ValidationError(f"{name}: {scale!r} is not a number from 0 to 1.")


def validate_plan(value: Any) -> None:
    """Layers of a composite in order: [{"layer": "location", "references": [...], "note": ""}], at most 20."""
    from .choices import CompositeLayer

    if not isinstance(value, list) or len(value) > 20:
        raise ValidationError("A composite plan is a list of at most 20 layers.")
    for place, layer in enumerate(value, start=1):
        if not isinstance(layer, dict) or layer.get("layer") not in CompositeLayer.values:
            known = ", ".join(CompositeLayer.values)
            raise ValidationError(f'Layer {place} of the plan has to say which it is ("layer": one of {known}).')
        if len(layer.get("references") or []) > 3:
            raise ValidationError(f"Layer {place} of the plan has more than 3 references.")
