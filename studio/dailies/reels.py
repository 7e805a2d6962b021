"""Takes as the player wants them: addresses, frames at an exact rate, where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from scenes.models import Take
from studio.review.cards import frames_in_strip, model_words

from .viewers import Viewer


def reel_of(takes: Iterable[Take], viewer: Viewer) -> list[dict[str, Any]]:
    """The takes in order, each as `item`."""
    return [item(take, viewer) for take in takes]


def item(take: Take, viewer: Viewer) -> dict[str, Any]:
    """One take. `rate` is frames per second as numerator and denominator; frames count from 0."""
    rate = Fraction(take.frame_rate)
    shot = take.shot
    return {
        "take": take.pk,
        "number": take.number,
        "shot": shot.pk,
        "label": f"{shot.scene.number}/{shot.label}",
        "name": take.asset_name,
        "frames": take.frames,
        "rate": [rate.numerator, rate.denominator],
        "size": [take.width, take.height],
        "proxy": viewer.media(take.proxy_id),
        "picture": viewer.media(take.picture_id),
        "sound": viewer.media(take.sound_id),
        "thumbnail": viewer.media(take.thumbnail_id),
        "strip": viewer.media(take.filmstrip_id),
        "stripFrames": frames_in_strip(take),
        "state": take.review_state,
        "stateWords": take.get_review_state_display(),
        "selected": shot.state.selected_take_id == take.pk,
        "model": model_words(take),
    }
