"""Departments by name. Adding one is one file beside this one that sets DEPARTMENT."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from media_pipeline import departments as package
from media_pipeline.providers.base import Request
from projects.choices import GatherKind
from projects.models import Project

from .material import Material

if TYPE_CHECKING:
    from media_pipeline.runs.context import RunContext


class Phase(StrEnum):
    """When a department works: those of one phase at once, each phase after the one before (flows, section 2)."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True)
class Readiness:
    """How ready a department's material is, 0 to 100, and what is missing, in sentences that say what to do."""

    score: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One thing a department needs: what it is worth of 100, how much of it is there (0 to 1), and what to do else."""

    points: int
    there: float
    wanted: str


def readiness_of(parts: Iterable[Part]) -> Readiness:
    """The sum of what is there; what is not wholly there is missing."""
    parts = list(parts)
    score = round(sum(part.points * min(1.0, max(0.0, part.there)) for part in parts))
    return Readiness(score, tuple(part.wanted for part in parts if part.there < 1))


def asks_nobody(project: Project) -> list[tuple[str, Request]]:
    """The calls of a department that works with what is there."""
    return []


@dataclass(frozen=True)
class Department:
    """One unit of qualification work.

    `qualify` runs inside a run of its own (`qualify_department`) and returns what it wrote, in numbers; it fills what
    is empty and leaves what people wrote. `asks` are the provider calls to expect, for the estimate.
    """

    key: str
    label: str
    phase: Phase
    does: str
    kinds: frozenset[GatherKind]
    readiness: Callable[[Material], Readiness]
    qualify: Callable[[RunContext, Project], dict[str, Any]]
    asks: Callable[[Project], list[tuple[str, Request]]] = asks_nobody
    required: bool = False


@cache
def departments() -> tuple[Department, ...]:
    """Every department, phase after phase, by name within one."""
    found: list[Department] = []
    for module in iter_modules(package.__path__):
        if not module.ispkg:
            department = getattr(import_module(f"{package.__name__}.{module.name}"), "DEPARTMENT", None)
            if department is not None:
                found.append(department)
    return tuple(sorted(found, key=lambda one: (one.phase, one.key)))


def department_named(key: str) -> Department:
    """The department; KeyError with the known names when there is none."""
    for department in departments():
        if department.key == key:
            return department
    raise KeyError(f"There is no department {key!r}; there are {', '.join(one.key for one in departments())}.")
