"""Rows that occur more than once, in one file or in several."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from credit.ml.columns import CLIENT_ID, SIDE_TABLES
from credit.ml.tables.limits import IDENTIFYING
from credit.ml.tables.problems import TableProblem
from credit.ml.tables.sources import Source

_SHOWN_IDS: Final = 3


def find_repeated_clients(applications: Sequence[Source]) -> Iterator[TableProblem]:
    """Client ids that appear twice, within one file or across files and folders."""
    if not applications:
        return
    ids = [source.scan().select(pl.col(CLIENT_ID), table=pl.lit(source.file.label)) for source in applications]
    repeated = pl.concat(ids).collect().filter(~pl.col(CLIENT_ID).is_first_distinct())
    for (table,), group in repeated.group_by(["table"], maintain_order=True):
        shown = ", ".join(str(client) for client in group[CLIENT_ID].unique(maintain_order=True)[:_SHOWN_IDS])
        yield TableProblem("duplicate_id", str(table), CLIENT_ID, shown, count=group.height)


def find_repeated_rows(sources: Sequence[Source]) -> Iterator[TableProblem]:
    """One note for each side table whose rows are not distinct in IDENTIFYING: how many are repetitions."""
    for schema in SIDE_TABLES:
        frames = [source.scan() for source in sources if source.schema == schema]
        if not frames:
            continue
        columns = IDENTIFYING[schema.name]
        # One number a row is a quarter of the memory of the columns, and a repeated row always repeats it.
        hashes = sum((pl.col(name).hash(seed) for seed, name in enumerate(columns)), pl.lit(0, pl.UInt64))
        counts = pl.concat([frame.select(row=hashes) for frame in frames])
        rows, distinct = counts.select(pl.len(), pl.col("row").n_unique().alias("n")).collect(engine="streaming").row(0)
        if distinct < rows:
            yield from _counted(schema.name, pl.concat(frames), columns, rows)


def _counted(table: str, frame: pl.LazyFrame, columns: Sequence[str], rows: int) -> Iterator[TableProblem]:
    unique = [frame.unique(subset).select(pl.len()) for subset in (columns, None)]
    by_key, by_row = (counted.item() for counted in pl.collect_all(unique, engine="streaming"))
    key = ", ".join(columns)
    if by_key < rows:
        yield TableProblem("repeated_rows", table, key, count=rows - by_key)
    if by_key < by_row:
        yield TableProblem("conflicting_rows", table, key, count=by_row - by_key)
