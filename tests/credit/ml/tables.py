"""Small Home Credit folders for tests, and where the real one lies."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from credit.ml import columns
from credit.ml.columns import APPLICATION, CATEGORIES, CLIENT_ID, TARGET, TableSchema

REAL_FOLDER = Path(
    os.environ.get("HOME_CREDIT_DIR", Path(__file__).resolve().parents[3].parent / "shared" / "data" / "home_credit")
)
needs_real_tables = pytest.mark.skipif(
    not (REAL_FOLDER / "application_train.csv").is_file(),
    reason=f"the real Home Credit tables are not in {REAL_FOLDER} (set HOME_CREDIT_DIR)",
)

Row = Mapping[str, object]


def table(schema: TableSchema, rows: Sequence[Row]) -> pl.DataFrame:
    """The rows as a table of the schema; columns that a row leaves out are blank."""
    return pl.DataFrame([{**dict.fromkeys(schema.columns), **row} for row in rows], schema=schema.columns)


def application_row(client: int, **values: object) -> dict[str, object]:
    """A plain application: every level is the first one, every number is 1, DAYS_BIRTH is 40 years."""
    row: dict[str, object] = {name: CATEGORIES[name][0] if name in CATEGORIES else 1 for name in APPLICATION.columns}
    return {**row, CLIENT_ID: client, "DAYS_BIRTH": -14610, **values}


def write_folder(folder: Path, *, train: Sequence[int] = (1, 2), test: Sequence[int] = (3,)) -> Path:
    """A folder in which every table holds one sound row per client."""
    folder.mkdir(parents=True, exist_ok=True)
    clients = [*train, *test]
    targets = pl.Series(TARGET, [client % 2 for client in train], dtype=pl.Int8)
    applications = table(APPLICATION, [application_row(client) for client in train])
    applications.insert_column(1, targets).write_csv(folder / "application_train.csv")
    table(APPLICATION, [application_row(client) for client in test]).write_csv(folder / "application_test.csv")
    for schema in columns.SIDE_TABLES:
        rows = [{name: _plain(name, kind, client) for name, kind in schema.columns.items()} for client in clients]
        table(schema, rows).write_csv(folder / f"{schema.name}.csv")
    return folder


def _plain(name: str, kind: type[pl.DataType], client: int) -> object:
    if name.startswith("SK_ID_"):
        return client if name == CLIENT_ID else 1000 + client
    if name.startswith(("DAYS_", "MONTHS_")):
        return -1
    return "Active" if kind == pl.String else 1
