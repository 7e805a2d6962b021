"""Templates: finding variables, filling them in, saying what is missing."""

from __future__ import annotations

import pytest

from prompts.rendering import PromptProblem, Variable, escape, find_variables, only_known, problems_of, render

TEXT = "Photograph of [subject] in [location], [time_of_day]. [mood]"
VARIABLES = [
    Variable("subject"), Variable("location"), Variable("time_of_day", required=False, default="day"),
    Variable("mood", required=False),
]  # fmt: skip


def test_variables_are_found_once_each_in_their_order():
    assert find_variables("[b] and [a] and [b], not [[c]]") == ["b", "a"]


def test_a_template_is_filled_in_and_leaves_no_gaps():
    assert render(TEXT, VARIABLES, {"subject": "Ada", "location": "the lamp room"}) == (
        "Photograph of Ada in the lamp room, day."
    )
    assert render("[a], [b], [c].", [Variable(n, required=False) for n in "abc"], {"a": "x"}) == "x."


def test_everything_that_is_missing_or_unknown_is_named_at_once():
    with pytest.raises(PromptProblem) as problem:
        render(TEXT, VARIABLES, {"location": " ", "lens": "85 mm"})
    assert problem.value.names == ["subject", "location", "lens"]
    assert "[subject], [location]" in str(problem.value)
    assert "no variable [lens]" in str(problem.value)


def test_a_variable_nobody_described_is_required():
    with pytest.raises(PromptProblem, match=r"\[x\]"):
        render("[x]", [], {})


def test_brackets_that_are_meant_as_such_and_brackets_in_values_stay():
    assert render("[[sic]] [a]", [Variable("a")], {"a": "see [b]"}) == "[sic] see [b]"
    assert render(escape("a [b]"), [], {}) == "a [b]"


@pytest.mark.parametrize("text", ["An [open one", "[Capital]", "closed]", "[two words]", "[]"])
def test_a_stray_bracket_is_shown_with_its_line(text):
    with pytest.raises(PromptProblem, match="Line 2"):
        find_variables(f"First line\n{text}")


def test_a_writer_is_told_what_is_not_described_and_not_used():
    assert problems_of("[a] [b]", [Variable("b"), Variable("c"), Variable("c")]) == [
        "[a] is used in the text and not described.",
        "[c] is described and not used in the text.",
        "[c] is described and not used in the text.",
        "[c] is described more than once.",
    ]


def test_lists_are_joined_and_what_a_template_does_not_know_can_be_left_out():
    assert render("[a]", [Variable("a")], {"a": ["x", "", "y"]}) == "x, y"
    assert only_known("[a]", {"a": 1, "b": 2}) == {"a": 1}
