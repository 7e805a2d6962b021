"""The settings of one run on a page: each a switch with what it does, needs and costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from media_pipeline.run_settings import what_is_there
from projects.coherence import SETTINGS, Setting, effective
from projects.models import Project

DRAWN = "settings"
"""Stands in what was sent when the switches were on the page: all off is something else than not asked."""


@dataclass(frozen=True)
class Switch:
    """One setting as it would hold in the run. `missing` is what it needs and what is not there."""

    setting: Setting
    is_on: bool
    is_usual: bool
    missing: tuple[str, ...]
    excludes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in what is sent."""
        return f"setting-{self.setting.key}"

    @property
    def effect(self) -> str:
        """What it is expected to do to money and time where it is on, in words."""
        factors = ((self.setting.cost, "money"), (self.setting.time, "time"))
        words = [f"{factor.normalize():f} times the {what}" for factor, what in factors if factor != 1]
        return " and ".join(words) if words else "no extra cost"

    @property
    def may_change(self) -> bool:
        """Whether it can be switched: what cannot do anything here stays off."""
        return self.is_on or not self.missing


def switches_of(project: Project, chosen: Mapping[str, bool]) -> list[Switch]:
    """Every setting, as `chosen` over the production's."""
    held, usual = effective(project.coherence, chosen), effective(project.coherence)
    there = what_is_there(project)
    return [
        Switch(
            setting, held[key], held[key] == usual[key],
            tuple(str(need) for need in setting.needs if need not in there),
            tuple(SETTINGS[other].label for other in setting.excludes),
        )
        for key, setting in SETTINGS.items()
    ]  # fmt: skip


def chosen_in(sent: Mapping[str, str]) -> dict[str, bool]:
    """What was switched on a page; empty where the switches were not on it."""
    return {key: f"setting-{key}" in sent for key in SETTINGS} if DRAWN in sent else {}
