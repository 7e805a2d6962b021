"""A department's document as a person reads it: headed parts, tables, lists and pictures, whatever is in its data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenes.fields import COLOUR

ORDER = "order"
"""Part of a document that lists its names in the order they are meant to be read in, by the part they stand in."""

LONGEST_FACT = 120
"""Letters of a value that stands beside its name; what is longer stands below a heading."""

DIGEST = re.compile(r"[0-9a-f]{64}")

ASSET = "asset"
"""Name under which a document has the number of one stored picture."""

DEEPEST = 6
"""Headings below headings; what is deeper is said in a line."""


@dataclass(frozen=True)
class Cell:
    """One value as it is shown: words, with the colours and the picture it names."""

    words: str
    colours: tuple[str, ...] = ()
    picture: int | None = None
    is_number: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table, with a heading."""

    name: str
    is_number: bool


@dataclass(frozen=True)
class PartOf:
    """A headed part of a document: `kind` is words, list, pictures, facts, table or parts."""

    title: str
    kind: str
    level: int
    cells: tuple[Cell, ...] = ()
    facts: tuple[tuple[str, Cell], ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[tuple[Column, Cell], ...], ...] = ()
    parts: tuple[PartOf, ...] = ()


def parts_of(data: Any) -> tuple[PartOf, ...]:
    """A document as headed parts, in its own order where it says one; what is empty is left out."""
    data = _for_people(data)
    content = data if isinstance(data, dict) else {"": data}
    return _parts("", content, _order_of(content), 2)


def silent_parts(data: Any) -> list[str]:
    """The titles of a document's parts that hold nothing."""
    data = _for_people(data)
    if not isinstance(data, dict):
        return []
    return [title(name) for name in _ordered("", data, _order_of(data)) if _is_empty(data[name])]


def title(name: str) -> str:
    """A name as a heading: set_dressing is Set dressing."""
    words = " ".join(str(name).replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _for_people(data: Any) -> Any:
    """The data without what only machines read: digests of files and of inputs."""
    if isinstance(data, dict):
        return {name: _for_people(value) for name, value in data.items() if not _is_digest(value)}
    return [_for_people(one) for one in data if not _is_digest(one)] if isinstance(data, list) else data


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None


def _order_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    order = data.get(ORDER)
    return order if isinstance(order, dict) else {}


def _ordered(part: str, names: Iterable[str], order: Mapping[str, Any]) -> list[str]:
    """The names in a part as its document orders them, those it does not know last."""
    wanted = order.get(part)
    places = {str(name): place for place, name in enumerate(wanted if isinstance(wanted, list) else ())}
    shown = [name for name in names if not (order and not part and name == ORDER)]
    return sorted(shown, key=lambda name: places.get(name, len(places)))


def _parts(part: str, data: Mapping[str, Any], order: Mapping[str, Any], level: int) -> tuple[PartOf, ...]:
    """First the plain facts together, then every part with a heading of its own."""
    plain, headed = [], []
    for name in _ordered(part, data, order):
        value = data[name]
        if _is_empty(value):
            continue
        if name == ASSET and isinstance(value, int):
            headed.append(PartOf("Picture", "pictures", level, cells=(_cell(value, name),)))
        elif name and _is_short(value):
            plain.append((title(name), _cell(value)))
        else:
            headed.append(_part(name, value, order, level))
    facts = (PartOf("", "facts", level, facts=tuple(plain)),) if plain else ()
    return facts + tuple(headed)


def _part(name: str, value: Any, order: Mapping[str, Any], level: int) -> PartOf:
    if isinstance(value, dict) and "media" not in value and level < DEEPEST:
        inner = _parts(name, value, order, level + 1)
        if len(inner) == 1 and inner[0].kind == "facts":
            return PartOf(title(name), "facts", level, facts=inner[0].facts)
        return PartOf(title(name), "parts", level, parts=inner)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        if all(isinstance(row.get("media"), int) for row in value):
            return PartOf(title(name), "pictures", level, cells=tuple(_cell(row) for row in value))
        return _table(name, value, order, level)
    if isinstance(value, list):
        return PartOf(title(name), "list", level, cells=tuple(_cell(one) for one in value if not _is_empty(one)))
    return PartOf(title(name), "words", level, cells=(_cell(value),))


def _table(name: str, rows: Sequence[Mapping[str, Any]], order: Mapping[str, Any], level: int) -> PartOf:
    """A row for each mapping and a column for each name that says anything in any of them."""
    said = dict.fromkeys(key for row in rows for key in row if not _is_empty(row[key]))
    names = _ordered(name, said, order)
    cells = [[_cell(row.get(key), key) for key in names] for row in rows]
    columns = tuple(
        Column(title(key), place > 0 and all(row[place].is_number or not row[place].words for row in cells))
        for place, key in enumerate(names)
    )
    shown = tuple(tuple(zip(columns, row, strict=True)) for row in cells)
    return PartOf(title(name), "table", level, columns=columns, rows=shown)


def _cell(value: Any, name: str = "") -> Cell:
    if name == ASSET and isinstance(value, int):
        return Cell("", picture=value)
    if isinstance(value, dict) and isinstance(value.get("media"), int):
        words = _words({name: held for name, held in value.items() if name != "media"}, named=False)
        return Cell(words, picture=value["media"])
    values = value if isinstance(value, list) else [value]
    colours = tuple(one for one in values if isinstance(one, str) and COLOUR.match(one))
    return Cell(_words(value), colours, is_number=_is_number(value))


def _words(value: Any, *, named: bool = True) -> str:
    """A value on one line, without a brace or bracket."""
    if isinstance(value, bool):
        return "Yes" if value else ""
    if value is None:
        return ""
    if isinstance(value, dict):
        said = [(title(name), _words(held)) for name, held in value.items()]
        return "; ".join(f"{name}: {words}" if named else words for name, words in said if words)
    if isinstance(value, list):
        return ", ".join(filter(None, (_words(one) for one in value)))
    return str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_short(value: Any) -> bool:
    """Whether a value stands beside its name: a short text, or a few that are no sentences."""
    if not isinstance(value, list):
        return not isinstance(value, dict) and len(str(value)) <= LONGEST_FACT
    plain = all(not isinstance(one, (dict, list)) and not str(one).endswith(".") for one in value)
    return plain and sum(len(str(one)) for one in value) <= LONGEST_FACT // 2


def _is_empty(value: Any) -> bool:
    """Nothing to say: no words, no rows, a plain no; a zero is a number."""
    if isinstance(value, dict):
        return all(_is_empty(held) for held in value.values())
    if isinstance(value, list):
        return all(_is_empty(held) for held in value)
    return value is None or value is False or value == ""
