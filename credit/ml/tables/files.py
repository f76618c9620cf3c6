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


@dataclass(frozen=True, slots=True)
class TableFile:
    """An existing file: its schema, its path, and its name in messages."""

    schema: TableSchema
    path: Path
    label: str


def table_files(folders: Sequence[Path]) -> Iterator[TableFile]:
    """Every known file of the folders; files of further folders are labelled ``folder/table``."""
    for position, folder in enumerate(folders):
        for schema in (*APPLICATION_FILES, *SIDE_TABLES, IDENTITIES):
            path = folder / f"{schema.name}.csv"
            if path.is_file():
                yield TableFile(schema, path, schema.name if position == 0 else f"{folder.name}/{schema.name}")


def paths_of(folders: Sequence[Path], schema: TableSchema) -> list[Path]:
    """The files of one table, in the order of the folders."""
    return [file.path for file in table_files(folders) if file.schema.name == schema.name]
