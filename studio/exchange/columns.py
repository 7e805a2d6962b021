"""Columns of a table: how a field of a record becomes a cell, and a cell a value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.db.models import Model

from .tables import Cell

YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0", ""})


class CellProblem(Exception):
    """What is wrong with a cell, in a sentence."""


@dataclass(frozen=True)
class Column:
    """One column. `cell` reads a record; `value` reads a cell and raises CellProblem with a sentence."""

    name: str
    cell: Callable[[Any], Cell]
    value: Callable[[Cell], Any]
    help_text: str = ""


def columns_of(model: type[Model], leave_out: Iterable[str], named: dict[str, Column]) -> list[Column]:
    """A column for every field of the model that people write, in the model's order; `named` ones as they are."""
    left, columns = set(leave_out), []
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if field.name in named:
            columns.append(named[field.name])
        elif field.name not in left and field.editable and not field.is_relation:
            columns.append(_column(field))
    return columns


def by_name(name: str, thing: str, rows: Callable[[], dict[str, Model]], attribute: str = "name") -> Column:
    """A column that names a record of the production; `rows` gives them by their names in small letters."""

    def cell(record: Any) -> Cell:
        related = getattr(record, name)
        return "" if related is None else str(getattr(related, attribute))

    def value(given: Cell) -> Model | None:
        text = as_text(given).strip()
        if not text:
            return None
        found = rows().get(text.casefold())
        if found is None:
            raise CellProblem(f"There is no {thing} called {text} in this production: create it first, or correct it.")
        return found

    return Column(name, cell, value, f"Name of a {thing}.")


def as_text(cell: Cell) -> str:
    """A cell as text. What a spreadsheet took for a number is written as people wrote it: 12, not 12.0."""
    if cell is None:
        return ""
    if isinstance(cell, date | time):  # a datetime is a date
        raise CellProblem("The spreadsheet has made a date of this: format the column as text and write it again.")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def same(one: Any, other: Any) -> bool:
    """Whether two values are one: spreadsheets write line ends in their own way."""
    if isinstance(one, str) and isinstance(other, str):
        return _lines(one) == _lines(other)
    return bool(one == other)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _column(field: Any) -> Column:
    help_text = str(field.help_text or "")
    if isinstance(field, models.BooleanField):
        return Column(field.name, lambda record: "yes" if getattr(record, field.name) else "no", _yes_or_no, help_text)
    if isinstance(field, models.JSONField):
        empty = field.get_default()
        return Column(
            field.name, lambda record: written(getattr(record, field.name)), lambda cell: _structure(cell, empty),
            help_text,
        )  # fmt: skip
    if isinstance(field, models.IntegerField | models.DecimalField):
        whole = isinstance(field, models.IntegerField)
        return Column(
            field.name, lambda record: getattr(record, field.name), lambda cell: _number(cell, whole), help_text
        )
    if field.choices:
        return Column(
            field.name, lambda record: getattr(record, field.name), lambda cell: _choice(cell, field), help_text
        )
    return Column(field.name, lambda record: getattr(record, field.name), as_text, help_text)


def _yes_or_no(cell: Cell) -> bool:
    text = as_text(cell).strip().lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise CellProblem(f"{text} is neither yes nor no.")


def _number(cell: Cell, whole: bool) -> int | Decimal | None:
    if isinstance(cell, bool):
        raise CellProblem("This has to be a number.")
    text = as_text(cell).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CellProblem(f"{text} is not a number.") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise CellProblem(f"{text} is not a number that can be kept.")
    if whole and number != number.to_integral_value():
        raise CellProblem(f"{text} is not a whole number.")
    return int(number) if whole else number


def _choice(cell: Cell, field: Any) -> str:
    text = as_text(cell).strip()
    known = {str(value): str(label) for value, label in field.flatchoices}
    if text in known or (not text and field.blank):
        return text
    for value, label in known.items():
        if text.casefold() in {value.casefold(), label.casefold()}:
            return value
    raise CellProblem(f"{text or 'Nothing'} is not one of {', '.join(value for value in known if value)}.")


def written(value: Any) -> str:
    """A list of texts as lines; everything else as JSON."""
    if not value:
        return ""
    plain = isinstance(value, list) and all(
        isinstance(item, str) and item.strip() == item and item and not item.startswith(("[", "{"))
        and not {"\n", "\r"} & set(item) for item in value
    )  # fmt: skip
    return "\n".join(value) if plain else json.dumps(value, ensure_ascii=False)


def _structure(cell: Cell, empty: Any) -> Any:
    text = as_text(cell).strip()
    if not text:
        return empty
    if text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError as problem:
            raise CellProblem(f"This cannot be read as JSON: {problem}.") from None
    if not isinstance(empty, list):
        raise CellProblem('Write names and values as JSON, such as {"name": "value"}.')
    return [line.strip() for line in _lines(text).split("\n") if line.strip()]
