"""One row per client from many rows per client, for every side table.

Equal to the bit from run to run: a table is sorted by client, in file order, so that each group is one contiguous
slice which one thread sums from first row to last; sums depend on no thread count or hash seed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from credit.ml.columns import CLIENT_ID, DAYS_SENTINEL, TableSchema
from credit.ml.tables import Tables

_NOT_A_WORD: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One engineered feature: a function of a column, or the share of a level, over a client's rows in a split."""

    prefix: str
    split: str
    column: str
    function: str
    level: str = ""

    @property
    def name(self) -> str:
        """``PREFIX_[SPLIT_]COLUMN_[LEVEL_]FUNCTION``, in letters, digits and underscores."""
        parts = (self.prefix, self.split, self.column, _NOT_A_WORD.sub("_", self.level).strip("_"), self.function)
        return "_".join(part for part in parts if part)

    def expression(self) -> pl.Expr:
        """Its value per client as Float32, null for a client whose rows have no value."""
        if self.function == "COUNT":
            value = pl.col(f"in_{self.split}").sum() if self.split else pl.len()
        elif self.level:
            value = (pl.col(self.column) == self.level).sum() / pl.len()
        else:
            value = _function(pl.col(self.column), self.function)
        return value.cast(pl.Float32).alias(self.name)


def _function(column: pl.Expr, function: str) -> pl.Expr:
    match function:
        case "MIN":
            return column.min()
        case "MAX":
            return column.max()
        case "MEAN":
            return column.mean()
        case "VAR":
            return column.var()
        case "SUM":
            return pl.when(column.count() > 0).then(column.sum())
        case "NUNIQUE":
            return column.n_unique()
    raise ValueError(f"no such aggregate: {function}")


@dataclass(frozen=True, slots=True)
class SideTable:
    """A side table with its features: ``rows`` prepares the columns they read, one client after the other.

    ``splits`` are conditions on a row; a feature of a split sees only the rows that meet it.
    """

    name: str
    rows: Callable[[Tables], pl.DataFrame]
    splits: dict[str, pl.Expr]
    features: tuple[Aggregate, ...]


def counts(prefix: str, *splits: str) -> tuple[Aggregate, ...]:
    """The number of a client's rows in each split; "" is the whole table."""
    return tuple(Aggregate(prefix, split, "", "COUNT") for split in splits)


def aggregates(prefix: str, split: str, listing: str) -> tuple[Aggregate, ...]:
    """The features of a listing, one line per column: ``AMT_CREDIT_SUM MAX MEAN SUM``."""
    lines = (line.split() for line in listing.strip().splitlines())
    return tuple(Aggregate(prefix, split, column, function) for column, *functions in lines for function in functions)


def shares(prefix: str, levels: dict[str, tuple[str, ...]], split: str = "") -> tuple[Aggregate, ...]:
    """The share of a client's rows that have each level of each text column."""
    return tuple(
        Aggregate(prefix, split, column, "MEAN", level) for column, values in levels.items() for level in values
    )


def aggregate(table: SideTable, tables: Tables, clients: pl.DataFrame) -> pl.DataFrame:
    """The features of a side table, Float32, for ``clients`` (one column) in their order.

    A client without rows has nulls; a client without rows in a split has 0 as its count and nulls for the rest.
    """
    conditions = (condition.fill_null(False).alias(f"in_{split}") for split, condition in table.splits.items())
    rows = table.rows(tables).with_columns(conditions)
    whole = [feature for feature in table.features if not feature.split or feature.function == "COUNT"]
    groups = [_aggregate_sorted(rows, whole)]
    for split in table.splits:
        of_split = [feature for feature in table.features if feature.split == split and feature.function != "COUNT"]
        if of_split:
            groups.append(_aggregate_sorted(rows.filter(pl.col(f"in_{split}")), of_split))
    parts = [clients.join(group, CLIENT_ID, how="left", maintain_order="left").drop(CLIENT_ID) for group in groups]
    return pl.concat(parts, how="horizontal").select(feature.name for feature in table.features)


def _aggregate_sorted(rows: pl.DataFrame, features: Sequence[Aggregate]) -> pl.DataFrame:
    return (
        rows.lazy()
        .set_sorted(CLIENT_ID)
        .group_by(CLIENT_ID, maintain_order=True)
        .agg(feature.expression() for feature in features)
        .collect(engine="in-memory")
    )


def read_sorted(rows: pl.LazyFrame, keys: Sequence[str | pl.Expr] = (CLIENT_ID,)) -> pl.DataFrame:
    """The rows in memory, sorted by client (and by further keys), ties in file order."""
    return rows.collect(engine="streaming").sort(keys, maintain_order=True)


def numbers(schema: TableSchema) -> list[str]:
    """The numeric columns of a table, identifiers included."""
    return [name for name, kind in schema.columns.items() if kind != pl.String]


def level_codes(levels: dict[str, tuple[str, ...]]) -> list[pl.Expr]:
    """The text columns as small codes; an unlisted level (such as XNA) is a blank."""
    return [pl.col(column).cast(pl.Enum(values), strict=False) for column, values in levels.items()]


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """The quotient; null where the denominator is zero."""
    return numerator / pl.when(denominator != 0).then(denominator)


def without_sentinel(column: str) -> pl.Expr:
    """A column of days, with null for DAYS_SENTINEL, "does not apply"."""
    return pl.when(pl.col(column) != DAYS_SENTINEL).then(pl.col(column)).alias(column)
