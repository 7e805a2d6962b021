"""Script pages for the tests, built from elements as the importers make them."""

from __future__ import annotations

import random
from functools import cache

from projects.screenplay.model import Element, ElementType, Scene
from scenes.planning.lexicon import word_set
from scenes.planning.model import PlanSettings, SceneContext, ScenePlan
from scenes.planning.rules import RulesPlanner


def action(text, **fields):
    return [Element(ElementType.ACTION, text, 0, **fields)]


def speech(name, *lines, extensions=(), dual=""):
    """A cue and what is under it; a line in parentheses is a parenthetical."""
    known = {"character": name, "extensions": list(extensions), "dual": dual}
    elements = [Element(ElementType.CHARACTER, name, 0, **known)]
    for line in lines:
        kind = ElementType.PARENTHETICAL if line.startswith("(") else ElementType.DIALOGUE
        elements.append(Element(kind, line, 0, **known))
    return elements


def shot(text):
    return [Element(ElementType.SHOT, text, 0)]


def transition(text):
    return [Element(ElementType.TRANSITION, text, 0)]


def planning_text(kind, text):
    return [Element(kind, text, 0)]


def scene(*parts, heading="INT. KITCHEN - NIGHT", int_ext="INT", location="KITCHEN"):
    """A scene; every element gets a line of its own with an empty line before it."""
    elements = [Element(ElementType.SCENE_HEADING, heading, 1)]
    line = 3
    for part in parts:
        for element in part:
            element.line = line
            line += 2 + element.text.count("\n")
            elements.append(element)
    return Scene("1", heading, int_ext, location, "", "NIGHT", [], elements, 1)


def context(page, **fields):
    known = {"int_ext": page.int_ext, "location": page.location, "time_of_day": "night", "cast": ("MARA", "TOM", "ADA")}
    return SceneContext(**{**known, **fields})


def plan(*parts, settings=None, page=None, **fields) -> ScenePlan:
    page = page or scene(*parts)
    return RulesPlanner().plan(page, context(page, **fields), settings or PlanSettings())


def visible(shot):
    return [person.name for person in shot.cast if person.on_camera]


def words_of(plan):
    return " ".join(shot.text for shot in plan.shots).split()


_WORDS = sorted(
    word_set(
        "the old man walks slowly along a wet quay and looks at her letter while rain falls on black water nobody sees "
        "Mara open door gun takes light home never said please river you were late come back sit down eat before night"
    )
)
_PEOPLE = ("MARA", "TOM", "LINDA KRANZ", "GUARD 1", "WILL", "ANNA AND BEN")


def random_scene(seed):
    """A scene of everything a script can hold, in any order, the same for the same seed."""
    rng = random.Random(seed)
    parts = []
    for _ in range(rng.randint(0, 14)):
        kind = rng.random()
        if kind < 0.35:
            parts.append(action(script_text(rng, rng.choice((3, 12, 30, 60)))))
        elif kind < 0.7:
            lines = ["(softly)"] * (rng.random() < 0.2) + [script_text(rng, rng.choice((1, 4, 15, 45)))]
            lines += ["(beat)", script_text(rng, 6)] * (rng.random() < 0.2)
            extensions = rng.choice(([], [], [], ["V.O."], ["O.S."], ["INTO PHONE"]))
            parts.append(speech(rng.choice(_PEOPLE), *lines, extensions=extensions))
        elif kind < 0.76:
            parts.append(speech("MARA", script_text(rng, rng.choice((3, 30))), dual="left"))
            parts.append(speech("TOM", script_text(rng, rng.choice((3, 30))), dual="right"))
        else:
            parts.append(_order(rng))
    return scene(*parts)


@cache
def planned(seed):
    """The plan of a random scene by default settings."""
    return plan(page=random_scene(seed))


def script_text(rng, length):
    sentences = []
    while length > 0:
        count = min(length, rng.randint(1, 28))
        words = [rng.choice(_WORDS) for _ in range(count)]
        if count > 7 and rng.random() < 0.5:
            words[count // 2] += rng.choice((",", ";", " --", "..."))
        sentences.append(" ".join(words).capitalize() + rng.choice((".", ".", "!", "?", "...", '."', "")))
        length -= count
    return " ".join(sentences)


def _order(rng):
    orders = (
        lambda: shot("CLOSE ON THE LETTER"),
        lambda: shot("THE HALLWAY"),
        lambda: shot("MARA"),
        lambda: shot("INTERCUT - PHONE CALL"),
        lambda: action("CLOSE ON the letter. It is wet."),
        lambda: action("MARA'S POV: a door."),
        lambda: action("ANGLE ON:\nTom at the window."),
        lambda: action("INSERT - THE CLOCK"),
        lambda: action("BACK TO SCENE"),
        lambda: action("MONTAGE - THE LONG NIGHT"),
        lambda: action("- Mara runs.\n- Tom sleeps. He turns over.\n- A clock."),
        lambda: action("END MONTAGE"),
        lambda: action('SUPER: "Paris. Later."'),
        lambda: action("THE END", centered=True),
        lambda: action("(She has never been here before.)"),
        lambda: action("FADE IN:"),
        lambda: transition("CUT TO:"),
        lambda: transition("DISSOLVE TO:"),
        lambda: planning_text(ElementType.SYNOPSIS, "They meet again."),
        lambda: planning_text(ElementType.NOTE, "check the date"),
        lambda: planning_text(ElementType.LYRIC, "Row, row, row your boat"),
        lambda: planning_text(ElementType.SECTION, "Act two"),
    )
    return rng.choice(orders)()
