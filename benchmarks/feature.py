"""Write a made-up feature screenplay of any length, the same one for the same seed, to try the product at scale.

python -m benchmarks.feature > feature.fountain
python -m benchmarks.feature --pages 60 --seed 2 > short-feature.fountain
"""

from __future__ import annotations

import argparse
import random
import sys

LINES_PER_PAGE = 55
_ACTION_WIDTH = 61
_SPEECH_WIDTH = 35

_CAST = (
    "MARA",
    "JONAS",
    "DR. OKAFOR",
    "LENA",
    "THE FERRYMAN",
    "INSPECTOR VALE",
    "PILAR",
    "OLD TOM",
    "SISTER AGNES",
    "KIT",
)
_PLACES = (
    ("INT.", "KITCHEN"),
    ("INT.", "FERRY TERMINAL"),
    ("EXT.", "HARBOR WALL"),
    ("INT.", "ARCHIVE - READING ROOM"),
    ("EXT.", "ROOFTOP"),
    ("INT.", "NIGHT TRAIN"),
    ("EXT.", "FLOODED STREET"),
    ("INT.", "HOSPITAL CORRIDOR"),
    ("EXT.", "PINE FOREST"),
    ("INT./EXT.", "MARA'S CAR"),
    ("INT.", "RADIO STATION"),
    ("EXT.", "QUARRY"),
    ("INT.", "CHAPEL"),
    ("INT.", "BOARDING HOUSE - ATTIC"),
    ("EXT.", "SALT ROAD"),
    ("INT.", "POLICE STATION"),
    ("EXT.", "FAIRGROUND"),
    ("INT.", "BOATHOUSE"),
)
_TIMES = ("DAY", "NIGHT", "DAY", "NIGHT", "MORNING", "DUSK", "CONTINUOUS", "LATER", "DAWN")
_WHO = ("{name}", "{name}", "{name} and {other}", "A stranger in a grey coat", "The dog", "A porter")
_DOES = (
    "crosses the room without a sound",
    "holds the letter up to the light",
    "waits by the window and counts the boats",
    "pulls the wet tarpaulin off the crates",
    "puts the brass key on the table",
    "turns the radio down until it is only a hum",
    "runs until the road gives out",
    "looks at the photograph, then at the door",
    "draws a line across the map with one finger",
    "folds the red scarf and puts it away",
    "climbs onto the wall and does not look back",
    "finds the lock already open",
)
_TAILS = (
    ".",
    ".",
    ", slowly, as if somebody were asleep next door.",
    ". Outside, a horn sounds twice.",
    ". Rain drums on the roof.",
    " while the lamp swings and throws long shadows over the floor.",
    ". Nobody moves.",
)
_LOOKS = (
    "Low light, the smell of diesel and oranges.",
    "Wind. A loose wire sings against a mast.",
    "Dust hangs in the air like smoke.",
    "Everything is packed in boxes, and every box has a number.",
    "Neon flickers over puddles.",
)
_SAYS = (
    "You said you would be gone by the time the ice broke.",
    "I never asked for the key.",
    "Where is she?",
    "There was a boat. There was always going to be a boat.",
    "Do not open it here.",
    "He told me a different story, and he told it better.",
    "We have until the tide turns, and not a minute longer than that.",
    "No.",
    "I counted them twice. One is missing, and it is the one with your name on it.",
    "If this is about the money, sit down. If it is about my brother, stay where you are.",
    "You hear that?",
    "Then we wait.",
    "My father built that wall with his own hands, and look what it kept out.",
    "Say it again, and this time leave out the part where you were brave.",
)
_ASIDES = ("(quietly)", "(beat)", "(without turning)", "(into phone)", "(to {other})")
_EXTENSIONS = ("", "", "", "", "", "", " (O.S.)", " (V.O.)", " (CONT'D)")
_ENDS = ("", "", "", "", "", "", "", "CUT TO:", "DISSOLVE TO:", "SMASH CUT TO:")


def write_feature(pages: int = 120, seed: int = 1) -> str:
    """Return a Fountain script of about `pages` pages, with about one numbered scene to the page.

    The same arguments give the same text. Length is counted as printed: 55 lines to a page.
    """
    chance = random.Random(seed)
    blocks = ["Title: The Salt Road\nCredit: Written by\nAuthor: A Seeded Generator\nDraft date: 1 January 2026"]
    printed = 0
    number = 0
    while printed < pages * LINES_PER_PAGE:
        number += 1
        target = min(number * LINES_PER_PAGE, pages * LINES_PER_PAGE)
        length = max(target - printed + chance.randint(-25, 25), 8)
        scene, lines = _scene(chance, number, length)
        blocks += scene
        printed += lines
    return "\n\n".join(blocks) + "\n"


def _scene(chance: random.Random, number: int, length: int) -> tuple[list[str], int]:
    """Return a scene of about `length` printed lines as blocks, and the lines it takes."""
    inside, place = chance.choice(_PLACES)
    blocks = [f"{inside} {place} - {chance.choice(_TIMES)} #{number}#", chance.choice(_LOOKS)]
    printed = 5
    cast = chance.sample(_CAST, chance.choice((2, 2, 2, 3, 4)))
    while printed < length:
        block = _action(chance, cast) if chance.random() < 0.45 else _speech(chance, cast)
        blocks.append(block)
        printed += _printed_lines(block)
    end = chance.choice(_ENDS)
    if end:
        blocks.append(end)
        printed += 2
    return blocks, printed


def _two(chance: random.Random, cast: list[str]) -> dict[str, str]:
    name, other = chance.sample(cast, 2)
    return {"name": name.title(), "other": other.title()}


def _action(chance: random.Random, cast: list[str]) -> str:
    sentences = []
    for _ in range(chance.choice((1, 1, 2, 2, 3))):
        sentence = f"{chance.choice(_WHO)} {chance.choice(_DOES)}{chance.choice(_TAILS)}"
        sentences.append(sentence.format(**_two(chance, cast)))
    return " ".join(sentences)


def _speech(chance: random.Random, cast: list[str]) -> str:
    lines = [chance.choice(cast) + chance.choice(_EXTENSIONS)]
    if chance.random() < 0.2:
        lines.append(chance.choice(_ASIDES).format(**_two(chance, cast)))
    lines.append(" ".join(chance.sample(_SAYS, chance.choice((1, 1, 1, 2, 3)))))
    return "\n".join(lines)


def _printed_lines(block: str) -> int:
    """Return the lines a block takes on paper, the empty one before it included."""
    first, *rest = block.split("\n")
    if not rest:
        return 2 + len(first) // _ACTION_WIDTH
    return 2 + sum(1 + len(line) // _SPEECH_WIDTH for line in rest)


def main() -> None:
    """Print a script on standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.stdout.write(write_feature(arguments.pages, arguments.seed))


if __name__ == "__main__":
    main()
