"""Cutting script text into sentences and clauses without losing or moving a word.

Scripts that put no spaces between words (Chinese, Japanese) are counted and cut by character.
Thai, Lao, Khmer and Burmese also have none; their runs count as one word each, which is too short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from .lexicon import word_set

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u3005\u3007"
_KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d"
_WIDE_MARKS = "\u3001-\u3004\u3006\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_UNSPACED = _HAN + _KANA + _WIDE_MARKS

_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_KANA_CHARACTER = re.compile(f"[{_KANA}]")
_UNSPACED_EDGE = re.compile(f"[{_UNSPACED}]")
_CLOSERS = "、，。．！？；：）」』】〉》”’…)\\]\"',.;:!?"
_TOKEN = re.compile(f"\\s*(?:[{_HAN}{_KANA}][{_CLOSERS}]*|[^\\s{_HAN}{_KANA}]+)")

_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]*_]*+(?=\s)|[。！？][。！？…]*+[”’」』）\"]*|(?<![।؟۔])[।؟۔]++[\"'”’»)\]]*+(?=\s)",
)
_AFTER = re.compile(r"\s+(?:[\"'“‘«(\[¿¡–—-]+\s*)?(\S+)")
_BEFORE = re.compile(r"(\S+)$")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")

_TITLES = word_set(
    "mr mrs ms mx dr prof st sgt lt col gen capt cmdr maj cpl pvt sen gov pres rev supt insp det mt ft messrs "
    "mme mlle vs approx e.g i.e cf"
)
_BEFORE_NUMBER = word_set("no nos vol ch fig pp p sc ep")
_STARTERS = word_set(
    "He She They It The A An I We You But And Then Now This That His Her Their There What Who When Where Why How"
)
_I_WORDS = re.compile(r"I(?:['’](?:m|ll|d|ve))?\b")


def join(left: str, right: str, space: str = " ") -> str:
    """Two pieces of running text as one: no space goes between characters of scripts that have none."""
    if not left or not right:
        return left or right
    if space == " " and _UNSPACED_EDGE.match(left[-1]) and _UNSPACED_EDGE.match(right[0]):
        return left + right
    return left + space + right


def unwrapped(text: str) -> list[str]:
    """The lines of a paragraph with hard wraps joined; line breaks that the writer meant stay.

    A break is a wrap when the next line goes on in lower case, or when its first word would not have
    fitted at the end of this line (40 columns are taken as the narrowest wrapped page).
    """
    lines = [line.strip() for line in text.split("\n")]
    lines = [line for line in lines if line]
    if len(lines) < 2:
        return lines
    width = max(40, *(len(line) for line in lines))
    joined = [lines[0]]
    for before, line in pairwise(lines):
        first = line.split(None, 1)[0]
        letters = first.lstrip("\"'“‘«([-–—•")
        listed = first[0] in "-–—•" and len(first) == 1
        goes_on = letters[:1].islower() or len(before) + 1 + len(first) > width
        if goes_on and not listed:
            joined[-1] = join(joined[-1], line)
        else:
            joined.append(line)
    return joined


def sentences(text: str) -> list[str]:
    """The sentences of one line of text, in order; `join` over them gives the same words back."""
    text = text.strip()
    pieces: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.end() < len(text) and _ends_sentence(text, match):
            pieces.append(text[start : match.end()].strip())
            start = match.end()
    pieces.append(text[start:].strip())
    return _without_bare_marks([piece for piece in pieces if piece])


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group()[0] in "。！？।؟۔":
        return True
    following = _AFTER.match(text, match.end())
    if following is None:
        return False
    word = following.group(1)
    if word[0].islower():
        return False
    marks = match.group().rstrip("\"'”’»)]*_")
    if marks in ("...", "…", "....") and _I_WORDS.match(word):
        return False  # "Well... I never" is one sentence
    if marks != ".":
        return True
    before = _BEFORE.search(text, max(0, match.start() - 40), match.start())
    if before is None:
        return True
    return not _is_abbreviation(before.group(1).lstrip("\"'“‘«(["), word, at_start=before.start() == 0)


def _is_abbreviation(token: str, following: str, *, at_start: bool) -> bool:
    bare = token.lower()
    starts_anew = following.rstrip(",.!?;:").split("'")[0].split("’")[0] in _STARTERS
    if bare in _TITLES:
        return True
    if bare in _BEFORE_NUMBER:
        return following[0].isdigit()
    if token.isdigit():
        return at_start and len(token) < 3  # "1. Mara runs": a list number
    if len(token) == 1 and token.isalpha() and token.isupper():
        initial_follows = len(following) > 1 and following[1] == "."
        return initial_follows or (token != "I" and not starts_anew)
    if _ACRONYM.match(token):
        return bare not in ("a.m", "p.m") and not starts_anew
    return False


def _without_bare_marks(pieces: list[str]) -> list[str]:
    """Pieces without a letter or digit joined to their neighbours: dots alone are nobody's sentence."""
    kept: list[str] = []
    waiting = ""
    for piece in pieces:
        if not any(character.isalnum() for character in piece):
            if kept:
                kept[-1] = join(kept[-1], piece)
            else:
                waiting = join(waiting, piece)
            continue
        kept.append(join(waiting, piece))
        waiting = ""
    return [*kept, waiting] if waiting else kept


@dataclass(frozen=True, slots=True)
class Rates:
    """Seconds for one word, one Han character and one kana."""

    word: Fraction
    han: Fraction
    kana: Fraction


def spoken_seconds(text: str, rates: Rates) -> Fraction:
    """How long it takes to say `text`. Marks that stand alone take no time."""
    return sum((seconds for _token, seconds in _timed_tokens(text, rates)), Fraction(0))


def _timed_tokens(text: str, rates: Rates) -> list[tuple[str, Fraction]]:
    timed = []
    for token in _TOKEN.findall(text):
        if _HAN_CHARACTER.search(token):
            seconds = rates.han
        elif _KANA_CHARACTER.search(token):
            seconds = rates.kana
        elif any(character.isalnum() for character in token):
            seconds = rates.word
        else:
            seconds = Fraction(0)
        timed.append((token, seconds))
    return timed


_PHRASE = word_set("with to for from in on at into of by like than")
_STRONG_MARKS = (";", ":", "—", "–", "--", "…", "...", "；", "：", "。")
_WEAK_MARKS = (",", "，", "、", "-")
_JOINING = word_set("and but or nor so as while who which that because when then until before after if where")
_COST_OF_CUT = {"strong": 0, "weak": 8, "joining": 25, "phrase": 85, "word": 110}
_COST_OF_PIECE = 40
_COST_OF_SHORTNESS = 20  # per second that a piece stays below half the limit


def split_to_fit(text: str, limit: Fraction, rates: Rates) -> list[str]:
    """`text` in few pieces of at most `limit` seconds, cut where it is best cut; whole if it fits.

    The best cut points are found exactly (shortest path over all of them): cost is lowest at semicolons,
    colons and dashes, then commas, then before joining words, and highest between any two words.
    """
    timed = _timed_tokens(text, rates)
    total = sum((seconds for _token, seconds in timed), Fraction(0))
    if total <= limit or len(timed) < 2:
        return [text.strip()]
    costs = [_cut_cost(timed, index) for index in range(len(timed) + 1)]
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(timed) + 1):
        best.append(min(_pieces_ending(end, timed, costs, best, limit)))
    cuts = [len(timed)]
    while cuts[-1] > 0:
        cuts.append(best[cuts[-1]][1])
    cuts.reverse()
    tokens = [token for token, _seconds in timed]
    return ["".join(tokens[a:b]).strip() for a, b in pairwise(cuts)]


def _pieces_ending(
    end: int,
    timed: list[tuple[str, Fraction]],
    costs: list[int],
    best: list[tuple[int, int]],
    limit: Fraction,
) -> list[tuple[int, int]]:
    options: list[tuple[int, int]] = []
    seconds = Fraction(0)
    for start in range(end - 1, -1, -1):
        seconds += timed[start][1]
        if seconds > limit and options:
            break
        short = round(max(Fraction(0), limit / 2 - seconds) * _COST_OF_SHORTNESS)
        options.append((best[start][0] + costs[start] + short + _COST_OF_PIECE, start))
    return options


def _cut_cost(timed: list[tuple[str, Fraction]], index: int) -> int:
    """What it costs to cut before token `index`; marks never begin a piece."""
    if index in (0, len(timed)):
        return 0
    before, after = timed[index - 1][0].strip(), timed[index][0].strip()
    if before.endswith(_STRONG_MARKS):
        return _COST_OF_CUT["strong"]
    if after in ("--", "—", "–"):
        return _COST_OF_CUT["strong"] + 2
    if timed[index][1] == 0 and after[0] not in '"“‘«(「『（':
        return 10_000
    if before.endswith(_WEAK_MARKS):
        return _COST_OF_CUT["weak"]
    if after.lower().strip("\"'") in _JOINING and before.lower() not in _JOINING:
        return _COST_OF_CUT["joining"]
    if after.lower() in _PHRASE and before.lower() not in _PHRASE:
        return _COST_OF_CUT["phrase"]
    return _COST_OF_CUT["word"]
