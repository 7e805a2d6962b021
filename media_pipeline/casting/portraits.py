"""The pictures of a character: one master, and six views around it made from the master.

What is asked for, who still lacks what, and how it is kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from characters.actions import add_reference, change_reference
from characters.models import Character, CharacterReference, CharacterState
from media_pipeline.providers.base import (
    BriefCharacter,
    Capability,
    ImageEditRequest,
    ImageRequest,
    PortraitBrief,
    Record,
    Reference,
    Request,
    VisionRequest,
)
from media_pipeline.providers.choice import profile_for
from media_pipeline.runs.calls import CallResult
from media_pipeline.shot_request import stable_number
from media_pipeline.takes.verification import NOT_MEASURED, no_judge
from media_pipeline.takes.wording import Wording
from projects.choices import SeedPolicy
from projects.coherence import effective
from projects.models import Project

from .appearance import ASKED_FOR, composed
from .limits import pictures
from .told import told_of

Angle, Kind = CharacterReference.Angle, CharacterReference.Kind

VIEWS = {
    Angle.FRONT: 0, Angle.THREE_QUARTER_LEFT: -45, Angle.LEFT: -90, Angle.BACK: 180, Angle.RIGHT: 90,
    Angle.THREE_QUARTER_RIGHT: 45,
}  # fmt: skip
"""The six views, as a turnaround shows them -> how far the character is turned to their left, in degrees."""

PLAIN, SOFT = "plain backdrop", "even soft light"
LONGEST_LOOK = 600
"""Letters of a description that stand for somebody's looks where nothing shorter does."""


class Wanted(Record):
    """What a character's pictures are made of, as it was when they were asked for.

    `master` is the picture there is, by digest and asset; without one it is made. `views` are the angles to be made
    and `again` those of them that take another's place. `unseen` says why nobody looks at them, where that is so.
    """

    name: str
    master: str = ""
    master_asset: int | None = None
    master_prompt: str = ""
    views: dict[str, str] = {}
    again: tuple[str, ...] = ()
    negative: str = ""
    seed: int = 0
    width: int
    height: int
    look: int | None = None
    looks: str = ""
    questions: dict[str, str] = {}
    unseen: str = ""
    brief: BriefCharacter
    project_title: str = ""

    def master_request(self) -> ImageRequest:
        """The master, from words."""
        return ImageRequest(
            prompt=self.master_prompt, negative_prompt=self.negative, width=self.width, height=self.height,
            seed=self.seed, brief=self._brief(Angle.FRONT, Kind.MASTER.label),
        )  # fmt: skip

    def view_request(self, angle: str, master: str) -> ImageEditRequest:
        """A view, from the master: the camera goes around the person, who stands still."""
        return ImageEditRequest(
            prompt=self.views[angle], negative_prompt=self.negative, width=self.width, height=self.height,
            seed=self.seed, horizontal_angle=VIEWS[Angle(angle)] % 360, vertical_angle=0,
            references=(Reference(media=master, kind="character", name=self.name, description=self.looks[:400]),),
            brief=self._brief(angle, str(Angle(angle).label)),
        )  # fmt: skip

    def question(self, angle: str, picture: str) -> VisionRequest:
        """What a model that can see is asked about a view."""
        return VisionRequest(question=self.questions[angle], image=picture)

    def as_asked_for(self, angle: str) -> str:
        """The description of a picture nobody looked at: what was asked for, and that nothing was measured."""
        side = Angle(angle).label.lower() if angle else "from the front, head to shoes"
        asked = ", ".join(part for part in (f"{self.name}, {side}", self.looks) if part)
        return f"{ASKED_FOR}{asked}. {self.unseen[:1].upper()}{self.unseen[1:]}".strip()

    def _brief(self, angle: str, label: str) -> PortraitBrief:
        return PortraitBrief(project_title=self.project_title, character=self.brief, angle=str(angle), label=label)


def wanted_of(character: Character, tier: str, *, again: bool = False) -> Wanted:
    """What a character lacks now; `again`: views that were made from another master are made anew too."""
    project = character.project
    master = master_of(character)
    outdated = set(outdated_views(character)) if again else set()
    angles = [angle for angle in VIEWS if angle in outdated or angle in missing_views(character)]
    wording, looks = Wording.of(project), looks_in_words(character)
    told = looks or _unknown(character)
    unseen = no_judge(project, tier, drawn=is_drawn(tier))
    style = {"style": f"{project.style_texture.strip(' .')}."} if project.style_texture.strip(" .") else {}
    negative = (project.default_negative_prompt.strip(), character.negative_fragment.strip())
    return Wanted(
        name=character.name, master=master.image.sha256 if master else "",
        master_asset=master.image_id if master else None,
        master_prompt=wording.text("character.master", {"subject": character.name, "look": told, **style}),
        views={
            str(angle): wording.text("character.view", {"angle": _from_where(angle), "look": told}) for angle in angles
        },
        again=tuple(sorted(str(angle) for angle in outdated)),
        negative=", ".join(filter(None, negative)),
        seed=seed_of(character), width=pictures().width, height=pictures().height, look=character.default_look_id,
        looks=looks, unseen=unseen,
        questions={} if unseen else {
            str(angle): wording.text("character.describe", {"angle": _from_where(angle)}) for angle in angles
        },
        brief=BriefCharacter(
            name=character.name, look_seed=stable_number(character.name.upper()), told=told_of(character),
            height=Fraction(character.scale_height),
        ),
        project_title=project.title,
    )  # fmt: skip


def looks_in_words(character: Character) -> str:
    """How a character looks and what they wear: their prompt's own words before every other; empty where untold."""
    fields = {field.name: getattr(character, field.name) for field in character._meta.concrete_fields}
    look = character.default_look
    own = character.prompt_fragment or character.appearance_summary or composed(fields)
    own = own or character.description[:LONGEST_LOOK]
    wears = [look.wardrobe, look.hair, look.make_up, look.injuries] if look else []
    return ", ".join(" ".join(part.split()).strip(" .,") for part in (own, *wears) if part.strip(" .,\n"))


def _unknown(character: Character) -> str:
    """What is asked for where nothing is told: somebody who could play the part."""
    genre = f" of a {character.project.genre} story" if character.project.genre else ""
    return f"Somebody who could be the {character.get_role_display().lower()} part{genre}, in everyday clothes"


def _from_where(angle: str) -> str:
    words = {
        Angle.FRONT: "the front",
        Angle.BACK: "behind",
        Angle.LEFT: "their left side",
        Angle.RIGHT: "their right side",
    }
    return words.get(Angle(angle), f"the front and their {str(angle).rpartition('_')[2]}, three-quarter view")


def is_drawn(tier: str) -> bool:
    """Whether the embedded default draws the pictures."""
    return any(profile_for(kind, tier).provider == "animatic" for kind in (Capability.IMAGE, Capability.IMAGE_EDIT))


def seed_of(character: Character) -> int:
    """One seed for all pictures of a character, by the production's policy: its own, the character's, or by chance."""
    project = character.project
    if not effective(project.coherence)["seed_control"] or project.seed_policy == SeedPolicy.RANDOM:
        return random.getrandbits(31)  # remembered with the run's inputs
    if project.seed_policy == SeedPolicy.PER_SCENE:
        return stable_number(project.code, character.name.upper())
    return stable_number(project.code)


# -- who lacks what


def master_of(character: Character) -> CharacterReference | None:
    """The character's master picture."""
    return CharacterReference.objects.filter(character=character, kind=Kind.MASTER).select_related("image").first()


def views_of(references: Iterable[CharacterReference]) -> dict[str, CharacterReference]:
    """The newest view of each of the six angles, of one character's references."""
    found = sorted((row for row in references if row.kind == Kind.VIEW and row.angle in VIEWS), key=lambda row: row.pk)
    return {row.angle: row for row in found}


def missing_views(character: Character) -> list[str]:
    """The angles no view shows the character from."""
    there = views_of(character.references.all())
    return [str(angle) for angle in VIEWS if angle not in there]


def outdated_views(character: Character) -> list[str]:
    """The angles whose view was made from another master than the one there is now."""
    references = list(character.references.all())
    master = next((row for row in references if row.kind == Kind.MASTER), None)
    return [angle for angle, row in views_of(references).items() if is_outdated(row, master)]


def is_outdated(view: CharacterReference, master: CharacterReference | None) -> bool:
    """Whether a view was made from another picture than this master."""
    return master is not None and view.made_from_id is not None and view.made_from_id != master.image_id


def lacks_pictures(character: Character) -> bool:
    """Whether somebody who gets pictures has not all of them."""
    if character.role in pictures().roles_without:
        return False
    rows = list(character.references.all())
    return not any(row.kind == Kind.MASTER for row in rows) or len(views_of(rows)) < len(VIEWS)


def are_views_judged(project: Project, tier: str) -> bool:
    """Whether somebody can look at the views of this production's characters."""
    return not no_judge(project, tier, drawn=is_drawn(tier))


def calls_for(*, master: bool, views: Iterable[str], judged: bool) -> list[tuple[str, Request]]:
    """The calls of a character's pictures, by what they are for, to be counted and priced; their words are empty."""
    size: dict[str, Any] = {"width": pictures().width, "height": pictures().height}
    nobody = Reference(media="0" * 64, kind="character")
    found: list[tuple[str, Request]] = [("masters", ImageRequest(prompt="", **size))] if master else []
    for _ in views:
        found.append(("views", ImageEditRequest(prompt="", references=(nobody,), **size)))
        if judged:
            found.append(("looking at the views", VisionRequest(question="What is seen?", image="0" * 64)))
    return found


# -- how it is kept


def keep_master(character: Character, wanted: Wanted, made: CallResult, *, by: Any = None) -> int:
    """The master as a reference."""
    return _keep(character, Kind.MASTER, Angle.FRONT, wanted, made, wanted.master_prompt, by=by).pk


def keep_view(
    character: Character, angle: str, wanted: Wanted, made: CallResult, master: int, *, by: Any = None
) -> int:
    """A view as a reference; the one whose place it takes becomes a candidate."""
    if angle in wanted.again:
        for before in character.references.filter(kind=Kind.VIEW, angle=angle):
            change_reference(before, kind=Kind.CANDIDATE)
    return _keep(character, Kind.VIEW, angle, wanted, made, wanted.views[angle], made_from_id=master, by=by).pk


def _keep(
    character: Character, kind: str, angle: str, wanted: Wanted, made: CallResult, prompt: str, *,
    made_from_id: int | None = None, by: Any = None,
) -> CharacterReference:  # fmt: skip
    existing = character.references.filter(kind=kind, image=made.asset_ids[0]).first()
    if existing is not None:  # the same bytes again: the same picture of the same person
        return existing
    look = character.looks.filter(pk=wanted.look).first() if wanted.look else None
    origin = character.project.media.filter(pk=made_from_id).first() if made_from_id else None
    return add_reference(
        character, made.asset_ids[0], kind, angle=angle, horizontal_angle=VIEWS[Angle(angle)], vertical_angle=0,
        environment=PLAIN, lighting=SOFT, description=wanted.as_asked_for(angle if kind == Kind.VIEW else ""),
        prompt=prompt, model=f"{made.provider}:{made.endpoint}"[:160],
        seed=wanted.seed if made.seed is None else made.seed,
        source=CharacterReference.Source.GENERATED, look=look, made_from=origin, by=by,
    )  # fmt: skip


def keep_description(reference_id: int, answer: str, failure: str) -> None:
    """What a model saw in a view; where it failed, that nothing was measured."""
    reference = CharacterReference.objects.get(pk=reference_id)
    said = answer.strip()
    if not said:
        said = f"{reference.description} {NOT_MEASURED.capitalize()}: {failure or 'the answer was empty'}".strip()
    change_reference(reference, description=said)


def has_master(character: Character) -> bool:
    """Whether there is a master picture of the character now."""
    return CharacterState.objects.filter(character=character, master_reference__isnull=False).exists()
