"""The file of features that comes with a model trained elsewhere: read exactly, each fault reported with its line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import BinaryIO, Final, NoReturn

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit.ml.columns import CLIENT_ID, LARGEST_ID
from credit.ml.model.categories import Levels, vocabulary
from pretadepenser.core import delimited
from pretadepenser.core.delimited import Layout, UnreadableText

_ROWS_AT_ONCE: Final = 10_000
#: How pandas writes a one-hot column; LightGBM reads it as a number.
_BOOLEANS: Final = {"True": 1.0, "False": 0.0, "true": 1.0, "false": 0.0}


class InvalidFeatureFile(ValueError):  # noqa: N818 - the name says what happened
    """A file that cannot be used. ``line`` counts from the header of a CSV file, as an editor does; 0 for none.

    Codes: those of UnreadableText, and unknown_type, unreadable, empty, duplicate_column, missing_id,
    missing_columns, ragged, bad_id, large_id, duplicate_id, not_a_number, infinite.
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
    last bit. ``ignored`` names the columns that the model does not read. For columns whose categories are texts,
    ``texts`` says, by the model's name of the column, what the numbers of the matrix stand for.
    """

    client_ids: NDArray[np.int64]
    matrix: NDArray[np.float64]
    ignored: tuple[str, ...]
    texts: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Table:
    """An opened file: its columns as spelled there; ``lines`` of a CSV file are those of its rows."""

    rows: pl.LazyFrame
    columns: tuple[str, ...]
    layout: Layout | None = None
    lines: Sequence[int] = ()

    def line(self, row: int) -> int:
        return self.lines[row] if self.lines else row + 1


def read_feature_file(
    path: Path, names: Sequence[str], levels: Mapping[str, Levels] = MappingProxyType({})
) -> FeatureFile:
    """SK_ID_CURR and the columns ``names`` of a CSV or Parquet file; raises InvalidFeatureFile.

    A column name with spaces matches the underscores that LightGBM writes in a model's text. ``levels`` are the
    categories of the model: where these are texts, the column holds texts.
    """
    try:
        with TemporaryDirectory() as copies:
            return _read(_open(path, Path(copies)), names, levels)
    except UnreadableText as error:
        raise InvalidFeatureFile(error.code, line=error.line) from error
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InvalidFeatureFile("unreadable", detail=str(error).splitlines()[0][:200]) from error


def _read(table: _Table, names: Sequence[str], levels: Mapping[str, Levels]) -> FeatureFile:
    spelling = {column.replace(" ", "_"): column for column in table.columns}
    spelling |= {column: column for column in table.columns}
    if CLIENT_ID not in spelling:
        _refuse("missing_id", detail=CLIENT_ID)
    missing = [name for name in names if name not in spelling]
    if missing:
        _refuse("missing_columns", detail=", ".join(missing))
    columns = [spelling[name] for name in names]
    client_ids = _read_ids(table)
    codes = {
        spelling[name]: {text: code for code, text in enumerate(vocabulary(name, values))}
        for name, values in levels.items()
        if isinstance(values[0], str)
    }
    matrix = _read_matrix(table, columns, len(client_ids), codes)
    ignored = tuple(column for column in table.columns if column not in {CLIENT_ID, *columns})
    texts = {name: tuple(codes[column]) for name, column in zip(names, columns, strict=True) if column in codes}
    return FeatureFile(client_ids, matrix, ignored, texts)


def _open(path: Path, copies: Path) -> _Table:
    match path.suffix.lower():
        case ".csv":
            return _open_csv(path, copies)
        case ".parquet":
            rows = pl.scan_parquet(path)
            return _Table(rows, tuple(rows.collect_schema().names()))
    _refuse("unknown_type", detail=path.suffix)


def _open_csv(path: Path, copies: Path) -> _Table:
    with path.open("rb") as stream:
        layout = delimited.layout_of(stream)
        unnamed = layout.unnamed_columns()
        header = [f"({n})" if n in unnamed else name for n, name in enumerate(layout.header, start=1)]
        repeated = [name for name, times in Counter(header).items() if times > 1]
        if not header:
            _refuse("empty")
        if repeated:
            _refuse("duplicate_column", detail=", ".join(repeated))
        is_blank, lines = _read_lines(stream, layout)
    if not layout.is_utf8:
        path, source = copies / "features.csv", path
        delimited.copy_as_utf8(source, layout, path)
    rows = pl.scan_csv(
        path,
        has_header=False,
        skip_lines=layout.header_line,
        separator=layout.separator,
        eol_char=layout.line_end,
        schema=dict.fromkeys(header, pl.String),
        empty_string_is_null=False,
        missing_columns="insert",  # of blank lines
        truncate_ragged_lines=True,
        extra_columns="ignore",
    )
    if any(is_blank):
        rows = rows.with_row_index("record").filter(~pl.lit(pl.Series(is_blank)).gather(pl.col("record")))
    return _Table(rows, tuple(header), layout, lines)


def _read_lines(stream: BinaryIO, layout: Layout) -> tuple[list[bool], list[int]]:
    """Whether each record is blank, and the lines of the others.

    Refuses a line with more or fewer cells than the header: a truncated file would pass for one with blanks.
    """
    is_blank: list[bool] = []
    lines = []
    for line, cells in delimited.records(stream, layout):
        if line <= layout.header_line:
            continue
        is_blank.append(not any(cell.strip() for cell in cells))
        if is_blank[-1]:
            continue
        if len(cells) != len(layout.header):
            _refuse("ragged", detail=f"{len(cells)} / {len(layout.header)}", line=line)
        lines.append(line)
    return is_blank, lines


def _read_ids(table: _Table) -> NDArray[np.int64]:
    """SK_ID_CURR of every row, (N,), read as whole numbers, never through floats."""
    column = table.rows.select(CLIENT_ID).collect().to_series()
    if column.is_empty():
        _refuse("empty")
    if column.dtype == pl.String:
        ids = pl.Series([delimited.whole_number(text or "") for text in column], dtype=pl.Int64)
    elif column.dtype.is_integer():
        ids = column.cast(pl.Int64, strict=False)
    else:
        _refuse("bad_id", detail=str(column.dtype), column=CLIENT_ID, line=table.line(0))
    is_large = (ids > LARGEST_ID).fill_null(False)
    is_wrong = ids.is_null() | (ids < 0) | is_large
    if is_wrong.any():
        row = int(is_wrong.arg_max() or 0)
        text = str(column[row] or "")
        code = "large_id" if is_large[row] or text.strip().isdecimal() else "bad_id"
        _refuse(code, detail=text[:80], column=CLIENT_ID, line=table.line(row))
    if ids.n_unique() < len(ids):
        row = int((~ids.is_first_distinct()).arg_max() or 0)
        _refuse("duplicate_id", detail=str(ids[row]), column=CLIENT_ID, line=table.line(row))
    return ids.to_numpy()


def _read_matrix(
    table: _Table, columns: Sequence[str], rows: int, codes: Mapping[str, dict[str, int]]
) -> NDArray[np.float64]:
    matrix = np.empty((rows, len(columns)))
    start = 0
    for batch in table.rows.select(columns).collect_batches(chunk_size=_ROWS_AT_ONCE, maintain_order=True):
        for index, column in enumerate(batch):
            ours = codes.get(column.name)
            values = _numbers(column, table, start) if ours is None else _codes(column, ours)
            matrix[start : start + len(batch), index] = values
        start += len(batch)
    return matrix


def _codes(column: pl.Series, codes: dict[str, int]) -> NDArray[np.float64]:
    """The codes of a column's texts, NaN for blanks; a text without a code gets the next one."""
    texts = column.cast(pl.String)
    for text in texts.unique(maintain_order=True).drop_nulls():
        if text:
            codes.setdefault(text, len(codes))
    return np.array([codes.get(text, np.nan) for text in texts], dtype=np.float64)


def _numbers(column: pl.Series, table: _Table, start: int) -> NDArray[np.float64]:
    """The numbers of a column, NaN for blanks; its first cell is in row ``start``."""
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        column = column.cast(pl.String)
    if column.dtype.is_temporal():
        numbers = pl.Series([None] * len(column), dtype=pl.Float64)
    elif table.layout and table.layout.has_decimal_comma:
        numbers = column.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    else:
        numbers = column.cast(pl.Float64, strict=False)
    odd = numbers.is_null() & column.is_not_null()
    if column.dtype == pl.String:
        odd &= column != ""
    if odd.any():
        numbers = _odd_numbers(column, numbers, odd, table, start)
    values = numbers.cast(pl.Float64).fill_null(np.nan).to_numpy()
    if np.isinf(values).any():
        row = int(np.isinf(values).argmax())
        _refuse("infinite", detail=str(column[row])[:80], column=column.name, line=table.line(start + row))
    return values


def _odd_numbers(column: pl.Series, numbers: pl.Series, odd: pl.Series, table: _Table, start: int) -> pl.Series:
    """``numbers`` with the ``odd`` cells filled in: numbers between spaces, spaces alone, written booleans."""
    values = numbers.to_list()
    for row in odd.arg_true():
        text = str(column[row]).strip()
        plain = delimited.plain_number(text, table.layout) if table.layout else text
        number = _BOOLEANS[text] if text in _BOOLEANS else pl.Series([plain]).cast(pl.Float64, strict=False)[0]
        if text and number is None:
            _refuse("not_a_number", detail=text[:80], column=column.name, line=table.line(start + row))
        values[row] = number
    return pl.Series(column.name, values, dtype=pl.Float64)


def _refuse(code: str, *, detail: str = "", column: str = "", line: int = 0) -> NoReturn:
    raise InvalidFeatureFile(code, detail=detail, column=column, line=line)
