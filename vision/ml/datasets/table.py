"""The rows of a CSV file of labelled images, with what is wrong with each by its line."""

import csv
import io
from dataclasses import dataclass

from vision.ml.datasets.shapes import CsvShape, detect_shape
from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Row:
    """One image to be read; ``fault`` says why it cannot be used, and is blank otherwise."""

    key: str
    class_name: str
    text: str = ""
    fault: str = ""


def read_rows(content: bytes, shape: CsvShape | None = None) -> tuple[Row, ...]:
    """All rows, those at fault too; the shape is detected when none is given.

    UTF-8 with or without a mark, else Windows-1252; separated by commas or semicolons. Blank lines do not count.
    Raises BenchmarkError for a file that is not such a table.
    """
    text = _decode(content).replace("\0", "")
    header_line = text.partition("\n")[0]
    separator = ";" if header_line.count(";") > header_line.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [name.strip() for name in next(lines, [])]
        shape = shape or detect_shape(header)
        missing = [name for name in (shape.image, shape.label, shape.text) if name and name not in header]
        if missing:
            raise BenchmarkError(
                _("The CSV file has no column {missing}; it has: {header}."),
                missing=", ".join(missing),
                header=", ".join(header),
            )
        rows, line = [], lines.line_num + 1
        for cells in lines:
            if cells:
                rows.append(_row(line, cells, header, shape))
            line = lines.line_num + 1
        return tuple(rows)
    except csv.Error as error:
        raise BenchmarkError(
            _("The CSV file cannot be read from line {line} on: {reason}."), line=lines.line_num, reason=error
        ) from error


def _row(line: int, cells: list[str], header: list[str], shape: CsvShape) -> Row:
    by_name = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    key, label = by_name.get(shape.image, ""), shape.class_of(by_name.get(shape.label, ""))
    fault = ""
    if len(cells) != len(header):
        fault = f"Line {line} has {len(cells)} columns where the header has {len(header)}."
    elif not key:
        fault = f"Line {line} names no image."
    elif not label:
        fault = f"Line {line} has no class."
    return Row(key, label, by_name.get(shape.text, "") if shape.text else "", fault)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BenchmarkError(_("The CSV file is neither UTF-8 nor Windows-1252 text."))
