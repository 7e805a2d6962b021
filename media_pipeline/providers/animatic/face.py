"""Expressions: what an emotion's word does to brows, lids and mouth."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Expression:
    """Offsets in heads, and shares: brows (inner and outer ends), lids, mouth."""

    brow_inner: float = 0.0
    brow_outer: float = 0.0
    lid: float = 1.0  # 1 open as usual, 0 shut, above 1 wide
    curve: float = 0.0  # corners of the mouth up (+) or down (-)
    gape: float = 0.0  # mouth open
    wide: float = 1.0  # width of the mouth
    tear: bool = False
    gaze: float = 0.0  # eyes down (-) or up (+)


_WORDS: tuple[tuple[str, Expression], ...] = (
    (
        "joy happy laugh delight elat cheer glad excite thrill gleeful",
        Expression(0.012, 0.006, 0.8, 0.030, 0.030, 1.22),
    ),
    (
        "smil warm tender love affection amus playful proud content hopeful friendly grateful relief reliev kind fond",
        Expression(0.008, 0.0, 0.9, 0.020, 0.0, 1.12),
    ),
    (
        "cry tear weep grief mourn devastat heartbroken sob",
        Expression(0.030, -0.020, 0.6, -0.026, 0.012, 0.95, True, -0.3),
    ),
    (
        "sad hopeless melanchol sorrow lonel wistful regret disappoint lost hurt nostalg longing resign ashamed guilt",
        Expression(0.024, -0.014, 0.75, -0.018, 0.0, 0.92, False, -0.4),
    ),
    ("rage fury furious scream shout outrage", Expression(-0.034, 0.016, 1.05, -0.016, 0.055, 1.1)),
    (
        "anger angry annoy irritat bitter hostile defian stern frustrat resent impatien cold harsh",
        Expression(-0.028, 0.010, 0.82, -0.014, 0.0, 0.95),
    ),
    ("terror terrif horror panic", Expression(0.036, 0.012, 1.45, -0.012, 0.055, 0.9)),
    (
        "fear afraid scare anxi nervous worr tense dread uneas apprehens alarm desperat",
        Expression(0.028, -0.004, 1.2, -0.010, 0.010, 0.95),
    ),
    ("surpris shock astonish amaz stun awe wonder startl", Expression(0.034, 0.030, 1.35, 0.0, 0.045, 0.75)),
    ("disgust contempt scorn sneer disdain", Expression(-0.020, 0.012, 0.7, -0.018, 0.0, 0.85)),
    ("suspic wary doubt skeptic sceptic guarded cautious curious", Expression(-0.014, 0.022, 0.72, -0.006, 0.0, 0.92)),
    (
        "determin resol focus concentrat intent serious grim calculat alert",
        Expression(-0.020, 0.004, 0.85, -0.004, 0.0, 0.95),
    ),
    ("tired weary exhaust sleep drows numb drunk", Expression(0.010, -0.010, 0.45, -0.008, 0.0, 0.95, False, -0.3)),
    ("pain agony anguish wound ache", Expression(0.022, -0.014, 0.35, -0.014, 0.030, 1.1)),
    ("confus puzzl bewilder uncertain hesita", Expression(0.014, 0.020, 1.05, -0.006, 0.006, 0.85)),
    ("think pensive thoughtful reflect contemplat", Expression(0.008, -0.002, 0.82, -0.002, 0.0, 0.92, False, -0.35)),
)


def expression_for(emotion: str) -> Expression:
    """The expression for an emotion in words, by the stems it begins with; calm for anything unknown."""
    words = re.findall(r"[^\W\d_]+", emotion.lower())
    for stems, expression in _WORDS:
        for stem in stems.split():
            if any(word.startswith(stem) for word in words):
                return expression
    return Expression()
