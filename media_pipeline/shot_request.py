"""The frozen request of a shot: everything that goes into a take, as it was when the run started.

Its digest says whether a take is still what its records ask for; numbers that only name the take are left out.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection
from fractions import Fraction
from typing import Any

from media_pipeline.media.timing import frame_rate, frames_in
from media_pipeline.providers.base import BriefCharacter, BriefLine, Rational, Record, ShotBrief
from media_pipeline.providers.choice import profile_for
from projects.choices import SeedPolicy
from projects.models import Project
from scenes.choices import SceneStatus
from scenes.direction import picture_prompt, resolved, values_of
from scenes.models import Scene, Shot, ShotCast
from scenes.naming import asset_name


class ShotRequest(Record):
    """Inputs of one take. Sizes in pixels, length in frames at `rate`."""

    brief: ShotBrief
    width: int
    height: int
    frames: int
    rate: Rational
    prompt: str
    negative_prompt: str
    motion_prompt: str
    seed: int
    tier: str
    image_model: str
    video_model: str

    @property
    def digest(self) -> str:
        """sha256 over all that can be seen or heard in the take, its number and name left out.

        The brief counts only where something draws it: a heading or a purpose that no model is told of changes no
        picture, and what was paid for stays good.
        """
        return self._digest(self if self.is_drawn else self.model_copy(update={"brief": EMPTY_BRIEF}))

    @property
    def digests(self) -> frozenset[str]:
        """Digests of takes that are what this asks for: today's, and the one takes had while every brief counted."""
        return frozenset({self.digest, self._digest(self)})

    @property
    def is_drawn(self) -> bool:
        """Whether the embedded default makes a part of the take: it draws the brief."""
        return any(model.startswith("animatic:") for model in (self.image_model, self.video_model))

    @staticmethod
    def _digest(request: ShotRequest) -> str:
        brief = request.brief.model_copy(update={"asset_name": "", "take_number": 0})
        return hashlib.sha256(request.model_copy(update={"brief": brief}).model_dump_json().encode()).hexdigest()


EMPTY_BRIEF = ShotBrief(asset_name="", project_title="", heading="", scene_number="", shot_number=0, take_number=0)


def shot_request(shot: Shot, project: Project, tier: str) -> ShotRequest:
    """The request for the next take of a shot, from its records. Reads cast, lines, state and scene of the shot."""
    width, height = project.frame_size
    rate = frame_rate(project.frame_rate)
    frames = frames_in(shot.exact_seconds, rate)
    direction = resolved(shot, project)
    return ShotRequest(
        brief=_brief(shot, project, rate, frames, values_of(direction)),
        width=width,
        height=height,
        frames=frames,
        rate=rate,
        prompt=_with_retake_notes(shot, picture_prompt(direction)),
        negative_prompt=direction["negative_prompt"].value,
        motion_prompt=direction["motion_prompt"].value,
        seed=_seed(shot, project),
        tier=tier,
        image_model=_model("image", tier),
        video_model=_model("video", tier),
    )


def _with_retake_notes(shot: Shot, prompt: str) -> str:
    """The prompt, followed by what reviewers said when they sent takes of the shot back."""
    notes = getattr(shot, "retake_notes", None)
    return f"{prompt}\n{notes.words}".strip() if notes and notes.words else prompt


def _model(capability: str, tier: str) -> str:
    profile = profile_for(capability, tier)
    return f"{profile.provider}:{profile.endpoint}"


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
        look_seed=_number(person.name.upper()),
        height=Fraction(height),
    )


def _seed(shot: Shot, project: Project) -> int:
    """The shot's own seed, else one by the project's policy; "random" is drawn once and kept in the frozen request."""
    if shot.seed is not None:
        return shot.seed
    if project.seed_policy == SeedPolicy.RANDOM:
        return _number(project.code, shot.scene.number, shot.label, shot.state.last_take_number)
    if project.seed_policy == SeedPolicy.PER_SCENE:
        return _number(project.code, shot.scene.number)
    return _number(project.code)


def _number(*words: Any) -> int:
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
        .select_related("scene__chapter", "scene__style", "style", "state__selected_take", "retake_notes")
        .prefetch_related("cast__character", "lines")
    )
    order = {scene.pk: place for place, scene in enumerate(scenes)}
    return sorted(shots, key=lambda shot: (order[shot.scene_id], shot.sequence))
