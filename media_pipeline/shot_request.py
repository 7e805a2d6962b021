"""The frozen request of a shot: everything that goes into a take, as it was when the run started.

Its digest says whether a take is still what its records ask for; numbers that only name the take are left out.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from media_pipeline.casting.told import told_of
from media_pipeline.media.timing import frame_rate, frames_in
from media_pipeline.providers.base import BriefCharacter, BriefLine, Rational, Record, ShotBrief
from media_pipeline.takes.approach import LAYERED, Models, approach_of
from media_pipeline.takes.identities import Kept, identities_of
from media_pipeline.takes.layers import Layer, layers_of
from media_pipeline.takes.limits import limits
from media_pipeline.takes.references import Chosen, by_people, of_character, of_location
from media_pipeline.takes.verification import Questions, no_judge, no_knowledge
from media_pipeline.takes.wording import Wording, compile_blocks
from media_pipeline.takes.words import QUESTION_TEMPLATES, Words
from projects.choices import SeedPolicy
from projects.coherence import effective
from projects.models import Project
from scenes.choices import GenerationApproach as Approach
from scenes.choices import ReferenceKind, SceneStatus
from scenes.direction import in_words, resolved, values_of
from scenes.models import Scene, Shot, ShotCast
from scenes.naming import asset_name
from scenes.prompt_values import look_of, shot_values


class ShotRequest(Record):
    """Inputs of one take. Sizes in pixels, length in frames at `rate`.

    `models` are the profiles a person chose, by capability. `start_from` is the last frame of the shot before, where
    this one goes on from it; `source_video` what an approach that works on a video works on. `corrections` is what is
    to be put right: what reviewers said, and the `reason` this take was asked for with. `coherence` is what its run set
    differently from the production. `profiles` are the model profiles that are asked, as they stood. `direction` is how
    the shot is filmed, each field in words and who says it.
    """

    brief: ShotBrief
    width: int
    height: int
    frames: int
    rate: Rational
    prompt: str
    negative_prompt: str
    motion_prompt: str
    seed: int
    seed_decided: bool = True
    tier: str
    image_model: str
    video_model: str
    approach: str = Approach.IMAGE_TO_VIDEO
    approach_reason: str = ""
    layers: tuple[Layer, ...] = ()
    references: tuple[Chosen, ...] = ()
    kept: Kept = Kept()
    first_frame_prompt: str = ""
    last_frame_prompt: str = ""
    triptych_prompt: str = ""
    start_from: str = ""
    start_from_asset: int | None = None
    source_video: str = ""
    corrections: str = ""
    reason: str = ""
    coherence: dict[str, bool] = {}
    models: dict[str, str] = {}
    profiles: tuple[dict[str, Any], ...] = ()
    questions: Questions = Questions()
    direction: dict[str, tuple[str, str]] = {}
    templates: dict[str, str] = {}
    dropped: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """sha256 over all that can be seen or heard in the take, its number and name left out.

        The brief counts only where something draws it: a heading or a purpose that no model is told of changes no
        picture, and what was paid for stays good.
        """
        return self._digest(self.start_from)

    @property
    def asked(self) -> str:
        """The digest without the last frame of the shot before: known before that one is filmed."""
        return self._digest("")

    @property
    def is_drawn(self) -> bool:
        """Whether the embedded default makes a part of the take: it draws the brief."""
        return any(model.startswith("animatic:") for model in (self.image_model, self.video_model))

    def _digest(self, start_from: str) -> str:
        seen = self.model_dump(mode="json", exclude=set(NOT_SEEN))
        seen["start_from"] = start_from
        seen["seed"] = self.seed if self.seed_decided else None
        seen["brief"] = _seen_of(self.brief) if self.is_drawn else None
        seen["layers"] = [
            [layer.layer, layer.prompt, [picture.media for picture in layer.references]] for layer in self.layers
        ]
        seen["references"] = [picture.media for picture in self.references]
        seen["kept"] = [self.kept.model_dump(mode="json")[part] for part in ("image", "video")]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


NOT_SEEN = frozenset(
    {
        "source_video", "brief", "layers", "references", "kept", "start_from_asset", "approach_reason", "questions",
        "templates", "dropped", "tier", "reason", "coherence", "profiles", "direction",
    }
)  # fmt: skip
"""Parts of a request that say where something comes from and change no picture, or that count in their own way. A take
that was worked on is the take before: were it counted, every new one would be stale at once."""


def _seen_of(brief: ShotBrief) -> dict[str, Any]:
    return brief.model_copy(update={"asset_name": "", "take_number": 0}).model_dump(mode="json")


ONE_PROMPT = (Approach.TEXT_TO_VIDEO, Approach.VIDEO_TO_VIDEO)
"""Approaches whose video model is told picture and motion in one prompt."""


def shot_request(
    shot: Shot, project: Project, tier: str, *, coherence: Mapping[str, bool] | None = None, reason: str | None = None
) -> ShotRequest:
    """The request for the next take of a shot, from its records (see shots_of for what it reads).

    `coherence` is what a run sets differently from its production; `reason` is to be put right beside what reviewers
    said when they sent takes back. None: what the selected take was asked for with holds on.
    """
    width, height = project.frame_size
    rate = frame_rate(project.frame_rate)
    frames = frames_in(shot.exact_seconds, rate)
    direction = resolved(shot, project)
    reason = _reason_of(shot) if reason is None else " ".join(reason.split())
    corrections = " ".join(filter(None, (_sent_back_for(shot), reason)))
    plain = values_of(direction)
    brief = _brief(shot, project, rate, frames, plain)
    switches = effective(project.coherence, coherence or {})
    people = [person for person in shot.cast.all() if person.on_camera]
    kept = identities_of(shot, people, wanted=switches["lora"])
    models = Models(shot, tier, kept)
    before = _shot_before(shot) if shot.continues_previous else None
    approach = approach_of(shot, models, frames, rate, (width, height), before)
    values = shot_values(shot, direction)
    wording, scene = Wording.of(project), shot.scene
    layered = approach.name in LAYERED and not approach.start_from
    with_people = switches["identity_references"]
    words = Words(shot, direction, values, wording)
    layers = layers_of(shot, plain, values, wording, brief, with_people=with_people) if layered else ()
    layers = words.layers(layers, corrections)
    motion = compile_blocks(words.motion(corrections), models.letters("video"))
    most = _less(models.letters("video"), motion.text) if approach.name in ONE_PROMPT else None
    picture = compile_blocks(words.picture(_looks(shot, kept), corrections), most or models.letters("image"))
    references = _references(shot, plain, people) if with_people else ()
    return ShotRequest(
        brief=brief, width=width, height=height, frames=frames, rate=rate, prompt=picture.text,
        negative_prompt=direction["negative_prompt"].value, motion_prompt=motion.text,
        seed=_seed(shot, project, switches), seed_decided=shot.seed is not None or not _by_chance(project, switches),
        tier=tier, image_model=models.name("image"),
        video_model=models.name("video", approach.needs), approach=approach.name, approach_reason=approach.reason,
        layers=layers, references=references, kept=models.kept,
        first_frame_prompt=shot.first_frame_prompt, last_frame_prompt=shot.last_frame_prompt,
        triptych_prompt=words.triptych(corrections) if approach.name == Approach.TRIPTYCH_SPLIT_FIRST_LAST else "",
        start_from=approach.start_from, start_from_asset=approach.start_from_asset, source_video=approach.source_video,
        corrections=corrections, reason=reason, coherence=dict(coherence or {}), models=dict(shot.model_overrides),
        questions=Questions(
            vision=wording.text("verification.picture", values, scene),
            knowledge=wording.text("verification.knowledge", values, scene),
            no_judge=no_judge(project, tier, drawn=models.is_drawn), no_knowledge=no_knowledge(drawn=models.is_drawn),
        ),
        direction={label: (said, str(source)) for label, said, source in in_words(direction)},
        templates={key: wording.version(key, scene) for key in words.templates | QUESTION_TEMPLATES},
        dropped=tuple(dict.fromkeys(picture.dropped + motion.dropped)),
    )  # fmt: skip


def _sent_back_for(shot: Shot) -> str:
    """What reviewers said when they sent takes of the shot back."""
    notes = getattr(shot, "retake_notes", None)
    return str(notes.words) if notes else ""


def _reason_of(shot: Shot) -> str:
    """What the selected take was asked for with: it stays to be put right until another reason is given."""
    taken = shot.state.selected_take
    return str(taken.parameters.get("reason", "")) if taken and isinstance(taken.parameters, dict) else ""


def _less(letters: int | None, text: str) -> int | None:
    """Letters that are left beside a text: a video from words alone has picture and motion in one prompt."""
    return None if letters is None else max(1, letters - len(text) - 1)


def _looks(shot: Shot, kept: Kept) -> str:
    """How those whom the camera sees look, one to a line, with the word their identity was trained on."""
    trained = {name for name, _, _ in kept.used}
    lines = []
    for person in shot.cast.all():
        trigger = person.character.trigger_word if person.character and person.name in trained else ""
        words = ", ".join(part for part in (trigger, look_of(person)) if part)
        if person.on_camera and words:
            lines.append(f"{person.name}: {words}.")
    return "\n".join(lines)


def _references(shot: Shot, direction: Mapping[str, Any], people: Sequence[ShotCast]) -> tuple[Chosen, ...]:
    """The pictures that go along where a shot is made in one piece: people's choice, then of each person, the place."""
    found = by_people(shot, ReferenceKind.values)
    found += [picture for person in people for picture in of_character(person, direction)]
    found += of_location(shot.scene.location, direction["time_of_day"], direction["camera_angle"])
    return tuple({picture.media: picture for picture in found}.values())[: limits().references]


def _shot_before(shot: Shot) -> Shot | None:
    """The shot that this one goes on from: the one before it in its scene that is in the film."""
    if "_shot_before" in shot.__dict__:
        known: Shot | None = shot.__dict__["_shot_before"]
        return known
    before = Shot.objects.filter(scene_id=shot.scene_id, sequence__lt=shot.sequence).exclude(state__status="omitted")
    return before.select_related("state__selected_take__last_frame").order_by("-sequence").first()


def _brief(shot: Shot, project: Project, rate: Fraction, frames: int, direction: dict[str, Any]) -> ShotBrief:
    scene = shot.scene
    take = shot.state.last_take_number + 1
    return ShotBrief(
        asset_name=asset_name(project, scene.chapter.number, scene.number, shot.label, take),
        project_title=project.title,
        heading=scene.heading,
        scene_number=scene.number,
        shot_number=shot.number,
        take_number=take,
        business=shot.business,
        int_ext=scene.int_ext,
        location=scene.location_text,
        sub_location=scene.sub_location,
        time_of_day=direction["time_of_day"] or "day",
        weather=direction["weather"],
        atmosphere=direction["atmosphere"],
        shot_size=direction["shot_size"] or "medium",
        camera_angle=direction["camera_angle"] or "eye_level",
        camera_movement=direction["camera_movement"] or "static",
        purpose=shot.purpose,
        props=tuple(shot.props_seen),
        cast=tuple(_character(person) for person in shot.cast.all()),
        lines=tuple(
            BriefLine(
                speaker=line.speaker,
                text=line.text,
                start_frame=min(frames_in(Fraction(line.starts), rate), frames - 1),
                end_frame=min(frames_in(Fraction(line.ends), rate), frames),
                voice_over=line.voice_over or line.off_screen,
            )
            for line in shot.lines.all()
        ),
        overlay_text=tuple(shot.overlay_text),
    )


def _character(person: ShotCast) -> BriefCharacter:
    height = person.character.scale_height if person.character else 1
    return BriefCharacter(
        name=person.name,
        side=person.side,  # type: ignore[arg-type]  # the model's choices are the brief's
        facing=person.facing,  # type: ignore[arg-type]
        on_camera=person.on_camera,
        emotion=person.emotion,
        look_seed=stable_number(person.name.upper()),
        height=Fraction(height),
        told=told_of(person.character, person.look) if person.character else (),
    )


def _seed(shot: Shot, project: Project, switches: Mapping[str, bool]) -> int:
    """The shot's own seed, else one by the project's policy; "random" is drawn once for a shot (see draws_seed).

    Without seed control every take has one of its own.
    """
    if shot.seed is not None:
        return shot.seed
    if not switches["seed_control"]:
        return stable_number(project.code, shot.scene.number, shot.label, shot.state.last_take_number)
    if project.seed_policy == SeedPolicy.RANDOM:
        drawn = shot.state.drawn_seed
        return drawn if drawn is not None else stable_number(project.code, shot.scene.number, shot.label)
    if project.seed_policy == SeedPolicy.PER_SCENE:
        return stable_number(project.code, shot.scene.number)
    return stable_number(project.code)


def draws_seed(shot: Shot, project: Project, coherence: Mapping[str, bool]) -> bool:
    """Whether the shot's seed is to be drawn before its first take; it is the same for every take from then on."""
    held = effective(project.coherence, coherence)["seed_control"]
    return shot.seed is None and held and project.seed_policy == SeedPolicy.RANDOM and shot.state.drawn_seed is None


def _by_chance(project: Project, switches: Mapping[str, bool]) -> bool:
    """Whether the seed is drawn: which one it was then says nothing about what is asked for."""
    return project.seed_policy == SeedPolicy.RANDOM or not switches["seed_control"]


def stable_number(*words: Any) -> int:
    """A stable 31-bit number from words."""
    return random.Random(":".join(str(word) for word in words)).getrandbits(31)


def scenes_in_film(project_id: int, chapter: int, numbers: Collection[str] = ()) -> list[Scene]:
    """The scenes of a chapter that are filmed, in order; only those with these numbers, where any are given."""
    scenes = Scene.objects.filter(chapter__project_id=project_id, chapter__number=chapter)
    if numbers:
        scenes = scenes.filter(number__in=numbers)
    filmed = scenes.exclude(state__status=SceneStatus.OMITTED)
    return list(filmed.select_related("state", "chapter").order_by("sequence"))


def shots_of(scenes: list[Scene]) -> list[Shot]:
    """The shots of these scenes that are not omitted, in film order, with all that a request reads."""
    shots = (
        Shot.objects.filter(scene__in=scenes)
        .exclude(state__status="omitted")
        .select_related(
            "scene__chapter__project", "scene__style", "scene__prompt_template", "style",
            "state__selected_take__last_frame", "state__selected_take__media", "retake_notes",
        )
        .prefetch_related(
            "lines", "references__picture", "references__chosen_by", "cast__look", "cast__character__default_look",
            "cast__character__references__image", "cast__character__identities__state__weights",
            "cast__character__identities__state__weights_low_noise", "scene__props__prop__references__picture",
            "scene__location__references__picture", "scene__location__time_variants", "scene__cast__character",
        )
    )  # fmt: skip
    order = {scene.pk: place for place, scene in enumerate(scenes)}
    found = sorted(shots, key=lambda shot: (order[shot.scene_id], shot.sequence))
    before: dict[int, Shot] = {}
    for shot in found:  # known here, looked up where a shot is asked about alone
        shot.__dict__["_shot_before"] = before.get(shot.scene_id)
        before[shot.scene_id] = shot
    return found
