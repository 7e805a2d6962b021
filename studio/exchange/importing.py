"""From a table to records: every problem by row first, then all of it or nothing, through the records' own verbs.

The dry run does what the import does and takes it back, so that no rule stands twice. Rows that say what the records
say already call no verb: what was exported and is imported again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import Project

from .columns import CellProblem, Column, same
from .sheets import SHEETS, Sheet
from .tables import Cell, TableProblem, read_table

MOST_PROBLEMS = 500
"""Problems that are listed; a table with more of them is the wrong one."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in the table: the row as a spreadsheet counts it (the header is 1), the column, a sentence."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        where = f"Row {self.row}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.sentence}" if self.row else self.sentence


@dataclass
class ImportReport:
    """What an import does, or would do: numbers of rows, and every problem. `applied` says whether it is done."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    applied: bool = False

    @property
    def sentence(self) -> str:
        """The report in one sentence."""
        counts = f"{self.new} new, {self.changed} changed, {self.same} as they are"
        if self.problems:
            count = len(self.problems) + self.more_problems
            return f"{count} problem{'s' if count > 1 else ''}: nothing was changed."
        return f"Rows: {counts}." if self.applied else f"Rows: {counts}. Nothing was changed yet."

    def add(self, row: int, column: str, sentence: str) -> None:
        """Note a problem."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(row, column, sentence))
        else:
            self.more_problems += 1

    def as_json(self) -> dict[str, Any]:
        """For the API."""
        return {
            "applied": self.applied, "new": self.new, "changed": self.changed, "same": self.same,
            "words": self.sentence, "more_problems": self.more_problems,
            "problems": [{"row": p.row, "column": p.column, "sentence": p.sentence} for p in self.problems],
        }  # fmt: skip


class _TakeBack(Exception):
    """Ends the transaction of a dry run, or of a table with problems."""


def import_table(project: Project, kind: str, data: bytes, *, by: Any, dry_run: bool = True) -> ImportReport:
    """Read a CSV or XLSX file into a production's scenes, shots, characters or templates (a key of SHEETS).

    Nothing is written in a dry run, and nothing where there is any problem.
    """
    report = ImportReport()
    try:
        table = read_table(data)
    except TableProblem as problem:
        report.add(problem.row, problem.column, str(problem))
        return report
    sheet = SHEETS[kind](project)
    columns = _header(sheet, table, report)
    if report.problems:
        return report
    try:
        with transaction.atomic():
            Project.objects.select_for_update().only("pk").get(pk=project.pk)
            _read_rows(sheet, columns, table, report, by)
            if dry_run or report.problems:
                raise _TakeBack
    except _TakeBack:
        return report
    report.applied = True
    return report


def _header(sheet: Sheet, table: list[list[Cell]], report: ImportReport) -> list[Column | None]:
    known = {column.name: column for column in sheet.columns}
    names = [str(cell or "").strip() for cell in table[0]] if table else []
    while names and not names[-1]:
        names.pop()
    if not names:
        report.add(1, "", f"The table is empty. Its first row names the columns, such as {', '.join(list(known)[:6])}.")
        return []
    for place, name in enumerate(names):
        if not name:
            report.add(1, "", f"Column {place + 1} has no name.")
        elif name not in known:
            close = ", ".join(known)
            report.add(1, name, f"There is no such column. There are {close}.")
        elif name in names[:place]:
            report.add(1, name, "This column stands here twice.")
    missing = [name for name in sheet.key if name not in names]
    if missing and "id" not in names:
        report.add(1, missing[0], "This column is missing: it tells which record a row is about.")
    return [known.get(name) for name in names]


def _read_rows(
    sheet: Sheet, columns: list[Column | None], table: list[list[Cell]], report: ImportReport, by: Any
) -> None:
    seen: dict[Any, int] = {}
    for number, row in enumerate(table[1:], start=2):
        if all(cell is None or cell == "" for cell in row):
            continue
        before = len(report.problems) + report.more_problems
        if any(cell not in (None, "") for cell in row[len(columns) :]):
            report.add(number, "", "This row has more cells than the table has columns.")
        given = _values(columns, row, number, report)
        if len(report.problems) + report.more_problems > before:
            continue
        try:
            with transaction.atomic():
                _write_row(sheet, given, number, seen, report, by)
        except CellProblem as problem:
            report.add(number, "", str(problem))
        except ValidationError as problem:
            _add_refusal(report, number, problem, {column.name for column in columns if column})


def _values(columns: Sequence[Column | None], row: list[Cell], number: int, report: ImportReport) -> dict[str, Any]:
    values = {}
    for place, column in enumerate(columns):
        if column is None:
            continue
        try:
            values[column.name] = column.value(row[place] if place < len(row) else None)
        except CellProblem as problem:
            report.add(number, column.name, str(problem))
    return values


def _write_row(
    sheet: Sheet, given: dict[str, Any], number: int, seen: dict[Any, int], report: ImportReport, by: Any
) -> None:
    record = _record_of(sheet, given, number, seen)
    values = {name: value for name, value in given.items() if name != "id"}
    if record is None:
        empty = {name for name, value in values.items() if value in (None, "", [], {}) and name not in sheet.key}
        sheet.create(by, {name: value for name, value in values.items() if name not in empty})
        report.new += 1
        return
    columns = {column.name: column for column in sheet.columns}
    changed = {name: value for name, value in values.items() if not same(sheet.value_now(record, columns[name]), value)}
    if moved := [name for name in sheet.stays if name in changed]:
        raise ValidationError({moved[0]: "A record stays where it was made: leave this cell as it is."})
    if changed:
        sheet.change(by, record, changed)
        report.changed += 1
    else:
        report.same += 1


def _record_of(sheet: Sheet, given: dict[str, Any], number: int, seen: dict[Any, int]) -> Any:
    """The record a row is about, None for a new one; CellProblem where there is none of its id or it stands twice."""
    if given.get("id"):
        record = sheet.standing.get(given["id"])
        if record is None:
            raise CellProblem(f"There is no record with the id {given['id']} in this production: leave the id empty.")
    else:
        if missing := [name for name in sheet.key if name not in given]:
            raise CellProblem(f"A row without an id needs {missing[0]}.")
        record = sheet.by_key.get(sheet.key_in(given))
    mark = record.pk if record is not None else sheet.key_in(given)
    if mark in seen:
        raise CellProblem(f"Row {seen[mark]} is about the same record.")
    seen[mark] = number
    return record


def _add_refusal(report: ImportReport, number: int, problem: ValidationError, columns: set[str]) -> None:
    """What a verb refused, beside the column it speaks of."""
    if not hasattr(problem, "error_dict"):
        report.add(number, "", " ".join(problem.messages))
        return
    for name, sentences in problem.message_dict.items():
        known = name in columns
        said = " ".join(sentences)
        report.add(number, name if known else "", said if known or name == "__all__" else f"{name}: {said}")
