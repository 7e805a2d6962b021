"""Every type of event that the code emits stands in docs/live.md, and nothing there is never told."""

from __future__ import annotations

import ast
import re

from .test_architecture import ROOT, sources

TYPE = re.compile(r"[a-z_]+\.[a-z_]+\Z")
TELLS = re.compile(r"emit|_?tell(_\w+)?")
MADE_OF_PARTS = {"location", "prop", "style", "consistency_group"}
"""First words of types that one verb tells of several kinds of record."""


def emitted():
    """Types that stand as text in calls of `emit` and of the functions that hand it on."""
    found = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if TELLS.fullmatch(name):
                    for part in [*node.args, *(keyword.value for keyword in node.keywords)]:
                        for value in ast.walk(part):
                            if isinstance(value, ast.Constant) and TYPE.match(str(value.value)):
                                found.add(value.value)
    return found


def documented():
    """Types in the first column of the table."""
    text = (ROOT / "docs" / "live.md").read_text()
    table = text[text.index("## Every type of event") : text.index("## The way of an event")]
    return {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", line.split("|")[1])
    }


def test_every_event_that_is_emitted_is_documented():
    assert emitted() - documented() == set()


def test_every_event_that_is_documented_is_told_somewhere():
    everywhere = "".join(path.read_text() for path in sources())
    never = {
        name
        for name in documented()
        if name not in everywhere and name.partition(".")[0] not in MADE_OF_PARTS
        and f'.{name.partition(".")[2]}"' not in everywhere
    }  # fmt: skip
    assert never == set()
