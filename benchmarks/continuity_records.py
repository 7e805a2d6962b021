"""How many contradictions between the records of two shots are found, and how many sound cuts are left alone.

    python -m benchmarks.continuity_records

The set: six set-ups (who, where, light, wardrobe, props), each cut from one framing to another. Planted at the cut is
one contradiction of each kind that the records can hold. A planted one stands beside lines of action that do not
explain it, and, as a sound cut, beside lines that do: the coat is put on, the lamp goes out, somebody crosses over.
The rules were looked over with the first half of the lines, until they got them right; the second half was written
afterwards and the rules have not been touched since. Beside these every set-up has cuts with nothing planted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup()

from scenes.continuity import findings_at  # noqa: E402 (needs Django's settings)
from scenes.continuity.facts import Person, ShotFacts  # noqa: E402

ADA, TOM = Person("ADA", "left", "right", look="oilskin"), Person("TOM", "right", "left", look="jersey")
LIGHT = {
    "lighting_type": "natural", "key_light": "left", "colour_temperature": 5600, "time_of_day": "day",
    "weather": "clear", "palette": ["#2E4057", "#D9B44A"], "screen_direction": "left_to_right",
    "camera_angle": "eye_level", "camera_movement": "static", "eyeline": "Ada to the right",
}  # fmt: skip
SET_UPS = tuple(
    ShotFacts(
        label="1/1", direction={**LIGHT, "shot_size": size, "time_of_day": hour}, people=(ADA, TOM), outside=outside,
        props=frozenset({"LANTERN", "ROPE"}), hero_props=frozenset({"LANTERN"}),
    )
    for (hour, outside), size in product((("day", True), ("dusk", True), ("night", False)), ("medium", "wide"))
)  # fmt: skip

PLAIN = (
    ("Ada looks out to sea.", "Tom says nothing.", "They wait.", "A gull cries.", "Ada tears the letter open.",
     "Tom reads the dress code aloud.", "Tom breaks the bread and eats."),
    ("Ada laughs.", "Tom strips the wire.", "Rain drums on the roof tiles.", "Ada wraps the parcel in paper.",
     "Tom finds a chair.", "She turns a page."),
)  # fmt: skip
"""Lines that explain nothing: those the rules were looked over with, those held out."""

PLANTED: dict[str, tuple[str, dict[str, Any]]] = {
    "light from natural to low key": ("lighting_jump", {"lighting_type": "low_key"}),
    "key light on the other side": ("lighting_jump", {"key_light": "right"}),
    "5600 K to 3200 K": ("lighting_jump", {"colour_temperature": 3200}),
    "another coat": ("costume_change", {"people": (replace(ADA, look="Sunday dress"), TOM)}),
    "sides changed": ("spatial_mismatch", {"people": (replace(ADA, side="right"), replace(TOM, side="left"))}),
    "another hour": ("time_of_day", {"time_of_day": "dawn"}),
    "rain": ("weather", {"weather": "rainy"}),
    "no colour in common": ("palette", {"palette": ["#FF2D95"]}),
    "the lantern is gone": ("prop", {"props": frozenset({"ROPE"})}),
    "the movement turns back": ("screen_direction", {"screen_direction": "right_to_left"}),
    "the look turns away": ("screen_direction", {"eyeline": "Ada to the left"}),
    "straight on from words alone": ("last_frame_match", {"continues": True, "approach": "text_to_video"}),
    "straight on, one size nearer": ("last_frame_match", {"continues": True, "shot_size": "close_up"}),
}

EXPLAINED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "light from natural to low key": (
        ("Tom blows out the lamp.", "Ada draws the curtains.", "The power fails.", "Ada snuffs the candle.",
         "The bulb dies.", "Tom lowers the blinds.", "The lights go out."),
        ("Ada kills the lights.", "The fire burns down.", "Clouds cover the sun.", "Tom closes the shutters.",
         "The lamp gutters."),
    ),
    "another coat": (
        ("Ada puts on her Sunday dress.", "Ada changes clothes.", "Ada takes off the oilskin.",
         "Ada slips into a dress.",
         "Ada gets dressed.", "Ada throws off the oilskin.", "Ada buttons her coat."),
        ("Ada pulls the oilskin over her head.", "Ada steps out of the oilskin.", "Ada, in her Sunday dress now, sits.",
         "Ada zips up her dress.", "Ada hangs up the oilskin."),
    ),
    "sides changed": (
        ("Ada walks round him.", "Tom crosses to the window.", "They circle each other.", "They change places.",
         "Tom steps over to the stove.", "Tom goes to the door."),
        ("Ada slips past him.", "Tom sits down on the other side.", "They dance.", "Tom limps to the stove.",
         "Ada pushes by."),
    ),
    "the lantern is gone": (
        ("Ada hides the lantern.", "Tom takes the lantern away.", "She drops the lantern.", "Tom pockets it.",
         "The lantern rolls off the pier.", "She buries it."),
        ("Tom kicks the lantern into the sea.", "Ada gives it away.", "He smashes it.",
         "Tom has the lantern under his coat.", "She covers it up."),
    ),
    "the movement turns back": (
        ("Ada turns back.", "Tom turns around.", "They return.", "Ada doubles back.", "They head back.",
         "The boat comes about."),
        ("Ada stops and goes back.", "Tom spins on his heel.", "They retrace their steps.", "The boat swings round."),
    ),
    "the look turns away": (
        ("Ada crosses the room.", "Ada turns to the door.", "Ada spins round.", "Ada looks over her shoulder.",
         "Ada backs off."),
        ("Ada glances back.", "Ada swings round.", "Ada lowers her eyes.", "Ada whirls to face him."),
    ),
}  # fmt: skip
"""The planted thing -> lines after which it is as it should be."""

CLEAN: tuple[dict[str, Any], ...] = (
    {}, {"shot_size": "close_up", "people": (ADA,)}, {"shot_size": "close_up", "people": (TOM,)}, {"weather": "windy"},
    {"camera_angle": "low_angle", "key_light": "right"}, {"colour_temperature": 5000}, {"palette": ["#334A60"]},
    {"lighting_type": "soft"}, {"screen_direction": "toward"}, {"shot_size": "insert", "people": ()},
)  # fmt: skip
"""Changes from one framing to the next that nobody minds."""


@dataclass(frozen=True)
class Case:
    """A cut of the set; `planted` is the kind that is there, or empty; `watched` the kind that might be flagged."""

    part: str
    before: ShotFacts
    after: ShotFacts
    planted: str
    watched: str
    how: str


def cases() -> Iterator[Case]:
    """The whole set."""
    for before in SET_UPS:
        for half, part in enumerate(("looked over with", "held out")):
            for line, (how, (kind, changes)) in product(PLAIN[half], PLANTED.items()):
                yield Case(part, before, changed(before, line, changes), kind, kind, f"{how}: {line}")
            for how, halves in EXPLAINED.items():
                kind, changes = PLANTED[how]
                for line in halves[half]:
                    yield Case(part, before, changed(before, line, changes), "", kind, f"{how}: {line}")
            for line, changes in product(PLAIN[half], CLEAN):
                yield Case(part, before, changed(before, line, changes), "", "", f"{changes or 'nothing'}: {line}")


def changed(before: ShotFacts, business: str, changes: dict[str, Any]) -> ShotFacts:
    """The next shot: the same, with this line of action and these changes of its facts or direction."""
    facts = {name: value for name, value in changes.items() if name in ShotFacts.__dataclass_fields__}
    direction = {name: value for name, value in changes.items() if name not in facts}
    return replace(before, label="1/2", business=business, direction={**before.direction, **direction}, **facts)


def main() -> None:
    """Print precision and recall as Markdown."""
    counts: dict[tuple[str, str], list[int]] = {}
    wrong: dict[str, int] = {}
    for case in cases():
        found = {str(finding.kind) for finding in findings_at(case.before, case.after)}
        for kind in {case.watched} if case.watched else {name for name, _ in PLANTED.values()}:
            count = counts.setdefault((case.part, kind), [0, 0, 0, 0])
            flagged, planted = kind in found, case.planted == kind
            count[(0 if planted else 1) if flagged else (2 if planted else 3)] += 1
            if flagged != planted:
                words = f"{case.how} ({'not found' if planted else 'flagged'} as {kind}; {case.part})"
                wrong[words] = wrong.get(words, 0) + 1
    print("| lines | kind | planted | found | sound | flagged | precision | recall |")
    print("|---|---|---|---|---|---|---|---|")
    for (part, kind), (hits, false, absent, right) in sorted(counts.items()):
        precision = f"{hits / (hits + false):.2f}" if hits + false else "-"
        recall = f"{hits / (hits + absent):.2f}" if hits + absent else "-"
        print(f"| {part} | {kind} | {hits + absent} | {hits} | {false + right} | {false} | {precision} | {recall} |")
    print("\nWrong:\n" + "\n".join(f"- {line}: {count} of {len(SET_UPS)}" for line, count in sorted(wrong.items())))


if __name__ == "__main__":
    main()
