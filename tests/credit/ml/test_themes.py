import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.ml.catalogue import UNKNOWN_THEME, variable_named
from credit.ml.features import feature_names
from credit.ml.themes import theme_sums

NAMES = (*feature_names()[:200], "their_column")


@given(st.lists(st.floats(-5, 5), min_size=len(NAMES), max_size=len(NAMES)))
def test_themes_hold_every_feature_once_the_largest_sum_first(values: list[float]) -> None:
    sums = theme_sums(NAMES, np.array(values))
    expected: dict[str, float] = {}
    for name, value in zip(NAMES, values, strict=True):
        theme = variable_named(name).theme
        expected[theme] = expected.get(theme, 0.0) + value
    assert {theme: sums.get(theme, 0.0) for theme in expected} == pytest.approx(expected, abs=1e-9)
    assert set(sums) <= set(expected)
    assert [abs(total) for total in sums.values()] == sorted(map(abs, sums.values()), reverse=True)


def test_a_column_that_the_catalogue_does_not_know_has_a_theme_of_its_own() -> None:
    assert theme_sums(("their_column", "AMT_CREDIT"), np.array([0.5, -1.0])) == {
        "loan_amount": -1.0,
        UNKNOWN_THEME: 0.5,
    }


def test_a_theme_that_sums_to_nothing_is_left_out() -> None:
    assert theme_sums(("EXT_SOURCE_1", "EXT_SOURCE_2"), np.array([0.5, -0.5])) == {}
