"""What one parse of a file shows: rows, faulty columns, spellings of levels, columns that say nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from credit.ml.levels import known_level
from credit.ml.tables.files import IDENTITIES
from credit.ml.tables.limits import KEYS, holds_amounts, is_out_of_range, levels_of
from credit.ml.tables.sources import Source
from pretadepenser.core.delimited import AMBIGUOUS_NUMBER


@dataclass(frozen=True, slots=True)
class Summary:
    """``separators`` counts those inside texts; ``unknown`` has the texts of each column that name no level."""

    rows: int
    separators: int
    faulty: tuple[str, ...]
    respelled: dict[str, dict[str, str | None]]
    unknown: dict[str, list[str]]
    empty: tuple[str, ...]
    constant: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faulty and not self.unknown


def summarise(source: Source) -> Summary | None:
    """The summary, or None for a file that does not parse."""
    columns = source.schema.columns
    texts = [name for name, kind in columns.items() if kind == pl.String]
    listed = [name for name in texts if levels_of(source.schema, name)]
    numeric = [name for name in columns if name not in texts]
    inside = pl.col(texts).str.count_matches(source.layout.separator, literal=True).sum()
    values = {name: source.value(name) for name in columns if name not in listed}
    try:
        (row,) = (
            source.cells()
            .select(
                pl.len().alias("rows"),
                *(expression.null_count().alias(f"{name} blank") for name, expression in values.items()),
                *(expression.min().alias(f"{name} least") for name, expression in values.items()),
                *(expression.max().alias(f"{name} most") for name, expression in values.items()),
                *(is_faulty(source, name).any().alias(f"{name} faulty") for name in numeric),
                *(pl.col(name).unique().implode().alias(f"{name} levels") for name in listed),
                *([pl.sum_horizontal(inside).alias("separators")] if texts else []),
            )
            .collect(engine="streaming")
            .to_dicts()
        )
    except pl.exceptions.PolarsError:
        return None
    spellings = {name: _spellings(row[f"{name} levels"], levels_of(source.schema, name)) for name in listed}
    return Summary(
        rows=row["rows"],
        separators=row.get("separators") or 0,
        faulty=tuple(name for name in numeric if row[f"{name} faulty"]),
        respelled={name: respelled for name, (respelled, _) in spellings.items() if respelled},
        unknown={name: unknown for name, (_, unknown) in spellings.items() if unknown},
        **_uninformative(source, row, values, listed),
    )


def is_faulty(source: Source, column: str) -> pl.Expr:
    """Where a cell of a numeric column is not a number that the column may hold."""
    value, text = source.value(column), pl.col(column)
    fault = is_out_of_range(source.schema, column, value)
    if not source.is_exact:
        fault |= value.is_null() & text.is_not_null()
        if source.layout.has_decimal_comma and holds_amounts(source.schema, column):
            fault |= text.str.contains(AMBIGUOUS_NUMBER).fill_null(False)
    return fault


def _spellings(texts: Iterable[str | None], levels: Sequence[str]) -> tuple[dict[str, str | None], list[str]]:
    """The level of each text that is not spelled like one, and the texts that are none of them."""
    respelled: dict[str, str | None] = {}
    unknown = []
    for text in texts:
        if text is None or text in levels:
            continue
        level = known_level(text, levels)
        if level is None and text.strip():
            unknown.append(text)
        else:
            respelled[text] = level
    return respelled, unknown


def _uninformative(
    source: Source, row: Mapping[str, object], values: Iterable[str], listed: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The columns without any value, and those with one and the same in all of two or more rows."""
    rows = row["rows"]
    if not isinstance(rows, int) or rows == 0:
        return {"empty": (), "constant": ()}
    levels = {name: row[f"{name} levels"] for name in listed}
    empty = {name for name in values if row[f"{name} blank"] == rows}
    empty |= {name for name, texts in levels.items() if texts == [None]}
    constant = {name for name in values if not row[f"{name} blank"] and row[f"{name} least"] == row[f"{name} most"]}
    constant |= {name for name, texts in levels.items() if isinstance(texts, list) and len(texts) == 1} - empty
    says_nothing = rows > 1 and source.schema != IDENTITIES
    columns = source.schema.columns
    return {
        "empty": tuple(name for name in columns if name in empty),
        "constant": tuple(name for name in columns if says_nothing and name in constant and name not in KEYS),
    }
