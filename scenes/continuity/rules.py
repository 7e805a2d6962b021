"""The rules of continuity between two shots that follow each other in a scene: pure functions over their facts.

A rule speaks up only where the records contradict each other. What the business explains (somebody puts on a coat,
switches off the lamp, crosses the room) is no break.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenes.choices import USUAL_SEVERITY, ContinuityKind, ContinuitySeverity, GenerationApproach, ShotSize

from .facts import ShotFacts


@dataclass(frozen=True)
class Finding:
    """One break: what does not fit, how much it matters, in a sentence, with the two values."""

    kind: str
    notes: str
    severity: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


BRIGHT, DARK = frozenset({"high_key", "natural", "soft"}), frozenset({"low_key", "silhouette", "moonlight", "candle"})
"""Kinds of light that are far apart; from one to another within a scene is a jump."""

OPPOSITE_KEYS = frozenset(
    frozenset(pair)
    for pair in (
        ("left", "right"), ("three_quarter_left", "three_quarter_right"), ("left", "three_quarter_right"),
        ("three_quarter_left", "right"), ("front", "back"), ("top", "below"),
    )
)  # fmt: skip

MIRED = 60
"""Change of colour temperature in mired (1,000,000 / kelvin) that everybody sees: 3200 K to 4000 K is 62."""

DAY_PARTS = (
    frozenset({"dawn", "morning"}), frozenset({"day", "noon", "afternoon", "morning"}),
    frozenset({"golden_hour", "evening", "dusk", "twilight", "afternoon"}), frozenset({"night", "twilight"}),
)  # fmt: skip
"""Times that look alike enough to be cut together."""

NOT_A_TIME = frozenset({"", "continuous", "later"})
WEATHERS = (frozenset({"rainy", "stormy"}), frozenset({"cloudy", "windy"}), frozenset({"clear", "windy"}))
STANDING_STILL = frozenset({"", "static", "handheld"})
PALETTE_DISTANCE = 60.0
"""Greatest distance in RGB between two palettes' nearest colours, of 441, that still goes for one palette."""

_WORN = (
    r"(?:coats?|shirts?|sleeves?|jackets?|dress|skirts?|trousers|clothes|boots?|shoes?|hats?|gloves?|uniforms?|suits?|"
    r"robes?|scarf|veil|cloaks?|sweaters?|aprons?|masks?)"
)
_DRESSES = re.compile(
    r"\b(?:puts? on|takes? off|pulls? (?:on|off)|throws? (?:on|off)|slips? (?:on|off|into|out of)|kicks? off|"
    r"peels? off|dons?|(?:un)?buttons?|(?:un)?zips?|changes? (?:into|clothes|coats?|shirts?)|gets? (?:un)?dressed|"
    r"(?:un)?dresses|undress|sheds?|removes?|disguised?|shrugs? (?:on|off|into|out of)|soak(?:s|ed)|bloodied|"
    rf"(?:torn|tears?|rips?|strips?|wraps?)\b[^.]*\b{_WORN})\b",
    re.I,
)
_LIGHTS = re.compile(
    r"\b(?:light(?:s|ing)? (?:up|on|off|out|go|goes|flicker|dies?|fade)|switch(?:es|ed)? (?:on|off)|"
    r"turns? (?:on|off|up|down)|blows? out|goes dark|blackout|lightning|flash|lights? (?:the|a|an|his|her)|"
    r"strikes? a match|snuffs?|extinguish(?:es)?|curtains?|shutters?|blinds?|sun (?:rises|sets|breaks)|power|"
    r"(?:bulb|lamp|candle|torch|fire)s? (?:dies?|fails?|goes|flickers?|gutters?|burns?))\b",
    re.I,
)
_MOVES = re.compile(
    r"\b(?:cross(?:es)?|turns?|walks?|runs?|moves?|circles?|steps?|rounds?|spins?|paces?|swaps?|passes|returns?|"
    r"goes|comes|enters|exits|leaves|rides?|drives?|climbs?|backs? (?:away|off)|rushes|hurries|strides?|"
    r"(?:changes?|trades?|switch(?:es)?) (?:places|sides|seats)|looks? (?:over|back|away|round|around))\b",
    re.I,
)
_TURNS_BACK = re.compile(
    r"\b(?:(?:turns?|wheels?|swings?) (?:back|around|round)|(?:doubles?|heads?|comes?|goes) back|comes? about|"
    r"returns?|reverses?)\b",
    re.I,
)
_HANDLES = re.compile(
    r"\b(?:drops?|throws?|hands?|gives?|pockets?|puts? (?:down|away|back)|sets? down|hides?|loses?|burns?|breaks?|"
    r"takes?|picks? up|finds?|draws?|pulls? out|produces|swallows?|eats?|drinks?|lets? go|buries|smash(?:es)?|"
    r"kicks?)\b",
    re.I,
)
_IT = re.compile(r"\b(?:it|them|everything|both|all)\b", re.I)
_EYELINE = re.compile(r"\b([\w' ]+?) (?:looks )?(?:to (?:the )?)?(left|right)\b", re.I)


def findings_at(before: ShotFacts, after: ShotFacts) -> list[Finding]:
    """Every break at the cut from one shot to the next, at most one of each kind, the gravest kinds first."""
    found: dict[str, Finding] = {}
    for rule in RULES:
        for finding in rule(before, after):
            known = found.get(finding.kind)
            found[finding.kind] = finding if known is None else _joined(known, finding)
    return list(found.values())


def _joined(one: Finding, other: Finding) -> Finding:
    return Finding(one.kind, f"{one.notes} {other.notes}", one.severity, {**one.evidence, **other.evidence})


def lighting(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """The kind, side or colour of the light jumps, and nobody touches a lamp."""
    if _explained(_LIGHTS, before, after):
        return
    kinds = before.value("lighting_type"), after.value("lighting_type")
    if (kinds[0] in BRIGHT and kinds[1] in DARK) or (kinds[0] in DARK and kinds[1] in BRIGHT):
        yield _finding(ContinuityKind.LIGHTING_JUMP, "light", *kinds, "The light jumps from {} to {}.")
    keys = before.value("key_light"), after.value("key_light")
    turned = before.value("camera_angle") != after.value("camera_angle")
    if frozenset(keys) in OPPOSITE_KEYS and not turned:
        yield _finding(ContinuityKind.LIGHTING_JUMP, "key_light", *keys, "The key light jumps from {} to {}.")
    kelvin = before.value("colour_temperature"), after.value("colour_temperature")
    if all(kelvin) and abs(1_000_000 / kelvin[0] - 1_000_000 / kelvin[1]) > MIRED:
        yield _finding(
            ContinuityKind.LIGHTING_JUMP, "colour_temperature", *kelvin, "The light changes from {} K to {} K."
        )


def light_is_meant(before: ShotFacts, after: ShotFacts) -> bool:
    """Whether the records themselves let the light of two pictures differ: a lamp, or another hour or kind of light."""
    asked = ("time_of_day", "lighting_type", "weather", "colour_grade")
    return _explained(_LIGHTS, before, after) or any(before.value(name) != after.value(name) for name in asked)


def costume(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """Somebody wears another look, and nobody dresses."""
    if _explained(_DRESSES, before, after):
        return
    worn = {person.name: person.look for person in before.people}
    for person in after.people:
        looks = worn.get(person.name, ""), person.look
        if all(looks) and looks[0] != looks[1]:
            yield _finding(
                ContinuityKind.COSTUME_CHANGE, f"look of {person.name}", *looks,
                f"{person.name.title()} wears {{}} and then {{}}.",
            )  # fmt: skip


def props(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """A hero prop, or anything in a shot that goes straight on, is gone from a frame that would show it."""
    told = f"{before.business} {after.business}"
    handled = _explained(_HANDLES, before, after)
    watched = before.props if after.continues else before.props & before.hero_props
    same_people = bool(before.seen) and before.seen.keys() <= after.seen.keys()
    wider = after.width >= before.width and before.value("shot_size") != ShotSize.INSERT
    if not (after.continues or (same_people and wider)):
        return
    for name in sorted(watched - after.props):
        if handled and (name.lower() in told.lower() or _IT.search(told)):
            continue
        if name.lower() not in after.business.lower():
            yield _finding(
                ContinuityKind.PROP, f"prop {name}", "seen", "not seen",
                f"{name.title()} is in the picture and then is not.",
            )  # fmt: skip


def time_of_day(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """The hour jumps inside a scene."""
    times = before.value("time_of_day"), after.value("time_of_day")
    if NOT_A_TIME & set(times) or times[0] == times[1] or any(set(times) <= part for part in DAY_PARTS):
        return
    yield _finding(ContinuityKind.TIME_OF_DAY, "time_of_day", *times, "It is {} and then {} in one scene.")


def weather(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """The weather jumps; inside it matters little."""
    both = before.value("weather"), after.value("weather")
    if not all(both) or both[0] == both[1] or any(set(both) <= alike for alike in WEATHERS):
        return
    severity = ContinuitySeverity.WARNING if before.outside else ContinuitySeverity.INFO
    yield _finding(ContinuityKind.WEATHER, "weather", *both, "It is {} and then {}.", severity)


def palette(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """The two palettes have no colour near each other."""
    both = before.value("palette") or [], after.value("palette") or []
    if not all(both):
        return
    nearest = min(_distance(one, other) for one in both[0] for other in both[1])
    if nearest > PALETTE_DISTANCE:
        yield _finding(ContinuityKind.PALETTE, "palette", *both, "The palettes {} and {} share no colour.")


def screen_direction(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """What moves to the right moves to the left next: it seems to turn back."""
    ways = before.value("screen_direction"), after.value("screen_direction")
    shared = before.seen.keys() & after.seen.keys() or not (before.seen or after.seen)
    if set(ways) == {"left_to_right", "right_to_left"} and shared and not _explained(_TURNS_BACK, before, after):
        yield _finding(
            ContinuityKind.SCREEN_DIRECTION, "screen_direction", *ways, "The movement turns from {} to {} at the cut."
        )


def eyeline(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """Two who talk, each alone in the picture, look the same way, or one looks the other way than written before."""
    one, other = _alone(before), _alone(after)
    talk = bool(before.speakers | after.speakers)
    if one and other and one.name != other.name and talk and one.facing == other.facing in ("left", "right"):
        yield _finding(
            ContinuityKind.SCREEN_DIRECTION, "eyeline", f"{one.name} {one.facing}", f"{other.name} {other.facing}",
            f"{one.name.title()} and {other.name.title()} talk, but both look to the {one.facing}.",
        )  # fmt: skip
    if _explained(_MOVES, before, after):
        return
    written = _eyelines(before), _eyelines(after)
    for name in sorted(written[0].keys() & written[1].keys()):
        if written[0][name] != written[1][name]:
            yield _finding(
                ContinuityKind.SCREEN_DIRECTION, f"eyeline of {name}", written[0][name], written[1][name],
                f"{name.title()} looks to the {{}} and then to the {{}}.",
            )  # fmt: skip


def spatial(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """Two people change sides of the frame: the camera has crossed the line between them."""
    if _explained(_MOVES, before, after):
        return
    shared = [name for name in before.seen if name in after.seen]
    if len(shared) < 2:
        return
    swapped = [name for name in shared if {before.seen[name].side, after.seen[name].side} == {"left", "right"}]
    if swapped:
        was, now = ({name: facts.seen[name].side for name in swapped} for facts in (before, after))
        names = " and ".join(name.title() for name in swapped)
        yield _finding(
            ContinuityKind.SPATIAL_MISMATCH, "side", was, now, f"{names} changed sides: the camera crosses the line."
        )


def last_frame(before: ShotFacts, after: ShotFacts) -> Iterator[Finding]:
    """A shot that goes straight on cannot begin where the one before ends."""
    if not after.continues:
        return
    if after.approach == GenerationApproach.TEXT_TO_VIDEO:
        yield _finding(
            ContinuityKind.LAST_FRAME_MATCH, "approach", "a last frame", after.approach,
            "The shot goes straight on from the one before, but is made from words alone.",
        )  # fmt: skip
    sizes = before.value("shot_size"), after.value("shot_size")
    stands = before.value("camera_movement") in STANDING_STILL
    if all(sizes) and sizes[0] != sizes[1] and stands:
        yield _finding(
            ContinuityKind.LAST_FRAME_MATCH, "shot_size", *sizes,
            "The shot goes straight on, but the frame jumps from {} to {} without a camera movement.",
        )  # fmt: skip
    gone = sorted(before.seen.keys() - after.seen.keys())
    if gone and not _explained(_MOVES, before, after) and stands and sizes[0] == sizes[1]:
        yield _finding(
            ContinuityKind.LAST_FRAME_MATCH, "people", sorted(before.seen), sorted(after.seen),
            f"The shot goes straight on, but {gone[0].title()} is gone.",
        )  # fmt: skip


RULES: tuple[Callable[[ShotFacts, ShotFacts], Iterable[Finding]], ...] = (
    lighting, costume, props, time_of_day, weather, palette, screen_direction, eyeline, spatial, last_frame,
)  # fmt: skip


def _finding(kind: str, what: str, one: Any, other: Any, words: str, severity: str = "") -> Finding:
    said = [", ".join(value) if isinstance(value, list) else str(value).replace("_", " ") for value in (one, other)]
    usual = USUAL_SEVERITY.get(ContinuityKind(kind), ContinuitySeverity.WARNING)
    return Finding(kind, words.format(*said), severity or usual, {what: [one, other]})


def _explained(pattern: re.Pattern[str], before: ShotFacts, after: ShotFacts) -> bool:
    return bool(pattern.search(before.business) or pattern.search(after.business))


def _alone(facts: ShotFacts) -> Any:
    """The only person the camera sees, or None."""
    seen = list(facts.seen.values())
    return seen[0] if len(seen) == 1 else None


def _eyelines(facts: ShotFacts) -> dict[str, str]:
    return {name.strip().upper(): way.lower() for name, way in _EYELINE.findall(facts.value("eyeline"))}


def _distance(one: str, other: str) -> float:
    """Distance of two colours such as #1B3A4B in RGB."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def _rgb(colour: str) -> tuple[int, ...]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))
