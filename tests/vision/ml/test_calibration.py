import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from tests.builders.predictions import drawn
from vision.ml import calibration

#: Confidences with few digits, so that several images are equally sure.
SURENESS = st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=60)


def arrays(images):
    sure, right = zip(*images, strict=True)
    return np.array(sure) / 20, np.array(right)


@given(st.integers(0, 999), st.floats(0, 3))
def test_the_brier_score_is_that_of_scikit_learn(seed, skill):
    labels, probabilities = drawn(50, 4, seed, skill)
    probabilities = probabilities.astype(np.float64)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    expected = brier_score_loss(labels, probabilities, labels=range(4), scale_by_half=False)
    assert calibration.brier(probabilities, labels) == pytest.approx(expected)


@pytest.mark.parametrize(("probability", "score"), [([1.0, 0.0], 0.0), ([0.0, 1.0], 2.0), ([0.5, 0.5], 0.5)])
def test_the_brier_score_goes_from_0_to_2(probability, score):
    assert calibration.brier(np.array([probability]), np.array([0])) == pytest.approx(score)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below_it():
    confidence = np.array([1 / 15, np.nextafter(1 / 15, 1), 2 / 15, 1.0])
    bins = calibration.reliability_bins(confidence, np.array([True, False, True, True]))
    assert [(round(15 * one.low), one.count, one.accuracy) for one in bins] == [(0, 1, 1.0), (1, 2, 0.5), (14, 1, 1.0)]


@given(SURENESS)
def test_reliability_bins_hold_every_image_once(images):
    confidence, right = arrays(images)
    bins = calibration.reliability_bins(confidence, right)
    assert sum(one.count for one in bins) == len(right)
    assert sum(one.count * one.accuracy for one in bins) == pytest.approx(right.sum())
    assert sum(one.count * one.confidence for one in bins) == pytest.approx(confidence.sum())
    assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in bins)


@given(SURENESS)
def test_the_calibration_error_is_that_of_the_plain_loop(images):
    confidence, right = arrays(images)
    expected = 0.0
    for at in range(15):
        inside = (confidence > at / 15) & (confidence <= (at + 1) / 15)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    bins = calibration.reliability_bins(confidence, right)
    assert calibration.expected_calibration_error(bins) == pytest.approx(expected, abs=1e-12)


def test_honest_probabilities_are_calibrated_and_boastful_ones_are_not():
    generator = np.random.default_rng(0)
    confidence = generator.uniform(0.3, 0.9, 50_000)
    right = generator.random(50_000) < confidence
    honest, boastful = (
        calibration.expected_calibration_error(calibration.reliability_bins(values, right))
        for values in (confidence, confidence + 0.1)
    )
    assert honest < 0.01
    assert boastful == pytest.approx(0.1, abs=0.01)


def test_abstaining_on_the_unsure_raises_accuracy():
    confidence, right = np.array([0.9, 0.8, 0.6, 0.5]), np.array([True, True, False, True])
    curve = calibration.abstention_curve(confidence, right, points=4)
    assert [(one.coverage, one.accuracy, one.threshold) for one in curve] == [
        (0.25, 1.0, 0.9),
        (0.5, 1.0, 0.8),
        (0.75, pytest.approx(2 / 3), 0.6),
        (1.0, 0.75, 0.5),
    ]
    assert calibration.area_under_risk_coverage(confidence, right) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)


@given(SURENESS)
def test_the_order_of_equally_sure_images_does_not_matter(images):
    confidence, right = arrays(images)
    turned = calibration.selective_accuracy(confidence[::-1], right[::-1])
    np.testing.assert_allclose(calibration.selective_accuracy(confidence, right), turned)
    order = np.lexsort((np.random.default_rng(0).random((2000, len(right))), -confidence[None].repeat(2000, axis=0)))
    shuffled = np.cumsum(right[order], axis=1) / np.arange(1, len(right) + 1)  # (2000, N)
    np.testing.assert_allclose(turned, shuffled.mean(axis=0), atol=0.06)


@given(SURENESS)
def test_the_curve_ends_at_all_images_and_has_a_point_for_each_share(images):
    confidence, right = arrays(images)
    curve = calibration.abstention_curve(confidence, right)
    assert len(curve) == min(20, len(right))
    assert (curve[-1].coverage, curve[-1].accuracy) == (1.0, pytest.approx(right.mean()))
    assert [one.coverage for one in curve] == sorted(one.coverage for one in curve)
    assert [one.threshold for one in curve] == sorted((one.threshold for one in curve), reverse=True)


def test_what_is_sure_when_right_has_the_smaller_area():
    right = np.array([True] * 8 + [False] * 2)
    confidence = np.linspace(0.9, 0.4, 10)
    wise, foolish = (calibration.area_under_risk_coverage(values, right) for values in (confidence, confidence[::-1]))
    assert wise < 0.2 < foolish
