"""The parts of a page that are kept current, as the very HTML that the page itself has.

`fragments_for(project_id, events)` gives what a batch of events changes: HTML by element id. Fragments do not
depend on the person: buttons are in all of them, and a page shows those that its `data-may` allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.template.loader import render_to_string

from media_pipeline.judging import PIPELINE as JUDGING
from media_pipeline.previz import frame_of_group
from projects.models import Project

from . import queries
from .cards import run_bar, scene_card, shot_card
from .gather_cards import item_card, readiness_board
from .qualification_cards import judging_context, lock_context, qualification_context
from .turnarounds import line_up_context, people_with_pictures, turnarounds

NOTHING_TO_SHOW = frozenset({"budget.moved", "budget.changed", "member.changed"})
"""Events that come often or speak of what not everybody may see: no fragment shows them."""


QUALIFYING = frozenset({"qualify", "qualify_department", JUDGING})
"""Pipelines that the gather room follows."""


class Change(Protocol):
    """What fragments need to know of an event; projects.models.Event is one."""

    type: str
    subject: str
    payload: Any


class FragmentWriter:
    """Renders the fragments of one production; each at most once for a batch of events."""

    def __init__(self, project_id: int) -> None:
        self.project: Project = queries.with_pictures(project_id)
        self.html: dict[str, str] = {}
        self._shots: set[int] = set()

    def follow(self, event: Change) -> None:
        """Render what this event changes."""
        kind, _, number = event.subject.partition(":")
        pk = int(number) if number.isdigit() else 0
        if event.type in NOTHING_TO_SHOW:
            return
        if kind == "alert":
            self.alerts()
        elif kind == "run" and event.payload.get("pipeline") in QUALIFYING:
            self.qualification(event)
        elif kind == "gather" or event.type in ("gather.locked", "readiness.changed"):
            self.material(event, pk)
        elif kind == "approval" or (kind == "run" and event.payload.get("subject") == f"project:{self.project.pk}"):
            self.run_progress()
        elif kind == "scene":
            self.scene(pk)
        elif kind == "shot":
            self._follow_shot(event, pk)
        elif kind == "character":
            self.cast_member(pk)
        elif kind == "run" and str(event.payload.get("subject", "")).startswith("character:"):
            self.cast_member(int(event.payload["subject"].removeprefix("character:") or 0))
        elif kind == "document" and event.payload.get("key") == "line-up":
            self.line_up()
        elif event.type == "attempt.recorded":
            self.previz(pk)
        elif kind in ("project", "chapter"):
            self._follow_project(event)

    def alerts(self) -> None:
        """id "alerts"."""
        self._once("alerts", "alerts", lambda: alerts_context(self.project))

    def run_progress(self) -> None:
        """id "run-progress"."""
        self._once("run-progress", "run_progress", lambda: run_context(self.project))

    def film(self) -> None:
        """id "film"."""
        self._once("film", "film", lambda: {"project": self.project, "counts": self._counts()})

    def status(self) -> None:
        """id "project-status"."""
        self._once("project-status", "project_status", lambda: {"project": self.project, "counts": self._counts()})

    def scenes_news(self) -> None:
        """id "scenes-news": that the list of scenes itself has changed."""
        context = {"project": self.project, "news": "A screenplay was imported."}
        self._once("scenes-news", "scenes_news", lambda: context)

    def qualification(self, event: Change) -> None:
        """id "qualification", and "run-progress" for the whole of it; "judging" where the model reads."""
        if event.payload.get("pipeline") == JUDGING:
            self._once("judging", "judging", lambda: judging_context(self.project))
            return
        self._once("qualification", "qualification", lambda: qualification_context(self.project))
        if event.payload.get("subject") == f"project:{self.project.pk}":
            self.run_progress()

    def material(self, event: Change, pk: int) -> None:
        """id "readiness"; with it the item that changed, that there are new ones, or that all of them are locked."""
        self._once("readiness", "readiness", lambda: {"board": readiness_board(self.project), "project": self.project})
        if event.type == "gather.locked":
            self._once("gather-lock", "gather_lock", lambda: lock_context(self.project))
        elif event.type == "gather.changed":
            self._once(f"gather-{pk}", "gather_item", lambda: self._material(pk))
        elif event.type in ("gather.added", "gather.removed"):
            news = "Material was added." if event.type == "gather.added" else "Material was taken out."
            self._once("gather-news", "gather_news", lambda: {"news": news, "project": self.project})

    def _material(self, pk: int) -> dict[str, Any] | None:
        item = queries.material(self.project.pk).filter(pk=pk).first()
        return {"card": item_card(item), "project": self.project} if item else None

    def scene(self, pk: int) -> None:
        """id "scene-<pk>": the scene with all its shots."""
        self._once(f"scene-{pk}", "scene", lambda: self._scene(pk))

    def scene_progress(self, pk: int) -> None:
        """id "scene-<pk>-progress"."""
        self._once(f"scene-{pk}-progress", "scene_progress", lambda: self._scene(pk))

    def shot(self, pk: int) -> None:
        """id "shot-<pk>"; with it the progress of its scene and of the production."""
        if pk in self._shots:
            return
        self._shots.add(pk)
        shots = queries.shots_for_cards().select_related("scene", "state__selected_take__filmstrip")
        shot = shots.filter(pk=pk, scene__chapter__project_id=self.project.pk).first()
        if shot:
            card = shot_card(shot, self.project.slug, shot.scene.number)
            self._once(f"shot-{pk}", "shot_card", lambda: {"shot": card})
            self.scene_progress(shot.scene_id)
            news = {"shot_id": pk, "shot_url": card.url, "news": f"Shot {card.label} has changed."}
            self._once(f"shot-{pk}-news", "shot_news", lambda: news)
        self.status()

    def previz(self, group: int) -> None:
        """id "previz-<shot>" and "previz-drawn-<chapter>", where attempts of this group are previz frames."""
        found = frame_of_group(self.project, group)
        if found is None:
            return
        frame, chapter, drawn = found
        context = {"frame": frame, "project": self.project}
        self._once(f"previz-{frame.shot.pk}", "previz_frame", lambda: context)
        self._once(f"previz-drawn-{chapter}", "previz_drawn", lambda: {"chapter": chapter, "drawn": drawn})

    def cast_member(self, pk: int) -> None:
        """id "cast-<pk>": a character with their pictures."""
        self._once(f"cast-{pk}", "turnaround", lambda: self._cast_member(pk))

    def line_up(self) -> None:
        """id "line-up"."""
        self._once("line-up", "line_up", lambda: line_up_context(self.project))

    def _cast_member(self, pk: int) -> dict[str, Any] | None:
        found = turnarounds(self.project, people_with_pictures(self.project).filter(pk=pk))
        return {"row": found[0], "project": self.project} if found else None

    def _scene(self, pk: int) -> dict[str, Any] | None:
        scene = queries.scenes_with_shots(self.project.pk).filter(pk=pk).first()
        label = self.project.get_chapter_label_display()
        return {"scene": scene_card(scene, self.project.slug, label)} if scene else None

    def _counts(self) -> queries.Counts:
        return queries.counts_of([self.project.pk])[self.project.pk]

    def _follow_project(self, event: Change) -> None:
        if event.type in ("film.finished", "project.cover"):  # at no other event: a person may be watching the film
            self.film()
        if event.type == "chapter.imported":
            self.scenes_news()
        self.status()
        self.run_progress()

    def _follow_shot(self, event: Change, pk: int) -> None:
        if event.type in ("shot.created", "shot.removed") and event.payload.get("scene"):
            self.scene(int(event.payload["scene"]))
        else:
            self.shot(pk)

    def _once(self, element: str, template: str, context: Callable[[], dict[str, Any] | None]) -> None:
        """Render a fragment that this batch has not rendered yet; none when its record is gone."""
        if element not in self.html and (values := context()) is not None:
            self.html[element] = render_to_string(f"review/fragments/{template}.html", values)


def alerts_context(project: Project) -> dict[str, Any]:
    """What the fragment "alerts" shows."""
    return {"alerts": queries.open_alerts(project.pk), "slug": project.slug}


def run_context(project: Project) -> dict[str, Any]:
    """What the fragment "run_progress" shows."""
    bar = run_bar(
        queries.whole_run(project.pk),
        project.slug,
        has_film=project.state.final_film_id is not None,
        chapters=queries.chapters_with_scenes(project.pk),
        approvals=queries.open_approvals(project.pk),
    )
    return {"bar": bar, "project": project}


def fragments_for(project_id: int, events: Iterable[Change]) -> dict[str, str]:
    """HTML by element id for everything that these events of one production change, as it is now."""
    writer = FragmentWriter(project_id)
    for event in events:
        writer.follow(event)
    return writer.html
