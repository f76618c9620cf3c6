"""The problems in the files of a Home Credit folder, as codes that Django turns into sentences.

A valid file costs one pass over its bytes and one typed parse that keeps nothing. Only a file that fails is searched
for the first offending value and its line.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from credit.ml.columns import CATEGORIES, CLIENT_ID, SIDE_TABLES, TARGET
from credit.ml.tables.bytes import ByteCounts, count_bytes, first_ragged_line
from credit.ml.tables.files import APPLICATION_FILES, TableFile, table_files
from credit.ml.tables.reading import scan_csv

#: Larger than any amount, rate or count of this domain; its square still fits a Float32.
LARGEST_NUMBER: Final = 1e12
#: Columns without which a row cannot be assigned.
_KEYS: Final = ("SK_ID_CURR", "SK_ID_PREV", "SK_ID_BUREAU", TARGET)
_SHOWN_IDS: Final = 3
_LONGEST_VALUE: Final = 80


@dataclass(frozen=True, slots=True)
class TableProblem:
    """One problem of one file: a code, the place as far as known, and the offending ``value``.

    Codes: missing_table, empty_table, unreadable_encoding, unreadable, missing_column, unknown_column, wrong_type,
    unknown_category, duplicate_id.
    """

    code: str
    table: str
    column: str | None = None
    value: str = ""
    line: int | None = None


def check_folders(folders: Sequence[Path]) -> list[TableProblem]:
    """All problems of the files; the first folder must hold all tables, further ones only need applications."""
    problems = list(_missing_tables(folders))
    valid: list[TableFile] = []
    for file in table_files(folders):
        of_file = list(_check_file(file))
        problems += of_file
        if not of_file and file.schema in APPLICATION_FILES:
            valid.append(file)
    return problems + list(_duplicates(valid))


def _missing_tables(folders: Sequence[Path]) -> Iterator[TableProblem]:
    for position, folder in enumerate(folders):
        where = "" if position == 0 else f"{folder.name}/"
        if not any((folder / f"{schema.name}.csv").is_file() for schema in APPLICATION_FILES):
            yield TableProblem("missing_table", f"{where}application_train")
    for schema in SIDE_TABLES:
        if folders and not (folders[0] / f"{schema.name}.csv").is_file():
            yield TableProblem("missing_table", schema.name)


def _check_file(file: TableFile) -> Iterator[TableProblem]:
    counts = count_bytes(file.path)
    if counts.encoding_fault:
        yield TableProblem("unreadable_encoding", file.label, value=counts.encoding_fault)
        return
    if not counts.header:
        yield TableProblem("empty_table", file.label)
        return
    if len(counts.header) == 1:
        yield TableProblem("unreadable", file.label, value=counts.header[0][:_LONGEST_VALUE], line=1)
        return
    wrong_header = list(_check_header(file, counts.header))
    yield from wrong_header
    if not wrong_header:
        yield from _check_rows(file, counts)


def _check_header(file: TableFile, header: Sequence[str]) -> Iterator[TableProblem]:
    for column in file.schema.columns:
        if column not in header:
            yield TableProblem("missing_column", file.label, column)
    for column, times in Counter(header).items():
        if column not in file.schema.columns or times > 1:
            yield TableProblem("unknown_column", file.label, column)


def _check_rows(file: TableFile, counts: ByteCounts) -> Iterator[TableProblem]:
    faults = {name: _fault(name, kind) for name, kind in file.schema.columns.items() if _is_checked(file, name)}
    texts = [name for name, kind in file.schema.columns.items() if kind == pl.String]
    commas = pl.sum_horizontal([pl.lit(0), *(pl.col(name).str.count_matches(",", literal=True) for name in texts)])
    try:
        summary = (
            scan_csv(file.path, file.schema)
            .select(
                pl.len().alias("rows"),
                commas.sum().alias("commas"),
                *(fault.any().alias(name) for name, fault in faults.items()),
            )
            .collect(engine="streaming")
            .row(0, named=True)
        )
    except pl.exceptions.PolarsError:
        yield from list(_search(file)) or [_ragged(file, len(counts.header))]
        return
    if summary["rows"] == 0:
        yield TableProblem("empty_table", file.label)
    elif counts.commas != (summary["rows"] + 1) * (len(counts.header) - 1) + summary["commas"]:
        yield _ragged(file, len(counts.header))
    elif any(summary[name] for name in faults):
        yield from _search(file)


def _is_checked(file: TableFile, column: str) -> bool:
    return file.schema.columns[column] != pl.String or (column in CATEGORIES and file.schema in APPLICATION_FILES)


def _fault(name: str, kind: type[pl.DataType]) -> pl.Expr:
    """Where a parsed value is wrong: not finite, out of range, an unknown level, or a blank key."""
    column = pl.col(name)
    if kind == pl.String:
        return ~column.is_in(CATEGORIES[name])
    if name == TARGET:
        return (~column.is_in([0, 1])).fill_null(True)
    if name in _KEYS:
        return (column < 0).fill_null(True)
    limit = LARGEST_NUMBER if kind == pl.Float64 else 2**31
    # NaN compares as greater than every number, so it fails too.
    return ~(column.abs() < limit)


def _search(file: TableFile) -> Iterator[TableProblem]:
    """The first offending value of each column, with its line, from the file read as text."""
    checked = {name: kind for name, kind in file.schema.columns.items() if _is_checked(file, name)}
    rows = pl.scan_csv(file.path, infer_schema=False).with_row_index("line", offset=2)
    for name, kind in checked.items():
        text = pl.col(name).alias("text")
        value = text.cast(kind, strict=False).alias(name)
        offends = _fault(name, kind) | (pl.col(name).is_null() & pl.col("text").is_not_null())
        try:
            first = rows.select("line", text, value).filter(offends).head(1).collect(engine="streaming")
        except pl.exceptions.PolarsError:
            return  # ragged: the caller reports the line
        for line, content, _ in first.iter_rows():
            code = "unknown_category" if kind == pl.String else "wrong_type"
            yield TableProblem(code, file.label, name, (content or "")[:_LONGEST_VALUE], line)


def _ragged(file: TableFile, width: int) -> TableProblem:
    return TableProblem("unreadable", file.label, line=first_ragged_line(file.path, width))


def _duplicates(files: Sequence[TableFile]) -> Iterator[TableProblem]:
    """Client ids that appear twice, within one file or across files and folders."""
    if not files:
        return
    ids = pl.concat(
        [scan_csv(file.path, file.schema).select(pl.col(CLIENT_ID), table=pl.lit(file.label)) for file in files]
    )
    repeated = ids.collect().filter(~pl.col(CLIENT_ID).is_first_distinct())
    for (table,), group in repeated.group_by(["table"], maintain_order=True):
        shown = ", ".join(str(client) for client in group[CLIENT_ID].unique(maintain_order=True)[:_SHOWN_IDS])
        yield TableProblem("duplicate_id", str(table), CLIENT_ID, shown)
