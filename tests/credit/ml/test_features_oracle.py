"""Aggregates of the real tables equal what plain SQL computes from the same files, without a line of our code."""

from collections.abc import Iterator

import duckdb
import numpy as np
import polars as pl
import pytest

from credit.ml.columns import CLIENT_ID
from credit.ml.features import build_features
from credit.ml.progress import ignore_progress
from tests.builders.home_credit import REAL_FOLDER, needs_real_tables, open_folders
from tests.credit.ml.oracle_queries import ORACLE

pytestmark = [needs_real_tables, pytest.mark.real_data]

TABLES = (
    "bureau",
    "bureau_balance",
    "previous_application",
    "POS_CASH_balance",
    "installments_payments",
    "credit_card_balance",
)


@pytest.fixture(scope="module")
def features() -> pl.DataFrame:
    return build_features(open_folders([REAL_FOLDER]), ignore_progress)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} AS FROM read_csv('{REAL_FOLDER / table}.csv', sample_size=-1)")
        yield connection


@pytest.mark.parametrize(
    ("rows", "condition", "expected"), ORACLE, ids=[f"{next(iter(case[2]))}..." for case in ORACLE]
)
def test_aggregates_equal_plain_sql(
    features: pl.DataFrame,
    database: duckdb.DuckDBPyConnection,
    rows: str,
    condition: str,
    expected: dict[str, str],
) -> None:
    columns = ", ".join(f"CAST({sql} AS DOUBLE) AS {name}" for name, sql in expected.items())
    query = f"SELECT SK_ID_CURR, {columns} FROM ({rows}) WHERE {condition} GROUP BY ALL"
    schema = {CLIENT_ID: pl.Int64, **dict.fromkeys(expected, pl.Float64)}
    oracle = pl.DataFrame(database.execute(query).fetchall(), schema=schema, orient="row")
    joined = features.select(CLIENT_ID, *expected).join(oracle, CLIENT_ID, how="left", suffix="_sql")
    assert oracle.height > 20
    for name in expected:
        ours, theirs = joined[name], joined[f"{name}_sql"]
        assert (ours.is_null() == theirs.is_null()).all(), name
        np.testing.assert_allclose(ours.drop_nulls(), theirs.drop_nulls(), rtol=1e-5, atol=1e-6, err_msg=name)


def test_a_client_without_rows_in_a_split_counts_zero_there(features: pl.DataFrame) -> None:
    known = features.filter(pl.col("BUREAU_COUNT").is_not_null())
    assert known["BUREAU_MORTGAGE_COUNT"].null_count() == 0
    none = known.filter(pl.col("BUREAU_MORTGAGE_COUNT") == 0)
    assert none.height > 0
    assert none["BUREAU_MORTGAGE_AMT_CREDIT_SUM_SUM"].null_count() == none.height


def test_two_builds_are_equal_to_the_bit(features: pl.DataFrame) -> None:
    again = build_features(open_folders([REAL_FOLDER]), ignore_progress)
    assert again.equals(features)
