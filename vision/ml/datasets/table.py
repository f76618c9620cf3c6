"""The rows of a CSV file of labelled images, with what is wrong with each by its line."""

from dataclasses import dataclass
from io import BytesIO

from pretadepenser.core import delimited
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

    ``pretadepenser.core.delimited`` says how the file may be written. Raises BenchmarkError for a file that is not such
    a table.
    """
    stream = BytesIO(content)
    try:
        layout = delimited.layout_of(stream)
        header = list(layout.header)
        shape = shape or detect_shape(header)
        missing = [name for name in (shape.image, shape.label, shape.text) if name and name not in header]
        if missing:
            raise BenchmarkError(
                _("The CSV file has no column {missing}; it has: {header}."),
                missing=", ".join(missing),
                header=", ".join(header),
            )
        return tuple(_row(line, cells, header, shape) for line, cells in delimited.rows(stream, layout))
    except delimited.UnreadableText as error:
        raise BenchmarkError(_("The CSV file cannot be read: {reason}."), reason=error) from error


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
