"""Story department: from what was gathered to a screenplay, its scenes, and their shots."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from pydantic import BaseModel, Field

from media_pipeline.pipelines.plan_shots import plan_scenes
from media_pipeline.providers.base import Request, TextRequest
from media_pipeline.providers.llm.answers import model_configured
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.errors import StepFailed
from projects.actions import write_document
from projects.choices import GatherKind
from projects.models import GatherItem, Project
from projects.screenplay.fountain import read_scene
from projects.screenplay.model import ElementType, ScreenplayError
from projects.screenplay.reader import read_screenplay
from prompts.queries import rendered, template_for
from scenes.actions import change_scene
from scenes.choices import SceneStatus, ShotStatus
from scenes.importing import import_screenplay_file
from scenes.models import Scene
from scenes.planning.sentences import sentences
from scenes.script_changes import is_filmed

from .asking import ask_department, in_words, who
from .material import Material, material_of
from .registry import Department, Part, Phase, Readiness, readiness_of
from .script import is_settled

SCENES_WANTED, WORDS_WANTED, PEOPLE_WANTED = 3, 15, 2
"""Scenes, words that sum the story up, and people, from which on there is a story to tell."""

SCRIPT = "From the material.fountain"
"""File name of a screenplay that this department has written."""

HEADING = re.compile(r"^(?:INT|EXT|EST|I/E)[./ ]", re.IGNORECASE)
MOST_TOKENS_READ, MOST_TOKENS_WRITTEN = 1000, 16_000
"""Of a scene's reading, and of a whole screenplay: about 40 pages."""

NOTES = ("synopsis", "purpose", "dramatic_effect", "emotional_tone", "conflict", "stakes", "subtext", "turning_point")
"""Fields of a scene that a reading of it fills where they are empty."""

NO_STORY = (
    "There is no story yet: import a screenplay, or add gather items of kind Scene with what happens in them. The "
    "material is locked, so scenes can now be added in the admin, under Scenes; then resume."
)


class Script(BaseModel):
    """A screenplay in Fountain."""

    fountain: str = Field(min_length=1)


class Reading(BaseModel):
    """What a scene is about, in a sentence each; empty where the scene does not say."""

    synopsis: str = ""
    purpose: str = ""
    dramatic_effect: str = ""
    emotional_tone: str = Field("", max_length=120)
    conflict: str = ""
    stakes: str = ""
    subtext: str = ""
    turning_point: str = ""


WRITE = (
    "Write the screenplay of this film in Fountain, as the value of `fountain`: a heading such as INT. LAMP ROOM - "
    "NIGHT for every scene, what is seen and heard, and dialogue. Use every scene of the material, in its order."
)
READ = "Answer with one sentence for each of: synopsis, purpose, dramatic_effect, conflict, stakes, subtext, " \
    "turning_point; and emotional_tone in at most three words."  # fmt: skip


def readiness(material: Material) -> Readiness:
    """Scenes 60, what it is about 20, people 20 of 100."""
    told = material.of(GatherKind.SCENE)
    scripted = SCENES_WANTED * any(reads_as_script(item.body) for item in material.of(GatherKind.DOCUMENT))
    count = len(material.scenes) or max(len(told), scripted)
    words = len(f"{material.project.logline} {material.project.synopsis}".split())
    people = {item.title.casefold() for item in material.of(GatherKind.CHARACTER) if item.title}
    people |= {person.name.casefold() for person in material.characters}
    return readiness_of([
        Part(60, 1.0 if material.scenes else count / SCENES_WANTED,
             f"{count} of {SCENES_WANTED} scenes: import a screenplay, or add scenes with what happens in them."),
        Part(20, words / WORDS_WANTED, "Nothing sums the story up: write the production's logline or synopsis."),
        Part(20, len(people) / PEOPLE_WANTED, f"{len(people)} of {PEOPLE_WANTED} people: add the characters."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """A screenplay where there is none, then a reading of every scene, then its shots."""
    snapshot = run.freeze(lambda: _snapshot(material_of(project)))
    imported = _write_script(run, project, snapshot) if run.remembers("import") or not _scenes(project).exists() else 0
    scene_ids = run.record("scenes", lambda: [scene.pk for scene in _scenes(project)])
    run.progress(15, f"Reading {len(scene_ids)} scenes", until=45)
    readers = {scene_id: _read(run, project, scene_id) for scene_id in scene_ids}
    planned = plan_scenes(run, scene_ids, progress=(45, 95))
    documents = run.record("metadata", lambda: _write_metadata(project, readers))
    read = sum(map(bool, readers.values()))
    return {"wrote": {"scenes": imported, "scenes read": read, "scenes planned": planned, "documents": documents}}


def asks(project: Project) -> list[tuple[str, Request]]:
    """A reading of each scene that nobody has read, and the screenplay where there is none, of the language model."""
    if not model_configured(project.quality_tier):
        return []
    texts = [scene.screenplay_text or scene.heading for scene in _scenes(project) if _empty(scene)]
    calls: list[tuple[str, Request]] = [("readings", _asked(text, MOST_TOKENS_READ)) for text in texts]
    if not _scenes(project).exists():
        words = in_words(GatherItem.objects.filter(project=project))
        calls.append(("screenplay", _asked(words or project.title, MOST_TOKENS_WRITTEN)))
    return calls


def _asked(prompt: str, max_tokens: int) -> TextRequest:
    return TextRequest(prompt=prompt, max_tokens=max_tokens, temperature=Decimal("0.2"))


def script_by_rules(items: Sequence[GatherItem]) -> str:
    """The material's own scenes as Fountain: a document that is a screenplay, else the scene items in their order."""
    for item in items:
        if item.kind == GatherKind.DOCUMENT and reads_as_script(item.body):
            return item.body
    return "\n\n".join(_as_scene(item) for item in items if item.kind == GatherKind.SCENE)


def reads_as_script(text: str) -> bool:
    """Whether a text has scene headings of its own."""
    return any(HEADING.match(line.strip()) for line in text.splitlines())


def _as_scene(item: GatherItem) -> str:
    if reads_as_script(item.body):
        return item.body
    heading = item.title.strip().upper()
    if not HEADING.match(heading):
        facts = {str(name).casefold(): str(value) for name, value in item.structured.items()}
        inside = facts.get("int/ext", "INT.").upper().rstrip(".") + "."
        place = facts.get("location") or facts.get("place") or heading or "THE PLACE"
        heading = f"{inside} {place.upper()} - {facts.get('time', 'DAY').upper()}"
    return f"{heading}\n\n{item.body.strip() or item.title}"


def _snapshot(material: Material) -> dict[str, Any]:
    project = material.project
    about = "\n".join(part for part in (project.title, project.logline, project.synopsis) if part)
    return {
        "words": f"{about}\n\n{in_words(material.items)}",
        "by_rules": script_by_rules(material.items),
    }


def _write_script(run: RunContext, project: Project, snapshot: dict[str, Any]) -> int:
    """Import the screenplay that the model writes or the material holds; returns its scenes."""
    by_rules = snapshot["by_rules"]
    if reads_as_script(by_rules) and _is_whole(by_rules):
        script = by_rules  # it is written already
    else:
        answer = ask_department(
            run, DEPARTMENT.key, "screenplay", schema=Script, question=WRITE, material=snapshot["words"],
            fallback=lambda: Script(fountain=by_rules or " "), check=_faults_of, max_tokens=MOST_TOKENS_WRITTEN,
        )  # fmt: skip
        script = answer.value.fountain
    if _faults_of(Script(fountain=script or " ")):
        raise StepFailed("screenplay", "Refused", NO_STORY)
    by = run.run.requested_by
    return run.record("import", lambda: import_screenplay_file(project, script.encode(), SCRIPT, by=by).new)


def _is_whole(script: str) -> bool:
    """Whether every scene of a script has something in it."""
    return all(scene.elements[1:] for scene in read_screenplay(script.encode(), SCRIPT).scenes if is_filmed(scene))


def _faults_of(script: Script) -> list[str]:
    """What keeps a text from being a screenplay, in sentences."""
    try:
        screenplay = read_screenplay(script.fountain.encode(), SCRIPT)
    except ScreenplayError as error:
        return [str(error)]
    if not any(scene.heading for scene in screenplay.scenes):
        return ["There is no scene heading such as INT. LAMP ROOM - NIGHT."]
    return []


def _read(run: RunContext, project: Project, scene_id: int) -> str:
    """Fill what a scene says of itself where nobody has; returns who did, or nothing where there was nothing to do."""
    key = f"read/{scene_id}"
    if run.remembers(f"{key}/write"):
        return run.record(f"{key}/write", lambda: "")
    scene = Scene.objects.select_related("chapter", "state").get(pk=scene_id)
    if not _empty(scene):
        return run.record(f"{key}/write", lambda: "")
    asked = model_configured(run.settings.get("tier") or "standard")
    answer = ask_department(
        run, DEPARTMENT.key, key, schema=Reading, question=READ, material=_page(project, scene) if asked else "",
        fallback=lambda: reading_by_rules(scene), max_tokens=MOST_TOKENS_READ,
    )  # fmt: skip
    return run.record(f"{key}/write", lambda: _keep(scene_id, answer.value, who(answer)))


def _page(project: Project, scene: Scene) -> str:
    """The scene and what is asked about it, in the words of the production's template."""
    values = {"title": project.title, "genre": project.genre, "screenplay": scene.screenplay_text or scene.heading}
    return rendered(template_for("story.scene_notes", project), values)


def reading_by_rules(scene: Scene) -> Reading:
    """The scene's first sentence is its synopsis; what it means is for a person or a model to say."""
    action = [
        sentence
        for element in read_scene(scene.screenplay_text).elements
        if element.type is ElementType.ACTION
        for sentence in sentences(" ".join(element.text.split()))
    ]
    return Reading(synopsis=action[0] if action else "", emotional_tone="")


def _keep(scene_id: int, reading: Reading, made_by: str) -> str:
    scene = Scene.objects.select_related("chapter").get(pk=scene_id)
    said = {name: getattr(reading, name).strip() for name in NOTES}
    fields = {name: value for name, value in said.items() if value and not getattr(scene, name)}
    if fields:
        change_scene(scene, **fields)
    return made_by if fields else ""


def _write_metadata(project: Project, readers: Mapping[int, str]) -> int:
    """One document per scene: what was read in it and how it is broken into shots."""
    scenes = Scene.objects.filter(pk__in=readers).select_related("chapter", "state").prefetch_related("shots__state")
    for scene in scenes:
        shots = [shot for shot in scene.shots.all() if shot.state.status != ShotStatus.OMITTED]
        data = {name: getattr(scene, name) for name in ("heading", *NOTES) if getattr(scene, name)}
        data |= {
            "read by": readers[scene.pk],
            "planned by": scene.state.planned_by,
            "pacing": scene.get_pacing_display(),
            "shots": len(shots),
            "seconds": str(sum(shot.expected_seconds or 0 for shot in shots)),
        }
        key = f"Chapter {scene.chapter.number}, scene {scene.number}"
        write_document(project, "scene metadata", key, data, generated_by=scene.state.planned_by[:80])
    return len(readers)


def _empty(scene: Scene) -> bool:
    """Whether nobody has read the scene; one that people approved stays as it is."""
    return not is_settled(scene) and not any(getattr(scene, name) for name in NOTES)


def _scenes(project: Project) -> QuerySet[Scene]:
    found = Scene.objects.filter(chapter__project=project).exclude(state__status=SceneStatus.OMITTED)
    return found.select_related("chapter", "state").order_by("chapter__number", "sequence")


DEPARTMENT = Department(
    key="story", label="Story", phase=Phase.B, does="Writes the screenplay where there is none, reads the scenes and "
    "breaks them into shots.", kinds=frozenset({GatherKind.SCENE, GatherKind.USER_INPUT}), readiness=readiness,
    qualify=qualify, asks=asks, required=True,
)  # fmt: skip
