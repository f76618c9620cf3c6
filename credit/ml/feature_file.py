"""The file of features that comes with a model trained elsewhere: read exactly, each fault reported with its line."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit.ml import delimited
from credit.ml.columns import CLIENT_ID

_ROWS_AT_ONCE: Final = 10_000
#: How pandas writes a one-hot column; LightGBM reads it as a number.
_BOOLEANS: Final = {"True": 1.0, "False": 0.0, "true": 1.0, "false": 0.0}


class InvalidFeatureFile(ValueError):  # noqa: N818 - the name says what happened
    """A file that cannot be used. ``line`` counts from the header of a CSV file, as an editor does; 0 for none.

    Codes: unknown_type, unreadable, empty, duplicate_column, missing_id, missing_columns, ragged, bad_id,
    duplicate_id, not_a_number, infinite.
    """

    def __init__(self, code: str, *, detail: str = "", column: str = "", line: int = 0) -> None:
        super().__init__(f"{code}: {column} {detail} (line {line})")
        self.code = code
        self.detail = detail
        self.column = column
        self.line = line


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """N clients and the F columns of a model, in the model's order; blanks are NaN.

    ``client_ids`` (N,) are distinct, in the order of the file; ``matrix`` (N, F) holds the numbers of the file to the
    last bit. ``ignored`` names the columns that the model does not read.
    """

    client_ids: NDArray[np.int64]
    matrix: NDArray[np.float64]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """An opened file: its columns as spelled there, and the line of its first row."""

    rows: pl.LazyFrame
    columns: tuple[str, ...]
    first_line: int


def read_feature_file(path: Path, names: Sequence[str]) -> FeatureFile:
    """SK_ID_CURR and the columns ``names`` of a CSV or Parquet file; raises InvalidFeatureFile.

    A column name with spaces matches the underscores that LightGBM writes in a model's text.
    """
    try:
        table = _open(path)
        spelling = {column.replace(" ", "_"): column for column in table.columns}
        spelling |= {column: column for column in table.columns}
        if CLIENT_ID not in spelling:
            _refuse("missing_id", detail=CLIENT_ID)
        missing = [name for name in names if name not in spelling]
        if missing:
            _refuse("missing_columns", detail=", ".join(missing))
        columns = [spelling[name] for name in names]
        client_ids = _read_ids(table)
        matrix = _read_matrix(table, columns, len(client_ids))
    except (OSError, UnicodeDecodeError, csv.Error, pl.exceptions.PolarsError) as error:
        raise InvalidFeatureFile("unreadable", detail=str(error).splitlines()[0][:200]) from error
    ignored = tuple(column for column in table.columns if column not in {CLIENT_ID, *columns})
    return FeatureFile(client_ids, matrix, ignored)


def _open(path: Path) -> _Table:
    match path.suffix.lower():
        case ".csv":
            return _open_csv(path)
        case ".parquet":
            rows = pl.scan_parquet(path)
            return _Table(rows, tuple(rows.collect_schema().names()), first_line=1)
    _refuse("unknown_type", detail=path.suffix)


def _open_csv(path: Path) -> _Table:
    with path.open("rb") as stream:
        first_line = delimited.decode(stream.readline())
    separator = delimited.separator_of(first_line)
    header = next(csv.reader([first_line], delimiter=separator), [])
    repeated = [name for name, times in Counter(header).items() if times > 1]
    if not header:
        _refuse("empty")
    if repeated:
        _refuse("duplicate_column", detail=", ".join(repeated))
    _check_widths(path, separator, len(header))
    rows = pl.scan_csv(
        path,
        has_header=False,
        skip_lines=1,
        separator=separator,
        schema=dict.fromkeys(header, pl.String),
        empty_string_is_null=False,
        encoding="utf8-lossy",  # columns that the model does not read may hold any text
    )
    return _Table(rows, tuple(header), first_line=2)


def _check_widths(path: Path, separator: str, width: int) -> None:
    """Refuses a line with more or fewer cells than the header: a truncated file would pass for one with blanks."""
    byte = separator.encode()
    with path.open("rb") as stream:
        next(stream)
        for number, line in enumerate(stream, start=2):
            cells = line.count(byte) + 1
            if b'"' in line:
                cells = len(next(csv.reader([line.decode("utf-8", "replace")], delimiter=separator)))
            if cells != width:
                _refuse("ragged", detail=f"{cells} / {width}", line=number)


def _read_ids(table: _Table) -> NDArray[np.int64]:
    """SK_ID_CURR of every row, (N,), read as whole numbers, never through floats."""
    column = table.rows.select(CLIENT_ID).collect().to_series()
    if column.is_empty():
        _refuse("empty")
    if column.dtype == pl.String:
        text = column.str.strip_chars()
        ids = text.set(~text.str.contains(r"^[0-9]{1,18}$").fill_null(False), None).cast(pl.Int64)
    elif column.dtype.is_integer():
        ids = column.cast(pl.Int64, strict=False)
    else:
        _refuse("bad_id", detail=str(column.dtype), column=CLIENT_ID, line=table.first_line)
    if ids.null_count():
        row = int(ids.is_null().arg_max() or 0)
        _refuse("bad_id", detail=str(column[row] or ""), column=CLIENT_ID, line=table.first_line + row)
    if ids.n_unique() < len(ids):
        row = int((~ids.is_first_distinct()).arg_max() or 0)
        _refuse("duplicate_id", detail=str(ids[row]), column=CLIENT_ID, line=table.first_line + row)
    return ids.to_numpy()


def _read_matrix(table: _Table, columns: Sequence[str], rows: int) -> NDArray[np.float64]:
    matrix = np.empty((rows, len(columns)))
    start = 0
    for batch in table.rows.select(columns).collect_batches(chunk_size=_ROWS_AT_ONCE, maintain_order=True):
        for index, column in enumerate(batch):
            matrix[start : start + len(batch), index] = _numbers(column, table.first_line + start)
        start += len(batch)
    return matrix


def _numbers(column: pl.Series, line: int) -> NDArray[np.float64]:
    """The numbers of a column, NaN for blanks; its first cell is on ``line``."""
    numbers = (
        column.cast(pl.Float64, strict=False) if not column.dtype.is_temporal() else pl.Series([None] * len(column))
    )
    odd = numbers.is_null() & column.is_not_null()
    if column.dtype == pl.String:
        odd &= column != ""
    if odd.any():
        numbers = _odd_numbers(column, numbers, odd, line)
    values = numbers.cast(pl.Float64).fill_null(np.nan).to_numpy()
    if np.isinf(values).any():
        row = int(np.isinf(values).argmax())
        _refuse("infinite", detail=str(column[row]), column=column.name, line=line + row)
    return values


def _odd_numbers(column: pl.Series, numbers: pl.Series, odd: pl.Series, line: int) -> pl.Series:
    """``numbers`` with the ``odd`` cells filled in: numbers between spaces, spaces alone, written booleans."""
    values = numbers.to_list()
    for row in odd.arg_true():
        text = str(column[row]).strip()
        number = _BOOLEANS[text] if text in _BOOLEANS else pl.Series([text]).cast(pl.Float64, strict=False)[0]
        if text and number is None:
            _refuse("not_a_number", detail=text[:80], column=column.name, line=line + row)
        values[row] = number
    return pl.Series(column.name, values, dtype=pl.Float64)


def _refuse(code: str, *, detail: str = "", column: str = "", line: int = 0) -> NoReturn:
    raise InvalidFeatureFile(code, detail=detail, column=column, line=line)
