"""Emphasis marks on their way out of and into a text."""

from __future__ import annotations

import pytest

from projects.screenplay.emphasis import escape, mark_up, plain_text, strip_emphasis
from projects.screenplay.model import Element, ElementType, StyleSpan


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("*italic*", "italic"),
        ("**bold**", "bold"),
        ("***both***", "both"),
        ("_underline_", "underline"),
        ("_*italic underline*_", "italic underline"),
        ("***both** italic only*", "both italic only"),
        ("*italic **both***", "italic both"),
        ("He said *no*, and **meant** it.", "He said no, and meant it."),
        ("un*frigging*believable", "unfriggingbelievable"),
        (r"\*not italic\*", "*not italic*"),
        (r"a\_b", "a_b"),
        (r"C:\path", r"C:\path"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("He dialed *69 and then *23, and hung up.", "He dialed *69 and then *23, and hung up."),
        ("As he rattles off * a name *", "As he rattles off * a name *"),
        ("snake_case_name", "snake_case_name"),
        ("rated *****", "rated *****"),
        ("a *line\nends* here", "a *line\nends* here"),
        ("**left open", "**left open"),
        ("*open* and * not", "open and * not"),
        ("not * closed *", "not * closed *"),
        ("*a * b*", "a * b"),
        ("a* b*", "a* b*"),
        ("*a **b*", "a **b"),
    ],
)
def test_marks_go_and_plain_characters_stay(text, plain):
    assert strip_emphasis(text) == plain


def test_literal_text_has_no_marks_to_take_off():
    assert plain_text(Element(ElementType.ACTION, "a *b* c", 1, literal=True)) == "a *b* c"
    assert plain_text(Element(ElementType.ACTION, "a *b* c", 1)) == "a b c"


@pytest.mark.parametrize("text", ["2*3*4", "snake_case", r"back\slash \* \\", "*a* _b_ **c**"])
def test_escaped_text_reads_as_itself(text):
    assert strip_emphasis(escape(text)) == text


def test_styles_become_marks_at_the_edges_of_the_words():
    spans = [StyleSpan(2, 7, "bold"), StyleSpan(8, 11, "underline"), StyleSpan(8, 11, "italic")]
    assert mark_up("a bold  box.", [StyleSpan(1, 7, "bold")]) == "a **bold**  box."
    assert mark_up("a brave new world", spans) == "a **brave** _*new*_ world"
    assert mark_up("one\ntwo", [StyleSpan(0, 7, "italic")]) == "*one*\n*two*"
    assert mark_up("a * b", []) == r"a \* b"
