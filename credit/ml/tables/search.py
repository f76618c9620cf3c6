"""The first offending value of each column of a faulty file, with its line."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from credit.ml.tables.limits import range_of
from credit.ml.tables.problems import TableProblem
from credit.ml.tables.sources import RECORD, Source
from credit.ml.tables.summary import Summary, is_faulty
from pretadepenser.core.delimited import AMBIGUOUS_NUMBER

_LONGEST_VALUE: Final = 80
_DIGITS: Final = r"^[+-]?[0-9]+$"


def offending_values(source: Source, summary: Summary) -> Iterator[TableProblem]:
    """One problem for each faulty column; ``source`` is read as texts."""
    cells = source.cells()
    found = []
    for name in source.schema.columns:
        if name in summary.unknown:
            offends = pl.col(name).is_in(summary.unknown[name])
        elif name in summary.faulty:
            offends = is_faulty(source, name)
        else:
            continue
        facts = (RECORD, pl.col(name), source.value(name).alias("value"), *_kinds(name))
        found.append((name, cells.filter(offends).select(*facts).head(1).collect(engine="streaming").row(0)))
    lines = source.lines_of({record for _, (record, *_rest) in found})
    for name, (record, text, value, is_whole, is_ambiguous) in found:
        if name in summary.unknown:
            code = "unknown_category"
        elif is_ambiguous and source.layout.has_decimal_comma and value is not None:
            code = "ambiguous_number"
        elif is_whole or (isinstance(value, float | int) and abs(value) < float("inf")):
            code = "out_of_range"
        else:
            code = "wrong_type"
        allowed = range_of(source.schema, name) if code == "out_of_range" else None
        value = (text or "")[:_LONGEST_VALUE]
        yield TableProblem(code, source.file.label, name, value, lines.get(record), allowed=allowed)


def _kinds(column: str) -> tuple[pl.Expr, pl.Expr]:
    text = pl.col(column)
    return text.str.contains(_DIGITS).alias("is whole"), text.str.contains(AMBIGUOUS_NUMBER).alias("is ambiguous")
