"""How a person looks: the same hair, face and wardrobe in every shot, from the character's look_seed and name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from media_pipeline.providers.base import BriefCharacter

from .ink import Colour, mix
from .light import stable

_SKIN: tuple[Colour, ...] = (
    (240, 208, 182), (230, 190, 160), (216, 172, 138), (196, 148, 112), (166, 118, 88), (132, 92, 70), (102, 70, 54),
)  # fmt: skip
_HAIR: tuple[Colour, ...] = (
    (38, 32, 36), (56, 42, 38), (84, 58, 42), (118, 80, 50), (150, 76, 48), (186, 148, 92), (44, 48, 62), (96, 90, 90),
)  # fmt: skip
_GREY: tuple[Colour, ...] = ((176, 174, 172), (206, 204, 200), (140, 138, 140))
_TOPS: tuple[Colour, ...] = (
    (150, 64, 54), (58, 84, 112), (196, 148, 68), (78, 104, 84), (112, 78, 108), (190, 106, 70), (66, 72, 84),
    (160, 138, 108), (58, 112, 116), (124, 52, 70), (188, 182, 166), (96, 90, 66),
)  # fmt: skip
_UNDER: tuple[Colour, ...] = (
    (226, 220, 206), (196, 200, 204), (84, 88, 98), (206, 186, 150), (142, 156, 160), (62, 56, 62),
)  # fmt: skip
_LEGS: tuple[Colour, ...] = ((56, 60, 74), (82, 74, 66), (44, 46, 52), (98, 92, 84), (70, 84, 98), (92, 74, 58))

_HE = frozenset(
    [
        "mr",
        "man",
        "boy",
        "father",
        "dad",
        "grandfather",
        "grandpa",
        "uncle",
        "brother",
        "son",
        "sir",
        "captain",
        "king",
        "prince",
        "priest",
        "monk",
        "sheriff",
        "fisherman",
        "husband",
        "waiter",
        "adam",
        "alan",
        "alex",
        "andrew",
        "ben",
        "carl",
        "carlos",
        "charles",
        "daniel",
        "dave",
        "david",
        "ed",
        "eric",
        "frank",
        "george",
        "hans",
        "harry",
        "henry",
        "ivan",
        "jack",
        "jacob",
        "jakob",
        "james",
        "jan",
        "jim",
        "joe",
        "john",
        "jonas",
        "jonah",
        "josef",
        "joseph",
        "karl",
        "kenji",
        "leo",
        "luca",
        "luis",
        "lukas",
        "marco",
        "mark",
        "martin",
        "matteo",
        "max",
        "michael",
        "mike",
        "mohammed",
        "nick",
        "noah",
        "olaf",
        "omar",
        "oscar",
        "otto",
        "owen",
        "pablo",
        "paul",
        "pavel",
        "pedro",
        "peter",
        "ray",
        "richard",
        "robert",
        "sam",
        "samuel",
        "simon",
        "stefan",
        "steve",
        "theo",
        "thomas",
        "tom",
        "tomas",
        "tobias",
        "victor",
        "viktor",
        "walter",
        "will",
        "william",
        "yusuf",
    ]
)
_SHE = frozenset(
    [
        "mrs",
        "ms",
        "miss",
        "madame",
        "woman",
        "girl",
        "mother",
        "mum",
        "mom",
        "grandmother",
        "grandma",
        "aunt",
        "sister",
        "daughter",
        "queen",
        "princess",
        "nun",
        "wife",
        "waitress",
        "nurse",
        "ada",
        "agnes",
        "alice",
        "ana",
        "anna",
        "anne",
        "beth",
        "carmen",
        "chloe",
        "clara",
        "claire",
        "eleanor",
        "elena",
        "elin",
        "ella",
        "ellen",
        "emily",
        "emma",
        "esther",
        "eva",
        "eve",
        "freya",
        "grace",
        "greta",
        "hanna",
        "hannah",
        "helen",
        "ida",
        "ines",
        "ingrid",
        "irene",
        "iris",
        "isabel",
        "jane",
        "judith",
        "julia",
        "kate",
        "katherine",
        "lara",
        "laura",
        "lena",
        "lily",
        "lin",
        "lisa",
        "lucia",
        "lucy",
        "maeve",
        "mara",
        "margaret",
        "maria",
        "marie",
        "marta",
        "martha",
        "mary",
        "maya",
        "mei",
        "mia",
        "mina",
        "mira",
        "miriam",
        "nadia",
        "naomi",
        "nina",
        "nora",
        "olga",
        "olivia",
        "petra",
        "rachel",
        "rosa",
        "rose",
        "ruth",
        "sara",
        "sarah",
        "sofia",
        "sophie",
        "susan",
        "sylvia",
        "tess",
        "vera",
        "yuki",
        "zoe",
    ]
)
_OLD = frozenset(
    ["old", "elder", "elderly", "grandfather", "grandmother", "grandpa", "grandma", "gran", "granny", "ancient"]
)
_YOUNG = frozenset(["boy", "girl", "child", "kid", "baby", "toddler", "little", "young"])

HE_HAIR = ("short", "parted", "crop", "swept", "curls", "bald", "tousled")
SHE_HAIR = ("bob", "long", "bun", "ponytail", "waves", "curls_full", "pixie")
ANY_HAIR = ("short", "bob", "curls", "tousled", "pixie", "swept")


@dataclass(frozen=True)
class Look:
    """One person's look. `broad` scales the shoulders, `top` is the kind of garment."""

    skin: Colour
    hair: Colour
    hair_style: str
    beard: str
    glasses: bool
    hat: str
    top: str
    coat: Colour
    under: Colour
    legs: Colour
    scarf: Colour | None
    broad: float
    jaw: float  # width of the jaw, about 1
    brow: float  # weight of the brows, about 1
    nose: float  # length of the nose, about 1
    aged: bool
    child: bool
    skirt: bool
    voice: float  # pitch of the temp voice in hertz


T = TypeVar("T")


def _pick(values: tuple[T, ...], draw: float) -> T:
    return values[min(len(values) - 1, int(draw * len(values)))]


def look_of(character: BriefCharacter) -> Look:
    """The look of a character: everything follows from `look_seed`; the name only settles age and the like.

    What the records tell of somebody (`told`) goes before both.
    """
    from .told_look import age_told, as_told, gender_told

    words = set(re.findall(r"[^\W\d_]+", character.name.lower()))
    seed = character.look_seed or stable(character.name)
    draw = np.random.default_rng(seed % 2**63).random(24).tolist()
    told = dict(character.told)
    he, she = gender_told(told) or (bool(words & _HE), bool(words & _SHE))
    years = age_told(told)
    child = years == "child" or (not years and (bool(words & _YOUNG) or character.height < 0.8))
    aged = years == "old" or (not years and bool(words & _OLD) and not child)
    styles = HE_HAIR if he and not she else SHE_HAIR if she else ANY_HAIR
    style = _pick(styles, draw[0])
    if child and style == "bald":
        style = "tousled"
    beard = ""
    if he and not she and not child:
        beard = _pick(("", "", "stubble", "full", "moustache", "short"), draw[1])
    top = _pick(("coat", "jacket", "sweater", "shirt", "hooded", "coat"), draw[2])
    skirt = she and draw[3] < 0.35
    pitch = 118.0 if he and not she else 205.0 if she else 160.0
    drawn = Look(
        skin=_pick(_SKIN, draw[4]),
        hair=_pick(_GREY, draw[5]) if aged else _pick(_HAIR, draw[5]),
        hair_style=style,
        beard=beard,
        glasses=draw[6] < (0.4 if aged else 0.16),
        hat=_pick(("cap", "beanie", "brim"), draw[7]) if draw[8] < 0.14 and not she else "",
        top=top,
        coat=_pick(_TOPS, draw[9]),
        under=_pick(_UNDER, draw[10]),
        legs=_pick(_LEGS, draw[11]),
        scarf=mix(_pick(_TOPS, draw[12]), (255, 255, 255), 0.15) if draw[13] < 0.22 else None,
        broad=(1.06 if he else 0.9 if she else 0.98) * (0.95 + 0.1 * draw[14]),
        jaw=(1.04 if he else 0.93 if she else 0.98) + 0.06 * (draw[15] - 0.5),
        brow=(1.15 if he else 0.85) + 0.3 * (draw[16] - 0.5),
        nose=1.0 + 0.2 * (draw[17] - 0.5),
        aged=aged,
        child=child,
        skirt=skirt,
        voice=pitch * (0.9 + 0.2 * draw[18]) * (1.35 if child else 1.0),
    )
    return as_told(drawn, told) if told else drawn
