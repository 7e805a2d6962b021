"""The OpenAPI document: this API alone, not the editorial admin's."""

from __future__ import annotations

from typing import Any


def of_this_api(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The endpoints under /api/v1/, without the document's own address."""
    return [one for one in endpoints if one[0].startswith("/api/v1/") and one[0] != "/api/v1/schema/"]
