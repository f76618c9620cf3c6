"""CSV that a spreadsheet opens as text and numbers, never as formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

Cell = str | int | float | None

BYTE_ORDER_MARK: Final = "\ufeff"  # without it a spreadsheet reads UTF-8 as its own code page
#: A cell that starts so is run as a formula. Source: OWASP, "CSV Injection".
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a file, one at a time, the first after a byte order mark; None is an empty cell."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow([safe_cell(label) for label in head])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def safe_cell(value: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula, behind an apostrophe; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


class _Line:
    """A file for ``csv.writer`` that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
