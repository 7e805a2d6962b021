"""Copies of what a record says."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from modelcluster.fields import ParentalKey


def copy_of(record: Any, without: Collection[str] = ()) -> dict[str, Any]:
    """What a record says, as fields for another one: no key, no times, none of `without`."""
    own = {"id", "created_at", "updated_at", "latest_revision", *without}
    return {
        field.name: getattr(record, field.name)
        for field in record._meta.concrete_fields
        if field.name not in own and not isinstance(field, ParentalKey)
    }
