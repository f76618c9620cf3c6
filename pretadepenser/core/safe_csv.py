"""CSV that spreadsheets read as text and numbers, never as formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

Cell = str | int | float | None

BYTE_ORDER_MARK: Final = "\ufeff"  # without it a spreadsheet reads UTF-8 as its own code page
#: Spreadsheets run cells that start with one of these as formulas. Source: OWASP, "CSV Injection".
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a file, one at a time, the first after a byte order mark; None is an empty cell."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow([safe_cell(label) for label in head])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def safe_cell(value: Cell) -> Cell:
    """The value, with an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


class _Line:
    """A file for ``csv.writer`` that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line
