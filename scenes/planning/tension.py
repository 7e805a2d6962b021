"""How tight the singles of a conversation are."""

from __future__ import annotations

from .facts import ShotFacts
from .frames import SetState
from .lexicon import CALM_TONES, TENSE_TONES
from .people import lower_words

FIRST_TIGHTENING, SECOND_TIGHTENING = 35, 75
"""Percent of the conversation after which singles go in by a size."""


def tightness_of(facts: ShotFacts, scene: SetState, speaker: str) -> int:
    """0 (over the shoulder) to 3 (the eyes).

    Tightness rises with the progress of the conversation and the strength of its words. It changes only after
    both sides have had their single, so that shot and counter-shot match; the scene's strongest line may go beyond.
    """
    wanted = _wanted(facts, scene)
    if facts.index == scene.peak:
        return min(3, max(2, wanted))
    if wanted != scene.tightness and (len(scene.at_tightness) > 1 or not scene.at_tightness or _alone(scene)):
        scene.tightness += 1 if wanted > scene.tightness else -1
        scene.at_tightness.clear()
    scene.at_tightness.add(speaker)
    return scene.tightness


def _wanted(facts: ShotFacts, scene: SetState) -> int:
    progress = 100 * scene.talked // max(1, scene.talking)
    wanted = 0
    if scene.talking > 3:
        wanted = (progress >= FIRST_TIGHTENING) + (progress >= SECOND_TIGHTENING)
    tone = set(lower_words(scene.context.tone))
    wanted += (1 if facts.energy > 1 else 0) + (1 if tone & TENSE_TONES else 0) - (1 if tone & CALM_TONES else 0)
    return max(0, min(2, wanted))


def _alone(scene: SetState) -> bool:
    return len(scene.blocking.partners) < 2
