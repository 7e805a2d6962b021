"""Who is kept the same by trained weights, how strongly, and who has to make do with references."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from characters.models import CharacterIdentity, IdentityState
from media_pipeline.providers.base import Identity, Record
from scenes.models import Shot, ShotCast

SHARED = Decimal("0.5")
"""Strength of each where two or more share a shot (flow 5)."""

Technique = CharacterIdentity.Technique


class Kept(Record):
    """What keeps the people of a shot the same. `notes` say who falls back to references, and why."""

    image: tuple[Identity, ...] = ()
    video: tuple[Identity, ...] = ()
    used: tuple[tuple[str, str, str], ...] = ()  # character, technique and version, scale
    notes: tuple[str, ...] = ()


def identities_of(shot: Shot, people: Sequence[ShotCast], *, wanted: bool) -> Kept:
    """The trained identities of those whom the camera sees, newest version of each first.

    `wanted` is the coherence setting; where it is off nobody's weights are used and nothing is said.
    """
    known = [person for person in people if person.character is not None]
    if not wanted or not known:
        return Kept()
    image: list[Identity] = []
    video: list[Identity] = []
    used: list[tuple[str, str, str]] = []
    notes: list[str] = []
    for person in known:
        found = False
        for technique, into in ((Technique.LORA_IMAGE, image), (Technique.LORA_VIDEO, video)):
            identity = _finished(person, technique)
            if identity is None:
                continue
            scale = _scale(shot, person, identity, shared=len(known) > 1)
            into.extend(_weights(identity, scale))
            used.append((person.name, str(identity), str(scale)))
            found = True
        if not found:
            notes.append(f"{person.name} has no trained identity: the references keep them the same.")
    return Kept(image=tuple(image), video=tuple(video), used=tuple(used), notes=tuple(notes))


def _finished(person: ShotCast, technique: str) -> CharacterIdentity | None:
    assert person.character is not None
    done = [
        identity
        for identity in person.character.identities.all()
        if identity.technique == technique
        and identity.state.status == IdentityState.Status.COMPLETED
        and identity.state.weights is not None
    ]
    return max(done, key=lambda identity: identity.version, default=None)


def _scale(shot: Shot, person: ShotCast, identity: CharacterIdentity, *, shared: bool) -> Decimal:
    """What a person set for the shot, else half for each of several, else what the identity is best used with."""
    asked = {name.upper(): scale for name, scale in shot.identity_scales.items()}.get(person.name.upper())
    if asked is not None:
        return Decimal(str(asked))
    return SHARED if shared else identity.default_scale


def _weights(identity: CharacterIdentity, scale: Decimal) -> list[Identity]:
    """One entry, or the pair of a video identity."""
    state = identity.state
    assert state.weights is not None
    if state.weights_low_noise is None:
        return [Identity(weights=state.weights.sha256, scale=scale)]
    return [
        Identity(weights=state.weights.sha256, scale=scale, stage="high_noise"),
        Identity(weights=state.weights_low_noise.sha256, scale=scale, stage="low_noise"),
    ]
