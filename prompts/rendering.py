"""Reading and filling templates: [variables] in square brackets, [[ and ]] for brackets that are meant as such.

No Django here: a page checks a text while it is typed, and a pipeline before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NAME = r"[a-z][a-z0-9_]{0,59}"
"""A variable's name."""

LONGEST_TEMPLATE = 20_000
"""Letters; no model reads more."""

TOKEN = re.compile(rf"\[\[|\]\]|\[(?P<name>{NAME})\]|(?P<bracket>[\[\]])")


class PromptProblem(ValueError):
    """What is wrong with a template or its values, in sentences for a person; `names` are the variables it is about."""

    def __init__(self, sentences: Sequence[str], names: Iterable[str] = ()) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)
        self.names = list(names)


@dataclass(frozen=True)
class Variable:
    """A variable as it is declared beside the text."""

    name: str
    description: str = ""
    required: bool = True
    default: str = ""
    example: str = ""


def find_variables(text: str) -> list[str]:
    """Names of the variables in a text, each once, in their order; raises PromptProblem for a stray bracket."""
    check_text(text)
    return list(dict.fromkeys(match["name"] for match in TOKEN.finditer(text) if match["name"]))


def check_text(text: str) -> None:
    """Raise PromptProblem when a text cannot be read as a template, with the line of each stray bracket."""
    if len(text) > LONGEST_TEMPLATE:
        raise PromptProblem([f"The template has {len(text):,} letters; at most {LONGEST_TEMPLATE:,} can be used."])
    sentences = []
    for match in TOKEN.finditer(text):
        if match["bracket"]:
            line = text.count("\n", 0, match.start()) + 1
            near = text[match.start() : match.start() + 24].split("\n", maxsplit=1)[0]
            sentences.append(
                f"Line {line}: the bracket at {near!r} belongs to no variable. Write a variable as [time_of_day], "
                f"in small letters, and a bracket that is meant as such twice."
            )
    if sentences:
        raise PromptProblem(sentences)


def problems_of(text: str, variables: Iterable[Variable]) -> list[str]:
    """What a person should look at: brackets, variables that are used and not declared, or declared and not used."""
    try:
        used = find_variables(text)
    except PromptProblem as problem:
        return problem.sentences
    declared = [variable.name for variable in variables]
    sentences = [f"[{name}] is used in the text and not described." for name in used if name not in declared]
    sentences += [f"[{name}] is described and not used in the text." for name in declared if name not in used]
    twice = sorted({name for name in declared if declared.count(name) > 1})
    return sentences + [f"[{name}] is described more than once." for name in twice]


def render(text: str, variables: Iterable[Variable], values: Mapping[str, Any]) -> str:
    """The text with its variables filled in, and no bracket or empty line left over.

    What is missing takes its default. Raises PromptProblem that names every required variable without a value and
    every value the template does not know, before anything could be sent. A value is text, never a template:
    brackets in it stay as they are.
    """
    used = find_variables(text)
    known = {variable.name: variable for variable in variables}
    given = {name: _words(value) for name, value in values.items()}
    unknown = [name for name in given if name not in used and name not in known]
    filled = {name: given.get(name) or (known[name].default if name in known else "") for name in used}
    missing = [name for name in used if not filled[name] and (name not in known or known[name].required)]
    sentences = []
    if missing:
        sentences.append(f"Nothing was given for {_listed(missing)}, which the prompt cannot do without.")
    if unknown:
        sentences.append(f"The template has no variable {_listed(unknown)}: it knows {_listed(used) or 'none'}.")
    if sentences:
        raise PromptProblem(sentences, missing + unknown)
    return _tidy(TOKEN.sub(lambda match: _piece(match, filled), text))


def only_known(text: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that the text has a variable for: for callers that offer all they have."""
    used = set(find_variables(text))
    return {name: value for name, value in values.items() if name in used}


def escape(text: str) -> str:
    """Text whose brackets a template shows as they are."""
    return text.replace("[", "[[").replace("]", "]]")


def _piece(match: re.Match[str], filled: Mapping[str, str]) -> str:
    return filled[match["name"]] if match["name"] else match[0][0]


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(item) for item in value if item not in (None, ""))
    return str(value).strip()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"[{name}]" for name in names)


def _tidy(text: str) -> str:
    """What empty optional variables leave behind: doubled spaces and commas, spaces before a stop, empty lines."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r" +([,.;:!?])", r"\1", text)
    text = re.sub(r"(?:,\s*)+([.;])", r"\1", text)
    text = re.sub(r",(?:[ \t]*,)+", ",", text)
    text = re.sub(r"\.(?:[ \t]+\.)+", ".", re.sub(r"(?<!\.)\.\.(?!\.)", ".", text))
    lines = [line.strip(" \t").removeprefix(", ") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
