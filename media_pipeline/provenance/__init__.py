"""Where a picture came from, told in the file itself when it leaves: IPTC digital source type and a C2PA manifest."""

from __future__ import annotations

from .leaving import leaving_copy, signed_document
from .names import name_of

__all__ = ["leaving_copy", "name_of", "signed_document"]
