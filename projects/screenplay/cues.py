"""What a character cue says: who speaks, how the voice is heard, and whether it is the right half of a dual dialogue.

`NAME [(EXTENSION)]* [^]`
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from projects.screenplay.emphasis import strip_emphasis

_EXTENSION = re.compile(r"\(([^()]*)\)")
_KNOWN = {
    "VO": "V.O.",
    "VOICEOVER": "V.O.",
    "OS": "O.S.",
    "OFFSCREEN": "O.S.",
    "OC": "O.C.",
    "OFFCAMERA": "O.C.",
    "CONTD": "CONT'D",
    "CONT": "CONT'D",
    "CONTINUED": "CONT'D",
    "CONTINUING": "CONT'D",
    "PRELAP": "PRE-LAP",
}
_HEARD_ONLY = re.compile(
    r"\b(?:V\.O\.|O\.S\.|O\.C\.)|\b(?:VOICE|OFF|OOV|OOS|RADIO|TV|TELEVISION|PHONE|TELEPHONE|CELL|INTERCOM|SPEAKER|"
    r"SPEAKERPHONE|LOUDSPEAKER|P\.?A\.?|VOICEMAIL|ANSWERING MACHINE|RECORDING|RECORDED|TAPE|WALKIE|WALKIE-TALKIE|COMMS|"
    r"HEADSET|EARPIECE|FILTERED|PRE-LAP)(?=\W|$)"
)
_SEVERAL = re.compile(r" AND | & | ?/ ?|, ?")


@dataclass(slots=True)
class Cue:
    """A character cue: the name upper case with single spaces and straight apostrophes, never an extension."""

    name: str
    extensions: list[str] = field(default_factory=list)
    dual: bool = False


def parse_cue(text: str) -> Cue:
    """Take a cue (without the forcing mark) apart. Known extensions get one spelling, others stay as written."""
    text = strip_emphasis(text).strip()
    dual = text.endswith("^")
    if dual:
        text = text[:-1].rstrip()
    extensions = [extension for group in _EXTENSION.findall(text) for extension in _extensions(group)]
    name = " ".join(_EXTENSION.sub(" ", text).replace("’", "'").replace("‘", "'").upper().split())
    return Cue(name=name, extensions=extensions, dual=dual)


def is_off_camera(extensions: Sequence[str]) -> bool:
    """Whether the speaker need not be in the picture: V.O., O.S., O.C., PRE-LAP, radio, television, telephone.

    "INTO PHONE" is the person at this end of the line, who is seen.
    """
    for extension in extensions:
        words = extension.upper()
        if _HEARD_ONLY.search(words) and not words.startswith("INTO "):
            return True
    return False


def speakers(name: str) -> list[str]:
    """Return the people one cue names: "ANNA AND BEN" is two; "ALL" cannot be resolved and stays as it is."""
    return [person for person in (part.strip() for part in _SEVERAL.split(name)) if person]


def _extensions(group: str) -> list[str]:
    """Return the extensions in one pair of parentheses: "V.O., CONT'D" is two."""
    whole = _known(group)
    if whole:
        return [whole]
    parts = re.split(r"[,;]|/", group)
    if "/" in group and not any(_known(part) for part in parts):
        parts = re.split(r"[,;]", group)
    return [_known(part) or " ".join(part.split()) for part in parts if part.strip()]


def _known(text: str) -> str:
    return _KNOWN.get(re.sub(r"[\s.'’\-/]", "", text).upper(), "")
