"""Properties of the features that hold for any tables."""

import hashlib
import json
import re
from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from credit.ml import columns, levels
from credit.ml.application import encode
from credit.ml.columns import APPLICATION, CATEGORIES, CLIENT_ID, TARGET, TableSchema
from credit.ml.features import build_features, feature_names, rebuild_matrix
from credit.ml.features.application import application_columns, application_values
from credit.ml.features.assembly import side_features
from credit.ml.progress import ignore_progress
from credit.ml.tables import Tables
from tests.builders.home_credit import application_row, table

CLIENTS = (1, 2, 3, 4)
SIDE = {
    "bureau": (columns.BUREAU, levels.BUREAU),
    "bureau_balance": (columns.BUREAU_BALANCE, levels.BUREAU_BALANCE),
    "previous_application": (columns.PREVIOUS_APPLICATION, levels.PREVIOUS_APPLICATION),
    "pos_cash_balance": (columns.POS_CASH_BALANCE, levels.POS_CASH_BALANCE),
    "installments_payments": (columns.INSTALLMENTS_PAYMENTS, {}),
    "credit_card_balance": (columns.CREDIT_CARD_BALANCE, levels.CREDIT_CARD_BALANCE),
}
#: Columns that identify a row, so that ties between two rows can be settled.
ROW_IDS = {"bureau": "SK_ID_BUREAU", "previous_application": "SK_ID_PREV"}


def _side_table(name: str, seed: int, size: int) -> pl.DataFrame:
    """Random rows with extremes, about every fifth value blank."""
    schema, known_levels = SIDE[name]
    generator = np.random.default_rng([seed, len(name), len(schema.columns)])
    data = {
        column: _random_column(column, kind, known_levels.get(column, ("XNA", "Y")), generator, size)
        for column, kind in schema.columns.items()
    }
    if name in ROW_IDS:
        data[ROW_IDS[name]] = list(range(100, 100 + size))
    return pl.DataFrame(data, schema=schema.columns)


def _random_column(
    name: str, kind: type[pl.DataType], texts: tuple[str, ...], generator: np.random.Generator, size: int
) -> list[object]:
    if name == CLIENT_ID:
        return list(generator.integers(1, len(CLIENTS) + 2, size).tolist())  # one client too many: an orphan
    if name.startswith("SK_ID_"):
        return list(generator.integers(100, 110, size).tolist())
    if kind == pl.String:
        pool: list[object] = [*texts, "XNA"]
    elif name.startswith(("DAYS_", "MONTHS_")):
        pool = [*range(-40, 1), -400, -3000, 365243]
    else:
        pool = [0, 0, 1, 2, 12, 1000, 250000] if kind == pl.Int64 else [0.0, 0.5, 3.25, 1234.5, 99999.0, 1e11]
    blank = generator.random(size) < (0.0 if kind == pl.Int64 else 0.2)
    chosen = generator.integers(0, len(pool), size)
    return [None if skip else pool[index] for skip, index in zip(blank, chosen, strict=True)]


def _applications(seed: int) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    rows = []
    for client in CLIENTS:
        values: dict[str, object] = {name: str(generator.choice(known)) for name, known in CATEGORIES.items()}
        values |= {
            name: None if generator.random() < 0.2 else float(generator.choice([0.0, 0.4, 3.0, 180000.0]))
            for name, kind in APPLICATION.columns.items()
            if kind == pl.Float64
        }
        values["DAYS_EMPLOYED"] = int(generator.choice([365243, 0, -1200]))
        rows.append(application_row(client, **values))
    frame = table(APPLICATION, rows)
    return frame.insert_column(1, pl.Series(TARGET, [0, 1, None, 0], dtype=pl.Int8))


def _tables(applications: pl.DataFrame, sides: Mapping[str, pl.DataFrame]) -> Tables:
    return Tables(application=applications.lazy(), **{name: frame.lazy() for name, frame in sides.items()})


def _random_sides(seed: int, size: int) -> dict[str, pl.DataFrame]:
    return {name: _side_table(name, seed, size) for name in SIDE}


def _empty_sides() -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(schema=schema.columns) for name, (schema, _) in SIDE.items()}


@given(st.integers(0, 10_000), st.integers(0, 30))
@settings(max_examples=15, deadline=None)
def test_every_value_is_finite_or_null_and_the_schema_never_changes(seed: int, size: int) -> None:
    features = build_features(_tables(_applications(seed), _random_sides(seed, size)), ignore_progress)
    assert features.schema == {CLIENT_ID: pl.Int64, **dict.fromkeys(feature_names(), pl.Float32)}
    assert features[CLIENT_ID].to_list() == sorted(CLIENTS)
    assert features.select(pl.all().is_infinite().any() | pl.all().is_nan().any()).row(0).count(True) == 0


@given(st.integers(0, 10_000), st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_does_not_matter(seed: int, size: int) -> None:
    applications, sides = _applications(seed), _random_sides(seed, size)
    # Two statements of one credit and one month contradict each other: only then would the order be the judge.
    sides["pos_cash_balance"] = sides["pos_cash_balance"].unique(["SK_ID_PREV", "MONTHS_BALANCE"], keep="first")
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in sides.items()}
    first = build_features(_tables(applications, sides), ignore_progress)
    second = build_features(_tables(applications.reverse(), shuffled), ignore_progress)
    assert_frame_equal(first, second, rel_tol=1e-5, abs_tol=1e-6)


@given(st.integers(0, 10_000), st.integers(0, 30))
@settings(max_examples=10, deadline=None)
def test_an_unchanged_application_is_rebuilt_to_the_bit(seed: int, size: int) -> None:
    applications = _applications(seed)
    features = build_features(_tables(applications, _random_sides(seed, size)), ignore_progress)
    stored = features.drop(CLIENT_ID).to_numpy()
    np.testing.assert_array_equal(rebuild_matrix(encode(applications), stored), stored)
    for client in range(len(CLIENTS)):
        row = stored[client : client + 1]
        np.testing.assert_array_equal(rebuild_matrix(encode(applications[client]), row), row)


def test_a_changed_amount_changes_every_ratio_and_no_history() -> None:
    applications = _applications(1).with_columns(
        pl.lit(200000.0).alias("AMT_CREDIT"), pl.lit(9000.0).alias("AMT_ANNUITY")
    )
    features = build_features(_tables(applications, _random_sides(1, 40)), ignore_progress)
    raw = encode(applications.with_columns(pl.col("AMT_CREDIT") * 2))
    matrix = rebuild_matrix(raw, features.drop(CLIENT_ID).to_numpy())
    doubled = pl.DataFrame(matrix, schema=list(feature_names()), nan_to_null=True)
    np.testing.assert_allclose(doubled["PAYMENT_RATE"] * 2, features["PAYMENT_RATE"])
    assert (doubled["AMT_CREDIT"] == 400000).all()
    known = features["CREDIT_TO_BUREAU_CREDIT_MEAN"].is_not_null()
    assert known.any()
    np.testing.assert_allclose(
        doubled["CREDIT_TO_BUREAU_CREDIT_MEAN"].filter(known),
        2 * features["CREDIT_TO_BUREAU_CREDIT_MEAN"].filter(known),
    )
    history = [name for name in feature_names() if name.startswith(("POS_", "CC_AMT", "BUREAU_AMT", "PREV_AMT"))]
    assert doubled.select(history).equals(features.select(history))


def test_sex_changes_no_feature() -> None:
    applications, sides = _applications(3), _random_sides(3, 30)
    features = build_features(_tables(applications, sides), ignore_progress)
    for sex in CATEGORIES["CODE_GENDER"]:
        flipped = applications.with_columns(pl.lit(sex).alias("CODE_GENDER"))
        assert build_features(_tables(flipped, sides), ignore_progress).equals(features)
    assert not [name for name in feature_names() if "GENDER" in name]


def test_maternity_leave_is_read_as_a_blank() -> None:
    applications = _applications(3)
    leave = applications.with_columns(pl.lit("Maternity leave").alias("NAME_INCOME_TYPE"))
    blank = applications.with_columns(pl.lit(None, pl.String).alias("NAME_INCOME_TYPE"))
    values, expected = (application_values(application_columns(encode(rows))) for rows in (leave, blank))
    for name in values:
        np.testing.assert_array_equal(values[name], expected[name])
    assert np.isnan(values["NAME_INCOME_TYPE"]).all()


def test_without_history_every_side_feature_is_null() -> None:
    applications = _applications(2)
    side = side_features(_tables(applications, _empty_sides()), applications.select(CLIENT_ID), ignore_progress)
    assert side.height == len(CLIENTS)
    assert all(side[name].null_count() == len(CLIENTS) for name in side.columns)


def test_progress_is_reported_table_by_table() -> None:
    calls: list[tuple[int, int, str]] = []
    applications = _applications(2)
    build_features(_tables(applications, _empty_sides()), lambda *call: calls.append(call))
    assert [done for done, _, _ in calls] == list(range(6))
    assert {total for _, total, _ in calls} == {5}


def test_a_listener_may_stop_the_build() -> None:
    def stop(done: int, total: int, message: str) -> None:
        if done == 2:
            raise InterruptedError(message)

    with pytest.raises(InterruptedError):
        build_features(_tables(_applications(2), _empty_sides()), stop)


def test_names_and_codes_of_features_have_not_changed() -> None:
    """Stored vectors and models rely on them: change the digest only with a migration of what is stored."""
    names, codes = "\n".join(feature_names()), json.dumps(CATEGORIES)
    assert (
        hashlib.sha256(names.encode()).hexdigest() == "e9fc2fe5d09b47020cb3e49bfb08fd2c78e2d754872a510d589d5f5dbddb2dec"
    )
    assert (
        hashlib.sha256(codes.encode()).hexdigest() == "2af7e9e3d1568308c7e788da74905f429e68d1ed7c7b48a041db56488be808a2"
    )


def test_names_are_unique_and_fit_lightgbm() -> None:
    names = feature_names()
    assert len(set(names)) == len(names)
    assert 600 <= len(names) <= 820
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", name) for name in names)


@pytest.mark.parametrize("schema", [columns.BUREAU, columns.PREVIOUS_APPLICATION], ids=lambda schema: schema.name)
def test_levels_are_declared_for_text_columns_only(schema: TableSchema) -> None:
    declared = {columns.BUREAU.name: levels.BUREAU, "previous_application": levels.PREVIOUS_APPLICATION}[schema.name]
    assert all(schema.columns[name] == pl.String for name in declared)
