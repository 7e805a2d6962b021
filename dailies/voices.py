"""Who speaks: a member of the production, or a guest of one playlist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .models import Guest


@dataclass(frozen=True)
class Voice:
    """Exactly one of the two is set."""

    person: Any = None
    guest: Guest | None = None

    @property
    def name(self) -> str:
        """The name that stands under what is said."""
        if self.guest is not None:
            return f"{self.guest.name} (guest)"
        return str(self.person.get_full_name() or self.person.get_username())

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a Signed record."""
        return {"person": self.person, "guest": self.guest, "signature": self.name[:150]}

    def said(self, record: Any) -> bool:
        """Whether a Signed record is this voice's own."""
        if self.guest is not None:
            return record.guest_id == self.guest.pk
        return self.person is not None and record.person_id == self.person.pk
