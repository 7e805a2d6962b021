"""Two people who speak at once: their lines overlap in one shot when both fit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from .model import Beat, PlanSettings


def packed_seconds(beats: Sequence[Beat]) -> list[Fraction]:
    """What each beat adds to the length of its shot: of two who speak at once, only the longer counts."""
    seconds: list[Fraction] = []
    for group, members in groupby(beats, key=lambda beat: beat.dual_group):
        run = list(members)
        if group:
            seconds += [dual_seconds(run)] + [Fraction(0)] * (len(run) - 1)
        else:
            seconds += [beat.seconds for beat in run]
    return seconds


def dual_seconds(beats: Sequence[Beat]) -> Fraction:
    """How long two speeches at once last: as long as the longer."""
    left = sum((beat.seconds for beat in beats if beat.dual == "left"), Fraction(0))
    right = sum((beat.seconds for beat in beats if beat.dual == "right"), Fraction(0))
    return max(left, right)


def with_duals(beats: Sequence[Beat], settings: PlanSettings, warnings: list[str]) -> list[Beat]:
    """Beats with two speeches at once tied together where both fit one shot, else spoken after one another.

    Adds a warning for a pair that does not fit.
    """
    result = list(beats)
    groups = 0
    index = 0
    while index < len(result):
        middle = _run_end(result, index)
        end = middle
        if middle < len(result) and result[index].speech and _answers(result[index], result[middle]):
            end = _run_end(result, middle)
            groups += 1
            result[index:end] = _tied(result[index:end], middle - index, groups, settings, warnings)
        elif result[index].dual:
            result[index:end] = [replace(beat, dual="") for beat in result[index:end]]
        index = end
    return result


def _answers(left: Beat, right: Beat) -> bool:
    return bool(right.speech) and right.dual == "right" and left.dual != "right"


def _tied(pair: list[Beat], left: int, group: int, settings: PlanSettings, warnings: list[str]) -> list[Beat]:
    pair = [replace(beat, dual="left" if place < left else "right") for place, beat in enumerate(pair)]
    if dual_seconds(pair) <= settings.max_seconds:
        return [
            replace(beat, dual_group=group, glued=beat.glued or place > 0, opens=beat.opens and place == 0)
            for place, beat in enumerate(pair)
        ]
    warnings.append(
        f"Line {pair[0].line}: two speeches at once are longer than {settings.max_seconds} s; "
        "they are planned one after the other."
    )
    return [replace(beat, dual="") for beat in pair]


def _run_end(beats: Sequence[Beat], start: int) -> int:
    """Where the speech that begins at `start` ends; any other beat is a run of its own."""
    end = start + 1
    while end < len(beats) and beats[start].speech and beats[end].speech == beats[start].speech:
        end += 1
    return end
