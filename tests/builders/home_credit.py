"""Folders of Home Credit tables: generated ones, hand-written ones, and the real one where it is present."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from credit.ml import columns
from credit.ml.columns import APPLICATION, CATEGORIES, CLIENT_ID, TARGET, TableSchema
from credit.ml.levels import SIDE_TABLES, Levels
from credit.ml.progress import ignore_progress
from credit.ml.tables import TableProblem, Tables, inspect_folders, open_tables
from demo.home_credit import generate

CLIENTS = 60


def open_folders(folders: Sequence[Path]) -> Tables:
    """The tables of sound folders in UTF-8."""
    inspection = inspect_folders(folders, Path("/nowhere"))
    assert not inspection.problems, inspection.problems
    return open_tables(inspection)


def check_folders(folders: Sequence[Path]) -> list[TableProblem]:
    """What keeps folders in UTF-8 from being imported."""
    return inspect_folders(folders, Path("/nowhere")).problems


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of CLIENTS clients; shared, so copy it before you change it."""
    folder = tmp_path_factory.mktemp("portfolio")
    generate(folder, clients=CLIENTS, seed=7, on_progress=ignore_progress)
    return folder


@pytest.fixture
def own_portfolio(portfolio: Path, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    return Path(shutil.copytree(portfolio, tmp_path / "portfolio"))


def edit(folder: Path, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Rewrites ``table`` with what ``change`` makes of it, every value read and written as text."""
    path = folder / f"{table}.csv"
    change(pl.read_csv(path, infer_schema=False)).write_csv(path)


def with_value(row: int, column: str, value: str | None) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Sets one cell."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        is_row = pl.int_range(pl.len()) == row
        return frame.with_columns(pl.when(is_row).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))

    return change


REAL_FOLDER = Path(
    os.environ.get("HOME_CREDIT_DIR", Path(__file__).resolve().parents[2].parent / "shared" / "data" / "home_credit")
)
needs_real_tables = pytest.mark.skipif(
    not (REAL_FOLDER / "application_train.csv").is_file(),
    reason=f"the real Home Credit tables are not in {REAL_FOLDER} (set HOME_CREDIT_DIR)",
)

Row = Mapping[str, object]


def table(schema: TableSchema, rows: Sequence[Row]) -> pl.DataFrame:
    """The rows as a table of the schema, blank where a row has no value."""
    return pl.DataFrame([{**dict.fromkeys(schema.columns), **row} for row in rows], schema=schema.columns)


def application_row(client: int, **values: object) -> dict[str, object]:
    """A plain application: every category at its first level, every number 1, every day -1, age 40."""
    row: dict[str, object] = {name: CATEGORIES[name][0] if name in CATEGORIES else 1 for name in APPLICATION.columns}
    days = {name: -1 for name in row if name.startswith("DAYS_")}
    return {**row, **days, CLIENT_ID: client, "DAYS_BIRTH": -14610, **values}


def write_folder(folder: Path, *, train: Sequence[int] = (1, 2), test: Sequence[int] = (3,)) -> Path:
    """A folder in which every table has one valid row per client."""
    folder.mkdir(parents=True, exist_ok=True)
    clients = [*train, *test]
    targets = pl.Series(TARGET, [client % 2 for client in train], dtype=pl.Int8)
    applications = table(APPLICATION, [application_row(client) for client in train])
    applications.insert_column(1, targets).write_csv(folder / "application_train.csv")
    table(APPLICATION, [application_row(client) for client in test]).write_csv(folder / "application_test.csv")
    for schema in columns.SIDE_TABLES:
        levels = SIDE_TABLES.get(schema.name, {})
        rows = [
            {name: _plain(name, kind, client, levels) for name, kind in schema.columns.items()} for client in clients
        ]
        table(schema, rows).write_csv(folder / f"{schema.name}.csv")
    return folder


def _plain(name: str, kind: type[pl.DataType], client: int, levels: Levels) -> object:
    if name.startswith("SK_ID_"):
        return client if name == CLIENT_ID else 1000 + client
    if name in levels:
        return levels[name][0]
    if name.startswith(("DAYS_", "MONTHS_")):
        return -1
    return "Active" if kind == pl.String else 1
