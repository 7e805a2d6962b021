"""The words in which a screenplay sets a place."""

from __future__ import annotations

import pytest

from scenes.place_in_words import place_in_words

HEADING = "EXT. HARBOUR ROAD - NIGHT"


@pytest.mark.parametrize(
    ("action", "place"),
    [
        ("Rain on an empty road. One lamp burns. NORA, 60s, waits.", "Rain on an empty road. One lamp burns"),
        ("Rain on an empty road. Nora waits under a lamp.", "Rain on an empty road"),
        ("Fog. A bell, far off. Then nothing. Then a light.", "Fog. A bell, far off"),
        ("A white plain. On it she stands alone.", "A white plain"),
        ("IVO drives. The road is wet.", ""),
        ("Nora, still. The road is wet.", ""),
        ("Fog. Nora's coat hangs on a post.", "Fog"),
    ],
)  # fmt: skip
def test_a_place_is_set_until_somebody_is_in_it(action, place):
    assert place_in_words(f"{HEADING}\n\n{action}\n", ["NORA", "Ivo the Driver"]) == place


def test_a_scene_that_begins_with_talk_or_is_empty_sets_no_place():
    assert place_in_words(f"{HEADING}\n\nNORA\nListen.\n\nRain falls.\n", ["NORA"]) == ""
    assert place_in_words("", []) == ""
