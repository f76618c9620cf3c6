"""A simulated file has the features that a table with the changed row would have given."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.ml.application import decode
from credit.ml.catalogue import describe, offered_levels
from credit.ml.columns import APPLICATION, CATEGORIES, CLIENT_ID, PROTECTED, TARGET
from credit.ml.features import build_features, feature_names
from credit.ml.inputs import (
    MAIN_INPUTS,
    POSITIONS,
    WrongInput,
    changed,
    completeness,
    missing_inputs,
    to_code,
    to_vector,
)
from credit.ml.progress import ignore_progress
from credit.ml.simulation import (
    NO_CHANGES,
    Changes,
    Subject,
    features_without_history,
    probabilities,
    query_of,
    query_values,
)
from credit.ml.tables import Tables
from tests.builders.home_credit import REAL_FOLDER, needs_real_tables, open_folders
from tests.builders.simulations import Material

SIMULABLE = [name for name in APPLICATION.columns if describe(name).is_simulable]


def subject(material: Material, row: int) -> Subject:
    return Subject(material.raw[row], material.features[row])


def a_value(column: str) -> st.SearchStrategy[float | int | str]:
    """A value that the catalogue lets an advisor choose."""
    if column in CATEGORIES:
        return st.sampled_from(offered_levels(column))
    variable = describe(column)
    steps = int((variable.maximum - variable.minimum) / variable.step)
    number = st.integers(0, steps).map(lambda k: variable.minimum + k * variable.step)
    return number.map(int) if APPLICATION.columns[column] == pl.Int64 else number


SCENARIO = st.lists(st.sampled_from(SIMULABLE), min_size=1, max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: a_value(name) for name in names})
)


def with_changed_row(material: Material, row: int, scenario: dict[str, object]) -> Tables:
    """The tables, the row's application changed as a person would change it in the file."""
    is_row = pl.col(CLIENT_ID) == int(material.client_ids[row])
    tables = open_folders([material.folder])
    edited = tables.application.with_columns(
        pl.when(is_row).then(pl.lit(value, APPLICATION.columns[name])).otherwise(pl.col(name)).alias(name)
        for name, value in scenario.items()
    )
    return Tables(edited, *(getattr(tables, name) for name in Tables.__slots__[1:]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.integers(0, 59), scenario=SCENARIO)
def test_a_scenario_has_the_features_of_a_table_with_the_changed_row(
    material: Material, row: int, scenario: dict[str, object]
) -> None:
    simulated = subject(material, row).variants([Changes.read(scenario)])[0]
    tables = with_changed_row(material, row, scenario)
    built = build_features(tables, ignore_progress).filter(pl.col(CLIENT_ID) == int(material.client_ids[row]))
    expected = built.drop(CLIENT_ID).to_numpy()[0]
    np.testing.assert_array_equal(simulated, expected.astype(np.float32))


@given(scenario=SCENARIO)
def test_changes_are_read_back_from_their_query_and_from_their_values(scenario: dict[str, object]) -> None:
    changes = Changes.read(scenario)
    assert changes.values == scenario
    assert Changes.read(query_values(changes.query)) == changes == Changes.read(changes.values)
    assert query_of(dict(reversed(scenario.items()))) == changes.query


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("AMT_CREDIT", 4_000.0, "out_of_range"),
        ("AMT_CREDIT", float("inf"), "not_finite"),
        ("AMT_CREDIT", float("nan"), "blank"),
        ("DAYS_EMPLOYED", -40_000, "out_of_range"),
        ("CODE_GENDER", "F", "not_simulable"),
        ("DAYS_BIRTH", -12_000, "not_simulable"),
        ("EXT_SOURCE_1", 0.9, "not_simulable"),
        ("NAME_INCOME_TYPE", "Maternity leave", "unknown_level"),
        ("NAME_HOUSING_TYPE", "Castle", "unknown_level"),
        ("nonsense", 1.0, "not_simulable"),
    ],
)
def test_only_values_that_the_catalogue_allows_can_be_simulated(column: str, value: object, code: str) -> None:
    with pytest.raises(WrongInput) as refused:
        Changes.read({column: value})
    assert (refused.value.column, refused.value.code) == (column, code)


def test_changing_nothing_gives_the_very_bits_of_the_portfolio_score(material: Material) -> None:
    whole = material.model.predict(material.features, feature_names())
    for row in range(60):
        file = subject(material, row)
        assert probabilities(material.model, file, [NO_CHANGES])[0] == whole[row]
        assert (probabilities(material.model, file, [NO_CHANGES] * 3) == whole[row]).all()


def test_no_scenario_no_answer(material: Material) -> None:
    assert probabilities(material.model, subject(material, 0), []).shape == (0,)


def test_people_without_history_get_the_features_that_a_build_would_give(material: Material) -> None:
    """A client whom no side table knows, built from tables that know others."""
    tables = open_folders([material.folder])
    stranger = tables.application.head(1).with_columns(pl.lit(999_999_999).alias(CLIENT_ID))
    known = Tables(stranger, *(getattr(tables, name) for name in Tables.__slots__[1:]))
    built = build_features(known, ignore_progress).drop(CLIENT_ID).to_numpy()
    first = int(stranger.collect()[CLIENT_ID][0])
    assert first == 999_999_999
    row = int(np.flatnonzero(material.client_ids == tables.application.head(1).collect()[CLIENT_ID][0])[0])
    np.testing.assert_array_equal(features_without_history(material.raw[row : row + 1]), built.astype(np.float32))


def test_only_the_changed_columns_of_an_application_change(material: Material) -> None:
    before = material.raw[0].copy()
    after = changed(material.raw[0], {"AMT_CREDIT": 1.0})
    assert np.flatnonzero(~((before == after) | np.isnan(before))).tolist() == [POSITIONS["AMT_CREDIT"]]
    np.testing.assert_array_equal(material.raw[0], before)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("AMT_CREDIT", "abc", "not_a_number"),
        ("AMT_CREDIT", "inf", "not_finite"),
        ("AMT_CREDIT", -1, "out_of_bounds"),
        ("AMT_CREDIT", 1e300, "out_of_bounds"),
        ("AMT_CREDIT", 10**400, "not_a_number"),
        ("CNT_CHILDREN", 1.5, "not_whole"),
        ("DAYS_BIRTH", -100, "out_of_bounds"),
        ("EXT_SOURCE_1", 1.2, "out_of_bounds"),
        ("NAME_HOUSING_TYPE", "Castle", "unknown_level"),
        ("NAME_HOUSING_TYPE", 3, "unknown_level"),
        ("SK_ID_CURR", 1, "unknown_column"),
        ("Amount", 1, "unknown_column"),
    ],
)
def test_a_value_that_cannot_be_names_its_column_and_why(column: str, value: object, code: str) -> None:
    with pytest.raises(WrongInput) as refused:
        to_code(column, value)
    assert (refused.value.column, refused.value.code) == (column, code)


@pytest.mark.parametrize("value", [None, "", float("nan")])
def test_blanks_are_blank_in_numbers_and_in_categories(value: object) -> None:
    assert np.isnan(to_code("AMT_CREDIT", value))
    assert np.isnan(to_code("OCCUPATION_TYPE", value))


def test_completeness_counts_the_main_inputs_that_are_given() -> None:
    assert completeness(to_vector({})) == 0
    half = to_vector({name: _some(name) for name in MAIN_INPUTS[:6]})
    assert completeness(half) == pytest.approx(0.5)
    assert missing_inputs(half) == MAIN_INPUTS[6:]
    assert completeness(to_vector({name: _some(name) for name in MAIN_INPUTS})) == 1


def test_somebody_who_is_not_employed_has_answered() -> None:
    assert "DAYS_EMPLOYED" not in missing_inputs(to_vector({"DAYS_EMPLOYED": 365243}))


def test_sex_is_not_a_main_input_and_changes_no_feature(material: Material) -> None:
    assert not set(PROTECTED) & set(MAIN_INPUTS)
    variants = subject(material, 0).variants([Changes({"CODE_GENDER": 0.0}), Changes({"CODE_GENDER": 1.0})])
    np.testing.assert_array_equal(variants[0], variants[1])


@needs_real_tables
def test_every_value_of_the_real_applications_is_accepted_and_kept() -> None:
    from credit.ml.application import encode

    applications = open_folders([REAL_FOLDER]).application.drop(TARGET).collect().sample(300, seed=1)
    for encoded, row in zip(encode(applications), applications.iter_rows(named=True), strict=True):
        client_id = row.pop(CLIENT_ID)
        vector = to_vector(row)
        np.testing.assert_array_equal(vector, encoded)
        assert decode(vector[None, :], [client_id]).drop(CLIENT_ID).row(0, named=True) == row


def test_the_generated_tables_lie_where_the_tests_think(material: Material) -> None:
    assert isinstance(material.folder, Path)
    assert material.features.shape == (60, len(feature_names()))


def _some(name: str) -> object:
    if name in CATEGORIES:
        return CATEGORIES[name][0]
    return (
        0.5
        if name.startswith("EXT_")
        else -12_000
        if name == "DAYS_BIRTH"
        else -100
        if name.startswith("DAYS")
        else 1e5
    )
