"""Continuity by the records: what two neighbouring shots ask for that does not fit, before anything is rendered."""

from __future__ import annotations

from .checking import check_scenes
from .facts import Person, ShotFacts, facts_of
from .rules import Finding, findings_at, light_is_meant

__all__ = ["Finding", "Person", "ShotFacts", "check_scenes", "facts_of", "findings_at", "light_is_meant"]
