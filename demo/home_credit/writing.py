"""CSV files in Kaggle's format, under their final names only when all of them are complete."""

import os
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl

from credit.ml.columns import TableSchema
from demo.home_credit.sampling import Coded, Column, Columns

PARTIAL_SUFFIX = ".part"


def table_frame(schema: TableSchema, columns: Columns) -> pl.DataFrame:
    """The columns as a frame in the order and with the types of the schema; NaN becomes a blank.

    Raises KeyError for a missing column and ValueError for one that the schema does not know.
    """
    unknown = columns.keys() - schema.columns.keys()
    if unknown:
        raise ValueError(f"The table {schema.name} has no column {', '.join(sorted(unknown))}.")
    return pl.DataFrame([_series(name, columns[name], dtype) for name, dtype in schema.columns.items()])


def _series(name: str, values: Column, dtype: type[pl.DataType]) -> pl.Series:
    """One column with its type; the codes of a text column become its levels."""
    if isinstance(values, Coded):
        levels = pl.Series(name, [*values.levels, None], dtype=pl.String)
        codes = np.where(values.codes < 0, len(values.levels), values.codes)
        return levels.gather(pl.Series(codes.astype(np.uint32)))
    return pl.Series(name, values, nan_to_null=True).cast(dtype)


class TableFiles:
    """Appends frames to the CSV files of a folder; a context manager.

    Leaving it without an error moves every file to its final name, in the order in which they were first written;
    leaving it with one removes what was written. A run that is killed leaves ``.part`` files, which the next run
    overwrites.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, BufferedWriter] = {}

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def append(self, name: str, frame: pl.DataFrame) -> None:
        """Write the rows of the frame at the end of ``<name>.csv``, with a header if they are the first."""
        is_new = name not in self._open
        if is_new:
            self._open[name] = self._partial(name).open("wb")
        frame.write_csv(self._open[name], include_header=is_new)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for name, file in self._open.items():
            if kind is None:
                file.flush()
                os.fsync(file.fileno())
            file.close()
            if kind is not None:
                self._partial(name).unlink()
        if kind is None:
            for name in self._open:
                self._partial(name).replace(self._folder / f"{name}.csv")

    def _partial(self, name: str) -> Path:
        return self._folder / f".{name}.csv{PARTIAL_SUFFIX}"
