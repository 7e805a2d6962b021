"""What the free-form fields of records may hold, in sentences."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

HEX_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")


def palette(value: Any) -> None:
    """A list of colours such as #1C2B3A."""
    lines(value)
    for colour in value:
        if not HEX_COLOUR.match(colour):
            raise ValidationError(f"{colour} is not a colour: write six hexadecimal digits after a #, such as #1C2B3A.")


def lines(value: Any) -> None:
    """A list of texts that are not empty."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValidationError("This is a list of texts, one to a line.")


def names_and_values(value: Any) -> None:
    """Free names with texts, numbers, yes or no."""
    plain = isinstance(value, dict) and all(isinstance(name, str) and name.strip() for name in value)
    if not plain or not all(isinstance(held, str | int | float | bool | None) for held in value.values()):
        raise ValidationError("This is a set of names, each with a text, a number, or yes or no.")
