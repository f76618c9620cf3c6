"""Folders of fictitious clients, generated once per test run, and ways to change a copy of one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from credit.ml.progress import ignore_progress
from demo.home_credit import generate

CLIENTS = 60


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
