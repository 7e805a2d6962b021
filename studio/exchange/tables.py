"""CSV and XLSX as rows of cells, read with suspicion and written without traps.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it when it is read: what
was exported comes back letter by letter. Read cells are str, int, float, bool, datetime or None.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.escape import escape, unescape
from openpyxl.utils.exceptions import IllegalCharacterError

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes; a feature's shots with all columns are about 10 MB."""

MOST_ROWS, MOST_COLUMNS = 10_000, 200
LONGEST_CELL = 32_767
"""Letters in a cell of a spreadsheet."""

TRAP = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that spreadsheets calculate, and the same behind apostrophes, so that reading can be exact."""

MARK = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""How workbooks write letters that XML cannot hold; where a text says so itself, its first letter is written thus."""

ZIP, OLD_EXCEL, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"

Cell = str | int | float | bool | Decimal | datetime | date | time | None


class TableProblem(Exception):
    """A file that cannot be read or written as a table, in a sentence; `row` is 0 where it is the whole file."""

    def __init__(self, sentence: str, *, row: int = 0, column: str = "") -> None:
        super().__init__(sentence)
        self.row, self.column = row, column


def write_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as UTF-8 CSV, row by row, with the mark that spreadsheet programs know UTF-8 by."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([_for_csv(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def write_xlsx(rows: Iterable[Sequence[Cell]], title: str, file: IO[bytes]) -> None:
    """Write the table into a file as a workbook of one sheet, row by row.

    Raises TableProblem for text that is longer than a cell can hold.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    try:
        for number, row in enumerate(rows, start=1):
            sheet.append([_cell(sheet, value, number) for value in row])
    except TableProblem:
        sheet.close()
        raise
    book.save(file)


def read_table(data: bytes) -> list[list[Cell]]:
    """The rows of a CSV or XLSX file, the header first, known by what is in it and not by its name.

    Raises TableProblem with a sentence for anything else.
    """
    if len(data) > LARGEST_FILE:
        raise TableProblem(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB: split it.")
    if data.startswith(ZIP):
        rows = _read_xlsx(data)
    elif data.startswith(OLD_EXCEL):
        raise TableProblem("This is an old Excel file (.xls) or a protected one: save it as .xlsx without a password.")
    elif data.startswith(PDF):
        raise TableProblem("This is a PDF: export the table as CSV or XLSX.")
    else:
        rows = _read_csv(data)
    while rows and all(cell is None or cell == "" for cell in rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS + 1:
        raise TableProblem(f"The table has more than {MOST_ROWS} rows: split it.")
    return rows


def _for_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    return _guarded(cell) if isinstance(cell, str) else str(cell)


def _guarded(text: str) -> str:
    return f"'{text}" if TRAP.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and TRAP.match(text) else text


def _cell(sheet: Any, value: Cell, row: int) -> Any:
    cell = WriteOnlyCell(sheet, value=None if isinstance(value, str) else value)
    if isinstance(value, str):
        text = escape(MARK.sub("_x005F_", _guarded(value)))
        if len(text) > LONGEST_CELL:
            raise TableProblem(
                f"Row {row} has a text of {len(text)} letters, and a cell of a spreadsheet holds {LONGEST_CELL}: "
                "export CSV instead."
            )
        try:
            cell.value = text
        except IllegalCharacterError:
            raise TableProblem(
                f"Row {row} has a character that no workbook holds, in {value[:40]!r}: export CSV instead."
            ) from None
        cell.data_type = "s"  # text, whatever it looks like
    if row == 1:
        cell.font = Font(bold=True)
    return cell


def _read_csv(data: bytes) -> list[list[Cell]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableProblem("The file is neither XLSX nor CSV in UTF-8: export it again as one of them.") from None
    if "\0" in text:
        raise TableProblem("The file is neither XLSX nor CSV in UTF-8: export it again as one of them.")
    first = text.split("\n", maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS:
                raise TableProblem(f"A row has more than {MOST_COLUMNS} columns.", row=len(rows) + 1)
            rows.append([_unguarded(cell) for cell in row])
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error as problem:
        raise TableProblem(f"Line {reader.line_num} cannot be read as CSV: {problem}.") from None
    return rows


def _read_xlsx(data: bytes) -> list[list[Cell]]:
    _refuse_odd_package(data)
    try:
        with closing(load_workbook(io.BytesIO(data), read_only=True, keep_links=False)) as book:
            sheets = book.worksheets
            if not sheets:
                raise TableProblem("The workbook has no sheet.")
            found = sheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
            return [[_from_xlsx(cell, number) for cell in row] for number, row in enumerate(found, start=1)]
    except TableProblem:
        raise
    except Exception as problem:  # a broken workbook makes the library raise anything at all
        raise TableProblem(
            f"The workbook cannot be read: {type(problem).__name__}. Save it again as .xlsx."
        ) from problem


def _refuse_odd_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile:
        raise TableProblem("The workbook is damaged: save it again as .xlsx.") from None
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise TableProblem("This is no Excel workbook: export the table as CSV or XLSX.")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise TableProblem("The workbook has macros: save it as .xlsx without them.")
    if len(parts) > 1000 or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise TableProblem("The workbook is too large when it is unpacked: keep only the sheet with the table.")


def _from_xlsx(cell: Any, row: int) -> Cell:
    if cell.data_type == "f":
        raise TableProblem(
            "This cell holds a formula: paste its value instead.", row=row, column=str(getattr(cell, "coordinate", ""))
        )
    value: Cell = cell.value
    return _unguarded(unescape(value)) if isinstance(value, str) else value
