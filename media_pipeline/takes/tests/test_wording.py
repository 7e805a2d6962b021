"""Prompts: blocks in order, within the model's letters, hand edits as they were written."""

from __future__ import annotations

import pytest

from media_pipeline.providers.errors import Refused
from media_pipeline.takes.wording import Block, compile_blocks

BLOCKS = [
    Block(name="base", text="35 mm film."),
    Block(name="picture", text="Ada trims the wick.", by_hand=True),
    Block(name="people", text="ADA: grey braid."),
    Block(name="style", text="Muted teal."),
    Block(name="corrections", text="Put right: the lamp is lit."),
]


def test_blocks_stand_in_their_order():
    compiled = compile_blocks(BLOCKS, None)
    assert compiled.text.split("\n") == [block.text for block in BLOCKS]
    assert compiled.dropped == ()


@pytest.mark.parametrize(
    ("letters", "dropped"),
    [(88, ()), (87, ("style",)), (75, ("style", "people")), (58, ("style", "people", "base"))],
)
def test_what_matters_least_gives_way_first(letters, dropped):
    compiled = compile_blocks(BLOCKS, letters)
    assert compiled.dropped == dropped
    assert len(compiled.text) <= letters
    assert "Ada trims the wick." in compiled.text
    assert "the lamp is lit" in compiled.text, "what a reviewer asked for stays"


def test_a_prompt_that_cannot_be_shortened_is_refused_with_its_numbers():
    with pytest.raises(Refused, match=r"47 letters .* takes 40"):
        compile_blocks(BLOCKS, 40)


def test_blocks_that_say_nothing_leave_no_line():
    assert compile_blocks([Block(name="base", text=" "), BLOCKS[1]], None).text == "Ada trims the wick."
