"""The coherence settings: what keeps a film of generated pictures of one piece, what each needs and what it costs.

One table. The production stores only what differs from the defaults, a run only what differs from its production;
`effective` puts them together and refuses, in sentences, what cannot be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError


class Need(StrEnum):
    """What a setting cannot do without."""

    CHARACTERS = "characters"
    REFERENCES = "references"
    TRAINED_IDENTITY = "trained identity"
    LANGUAGE_MODEL = "language model"
    STRUCTURE_MODEL = "structure model"
    FACE_MODEL = "face model"


@dataclass(frozen=True)
class Setting:
    """One switch. `cost` and `time` are factors of a shot's money and minutes where it is on (1: none).

    The factors are estimates, until a production's own runs say better: an extra call is counted as one more of
    its kind, work on this machine as time alone.
    """

    key: str
    label: str
    help: str
    default: bool
    needs: tuple[Need, ...] = ()
    excludes: tuple[str, ...] = ()
    cost: Decimal = Decimal(1)
    time: Decimal = Decimal(1)


SETTINGS = {
    setting.key: setting
    for setting in (
        Setting(
            "seed_control", "Seed control", "Shots take their seeds by the production's seed policy, so that a retake "
            "changes only what was asked to change.", True,
        ),
        Setting(
            "identity_references", "Identity references", "Wherever a character is present, its references go with the "
            "request.", True,
        ),
        Setting(
            "lora", "Trained identities", "Shots use the trained weights of the characters in them.", False,
            needs=(Need.CHARACTERS, Need.TRAINED_IDENTITY), cost=Decimal("1.1"),
        ),
        Setting(
            "enhanced_planning", "Enhanced planning", "A language model plans the shots where one is set up; rules do "
            "otherwise.", True,
        ),
        Setting("qc_scoring", "QC scoring", "Every take is measured before anybody looks at it.", True,
                time=Decimal("1.05")),
        Setting("post_processing", "Post-processing", "Neighbouring shots are matched in colour and loudness.", True,
                time=Decimal("1.1")),
        Setting(
            "structure_control", "Structure control", "Depth or edges of the first picture hold the composition of the "
            "next.", False, needs=(Need.REFERENCES, Need.STRUCTURE_MODEL), cost=Decimal("1.5"), time=Decimal("1.5"),
        ),
        Setting(
            "face_distance", "Face-distance scoring", "Faces are compared with the character's references. For "
            "character work only.", False, needs=(Need.CHARACTERS, Need.REFERENCES, Need.FACE_MODEL),
            time=Decimal("1.1"),
        ),
        Setting(
            "parallel_clips", "Parallel clips", "Shots that are not linked are rendered at the same time.", True,
            time=Decimal("0.4"),
        ),
        Setting(
            "visible_mark", "Visible mark", "The film says in a corner that it was made with AI. Every shot of it is "
            "coded once more for that.", False, time=Decimal("1.1"),
        ),
    )
}  # fmt: skip
"""Key -> setting, with the defaults of 02-records."""


def effective(*layers: Mapping[str, Any]) -> dict[str, bool]:
    """The settings that hold: the defaults, then each layer over the ones before (production, run)."""
    found = {key: setting.default for key, setting in SETTINGS.items()}
    for layer in layers:
        validate(layer)
        found |= layer
    for sentence in contradictions(found):
        raise ValidationError(sentence)
    return found


def validate(chosen: Any) -> None:
    """Raise ValidationError unless this is a choice of known settings, each on or off."""
    if not isinstance(chosen, dict):
        raise ValidationError("Coherence settings are names with on or off.")
    if unknown := sorted(chosen.keys() - SETTINGS.keys()):
        raise ValidationError(f"There is no coherence setting {unknown[0]!r}; there are {', '.join(SETTINGS)}.")
    for key, value in chosen.items():
        if not isinstance(value, bool):
            raise ValidationError(f"{SETTINGS[key].label} is either on or off.")
    for sentence in contradictions({key: SETTINGS[key].default for key in SETTINGS} | chosen):
        raise ValidationError(sentence)


def contradictions(settings: Mapping[str, bool]) -> list[str]:
    """Which settings that are on exclude each other, in sentences."""
    on = [SETTINGS[key] for key, value in settings.items() if value]
    return [
        f"{setting.label} and {SETTINGS[other].label} cannot both be on."
        for setting in on
        for other in setting.excludes
        if settings.get(other)
    ]


def unmet(settings: Mapping[str, bool], there: Collection[Need]) -> list[str]:
    """What the settings that are on need and is not there, in sentences."""
    return [
        f"{setting.label} needs {'a ' if not need.endswith('s') else ''}{need}, and there is none here."
        for key, setting in SETTINGS.items()
        if settings.get(key)
        for need in setting.needs
        if need not in there
    ]


def factors(settings: Mapping[str, bool]) -> tuple[Decimal, Decimal]:
    """How many times the money and the time of a shot without any setting: (cost, time)."""
    cost = time = Decimal(1)
    for key, setting in SETTINGS.items():
        if settings.get(key):
            cost, time = cost * setting.cost, time * setting.time
    return cost, time
