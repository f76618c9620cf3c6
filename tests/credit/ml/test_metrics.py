import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from credit.ml import metrics
from credit.ml.metrics.points import auc_error_of_counts, auc_of_counts


def outcomes(rows: int, seed: int, decimals: int = 16):
    generator = np.random.default_rng(seed)
    probability = np.clip(generator.beta(1, 8, rows).round(decimals), 1e-9, 1 - 1e-9)
    target = (generator.random(rows) < probability).astype(np.int8)
    target[:2] = (0, 1)
    return target, probability


SAMPLES = pytest.mark.parametrize(("rows", "decimals"), [(50, 1), (2000, 2), (5000, 16)])


@SAMPLES
def test_point_metrics_agree_with_scikit_learn(rows, decimals):
    target, probability = outcomes(rows, 1, decimals)
    measured = metrics.metric_intervals(target, probability, client_cost=lambda bad, p: bad * 1.0, resamples=2)
    for value, expected in (
        (measured.roc_auc.value, oracle.roc_auc_score),
        (metrics.roc_auc(target, probability), oracle.roc_auc_score),
        (measured.average_precision.value, oracle.average_precision_score),
        (measured.brier.value, oracle.brier_score_loss),
        (measured.log_loss.value, oracle.log_loss),
    ):
        assert value == pytest.approx(expected(target, probability), abs=1e-12)


@SAMPLES
def test_confusion_agrees_with_scikit_learn_and_refuses_at_the_threshold(rows, decimals):
    target, probability = outcomes(rows, 2, decimals)
    threshold = float(np.sort(probability)[rows // 2])
    counts = metrics.confusion(target, probability, threshold)
    refused = probability >= threshold
    (tn, fp), (fn, tp) = oracle.confusion_matrix(target, refused)
    assert (counts.true_negative, counts.false_positive, counts.false_negative, counts.true_positive) == (
        tn,
        fp,
        fn,
        tp,
    )
    assert counts.precision == pytest.approx(oracle.precision_score(target, refused))
    assert counts.recall == pytest.approx(oracle.recall_score(target, refused))


@SAMPLES
def test_curves_agree_with_scikit_learn(rows, decimals):
    target, probability = outcomes(rows, 3, decimals)
    roc = metrics.roc_curve(target, probability, points=rows + 1)
    x, y, threshold = oracle.roc_curve(target, probability, drop_intermediate=False)
    np.testing.assert_allclose(roc.x, x, atol=1e-12)
    np.testing.assert_allclose(roc.y, y, atol=1e-12)
    np.testing.assert_array_equal(roc.threshold[1:], threshold[1:])
    curve = metrics.precision_recall_curve(target, probability, points=rows + 1)
    precision, recall, cuts = oracle.precision_recall_curve(target, probability)
    np.testing.assert_allclose(curve.y, precision[:-1][::-1], atol=1e-12)
    np.testing.assert_allclose(curve.x, recall[:-1][::-1], atol=1e-12)
    np.testing.assert_array_equal(curve.threshold, cuts[::-1])


def test_a_thinned_curve_keeps_its_ends():
    target, probability = outcomes(5000, 4)
    roc = metrics.roc_curve(target, probability, points=50)
    assert len(roc.x) == 50
    assert (roc.x[0], roc.y[0], roc.x[-1], roc.y[-1]) == (0, 0, 1, 1)


@SAMPLES
def test_calibration_bins_hold_every_client_once(rows, decimals):
    target, probability = outcomes(rows, 5, decimals)
    bins = metrics.calibration_bins(target, probability)
    assert sum(group.count for group in bins) == rows
    assert sum(group.count * group.observed_rate for group in bins) == pytest.approx(target.sum())
    assert sum(group.count * group.mean_predicted for group in bins) == pytest.approx(probability.sum())
    assert [group.mean_predicted for group in bins] == sorted(group.mean_predicted for group in bins)
    assert all(0 <= group.low <= group.observed_rate <= group.high <= 1 for group in bins)


def test_calibration_bins_are_of_equal_size_without_ties():
    target, probability = outcomes(5000, 6)
    assert {group.count for group in metrics.calibration_bins(target, probability)} == {500}


def test_wilson_interval_equals_the_one_published_for_the_original_study():
    low, high = metrics.wilson_interval(np.array([116 / 150]), np.array([150]))
    assert (low.round(2).item(), high.round(2).item()) == (0.70, 0.83)


def test_intervals_hold_the_value_and_narrow_with_more_clients():
    widths = []
    for rows in (1000, 16_000):
        target, probability = outcomes(rows, 7)
        measured = metrics.metric_intervals(
            target, probability, client_cost=lambda bad, p: np.where(bad, 10.0, 1.0), resamples=100, seed=1
        )
        for interval in (measured.roc_auc, measured.average_precision, measured.brier, measured.log_loss):
            assert interval.low < interval.value < interval.high
        widths.append(measured.roc_auc.high - measured.roc_auc.low)
    assert widths[1] < widths[0] / 2


def test_intervals_are_the_same_for_the_same_seed():
    target, probability = outcomes(500, 8)
    cost = lambda bad, p: bad * 1.0  # noqa: E731
    first, again, other = (
        metrics.metric_intervals(target, probability, client_cost=cost, resamples=20, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_the_bootstrap_interval_of_the_auc_covers_its_standard_error():
    target, probability = outcomes(4000, 9)
    measured = metrics.metric_intervals(
        target, probability, client_cost=lambda bad, p: bad * 1.0, resamples=400, seed=3
    ).roc_auc
    bad, good = probability[target == 1], probability[target == 0]
    placement_bad = (good[None, :] < bad[:, None]).mean(axis=1)
    placement_good = (bad[None, :] > good[:, None]).mean(axis=1)
    delong = np.sqrt(placement_bad.var(ddof=1) / len(bad) + placement_good.var(ddof=1) / len(good))
    assert (measured.high - measured.low) / (2 * 1.96) == pytest.approx(delong, rel=0.15)


def test_intervals_of_losses_cover_the_truth_as_often_as_they_promise():
    """With a fixed number of defaults in each resample, the interval of the log-loss covers it in 6 samples of 10."""
    generator = np.random.default_rng(10)
    population = generator.beta(0.9, 10, 200_000)
    truth = {
        "brier": (population * (1 - population)).mean(),
        "log_loss": -(population * np.log(population) + (1 - population) * np.log1p(-population)).mean(),
        "cost_per_client": 10 * population.mean(),
    }
    samples = 300
    covered = dict.fromkeys(truth, 0)
    for seed in range(samples):
        probability = generator.choice(population, 1000)
        target = (generator.random(1000) < probability).astype(np.int8)
        measured = metrics.metric_intervals(
            target, probability, client_cost=lambda bad, p: 10.0 * bad, resamples=200, seed=seed
        )
        for name, value in truth.items():
            interval = getattr(measured, name)
            covered[name] += interval.low <= value <= interval.high
    for name, count in covered.items():
        assert 0.91 <= count / samples <= 0.98, name


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_resamples_draw_as_many_clients_and_always_both_outcomes(seed):
    target, probability = np.array([1] + [0] * 19), np.linspace(0, 1, 20)
    ranking = metrics.Ranking.of(target, probability)
    bad = []
    for weight in ranking.resamples(30, seed):
        assert weight.sum() == 20
        bad.append(weight[ranking.defaulted].sum())
    assert min(bad) >= 1
    assert len(set(bad)) > 1


def test_the_error_of_the_auc_is_that_of_new_samples():
    generator = np.random.default_rng(3)
    values, errors = [], []
    for _ in range(400):
        target = (generator.random(400) < 0.3).astype(np.int8)
        counts = metrics.Ranking.of(target, np.round(generator.normal(target, 1), 1)).counts()
        values.append(auc_of_counts(*counts))
        errors.append(auc_error_of_counts(*counts))
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.1)


@pytest.mark.parametrize(
    ("target", "probability", "message"),
    [
        ([0, 0], [0.1, 0.2], "both kinds"),
        ([0, 1], [0.1, np.nan], "finite"),
        ([0, 1], [0.1], "differ"),
    ],
)
def test_outcomes_that_cannot_be_ranked_are_refused(target, probability, message):
    with pytest.raises(ValueError, match=message):
        metrics.roc_auc(np.array(target), np.array(probability))
