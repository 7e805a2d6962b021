"""Sound department: ambience, effects and music of every scene, and the cue sheet of the whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from media_pipeline.runs.context import RunContext
from projects.choices import GatherKind
from projects.models import GatherItem, Project
from scenes.actions import change_scene
from scenes.choices import SetCategory, ShotStatus, Weather
from scenes.models import Scene
from scenes.place_in_words import SOMEBODY
from scenes.planning.lexicon import verbs, word_set
from scenes.planning.sentences import sentences

from .editorial import clock, seconds
from .material import Material
from .registry import Department, Part, Phase, Readiness, readiness_of
from .script import (
    Script,
    actions_of,
    ask_by_lots,
    fact,
    folded,
    is_named,
    is_settled,
    keep_documents,
    listed,
    lots,
    made_by,
    only_empty,
    questions,
    read_script,
    scene_of,
    told_in,
    unknown_scenes,
)

LABEL = "Sound"
KINDS = frozenset({GatherKind.MUSIC_REFERENCE})
LISTS = ("set_elements", "sound_effects", "dialogue", "shots__state")
CUE_SHEET = "cue sheet"

_VERBS = (
    "bang beep boom buzz chime clang clap clatter click clink crack crackle crash creak explode gurgle hiss honk hoot "
    "howl hum jingle knock patter rattle ring roar rumble screech sizzle slam splash splinter squeak thud tick toll "
    "wail whine whistle"
)
_BARE = word_set(_VERBS)
SOUNDING = verbs(_VERBS) | word_set(
    "thunder gunshot gunshots siren sirens footsteps applause explosion explosions foghorn"
)
"""Words of sounds; in small letters the bare verbs do not count: a ring may be of gold."""

BY_HAND = verbs("bang clap honk knock ring slam whistle")
"""Sounds that people make with things: only with these is somebody the subject."""

AROUND = word_set(
    "rain drizzle hail wind gale breeze storm surf waves traffic crowd birdsong birds gulls crickets cicadas insects "
    "murmur chatter din bustle drone"
)
"""Words of what is heard all the while."""

MUSIC = word_set("music song melody tune waltz hymn anthem lullaby")

BY_WEATHER = {Weather.RAINY: "Rain", Weather.STORMY: "Storm", Weather.WINDY: "Wind"}
"""Weather that can be heard."""

_CLAUSE = re.compile(r"\s*[;—–]\s*|,\s+(?=(?:and|then|as|while)\b)")
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:[\s-]+[A-Z]{2,})*\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class SoundAnswer(BaseModel):
    """What one scene sounds like."""

    scene: str = Field(min_length=1, max_length=200)
    ambience: str = ""
    music: str = ""
    effects: list[str] = []


class Sounds(BaseModel):
    """How a lot of scenes sounds."""

    scenes: list[SoundAnswer] = []


WANTED = (
    "Answer for every scene, named exactly as in the material: ambience (what is heard all the while, in one "
    "sentence), effects (each sound that happens, in a few words, in order) and music only where the material asks "
    "for it."
)


def readiness(material: Material) -> Readiness:
    """Scenes that are written 50, music references 35, where these belong 15 of 100."""
    references = material.of(GatherKind.MUSIC_REFERENCE)
    unwritten = [scene.number for scene in material.scenes if not scene.screenplay_text]
    aimless = [str(item) for item in references if not fact(item, "scene", "scenes", "mood", "location")]
    written = f"Write scene {', '.join(unwritten)}." if unwritten else "There is no scene: import a screenplay."
    return readiness_of([
        Part(50, 1 - len(unwritten) / len(material.scenes) if material.scenes else 0, written),
        Part(35, len(references), "No music is referenced: add a music reference."),
        Part(15, 1 - len(aimless) / len(references) if references else 0,
             f"Say for which scene, mood or location {', '.join(aimless) or 'a music reference'} is."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """Fill how scenes sound where they do not say it, and write their sheets and the cue sheet."""
    snapshot = run.freeze(lambda: _snapshot(read_script(project, *LISTS)))
    answers = ask_by_lots(
        run, LABEL, snapshot["lots"], schema=Sounds, wanted=WANTED, told=snapshot["told"],
        check=lambda value, lot: unknown_scenes([one.scene for one in value.scenes], lot),
    )  # fmt: skip
    heard: dict[int, dict[str, Any]] = {
        scene_of(one.scene, lot): one.model_dump()
        for lot, answer in zip(snapshot["lots"], answers, strict=True)
        for one in answer.value.scenes
    }
    filled = 0
    for place, lot in enumerate(snapshot["lots"], start=1):
        run.progress(60 + 30 * place // len(snapshot["lots"]), "Spotting sounds")
        filled += run.record(f"fill/{place}", partial(fill_scenes, lot["ids"], snapshot["by_rules"], heard))
    by = made_by(answers)
    documents = run.record("documents", lambda: _documents(project, snapshot, by))
    return {"wrote": {"scenes": filled, "documents": documents}, "by": by}


# -- what the script and the references say


def _snapshot(script: Script) -> dict[str, Any]:
    cues, unplaced = _cues(script)
    return {
        "lots": lots(script, LABEL),
        "told": told_in(script, GatherKind.MUSIC_REFERENCE),
        "by_rules": {str(scene.pk): _by_rules(scene, script) | {"cues": cues[scene.pk]} for scene in script.scenes},
        "unplaced": unplaced,
    }


def _by_rules(scene: Scene, script: Script) -> dict[str, Any]:
    """What a scene's own words ask to be heard: ambience, effects (name, starts) and music."""
    effects, around, music = [], [], []
    for clause in _clauses(scene):
        words = {word.casefold() for word in _WORD.findall(clause)}
        somebody = bool(script.names.mentioned(clause)) or bool(words & SOMEBODY)
        if words & MUSIC:
            music.append(_said(clause))
        elif _sounds(clause, somebody):
            effects.append(_said(clause))
        elif words & AROUND and not somebody:
            around.append(_said(clause))
    rows: dict[str, list[str]] = defaultdict(list)
    for row in scene.set_elements.all():
        rows[row.category].append(row.name)
    weather = BY_WEATHER.get(Weather(scene.weather), "") if scene.weather else ""
    if weather and not any(is_named(weather, text) for text in around):
        around.append(weather)
    return {
        "ambience": ". ".join(dict.fromkeys(around)),
        "music": "; ".join(dict.fromkeys([*rows[SetCategory.MUSIC], *music])),
        "effects": [
            {"name": name[:200], "starts": _starts(name, scene)}
            for name in dict.fromkeys([*effects, *rows[SetCategory.SOUND]])
        ],
    }  # fmt: skip


def _clauses(scene: Scene) -> Iterator[str]:
    for paragraph in actions_of(scene):
        for sentence in sentences(paragraph):
            yield from (clause.strip(" .!?,…") for clause in _CLAUSE.split(sentence) if clause.strip(" .!?,…"))


def _sounds(clause: str, somebody: bool) -> bool:
    """Whether something sounds in a clause: in capitals, as scripts mark it, or by a word of the list."""
    if not clause.isupper():
        capitals = {word.casefold() for run in _CAPITALS.findall(clause) for word in _WORD.findall(run)}
        if capitals & SOUNDING:
            return True
    plain = {word for word in _WORD.findall(clause) if word.islower()} | {clause.split(maxsplit=1)[0].lower()}
    heard = (plain & SOUNDING) - _BARE
    return bool(heard & BY_HAND if somebody else heard)


def _said(clause: str) -> str:
    """The clause as the script says it, with what it shouts in small letters."""

    def small(found: re.Match[str]) -> str:
        shouted = {word.casefold() for word in _WORD.findall(found.group())}
        return found.group().lower() if shouted & (SOUNDING | AROUND | MUSIC) else found.group()

    words = _CAPITALS.sub(small, clause)
    return words[:1].upper() + words[1:]


def _starts(name: str, scene: Scene) -> str:
    """Seconds into the scene at which the planned shot begins whose action says it; "0" where none does."""
    begun = Decimal(0)
    for shot in sorted(scene.shots.all(), key=lambda shot: shot.sequence):
        if shot.state.status == ShotStatus.OMITTED:
            continue
        if folded(name) in folded(shot.business):
            return f"{begun:f}"
        begun += shot.expected_seconds
    return "0"


def _cues(script: Script) -> tuple[dict[int, list[dict[str, str]]], list[dict[str, str]]]:
    """The music references by scene, and those that say no scene, mood or location there is."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    unplaced = []
    for item in script.of(GatherKind.MUSIC_REFERENCE):
        cue = {"cue": _cue(item), "source": f"Reference: {item}"[:120], "duration": _duration(item)}
        scenes = [scene for scene in script.scenes if _is_for(item, scene, script)]
        for scene in scenes:
            found[scene.pk].append(cue)
        if not scenes:
            unplaced.append(cue)
    return found, unplaced


def _cue(item: GatherItem) -> str:
    return ": ".join(part for part in (item.title, " ".join(item.body.split())) if part) or "Music"


def _duration(item: GatherItem) -> str:
    told = fact(item, "duration", "length")
    length = item.attachment.exact_duration if item.attachment and not told else None
    return clock(length) if length is not None else told


def _is_for(item: GatherItem, scene: Scene, script: Script) -> bool:
    """Whether a reference says this scene, its mood or its place; a scene that it names decides alone."""
    named = listed(fact(item, "scene", "scenes"))
    if named:
        return script.labels[scene.pk] in {script.label_in(one) for one in named}
    mood, place = fact(item, "mood", "tone"), fact(item, "location", "place")
    moods = any(is_named(one, f"{scene.emotional_tone}\n{scene.lighting_mood}") for one in listed(mood))
    places = {folded(scene.location_text), folded(scene.location.name if scene.location else "")} - {""}
    return moods or (bool(place) and folded(place) in places)


# -- what is written


def fill_scenes(
    ids: Sequence[int], by_rules: Mapping[str, Mapping[str, Any]], heard: Mapping[int, Mapping[str, Any]]
) -> int:
    """Fill ambience, music cue and effects that are empty; returns how many scenes were changed.

    References come before a model's answer, and that before the script's bare words. A scene that people approved
    stays as it is.
    """
    scenes = Scene.objects.filter(pk__in=ids).select_related("chapter__project", "state")
    changed = 0
    for scene in scenes.prefetch_related("sound_effects", "shots__state"):
        if is_settled(scene):
            continue
        rules, answer = by_rules[str(scene.pk)], heard.get(scene.pk, {})
        cues = "; ".join(cue["cue"] for cue in rules["cues"])
        fields = only_empty(scene, {
            "ambience": answer.get("ambience") or rules["ambience"],
            "music_cue": cues or answer.get("music") or rules["music"],
        })  # fmt: skip
        effects = [{"name": name[:200], "starts": _starts(name, scene)} for name in answer.get("effects", ()) if name]
        effects = effects or [dict(row) for row in rules["effects"]]
        if effects and not scene.sound_effects.all():
            fields["sound_effects"] = effects
        if fields:
            change_scene(scene, **fields)
            changed += 1
    return changed


def _documents(project: Project, snapshot: Mapping[str, Any], by: str) -> int:
    script = read_script(project, *LISTS)
    sheets = {script.key_of(scene): _sheet(scene) for scene in script.scenes}
    sheet = _cue_sheet(script, snapshot)
    return keep_documents(project, "sound", {CUE_SHEET: sheet} | sheets, by=by)


def _sheet(scene: Scene) -> dict[str, Any]:
    """How one scene sounds, and what nobody has said of it."""
    effects = list(scene.sound_effects.all())
    silent = {"its ambience": scene.ambience, "its effects": effects, "its music": scene.music_cue}
    return {
        "heading": scene.heading,
        "ambience": scene.ambience,
        "music": scene.music_cue,
        "effects": [
            {"effect": row.name, "at (s)": seconds(Fraction(row.starts)), "gain (dB)": f"{row.gain_db:f}",
             "lasts (s)": seconds(Fraction(row.seconds)) if row.seconds is not None else ""}
            for row in effects
        ],
        "heard and not seen": [
            {"who": line.speaker, "line": line.line, "how": "Voice-over" if line.voice_over else "Off screen"}
            for line in scene.dialogue.all() if line.voice_over or line.off_screen
        ],
        "not told": [f"Nobody has said {what}." for what, told in silent.items() if not told],
    }  # fmt: skip


def _cue_sheet(script: Script, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Every cue of the film in order: scene, cue, source, duration where it is known."""
    cues: list[dict[str, str]] = []
    for scene in script.scenes:
        told = snapshot["by_rules"].get(str(scene.pk), {"cues": (), "music": ""})
        mine = "; ".join(cue["cue"] for cue in told["cues"])
        if scene.music_cue and scene.music_cue == mine:
            rows = told["cues"]
        elif scene.music_cue:
            source = "Script" if scene.music_cue == told["music"] else "Scene"
            rows = [{"cue": scene.music_cue, "source": source, "duration": ""}]
        else:
            rows = []
        cues += [{"scene": script.labels[scene.pk], **row} for row in rows]
    return {
        "cues": cues,
        "references for no scene yet": snapshot["unplaced"],
        "scenes without music": [script.labels[scene.pk] for scene in script.scenes if not scene.music_cue],
    }


DEPARTMENT = Department(
    key="sound", label=LABEL, phase=Phase.C, does="Spots ambience, effects and music, and writes the cue sheet.",
    kinds=KINDS, readiness=readiness, qualify=qualify, asks=partial(questions, department=LABEL),
)  # fmt: skip
