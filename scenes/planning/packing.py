"""Packing beats into shots: where the cuts fall.

A greedy packer decides each cut without knowing what comes after it, and repairs the leftovers. Here every
possible row of shots is weighed instead and the cheapest taken (a shortest path over the beats, linear in
their number because a shot holds few seconds). The costs are the house rules of cutting, in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm

from .blocking import looks_off
from .duals import packed_seconds
from .model import GRID, Beat, BeatKind, PlanSettings


@dataclass(frozen=True, slots=True)
class CutCosts:
    """What each sin of cutting costs. Only the ratios matter; one second of dead air is the yardstick."""

    dead_air: int = 60  # a second by which a shot must be held beyond what happens in it
    off_target: int = 3  # per second squared away from the length shots are drawn to
    two_speakers: int = 50  # speeches of two people in one shot: a two-shot instead of matching singles
    heard_speaker: int = 12  # the same where one of the voices comes from off camera
    own_line: int = 25  # what somebody does, and then says
    other_line: int = 45  # what somebody does, and what somebody else says
    new_paragraph: int = 15  # the writer's empty line is a cut, as a rule
    new_subject: int = 12  # the action moves to other people
    out_of_description: int = 10
    second_title: int = 40
    inside_sentence: int = 200
    inside_action_sentence: int = 80
    inside_speech: int = 20
    inside_paragraph: int = 8
    inside_montage_line: int = 500  # one shot per line, unless the line is too long for a shot
    seen_by_somebody: int = 110  # a look, and what is looked at
    leaves_order: int = 80  # going on in a shot that the writer gave to one thing
    torn: int = 100_000  # what must stay together


HOUSE_RULES = CutCosts()
INTERCUT_RULES = CutCosts(two_speakers=400)
"""People of an intercut are in different places and never in one picture."""

LONGEST_RUN = 40
"""Beats looked at for one shot; beyond this only orders without time could still be added."""


def pack(
    beats: Sequence[Beat], people: Sequence[frozenset[str]], settings: PlanSettings, costs: CutCosts = HOUSE_RULES
) -> list[tuple[int, int]]:
    """The shots as (first, end) index ranges over `beats`, in order and without gaps.

    `people[i]` are those whom beat i is about. No range is longer than `max_seconds` as long as no beat is.
    """
    if not beats:
        return []
    scale, marks = _scaled(packed_seconds(beats))
    joins = [0] + [_join_cost(beats, people, index, costs) for index in range(1, len(beats))]
    joined = list(accumulate(joins))
    cuts = [_cut_cost(beats, index, costs) for index in range(len(beats))]
    best: list[tuple[int, int, int]] = [(0, 0, 0)]  # cost, shots, where the last shot begins
    for end in range(1, len(beats) + 1):
        options: list[tuple[int, int, int]] = []
        for start in range(end - 1, -1, -1):
            raw = marks[end] - marks[start]
            if options and (raw > settings.max_seconds * scale or end - start > LONGEST_RUN):
                break
            cost = cuts[start] + joined[end - 1] - joined[start] + _length_cost(raw, scale, settings, costs)
            options.append((best[start][0] + cost, best[start][1] + 1, start))
            if beats[start].opens:
                break
        best.append(min(options))
    ends = [len(beats)]
    while ends[-1] > 0:
        ends.append(best[ends[-1]][2])
    ends.reverse()
    return list(pairwise(ends))


def shot_seconds(beats: Sequence[Beat], settings: PlanSettings) -> Fraction:
    """How long the shot of these beats runs: what happens in it, up to the next quarter second, within the limits."""
    raw = sum(packed_seconds(beats), Fraction(0))
    on_grid = -(-raw // GRID) * GRID
    return max(Fraction(settings.min_seconds), min(Fraction(settings.max_seconds), on_grid))


def _scaled(seconds: Sequence[Fraction]) -> tuple[int, list[int]]:
    """Running sums as whole numbers of 1/scale seconds: exact, and quicker than Fractions."""
    scale = lcm(*(value.denominator for value in seconds))
    return scale, [0, *accumulate(value.numerator * (scale // value.denominator) for value in seconds)]


def _length_cost(raw: int, scale: int, settings: PlanSettings, costs: CutCosts) -> int:
    least = settings.min_seconds * scale
    length = max(least, raw)
    target = settings.target
    away = length - target.numerator * scale // target.denominator
    dead = max(0, least - raw) * costs.dead_air // scale
    return dead + away * away * costs.off_target // (scale * scale)


def _join_cost(beats: Sequence[Beat], people: Sequence[frozenset[str]], index: int, costs: CutCosts) -> int:
    """What it costs to have beat `index` in the shot of the beat before it."""
    before, after = beats[index - 1], beats[index]
    order = beats[index - 2] if before.glued and index > 1 else before  # the line under "INSERT - THE LETTER"
    ordered = order.camera is not None and order.camera.new_shot and before.seconds > 0
    cost = costs.leaves_order if ordered and before.paragraph != after.paragraph else 0
    if index > 1 and people[index] and not people[index - 1] and looks_off(beats[index - 2].text):
        cost += costs.seen_by_somebody  # and back to the one who looked
    return cost + _mixing_cost(before, after, people[index - 1], people[index], costs)


def _mixing_cost(before: Beat, after: Beat, first: frozenset[str], then: frozenset[str], costs: CutCosts) -> int:
    if BeatKind.DIALOGUE in (before.kind, after.kind) and before.speech and after.speech:
        if before.speech == after.speech or before.speaker == after.speaker:
            return 0
        return costs.heard_speaker if before.off_camera or after.off_camera else costs.two_speakers
    if BeatKind.DIALOGUE in (before.kind, after.kind):
        line, deed, doers = (before, after, then) if before.kind is BeatKind.DIALOGUE else (after, before, first)
        if line.off_camera and not line.voice_over and line.speaker in doers:
            return costs.torn  # who is heard off screen is not in that shot
        if line.off_camera or deed.seconds == 0:
            return 0
        return costs.own_line if doers <= {line.speaker} else costs.other_line
    if before.seconds == 0 or after.seconds == 0:
        return 0
    if bool(before.overlay) != bool(after.overlay) and not (first or then):
        return 0  # a title wants a picture under it
    cost = 0
    if first and not then and after.kind is BeatKind.ACTION and looks_off(before.text):
        cost += costs.seen_by_somebody
    if before.paragraph != after.paragraph and not (before.static and after.static):
        cost += costs.new_paragraph
    if first and then and not first & then:
        cost += costs.new_subject
    if before.static and not after.static:
        cost += costs.out_of_description
    return cost + (costs.second_title if before.overlay and after.overlay else 0)


def _cut_cost(beats: Sequence[Beat], index: int, costs: CutCosts) -> int:
    """What it costs to begin a shot with beat `index`."""
    if index == 0:
        return 0
    before, beat = beats[index - 1], beats[index]
    if beat.glued:
        return costs.torn
    if beat.montage and not beat.opens and beat.kind is not BeatKind.DIALOGUE and beat.paragraph == before.paragraph:
        return costs.inside_montage_line
    if beat.continues:
        return costs.inside_sentence if beat.kind is BeatKind.DIALOGUE else costs.inside_action_sentence
    if beat.speech and beat.speech == before.speech:
        return costs.inside_speech
    return costs.inside_paragraph if beat.paragraph == before.paragraph else 0
