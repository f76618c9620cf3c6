import lightgbm as lgb
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from credit.ml.calibration import CalibrationError, PlattMap, cross_fitted, fit_platt, log_odds, sigmoid
from credit.ml.model import load_model
from credit.ml.training.baking import bake
from tests.builders.lightgbm_models import NAMES, clients, model_text


def margins(rows: int, seed: int, slope: float = 1.0, intercept: float = 0.0):
    generator = np.random.default_rng(seed)
    margin = generator.normal(-2.5, 1, rows)
    target = (generator.random(rows) < sigmoid(slope * margin + intercept)).astype(np.int8)
    return target, margin


def test_sigmoid_does_not_overflow():
    np.testing.assert_array_equal(sigmoid(np.array([-1e4, 0.0, 1e4])), [0.0, 0.5, 1.0])


def test_log_odds_are_what_probabilities_were_made_of():
    margin = np.linspace(-12, 12, 1001)
    np.testing.assert_allclose(log_odds(sigmoid(margin)), margin, rtol=0, atol=1e-10)
    np.testing.assert_array_equal(log_odds(np.array([0.0, 0.5, 1.0, np.nan])), [-np.inf, 0.0, np.inf, np.nan])


def test_fit_platt_agrees_with_logistic_regression():
    target, margin = margins(5000, 1, slope=0.6, intercept=0.4)
    platt = fit_platt(target, margin)
    oracle = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000).fit(margin[:, None], target)
    assert platt.slope == pytest.approx(oracle.coef_.item(), abs=1e-5)
    assert platt.intercept == pytest.approx(oracle.intercept_.item(), abs=1e-5)


def test_calibrated_probabilities_have_the_mean_of_the_outcomes():
    target, margin = margins(5000, 2, slope=0.5, intercept=1.0)
    assert fit_platt(target, margin).probability(margin).mean() == pytest.approx(target.mean(), abs=1e-9)


def test_cross_fitting_uses_the_other_folds_only():
    target, margin = margins(900, 3)
    fold = np.arange(900) % 3
    probability = cross_fitted(target, margin, fold)
    for number in range(3):
        others = fit_platt(target[fold != number], margin[fold != number])
        np.testing.assert_array_equal(probability[fold == number], others.probability(margin[fold == number]))


@pytest.mark.parametrize(
    ("target", "margin", "message"),
    [
        ([0, 1, 0, 1], [1.0, 1.0, 1.0, 1.0], "do not vary"),
        ([0, 0, 0, 0], [1.0, 2.0, 3.0, 4.0], "both kinds"),
        ([0, 0, 1, 1], [1.0, 2.0, 3.0, 4.0], "no finite maximum"),
        ([1, 0, 1, 0, 0, 1], [0.0, 3.0, 1.0, 2.0, 0.5, 2.5], "does not mean a higher risk"),
    ],
)
def test_margins_that_cannot_be_calibrated_are_refused(target, margin, message):
    with pytest.raises(CalibrationError, match=message):
        fit_platt(np.array(target), np.array(margin))


@pytest.mark.parametrize("settings", [{}, {"min_data_in_leaf": 5000}], ids=["trees", "one constant tree"])
def test_a_baked_model_gives_the_calibrated_probabilities_and_stays_additive(settings):
    text = model_text(**settings)
    plain, platt = load_model(text), PlattMap(slope=0.8, intercept=-0.3)
    baked = load_model(bake(load_model(text), platt))
    matrix, _ = clients(400, seed=5)
    expected = sigmoid(0.8 * plain.margin(matrix, NAMES) - 0.3)
    np.testing.assert_allclose(baked.predict(matrix, NAMES), expected, atol=1e-12, rtol=0)
    contributions = baked.booster.predict(matrix, pred_contrib=True)
    np.testing.assert_allclose(contributions.sum(axis=1), baked.margin(matrix, NAMES), atol=1e-12, rtol=0)
    np.testing.assert_allclose(
        contributions[:, :-1], 0.8 * plain.booster.predict(matrix, pred_contrib=True)[:, :-1], atol=1e-12, rtol=0
    )


def test_a_baked_text_is_what_any_lightgbm_reads():
    baked = bake(load_model(model_text()), PlattMap(1.1, 0.2))
    matrix, _ = clients(50)
    np.testing.assert_array_equal(
        lgb.Booster(model_str=baked).predict(matrix), load_model(baked).predict(matrix, NAMES)
    )
