from __future__ import annotations

import random
import time

from .pages import action, plan, scene, script_text, speech


def test_a_feature_of_thirty_thousand_words_is_planned_in_seconds():
    rng = random.Random(120)
    pages = []
    words = 0
    for _ in range(120):
        parts = []
        for _ in range(4):
            texts = [script_text(rng, 32), script_text(rng, 16), script_text(rng, 16)]
            parts += [action(texts[0]), speech("MARA", texts[1]), speech("TOM", texts[2])]
            words += sum(len(text.split()) for text in texts)
        pages.append(scene(*parts))
    assert 29_000 < words < 32_000
    started = time.process_time()
    shots = sum(len(plan(page=page).shots) for page in pages)
    assert 1_300 < shots < 2_400
    assert time.process_time() - started < 10  # about 1 s where it was written


def test_a_pathological_page_does_not_stop_the_planner():
    for text in (
        "." * 50_000,
        "word " * 1_500,
        "SUPER: a. " * 500,
        'reads "' * 800,
        "Mara\n" * 500,
        "((" * 20_000,
    ):
        started = time.process_time()
        plan(action(text))
        assert time.process_time() - started < 8, text[:10]
