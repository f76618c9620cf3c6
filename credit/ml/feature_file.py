"""The features that came in a file with a model trained elsewhere: read exactly, each fault named with its line."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit.ml.columns import CLIENT_ID

_ROWS_AT_ONCE: Final = 10_000
#: How pandas writes a one-hot column; LightGBM reads it as a number.
_BOOLEANS: Final = {"True": 1.0, "False": 0.0, "true": 1.0, "false": 0.0}


class InvalidFeatureFile(ValueError):  # noqa: N818 - the name says what happened
    """A file that cannot be used. ``line`` counts the header of a CSV file, as an editor does; 0 where it says nothing.

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

    ``client_ids`` is int64 (N,), distinct, in the order of the file; ``matrix`` is float64 (N, F) and holds the
    numbers of the file to the last bit. ``ignored`` names the columns that the model does not read.
    """

    client_ids: NDArray[np.int64]
    matrix: NDArray[np.float64]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """An opened file: its columns as they stand there, and the line of its first row."""

    rows: pl.LazyFrame
    columns: tuple[str, ...]
    first_line: int


def read_feature_file(path: Path, names: Sequence[str]) -> FeatureFile:
    """SK_ID_CURR and the columns ``names`` of a CSV or Parquet file; raises InvalidFeatureFile.

    A name with spaces is found for the underscores that LightGBM writes in a model's text.
    """
    try:
        table = _open(path)
        found = {column.replace(" ", "_"): column for column in table.columns}
        found |= {column: column for column in table.columns}
        if CLIENT_ID not in found:
            _refuse("missing_id", detail=CLIENT_ID)
        missing = [name for name in names if name not in found]
        if missing:
            _refuse("missing_columns", detail=", ".join(missing))
        columns = [found[name] for name in names]
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
        first = stream.readline()
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = first.decode("cp1252")
    separator = ";" if text.count(";") > text.count(",") else ","
    header = next(csv.reader([text], delimiter=separator), [])
    twice = [name for name, times in Counter(header).items() if times > 1]
    if not header:
        _refuse("empty")
    if twice:
        _refuse("duplicate_column", detail=", ".join(twice))
    _check_widths(path, separator, len(header))
    rows = pl.scan_csv(
        path,
        has_header=False,
        skip_lines=1,
        separator=separator,
        schema=dict.fromkeys(header, pl.String),
        empty_string_is_null=False,
        encoding="utf8-lossy",  # columns that no model reads may hold any text
    )
    return _Table(rows, tuple(header), first_line=2)


def _check_widths(path: Path, separator: str, width: int) -> None:
    """Refuses a line with another number of cells than the header: a cut file would pass for one with blanks."""
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
    """SK_ID_CURR of every row, (N,), read as whole numbers and never through a float."""
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
    for batch in _batches(table.rows.select(columns)):
        for index, column in enumerate(batch):
            matrix[start : start + len(batch), index] = _numbers(column, table.first_line + start)
        start += len(batch)
    return matrix


def _batches(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    yield from rows.collect_batches(chunk_size=_ROWS_AT_ONCE, maintain_order=True)


def _numbers(column: pl.Series, line: int) -> NDArray[np.float64]:
    """The numbers of a column, NaN for blanks; ``line`` is that of its first cell."""
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
    """``numbers`` with the cells read that are a number in spaces, spaces alone or a written boolean."""
    found = numbers.to_list()
    for row in odd.arg_true():
        text = str(column[row]).strip()
        number = _BOOLEANS[text] if text in _BOOLEANS else pl.Series([text]).cast(pl.Float64, strict=False)[0]
        if text and number is None:
            _refuse("not_a_number", detail=text[:80], column=column.name, line=line + row)
        found[row] = number
    return pl.Series(column.name, found, dtype=pl.Float64)


def _refuse(code: str, *, detail: str = "", column: str = "", line: int = 0) -> NoReturn:
    raise InvalidFeatureFile(code, detail=detail, column=column, line=line)
