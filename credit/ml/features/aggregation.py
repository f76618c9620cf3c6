"""One row per client from many rows per client: what every side table shares.

Bit-equal from run to run: a table is sorted by client in file order first, so that each group is one contiguous
slice which one thread sums from its first to its last row; no thread count or hash seed enters a sum.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from credit.ml.columns import CLIENT_ID, DAYS_SENTINEL, TableSchema

_NOT_A_WORD: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One engineered feature: a function of a column, or of a level's share, over a client's rows of a split."""

    prefix: str
    split: str
    column: str
    function: str
    level: str = ""

    @property
    def name(self) -> str:
        """``PREFIX_[SPLIT_]COLUMN_[LEVEL_]FUNCTION``, letters, digits and underscores only."""
        parts = (self.prefix, self.split, self.column, _NOT_A_WORD.sub("_", self.level).strip("_"), self.function)
        return "_".join(part for part in parts if part)

    def expression(self) -> pl.Expr:
        """Its value per client as Float32, null for a client whose rows hold no value."""
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


def aggregates(prefix: str, split: str, listing: str) -> tuple[Aggregate, ...]:
    """The features of a listing, one line per column: ``AMT_CREDIT_SUM MAX MEAN SUM``."""
    lines = (line.split() for line in listing.strip().splitlines())
    return tuple(Aggregate(prefix, split, column, function) for column, *functions in lines for function in functions)


def shares(prefix: str, levels: dict[str, tuple[str, ...]], split: str = "") -> tuple[Aggregate, ...]:
    """The share of a client's rows that has each level of each text column."""
    return tuple(
        Aggregate(prefix, split, column, "MEAN", level) for column, values in levels.items() for level in values
    )


def aggregate(
    rows: pl.DataFrame, clients: pl.DataFrame, features: Sequence[Aggregate], splits: dict[str, pl.Expr]
) -> pl.DataFrame:
    """The features of ``rows``, one row per client of ``clients`` in its order, null for a client without rows.

    ``rows`` must be sorted by client. A client with rows but none in a split counts 0 there and is null elsewhere.
    """
    marked = rows.with_columns(condition.fill_null(False).alias(f"in_{split}") for split, condition in splits.items())
    whole = [feature for feature in features if not feature.split or feature.function == "COUNT"]
    groups = [_aggregate_sorted(marked, whole)]
    for split in splits:
        wanted = [feature for feature in features if feature.split == split and feature.function != "COUNT"]
        if wanted:
            groups.append(_aggregate_sorted(marked.filter(pl.col(f"in_{split}")), wanted))
    parts = [clients.join(group, CLIENT_ID, how="left", maintain_order="left").drop(CLIENT_ID) for group in groups]
    return pl.concat(parts, how="horizontal").select(feature.name for feature in features)


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
    """The columns of a table that are not text, identifiers included."""
    return [name for name, kind in schema.columns.items() if kind != pl.String]


def level_codes(levels: dict[str, tuple[str, ...]]) -> list[pl.Expr]:
    """The text columns as small codes; a level that is not listed (XNA among them) is a blank."""
    return [pl.col(column).cast(pl.Enum(values), strict=False) for column, values in levels.items()]


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """The quotient, null where the denominator is zero."""
    return numerator / pl.when(denominator != 0).then(denominator)


def without_sentinel(column: str) -> pl.Expr:
    """A column of days, null where it holds 365243, "does not apply"."""
    return pl.when(pl.col(column) != DAYS_SENTINEL).then(pl.col(column)).alias(column)
