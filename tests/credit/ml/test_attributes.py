"""Groups of clients by an attribute of the raw application."""

import numpy as np
import pytest

from credit.ml.attributes import ATTRIBUTES, FAIRNESS_ATTRIBUTES, SEGMENT_ATTRIBUTES, attribute_of
from credit.ml.columns import CATEGORIES, PROTECTED


def test_sex_is_an_attribute_of_fairness_alone() -> None:
    assert {name for name, column in ATTRIBUTES.items() if column in PROTECTED} == {"sex"}
    assert "sex" not in SEGMENT_ATTRIBUTES
    assert set(FAIRNESS_ATTRIBUTES) | set(SEGMENT_ATTRIBUTES) == set(ATTRIBUTES)


def test_ages_fall_into_bands_of_ten_years() -> None:
    years = np.array([21, 29.99, 30.01, 45, 59.9, 75, np.nan])
    found = attribute_of("age_band", -years * 365.25)
    assert found.codes.tolist() == [0, 0, 1, 2, 3, 4, -1]
    assert (len(found.levels), found.edges) == (5, (30.0, 40.0, 50.0, 60.0))


def test_incomes_fall_into_quarters() -> None:
    found = attribute_of("income_band", np.arange(1, 401, dtype=np.float64))
    assert np.bincount(found.codes).tolist() == [100, 100, 100, 100]
    assert list(found.edges) == sorted(found.edges)


@pytest.mark.parametrize("values", [np.full(5, np.nan), np.full(5, 1000.0)])
def test_incomes_that_do_not_vary_make_one_band_or_none(values: np.ndarray) -> None:
    found = attribute_of("income_band", values)
    assert len(set(found.codes.tolist())) == 1
    assert found.codes.max() < len(found.levels)


def test_categories_are_their_levels() -> None:
    found = attribute_of("sex", np.array([0.0, 1.0, np.nan]))
    assert found.levels == CATEGORIES["CODE_GENDER"]
    assert found.codes.tolist() == [0, 1, -1]
