"""The files that a folder may hold, and the columns of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from credit.ml.columns import APPLICATION, CLIENT_ID, SIDE_TABLES, TARGET, TableSchema

APPLICATION_TRAIN: Final = TableSchema("application_train", {TARGET: pl.Int8, **APPLICATION.columns})
APPLICATION_TEST: Final = TableSchema("application_test", APPLICATION.columns)
APPLICATION_FILES: Final = (APPLICATION_TRAIN, APPLICATION_TEST)
#: Names of clients; Kaggle does not publish them, generated data and real portfolios have them.
IDENTITIES: Final = TableSchema(
    "identities", {CLIENT_ID: pl.Int64, "FIRST_NAME": pl.String, "LAST_NAME": pl.String, "AGENCY": pl.String}
)
_SCHEMAS: Final = (*APPLICATION_FILES, *SIDE_TABLES, IDENTITIES)


@dataclass(frozen=True, slots=True)
class TableFile:
    """An existing file: its schema, its path, and its name in messages."""

    schema: TableSchema
    path: Path
    label: str


def table_files(folders: Sequence[Path]) -> Iterator[TableFile]:
    """Every known file of the folders; files of further folders are labelled ``folder/table``."""
    for position, folder in enumerate(folders):
        paths = _csv_files(folder)
        for schema in _SCHEMAS:
            if path := paths.get(f"{schema.name}.csv".lower()):
                yield TableFile(schema, path, schema.name if position == 0 else f"{folder.name}/{schema.name}")


def other_files(folders: Sequence[Path]) -> list[str]:
    """The names of CSV files that are none of the tables: a table under another name is not read."""
    known = {f"{schema.name}.csv".lower() for schema in _SCHEMAS}
    return [path.name for folder in folders for name, path in _csv_files(folder).items() if name not in known]


def _csv_files(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names in small letters."""
    return {path.name.lower(): path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv"}
