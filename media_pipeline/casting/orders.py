"""Pictures of one character as people order them: what they would cost, and the run that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from characters.models import Character, CharacterReference
from media_pipeline.estimates import estimate_calls
from media_pipeline.providers.choice import NoModel
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.models import OPEN_RUNS, Run
from projects.models import Project

from .line_up import is_outdated, line_up_of, standing
from .portraits import VIEWS, Kind, are_views_judged, calls_for, views_of
from .portraits import is_outdated as is_of_another_master

PIPELINE = "picture_character"


@dataclass(frozen=True)
class Lacking:
    """What a character lacks: a master, views, and views that were made from another master."""

    master: bool
    views: int
    outdated: int

    @property
    def pictures(self) -> int:
        """How many pictures would be made."""
        return int(self.master) + self.views + self.outdated


def lacking(references: Sequence[CharacterReference]) -> Lacking:
    """What somebody with these references lacks. A new master is made, so that every view there is stays its own."""
    master = next((row for row in references if row.kind == Kind.MASTER), None)
    views = views_of(references)
    outdated = sum(is_of_another_master(row, master) for row in views.values())
    return Lacking(master is None, len(VIEWS) - len(views), outdated)


class Prices:
    """What a master, a view and a look at it are expected to cost in a production: asked once, for all its people.

    `refused` says why nobody can make them, where that is so.
    """

    def __init__(self, project: Project) -> None:
        tier = project.quality_tier
        self.currency, self.refused = project.budget.currency, ""
        self._master: Decimal | None = None
        self._view: Decimal | None = None
        try:
            calls = calls_for(master=True, views=["front"], judged=are_views_judged(project, tier))
            priced = [estimate_calls(project, {name: [(call, "")]}, tier).total for name, call in calls]
        except NoModel as nobody:
            self.refused = str(nobody)
            return
        self._master, self._view = priced[0], None if None in priced[1:] else sum(filter(None, priced[1:]), Decimal(0))

    def of(self, wanted: Lacking) -> Decimal | None:
        """The expected amount for what is lacking; None where a price is not known."""
        views = wanted.views + wanted.outdated
        if (wanted.master and self._master is None) or (views and self._view is None):
            return None
        return (self._master or Decimal(0)) * int(wanted.master) + (self._view or Decimal(0)) * views


def order_pictures(character: Character, *, by: Any = None) -> Run:
    """Start the run that makes what a character lacks, or give the one of it that is open.

    Views that were made from another master are made anew: that is what somebody who asks for it wants. Raises
    ValidationError where nothing is lacking.
    """
    wanted = lacking(list(character.references.all()))
    open_run = open_run_of(character)
    if open_run is not None:
        return open_run
    if not wanted.pictures:
        raise ValidationError(f"{character.name} has a master picture and six views made from it: nothing is missing.")
    settings = {"tier": character.project.quality_tier, "again": bool(wanted.outdated)}
    return start_run(PIPELINE, f"character:{character.pk}", character.project, settings=settings, by=by)


def order_line_up(project: Project, *, by: Any = None) -> Run:
    """Start drawing the line-up again; raises ValidationError where it shows everybody as they are."""
    people = standing(project)
    if not people:
        raise ValidationError("Nobody has a picture yet: there is nobody to line up.")
    if not is_outdated(line_up_of(project), people):
        raise ValidationError("The line-up shows everybody as they are now.")
    return start_run("line_up", f"line-up:{project.pk}", project, by=by)


def open_run_of(character: Character) -> Run | None:
    """The run that is making pictures of a character now, whoever started it."""
    return Run.objects.filter(pipeline=PIPELINE, subject=f"character:{character.pk}", state__in=OPEN_RUNS).first()


def being_pictured(project: Project) -> set[int]:
    """The characters somebody is having pictures made of at this moment."""
    open_runs = Run.objects.filter(project=project, pipeline=PIPELINE, state__in=OPEN_RUNS, parent=None)
    return {int(subject.removeprefix("character:")) for subject in open_runs.values_list("subject", flat=True)}
