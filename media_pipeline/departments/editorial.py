"""Editorial department: how long it runs, how it is paced and built, and what an editor would flag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from pydantic import BaseModel, Field

from media_pipeline.runs.context import RunContext
from projects.choices import ChapterLabel, GatherKind, NarrativeStructure
from projects.models import Chapter, Project
from projects.screenplay.fountain import read_scene
from projects.screenplay.length import format_eighths
from projects.screenplay.model import ElementType
from scenes.choices import Pacing, ShotStatus, StructureBeat, Transition
from scenes.models import LONGEST_SHOT, SHORTEST_SHOT, Scene, Shot
from scenes.planning.camera_words import transition_of
from scenes.queries import lengths_of_scenes

from .material import Material
from .registry import Department, Part, Phase, Readiness, readiness_of
from .script import (
    Script,
    actions_of,
    ask_by_lots,
    folded,
    keep_documents,
    lots,
    made_by,
    questions,
    read_script,
    unknown_scenes,
)

KINDS = frozenset({GatherKind.SCENE, GatherKind.DOCUMENT})
LISTS = ("dialogue", "shots__state")

TARGET_TOLERANCE = Fraction(1, 10)
"""How far a chapter's running time may be from its target before an editor says so."""

B = StructureBeat
BEATS: dict[str, tuple[tuple[StructureBeat, ...], ...]] = {
    NarrativeStructure.THREE_ACT: (
        (B.SETUP,), (B.INCITING_INCIDENT,), (B.FIRST_TURN,), (B.MIDPOINT,), (B.SECOND_TURN,), (B.CLIMAX,),
        (B.RESOLUTION,),
    ),
    NarrativeStructure.HEROS_JOURNEY: (
        (B.SETUP,), (B.INCITING_INCIDENT,), (B.FIRST_TURN,), (B.RISING_ACTION,), (B.CRISIS,), (B.CLIMAX,),
        (B.RESOLUTION,),
    ),
    NarrativeStructure.BEAT_SHEET: (
        (B.HOOK, B.SETUP), (B.INCITING_INCIDENT,), (B.FIRST_TURN,), (B.MIDPOINT,), (B.CRISIS,), (B.SECOND_TURN,),
        (B.CLIMAX,), (B.RESOLUTION,),
    ),
    NarrativeStructure.STORY_CIRCLE: (
        (B.SETUP,), (B.INCITING_INCIDENT,), (B.RISING_ACTION,), (B.MIDPOINT,), (B.CRISIS,), (B.RESOLUTION,),
    ),
    NarrativeStructure.AIDA: ((B.HOOK,), (B.SETUP,), (B.RISING_ACTION,), (B.BUTTON, B.RESOLUTION)),
    NarrativeStructure.PAS: ((B.HOOK, B.INCITING_INCIDENT), (B.RISING_ACTION, B.CRISIS), (B.RESOLUTION, B.BUTTON)),
    NarrativeStructure.BAB: ((B.HOOK, B.SETUP), (B.RESOLUTION, B.CLIMAX), (B.BUTTON,)),
    NarrativeStructure.TWO_PEAK: ((B.HOOK,), (B.MIDPOINT,), (B.CLIMAX,), (B.CLIFFHANGER, B.BUTTON)),
}  # fmt: skip
"""Structure -> its beats in order; where one may stand for another, both."""

OF_EACH = frozenset({ChapterLabel.EPISODE, ChapterLabel.SPOT})
"""Chapters that are whole stories: each has the structure, where it else spans the production."""


class Note(BaseModel):
    """Something an editor would say of a scene."""

    scene: str = Field(min_length=1, max_length=200)
    note: str = Field(min_length=1, max_length=500)


class Notes(BaseModel):
    """An editor's notes on a lot of scenes."""

    notes: list[Note] = []


WANTED = (
    "You are the editor. In notes, say in one sentence each what would be hard to cut, slow, repeated or missing in "
    "these scenes, with the scene named exactly as in the material. Leave out scenes you have nothing to say of."
)


def readiness(material: Material) -> Readiness:
    """Scenes that are written 40, chapters with a target duration 30, a structure 15, beats of scenes 15 of 100."""
    scenes, chapters = material.scenes, material.chapters
    empty = [scene.number for scene in scenes if not scene.screenplay_text]
    aimless = [str(chapter) for chapter in chapters if not chapter.target_seconds]
    beats = [scene for scene in scenes if scene.structure_beat]
    written = f"Write scene {', '.join(empty)}." if empty else "There is no scene: import a screenplay."
    aims = f"Give {', '.join(aimless)} a target duration." if aimless else "There is no chapter: import a screenplay."
    return readiness_of([
        Part(40, 1 - len(empty) / len(scenes) if scenes else 0, written),
        Part(30, 1 - len(aimless) / len(chapters) if chapters else 0, aims),
        Part(15, material.project.narrative_structure != NarrativeStructure.NONE,
             "Choose the production's narrative structure."),
        Part(15, len(beats), "Say of the scenes which beat of the structure each is."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """Write each chapter's document; of the scenes themselves nothing is changed."""
    snapshot = run.freeze(lambda: _snapshot(read_script(project, *LISTS)))
    answers = ask_by_lots(
        run, DEPARTMENT.label, snapshot["lots"], schema=Notes, wanted=WANTED,
        check=lambda value, lot: unknown_scenes([one.scene for one in value.notes], lot),
    )  # fmt: skip
    by = made_by(answers)
    notes = {folded(label): label for lot in snapshot["lots"] for label in lot["scenes"]}
    said = [{"scene": notes[folded(one.scene)], "note": one.note} for answer in answers for one in answer.value.notes]
    documents = run.record("documents", lambda: keep_documents(project, "editorial", _noted(snapshot, said), by=by))
    return {"wrote": {"documents": documents, "flags": snapshot["flags"]}, "by": by}


def _noted(snapshot: Mapping[str, Any], said: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The documents with the model's notes on each one's scenes."""
    return {
        key: data | {"notes": [note for note in said if note["scene"] in snapshot["scenes_of"][key]]}
        for key, data in snapshot["documents"].items()
    }


def _snapshot(script: Script) -> dict[str, Any]:
    lengths = {pk: one.expected for pk, one in lengths_of_scenes(scene.pk for scene in script.scenes).items()}
    reels = [Reel(script, chapter, lengths) for chapter in Chapter.objects.filter(project=script.project)]
    documents = {reel.key: reel.document() for reel in reels}
    return {
        "lots": lots(script, DEPARTMENT.label),
        "documents": documents,
        "scenes_of": {reel.key: [script.labels[scene.pk] for scene in reel.scenes] for reel in reels},
        "flags": sum(len(document["flags"]) for document in documents.values()),
    }


@dataclass(frozen=True)
class Reel:
    """One chapter as an editor sees it; `lengths` are the expected seconds of every scene."""

    script: Script
    chapter: Chapter
    lengths: Mapping[int, Fraction]

    @property
    def key(self) -> str:
        """The document's key, such as Episode 2."""
        return f"{self.script.project.get_chapter_label_display()} {self.chapter.number}"

    @cached_property
    def scenes(self) -> list[Scene]:
        """The chapter's scenes in order."""
        return [scene for scene in self.script.scenes if scene.chapter_id == self.chapter.pk]

    @cached_property
    def shots(self) -> dict[int, list[Shot]]:
        """The shots of each scene that are not omitted, in order."""
        return {
            scene.pk: sorted(
                (shot for shot in scene.shots.all() if shot.state.status != ShotStatus.OMITTED),
                key=lambda shot: shot.sequence,
            )
            for scene in self.scenes
        }

    @property
    def seconds(self) -> Fraction:
        """The expected running time."""
        return sum((self.lengths[scene.pk] for scene in self.scenes), Fraction(0))

    def label(self, scene: Scene) -> str:
        """What people call the scene."""
        return self.script.labels[scene.pk]

    def average(self, scenes: Sequence[Scene]) -> Fraction | None:
        """Seconds of an average shot of these scenes; None without shots."""
        lengths = [shot.exact_seconds for scene in scenes for shot in self.shots[scene.pk]]
        return sum(lengths, Fraction(0)) / len(lengths) if lengths else None

    def document(self) -> dict[str, Any]:
        """Running time, scenes, pace, transitions, structure and flags, as tables and sentences."""
        target = self.chapter.target_seconds
        shots = sum(len(found) for found in self.shots.values())
        return {
            "flags": self.flags(),
            "running time": {
                "expected": clock(self.seconds), "target": clock(Fraction(target)) if target else "",
                "against the target": self._against(target) if target else "",
                "scenes": len(self.scenes), "shots": shots, "average shot": clock(self.average(self.scenes)),
            },
            "scenes": [self._scene(scene) for scene in self.scenes],
            "shots outside 3 to 7 seconds": [
                {"shot": label, "seconds": seconds(length)} for label, length in self._odd_shots()
            ],
            "pacing": self._pacing(),
            "transitions": self._transitions(),
            "structure": self._structure(),
        }  # fmt: skip

    def _scene(self, scene: Scene) -> dict[str, Any]:
        return {
            "scene": self.label(scene), "heading": scene.heading, "pages": format_eighths(scene.length_eighths),
            "expected": clock(self.lengths[scene.pk]), "shots": len(self.shots[scene.pk]),
            "average shot": clock(self.average([scene])), "pace": scene.get_pacing_display(),
            "lines": len(scene.dialogue.all()),
            "beat": scene.get_structure_beat_display() if scene.structure_beat else "",
        }  # fmt: skip

    def _odd_shots(self) -> list[tuple[str, Fraction]]:
        return [
            (f"{self.label(scene)}/{shot.label}", shot.exact_seconds)
            for scene in self.scenes for shot in self.shots[scene.pk]
            if not SHORTEST_SHOT <= shot.expected_seconds <= LONGEST_SHOT
        ]  # fmt: skip

    def _pacing(self) -> list[dict[str, Any]]:
        rows = []
        for pace in Pacing:
            scenes = [scene for scene in self.scenes if scene.pacing == pace]
            length = sum((self.lengths[scene.pk] for scene in scenes), Fraction(0))
            if scenes:
                rows.append({
                    "pace": pace.label, "scenes": len(scenes), "expected": clock(length),
                    "average shot": clock(self.average(scenes)),
                })  # fmt: skip
        return rows

    def _transitions(self) -> list[dict[str, str]]:
        """What the scenes and their script ask for besides a cut, and where."""
        rows = []
        for scene in self.scenes:
            asked = [
                ("into", scene.transition_in, seconds(Fraction(scene.transition_in_seconds)), "the scene"),
                ("out of", scene.transition_out, seconds(Fraction(scene.transition_out_seconds)), "the scene"),
                ("out of", scripted_transition(scene), "", "the script"),
            ]
            rows += [
                {"where": f"{side} scene {self.label(scene)}", "transition": Transition(kind).label, "seconds": length,
                 "asked by": by}
                for side, kind, length, by in asked if kind != Transition.CUT
            ]  # fmt: skip
        return rows

    # -- structure

    @cached_property
    def story(self) -> list[Scene]:
        """The scenes the structure spans: the chapter's where each is a story, else the production's."""
        return self.scenes if self.script.project.chapter_label in OF_EACH else list(self.script.scenes)

    def _structure(self) -> list[dict[str, str]]:
        """Each beat of the production's structure with the scenes that are it."""
        return [
            {"beat": " or ".join(beat.label for beat in beats),
             "scenes": ", ".join(self.label(scene) for scene in self._at(beats))}
            for beats in BEATS.get(self.script.project.narrative_structure, ())
        ]  # fmt: skip

    def _at(self, beats: Sequence[StructureBeat]) -> list[Scene]:
        return [scene for scene in self.story if scene.structure_beat in beats]

    # -- what an editor flags

    def flags(self) -> list[str]:
        """What an editor would stop at, a sentence each, in the order of the film."""
        flags = self._length_flags() + self._structure_flags()
        for scene in self.scenes:
            flags += self._scene_flags(scene)
        bare = [self.label(scene) for scene in self.scenes if not self.shots[scene.pk]]
        if bare:
            flags.append(f"Scene{'s' if len(bare) > 1 else ''} {', '.join(bare)}: no shots yet.")
        flags += [
            f"Shot {label} lasts {seconds(length)} s: a shot is to last 3 to 7 s."
            for label, length in self._odd_shots()
        ]
        return flags + self._transition_flags()

    def _length_flags(self) -> list[str]:
        target = self.chapter.target_seconds
        if not target:
            return [f"{self.key} has no target duration."]
        if abs(self.seconds - target) <= target * TARGET_TOLERANCE:
            return []
        return [f"{self.key} runs {clock(self.seconds)}, {self._against(target)} than its target of "
                f"{clock(Fraction(target))}."]  # fmt: skip

    def _against(self, target: int) -> str:
        over = self.seconds - target
        return f"{clock(abs(over))} {'longer' if over > 0 else 'shorter'}"

    def _structure_flags(self) -> list[str]:
        structure = self.script.project.narrative_structure
        places = {scene.pk: place for place, scene in enumerate(self.story)}
        flags, missing = [], []
        before: tuple[int, str] | None = None
        if structure in BEATS and not any(scene.structure_beat for scene in self.story):
            return [f"No scene says which beat of the structure ({NarrativeStructure(structure).label}) it is."]
        for beats in BEATS.get(structure, ()):
            label, scenes = " or ".join(beat.label.lower() for beat in beats), self._at(beats)
            if not scenes:
                missing.append(label)
                continue
            first = places[scenes[0].pk]
            if before is not None and first < before[0]:
                flags.append(f"Scene {self.label(scenes[0])}, the {label}, comes before the {before[1]}.")
            before = (first, label)
        if missing:
            flags.append(f"No scene is, of {NarrativeStructure(structure).label}, the {', the '.join(missing)}.")
        return flags

    def _scene_flags(self, scene: Scene) -> list[str]:
        label, flags = self.label(scene), []
        if not scene.dialogue.all() and not actions_of(scene):
            flags.append(f"Scene {label} has no dialogue and no action.")
        shots = self.shots[scene.pk]
        scripted = scripted_transition(scene)
        if scripted != Transition.CUT and {scene.transition_out, *(shot.transition_out for shot in shots[-1:])} == {
            Transition.CUT
        }:
            flags.append(f"The script leaves scene {label} by {scripted.label.lower()}, and the scene by cut.")
        mine, whole = self.average([scene]), self.average(self.scenes)
        if mine is not None and whole is not None and len(self.scenes) > 1:
            against = f"its shots last {seconds(mine)} s on average, those of {self.key} {seconds(whole)} s"
            if scene.pacing == Pacing.FAST and mine > whole:
                flags.append(f"Scene {label} is to be fast, but {against}.")
            if scene.pacing == Pacing.SLOW and mine < whole:
                flags.append(f"Scene {label} is to be slow, but {against}.")
        return flags

    def _transition_flags(self) -> list[str]:
        """Neighbours that ask for different transitions at the one place where they meet."""
        flags = []
        for first, second in zip(self.scenes, self.scenes[1:], strict=False):
            asked = {first.transition_out, second.transition_in} - {Transition.CUT}
            if len(asked) == 2 and asked != {Transition.FADE_OUT, Transition.FADE_IN}:
                flags.append(
                    f"Scene {self.label(first)} goes out by {first.get_transition_out_display().lower()}, and scene "
                    f"{self.label(second)} comes in by {second.get_transition_in_display().lower()}."
                )
        return flags


def scripted_transition(scene: Scene) -> Transition:
    """How the script leaves the scene: its last transition, a cut where it says none or one we do not know."""
    elements = [one for one in read_scene(scene.screenplay_text).elements if one.type is ElementType.TRANSITION]
    kind, known = transition_of(elements[-1].text) if elements else ("", False)
    return Transition(kind) if known else Transition.CUT


def clock(length: Fraction | None) -> str:
    """Exact seconds as people say a running time, to a tenth: 1 min 23.5 s; "" where there is nothing to measure."""
    if length is None:
        return ""
    minutes, tenths = divmod(round(length * 10), 600)
    return f"{minutes} min {_tenths(tenths)} s" if minutes else f"{_tenths(tenths)} s"


def seconds(length: Fraction | None) -> str:
    """Seconds to a tenth, such as 4.5 or 4; "" where there is nothing to measure."""
    return "" if length is None else _tenths(round(length * 10))


def _tenths(tenths: int) -> str:
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


DEPARTMENT = Department(
    key="editorial", label="Editorial", phase=Phase.C,
    does="Times the film against its targets, and says what an editor would flag.", kinds=KINDS, readiness=readiness,
    qualify=qualify, asks=partial(questions, department="Editorial"),
)  # fmt: skip
