"""Full-text search over a handful of passages, with a confidence that says what it is.

The index lives in memory for one query (SQLite FTS5, whatever database the records are in): it holds one
production's passages and nothing else, so nothing is stale and nothing leaks.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from math import log

from scenes.planning.lexicon import word_set

from .model import FoundPassage, Passage

MOST_WORDS = 40
"""Words of a question that are searched for; a longer one is cut."""

_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")
_WORD = re.compile(r"[^\W_]+")
_COMMON = word_set(
    "a about all also an and any are as at be been but by can could did do does for from had has have he her hers "
    "him his how i if in into is it its like me my no not of on or our shall she should so some than that the their "
    "them then there these they this those to too us was we were what when where which who whom whose why will with "
    "would you your show tell describe look looks picture image shot scene"
)
"""Words that say nothing of what is asked for."""


def words_of(question: str) -> list[str]:
    """The words of a question worth looking for, lower case, each once; those of Chinese and Japanese by character."""
    found = [word.lower() for word in _WORD.findall(_spaced(question))]
    telling = [word for word in found if word not in _COMMON] or found
    return list(dict.fromkeys(telling))[:MOST_WORDS]


def search(passages: Sequence[Passage], question: str, limit: int) -> list[FoundPassage]:
    """The passages that hold most of the question's words, best first; empty when none holds any.

    Confidence: the share of the question's words a passage holds, each word weighed by how rare it is in this
    production, ln(1 + passages / passages with the word). A word that stands nowhere weighs most, so that a question
    about something unknown is never answered with certainty. Words are compared by stem, not by meaning.
    """
    words = words_of(question)
    if not words or not passages:
        return []
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(title, text, tokenize='porter unicode61 remove_diacritics 2')"
        )
        rows = ((number, _spaced(one.title), _spaced(one.text)) for number, one in enumerate(passages))
        database.executemany("INSERT INTO passages(rowid, title, text) VALUES (?, ?, ?)", rows)
        holding = {word: _rows_with(database, word) for word in words}
        query = " OR ".join(f'"{word}"' for word in words)
        ranks = dict(
            database.execute("SELECT rowid, bm25(passages, 2.0, 1.0) FROM passages WHERE passages MATCH ?", (query,))
        )
    weights = {word: log(1 + len(passages) / max(len(rows), 1)) for word, rows in holding.items()}
    whole = sum(weights.values())
    matched = {row: tuple(word for word in words if row in holding[word]) for row in ranks}
    shares = {row: sum(weights[word] for word in matched[row]) / whole for row in ranks}
    best = sorted(ranks, key=lambda row: (-shares[row], ranks[row], row))[:limit]
    return [
        FoundPassage(passage=passages[row], confidence=min(1.0, round(shares[row], 4)), matched=matched[row])
        for row in best
    ]


def _rows_with(database: sqlite3.Connection, word: str) -> set[int]:
    return {row for (row,) in database.execute("SELECT rowid FROM passages WHERE passages MATCH ?", (f'"{word}"',))}


def _spaced(text: str) -> str:
    """A space around every character of a script that writes none between words."""
    return _UNSPACED.sub(r" \1 ", text)
