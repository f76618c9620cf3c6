"""A file of a table as typed columns: as it stands where every cell parses, else with its cells cleaned first."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from credit.ml.columns import TableSchema
from credit.ml.tables.files import TableFile
from pretadepenser.core.delimited import GROUP_SPACES, GROUPED_DIGITS, NO_DECIMALS, Layout, records, rows

RECORD: Final = "record of the file"


@dataclass(frozen=True, slots=True)
class Source:
    """A file whose header is sound; ``path`` is the file, or a copy of it in UTF-8.

    ``respelled`` has, by column, the level (or None, a blank) of each text that is not spelled like one.
    """

    file: TableFile
    layout: Layout
    path: Path
    rows: int = 0
    is_exact: bool = True
    respelled: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    @property
    def schema(self) -> TableSchema:
        return self.file.schema

    def scan(self) -> pl.LazyFrame:
        """The rows, typed, in the columns of the schema."""
        typed = self.cells().select(self.value(name) for name in self.schema.columns)
        return typed.with_columns(
            pl.col(name).replace(list(levels), list(levels.values())) for name, levels in self.respelled.items()
        )

    def cells(self) -> pl.LazyFrame:
        """What ``value`` reads: typed cells, or the trimmed texts of rows that are not blank with their RECORD."""
        if self.is_exact:
            return self._scan({name: self.schema.columns.get(name, pl.String) for name in self._names()})
        every = self._scan(dict.fromkeys(self._names(), pl.String), is_loose=True).with_row_index(RECORD)
        columns = list(self.schema.columns)
        texts = every.select(RECORD, pl.col(columns).str.strip_chars().replace("", None))
        return texts.filter(pl.any_horizontal(pl.col(columns).is_not_null()))

    def value(self, column: str) -> pl.Expr:
        """What a cell means in its column; null for a blank, and for a text where there should be a number."""
        kind, text = self.schema.columns[column], pl.col(column)
        if self.is_exact or kind == pl.String:
            return text
        is_grouped = text.str.contains(GROUPED_DIGITS)
        text = pl.when(is_grouped).then(text.str.replace_all(GROUP_SPACES, "")).otherwise(text)
        if self.layout.has_decimal_comma:
            text = text.str.replace(",", ".", literal=True)
        if kind != pl.Float64:
            decimals = NO_DECIMALS if self.layout.has_decimal_comma else "0*"
            text = text.str.replace(r"^\+", "").str.replace(rf"\.{decimals}$", "")
        return text.cast(kind, strict=False).alias(column)

    def first_ragged_line(self) -> int | None:
        """The line of the first row with more or fewer cells than the header; raises UnreadableText."""
        with self.file.path.open("rb") as stream:
            width = len(self.layout.header)
            return next((line for line, cells in rows(stream, self.layout) if len(cells) != width), None)

    def lines_of(self, numbers: Set[int]) -> dict[int, int]:
        """The lines on which records begin; a record may hold line breaks."""
        with self.file.path.open("rb") as stream:
            lines = (line for line, _cells in records(stream, self.layout) if line > self.layout.header_line)
            return {number: line for number, line in enumerate(lines) if number in numbers}

    def _names(self) -> Iterator[str]:
        unnamed = self.layout.unnamed_columns()
        return (f"column {n}" if n in unnamed else name for n, name in enumerate(self.layout.header, start=1))

    def _scan(self, kinds: Mapping[str, type[pl.DataType]], is_loose: bool = False) -> pl.LazyFrame:
        return pl.scan_csv(
            self.path,
            has_header=False,
            skip_lines=self.layout.header_line,
            schema=dict(kinds),
            separator=self.layout.separator,
            eol_char=self.layout.line_end,
            low_memory=True,
            truncate_ragged_lines=is_loose,
            missing_columns="insert" if is_loose else "raise",
            extra_columns="ignore" if is_loose else "raise",
        )
