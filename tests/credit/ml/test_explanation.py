import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from credit.ml.calibration import sigmoid
from credit.ml.explanation import (
    Contributions,
    additivity_error,
    contributions,
    probability_points,
    rounded,
    stored_contributions,
)
from credit.ml.model import MissingColumns, load_model
from tests.builders.lightgbm_models import NAMES, clients, model_text

MODEL = load_model(model_text())


def test_contributions_equal_lightgbms_to_the_last_digit():
    matrix, _ = clients(60, seed=1)
    explained = contributions(MODEL, matrix, NAMES)
    oracle = lgb.Booster(model_str=MODEL.text).predict(matrix, pred_contrib=True)
    np.testing.assert_array_equal(explained.values, oracle[:, :-1])
    assert explained.base_value == oracle[0, -1]
    assert explained.names == NAMES


def test_contributions_follow_names_not_positions():
    matrix, _ = clients(10, seed=2)
    order = [3, 1, 5, 0, 2, 4]
    shuffled = contributions(MODEL, matrix[:, order], [NAMES[i] for i in order])
    np.testing.assert_array_equal(shuffled.values, contributions(MODEL, matrix, NAMES).values)
    with pytest.raises(MissingColumns, match="BUREAU_COUNT"):
        contributions(MODEL, matrix[:, :5], NAMES[:5])


def test_contributions_add_up_and_a_changed_value_shows_as_an_error():
    matrix, _ = clients(40, seed=3)
    explained = contributions(MODEL, matrix, NAMES)
    margin = MODEL.margin(matrix, NAMES)
    assert additivity_error(explained, margin).max() < 1e-12
    explained.values[7, 2] += 0.01
    assert additivity_error(explained, margin).argmax() == 7


@settings(max_examples=200, deadline=None)
@given(
    arrays.arrays(np.float64, (3, 5), elements=st.floats(-4, 4, allow_subnormal=False)),
    st.floats(-6, 6),
)
def test_probability_points_add_up_and_keep_signs_and_order(values, base_value):
    points = probability_points(values, base_value)
    start = sigmoid(np.array(base_value))
    end = sigmoid(base_value + values.sum(axis=1))
    np.testing.assert_allclose(points.sum(axis=1), end - start, atol=1e-9)
    assert (points[values == 0] == 0).all()
    assert ((points >= 0) == (values >= 0)).all() or (np.abs(values[(points >= 0) != (values >= 0)]) < 1e-300).all()
    for contributions_of_client, points_of_client in zip(values, points, strict=True):
        assert (np.diff(points_of_client[np.argsort(contributions_of_client)]) >= 0).all()


def test_probability_points_of_contributions_that_cancel_have_the_slope_of_the_curve_there():
    points = probability_points(np.array([[0.5, -0.5]]), 0.0)
    np.testing.assert_allclose(points, [[0.125, -0.125]])


def test_probability_points_are_continuous_where_contributions_nearly_cancel():
    near, at = (probability_points(np.array([[1.0, -1.0 + gap]]), -2.0) for gap in (2e-6, 0.0))
    np.testing.assert_allclose(near, at, atol=1e-6)


@given(values=arrays.arrays(np.float64, (3, 4), elements=st.floats(-10, 10)))
def test_stored_contributions_are_read_back_unchanged(values):
    explained = Contributions(values, 0.5, ("a", "b", "c", "d"))
    for stored in (explained, rounded(explained)):
        content = np.ascontiguousarray(stored.values[1]).tobytes()
        np.testing.assert_array_equal(stored_contributions(content, 4), stored.values[1].astype(float))
    is_large = np.abs(values).sum(axis=1).max() > 16
    assert rounded(explained).values.dtype == (np.float64 if is_large else np.float32)
    np.testing.assert_allclose(rounded(explained).values, values, rtol=2**-24, atol=1e-37)
    assert additivity_error(rounded(explained), 0.5 + values.sum(axis=1)).max() < 5e-7


def test_contributions_of_another_length_are_refused():
    for length in (0, 10, 12, 48):
        with pytest.raises(ValueError, match="contributions of 4 features"):
            stored_contributions(bytes(length), 4)
