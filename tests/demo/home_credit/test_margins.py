"""The margins of the generated tables beside those of the real ones."""

from pathlib import Path

import polars as pl
import pytest

from credit.ml.columns import (
    APPLICATION,
    BUREAU,
    BUREAU_BALANCE,
    CREDIT_CARD_BALANCE,
    POS_CASH_BALANCE,
    PREVIOUS_APPLICATION,
    TARGET,
    TableSchema,
)
from credit.ml.progress import ignore_progress
from credit.ml.tables.files import APPLICATION_TRAIN
from demo.home_credit import generate
from tests.builders.home_credit import REAL_FOLDER, needs_real_tables

pytestmark = [needs_real_tables, pytest.mark.real_data]

#: Instalments are left out: the real sample does not hold them completely.
TABLES = (APPLICATION_TRAIN, BUREAU, BUREAU_BALANCE, PREVIOUS_APPLICATION, POS_CASH_BALANCE, CREDIT_CARD_BALANCE)
LARGEST_BLANK_DIFFERENCE = 0.035
LARGEST_SHARE_DIFFERENCE = 0.045
#: Quartiles may lie this far off, as a part of the distance between the real 5 % and 95 % quantiles.
LARGEST_QUARTILE_DIFFERENCE = 0.12


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("synthetic")
    generate(folder, clients=8000, seed=1, on_progress=ignore_progress)
    return folder


def both(generated: Path, schema: TableSchema) -> tuple[pl.DataFrame, pl.DataFrame]:
    types = {**APPLICATION.columns, **schema.columns, TARGET: pl.Int8}
    names = [name for name in schema.columns if not name.startswith("SK_ID")]
    frames = (
        pl.scan_csv(folder / f"{schema.name}.csv", schema_overrides=types, infer_schema=False).select(names).collect()
        for folder in (REAL_FOLDER, generated)
    )
    real, ours = frames
    return real, ours


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_blanks_are_as_frequent_as_in_the_real_table(generated: Path, schema: TableSchema) -> None:
    real, ours = both(generated, schema)
    shares = {name: (real[name].null_count() / len(real), ours[name].null_count() / len(ours)) for name in real.columns}
    assert {name: pair for name, pair in shares.items() if abs(pair[0] - pair[1]) > LARGEST_BLANK_DIFFERENCE} == {}


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_categories_have_the_shares_of_the_real_table(generated: Path, schema: TableSchema) -> None:
    real, ours = both(generated, schema)
    texts = [name for name in real.columns if real[name].dtype == pl.String]
    far = {}
    for name in texts:
        counted = [frame[name].drop_nulls().value_counts(normalize=True) for frame in (real, ours)]
        first, second = (dict(counts.iter_rows()) for counts in counted)
        distance = max(abs(first.get(level, 0.0) - second.get(level, 0.0)) for level in first.keys() | second.keys())
        if distance > LARGEST_SHARE_DIFFERENCE:
            far[name] = distance
    assert far == {}


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_quartiles_are_those_of_the_real_table(generated: Path, schema: TableSchema) -> None:
    real, ours = both(generated, schema)
    far = {}
    for name in real.select(pl.col(pl.Int64, pl.Int8, pl.Float64)).columns:
        width = (real[name].quantile(0.95) or 0.0) - (real[name].quantile(0.05) or 0.0)
        for share in (0.25, 0.5, 0.75):
            first, second = (frame[name].drop_nulls().quantile(share) for frame in (real, ours))
            if abs(first - second) > LARGEST_QUARTILE_DIFFERENCE * width:
                far[f"{name} at {share}"] = (first, second)
    assert far == {}


def test_the_generated_rows_are_not_rows_of_the_real_table(generated: Path) -> None:
    real, ours = both(generated, APPLICATION_TRAIN)
    key = ["AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY", "DAYS_BIRTH"]
    assert ours.join(real, on=key, how="semi").is_empty()
