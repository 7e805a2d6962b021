"""The pictures of the cast as pages show them: each character's master and six views in a row, and the line-up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from characters.models import Character, CharacterReference
from media_pipeline.casting.limits import pictures
from media_pipeline.casting.line_up import is_outdated, line_up_of, standing
from media_pipeline.casting.orders import PIPELINE, Lacking, Prices, lacking
from media_pipeline.casting.portraits import VIEWS, Kind, views_of
from media_pipeline.casting.portraits import is_outdated as is_of_another_master
from media_pipeline.runs.models import OPEN_RUNS, Run, RunState
from projects.models import Project


@dataclass(frozen=True)
class Frame:
    """One place of a turnaround: its picture, or that there is none yet."""

    label: str
    reference: CharacterReference | None
    of_another_master: bool = False


@dataclass(frozen=True)
class Turnaround:
    """One character with their pictures, what is missing and what that would cost, and the run that works on it."""

    person: Character
    frames: tuple[Frame, ...]
    lacking: Lacking
    amount: Decimal | None
    currency: str
    refused: str
    run: Run | None
    gets_pictures: bool

    @property
    def has_any(self) -> bool:
        """Whether there is any picture to be shown."""
        return any(frame.reference is not None for frame in self.frames)

    @property
    def is_open(self) -> bool:
        """Whether pictures are being made now."""
        return self.run is not None and self.run.state in OPEN_RUNS

    @property
    def has_failed(self) -> bool:
        """Whether the last run of it stopped, and can be resumed."""
        return self.run is not None and self.run.state in (RunState.FAILED, RunState.CANCELLED)


def people_with_pictures(project: Project) -> QuerySet[Character]:
    """The cast with all a turnaround shows, in a fixed number of queries."""
    return (
        Character.objects.filter(project=project)
        .select_related("state__master_reference__image")
        .prefetch_related("references__image")
        .annotate(scene_count=Count("scenes__scene", distinct=True), shot_count=Count("shots__shot", distinct=True))
    )


def turnarounds(project: Project, people: Iterable[Character]) -> list[Turnaround]:
    """The turnaround of each of these people."""
    people = list(people)
    subjects = [f"character:{person.pk}" for person in people]
    runs = Run.objects.filter(project=project, pipeline=PIPELINE, subject__in=subjects).order_by("pk")
    latest = {run.subject: run for run in runs}
    prices = Prices(project)
    return [_turnaround(person, prices, latest.get(f"character:{person.pk}")) for person in people]


def _turnaround(person: Character, prices: Prices, run: Run | None) -> Turnaround:
    rows = list(person.references.all())
    master = next((row for row in rows if row.kind == Kind.MASTER), None)
    views = views_of(rows)
    frames = [Frame("Master", master)]
    for angle in VIEWS:
        row = views.get(str(angle))
        frames.append(Frame(str(angle.label), row, row is not None and is_of_another_master(row, master)))
    wanted = lacking(rows)
    return Turnaround(
        person=person, frames=tuple(frames), lacking=wanted, amount=prices.of(wanted), currency=prices.currency,
        refused=prices.refused, run=run, gets_pictures=person.role not in pictures().roles_without,
    )  # fmt: skip


def line_up_context(project: Project) -> dict[str, Any]:
    """The line-up and whether it shows the cast as it is now."""
    document, people = line_up_of(project), standing(project)
    return {
        "line_up": document.data if document else None,
        "line_up_outdated": is_outdated(document, people),
        "line_up_names": ", ".join(one["name"] for one in document.data["people"]) if document else "",
        "project": project,
    }
