import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import f1_score

from tests.builders.predictions import drawn
from vision.ml import statistics
from vision.ml.metrics import predicted_classes
from vision.ml.statistics import Interval, PairCounts

COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("hits", "images", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (116, 150, 0.70, 0.83),  # CLIP in the original study, to the percent
        (110, 150, 0.66, 0.80),  # VGG16
    ],
)
def test_wilson_gives_the_published_intervals(hits, images, low, high):
    interval = statistics.wilson(hits, images)
    digits = 2 if images == 150 else 4
    assert (round(interval.low, digits), round(interval.high, digits)) == (low, high)


@given(st.integers(1, 500), st.data())
def test_wilson_agrees_with_scipy_and_holds_the_share(images, data):
    hits = data.draw(st.integers(0, images))
    ours = statistics.wilson(hits, images)
    expected = stats.binomtest(hits, images).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= ours.low <= hits / images <= ours.high <= 1


def test_wilson_of_no_image_says_nothing():
    assert statistics.wilson(0, 0) == Interval(0.0, 1.0)


def loop(labels, predicted, groups, resamples):
    """The plain way: draw groups, gather their images, score with scikit-learn."""
    generator, places = np.random.default_rng(5), [np.flatnonzero(groups == group) for group in np.unique(groups)]
    for _ in range(resamples):
        rows = np.concatenate([places[at] for at in generator.integers(0, len(places), len(places))])
        right = (labels[rows] == predicted[rows]).mean()
        yield right, f1_score(labels[rows], predicted[rows], average="macro", zero_division=0)


@pytest.mark.parametrize("groups", [np.arange(120), np.minimum(np.arange(120), 90)], ids=["alone", "thirty alike"])
def test_the_bootstrap_has_the_distribution_of_the_plain_loop(groups):
    labels, probabilities = drawn(120, 4, seed=1, skill=1.5)
    predicted = predicted_classes(probabilities)
    counts = statistics.bootstrap(labels, predicted, 4, groups, seed=2, resamples=20_000)
    accuracy, macro_f1 = np.array(list(loop(labels, predicted, groups, 200))).T
    for ours, plain in ((counts.accuracy, accuracy), (counts.macro_f1, macro_f1)):
        assert ours.mean() == pytest.approx(plain.mean(), abs=4 * plain.std() / 200**0.5)
        assert ours.std() == pytest.approx(plain.std(), rel=0.2)  # four standard errors of 200 draws


def test_resampled_counts_are_those_of_whole_data_sets():
    labels, probabilities = drawn(80, 4, seed=3)
    counts = statistics.bootstrap(labels, predicted_classes(probabilities), 4, np.arange(80), seed=0, resamples=50)
    assert counts.hits.shape == (50, 4)
    assert (counts.support.sum(axis=1) == 80).all()
    assert (counts.predicted.sum(axis=1) == 80).all()
    assert (counts.hits <= np.minimum(counts.support, counts.predicted)).all()


def test_identical_images_are_drawn_together():
    labels, predicted = np.zeros(10, dtype=np.int64), np.zeros(10, dtype=np.int64)
    groups = np.array([0] * 6 + [1, 2, 3, 4])
    counts = statistics.bootstrap(labels, predicted, 2, groups, seed=0, resamples=500)
    sizes = np.unique(counts.support.sum(axis=1))
    assert set(sizes) <= {5 + 5 * times for times in range(6)}  # five groups drawn, one of them brings six images
    assert len(sizes) > 2


def test_identical_images_widen_the_interval():
    labels, probabilities = drawn(200, 4, seed=4, skill=1.0)
    predicted = predicted_classes(probabilities)
    right = np.argsort(labels == predicted)
    widths = []
    for groups in (np.arange(200), np.argsort(right) // 5):
        values = statistics.bootstrap(labels, predicted, 4, groups, seed=0).accuracy
        interval = statistics.percentile_interval(values)
        widths.append(interval.high - interval.low)
    assert widths[1] > 1.5 * widths[0]


def test_the_bootstrap_is_repeatable_by_its_seed():
    labels, probabilities = drawn(80, 4, seed=3)
    predicted = predicted_classes(probabilities)
    first, same, other = (
        statistics.bootstrap(labels, predicted, 4, np.arange(80), seed=seed).macro_f1 for seed in (7, 7, 8)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_percentiles_leave_the_tails_out():
    interval = statistics.percentile_interval(np.arange(1001.0), confidence=0.9)
    assert (interval.low, interval.high) == pytest.approx((50.0, 950.0))


@given(COUNTS, COUNTS)
def test_mcnemar_is_the_binomial_test_of_the_discordant_images(only_a, only_b):
    p = statistics.mcnemar(PairCounts(10, only_a, only_b, 5)).p
    expected = stats.binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1.0
    assert p == pytest.approx(expected)


@pytest.mark.parametrize(
    ("pairs", "p", "difference", "low", "high"),
    [
        # Fagerland, Lydersen & Laake, Statistical Analysis of Contingency Tables, 2017, chapter 8
        (PairCounts(59, 6, 16, 80), 0.052479, -0.0621, -0.1186, -0.0046),
        (PairCounts(1, 1, 7, 12), 0.0703125, -0.2857, -0.5069, -0.0256),
    ],
)
def test_mcnemar_and_newcombe_give_the_published_figures(pairs, p, difference, low, high):
    found = statistics.mcnemar(pairs)
    assert found.p == pytest.approx(p, abs=5e-7)
    assert found.difference == pytest.approx(difference, abs=5e-5)
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_interval_of_a_paired_difference_holds_it_and_turns_with_the_contenders(both, only_a, only_b, none):
    if not both + only_a + only_b + none:
        return
    found = statistics.mcnemar(PairCounts(both, only_a, only_b, none))
    turned = statistics.mcnemar(PairCounts(both, only_b, only_a, none))
    assert -1 <= found.interval.low <= found.difference <= found.interval.high <= 1
    assert (found.interval.low, found.interval.high) == pytest.approx((-turned.interval.high, -turned.interval.low))
    assert found.p == turned.p


def covered(truth, images, draws, generator):
    """How often the interval of drawn images holds the true difference."""
    held = 0
    for counts in generator.multinomial(images, truth, size=draws):
        interval = statistics.mcnemar(PairCounts(*map(int, counts))).interval
        held += interval.low <= truth[1] - truth[2] <= interval.high
    return held / draws


@pytest.mark.parametrize("truth", [(0.7, 0.1, 0.06, 0.14), (0.9, 0.04, 0.04, 0.02)])
def test_the_interval_of_a_paired_difference_covers_it_as_often_as_it_says(truth):
    assert 0.93 <= covered(truth, 150, 2000, np.random.default_rng(0)) <= 0.99


def test_the_corrected_t_test_is_that_of_nadeau_and_bengio():
    differences = [0.03, 0.01, 0.05, -0.01, 0.02]
    found = statistics.corrected_resampled_t(differences, train_images=628, test_images=209)
    error = np.sqrt((1 / 5 + 209 / 628) * np.var(differences, ddof=1))
    expected = stats.t(df=4, loc=np.mean(differences), scale=error).interval(0.95)
    assert found.difference == pytest.approx(0.02)
    assert found.p == pytest.approx(2 * stats.t.sf(0.02 / error, 4))
    assert (found.interval.low, found.interval.high) == pytest.approx(expected)
    assert found.p > stats.ttest_1samp(differences, 0).pvalue  # which takes the folds for independent


@given(st.integers(1, 60), st.floats(0, 50))
def test_students_distribution_is_that_of_scipy(freedom, t):
    assert statistics._student_share(t, freedom) == pytest.approx(1 - 2 * stats.t.sf(t, freedom), abs=1e-12)


@given(st.integers(1, 60), st.floats(0.5, 0.999))
def test_students_quantile_is_that_of_scipy(freedom, confidence):
    expected = stats.t.ppf((1 + confidence) / 2, freedom)
    assert statistics._student_quantile(confidence, freedom) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("differences", "is_shown"), [([0.0, 0.0, 0.0], False), ([2 / 210] * 2, False), ([0.3] * 5, True)]
)
def test_equal_differences_count_as_known_to_one_image(differences, is_shown):
    found = statistics.corrected_resampled_t(differences, train_images=628, test_images=210)
    assert (found.p < 0.05) is is_shown
    assert found.interval.low < found.difference < found.interval.high


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holms_correction_is_the_stepwise_one(p):
    adjusted = statistics.holm(p)
    order = np.argsort(p, kind="stable")
    expected = np.minimum(1, np.maximum.accumulate(np.array(p)[order] * np.arange(len(p), 0, -1)))
    np.testing.assert_allclose(np.array(adjusted)[order], expected)
    assert all(one >= other for one, other in zip(adjusted, p, strict=True))


def test_holm_gives_his_textbook_figures():
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
