"""Whether probabilities mean what they say, and what abstaining on unsure images would buy."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 5.
BINS: Final = 15
CURVE_POINTS: Final = 20


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Images whose highest probability lies in (low, high]: its mean, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class AbstentionPoint:
    """Accuracy on the share ``coverage`` of surest images; no other has a highest probability above ``threshold``."""

    coverage: float
    accuracy: float
    threshold: float


def brier(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """Mean over images of the squared distance to the one-hot label, summed over classes, in 0..2.

    Source: Brier, Monthly Weather Review 78 (1950), 1-3.
    """
    exact = probabilities.astype(np.float64)
    of_label = exact[np.arange(len(labels)), labels]
    return float(np.mean((exact**2).sum(axis=1) - 2 * of_label + 1))


def reliability_bins(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> tuple[ReliabilityBin, ...]:
    """The bins of equal width that hold images; ``confidence`` is the probability of the predicted class, (N,)."""
    place = np.clip(np.ceil(confidence.astype(np.float64) * BINS).astype(np.int64) - 1, 0, BINS - 1)
    count = np.bincount(place, minlength=BINS)
    sums = [np.bincount(place, weights=values, minlength=BINS) for values in (confidence, right)]
    return tuple(
        ReliabilityBin(at / BINS, (at + 1) / BINS, int(count[at]), *(float(total[at] / count[at]) for total in sums))
        for at in np.flatnonzero(count).tolist()
    )


def expected_calibration_error(bins: tuple[ReliabilityBin, ...]) -> float:
    """Mean distance between confidence and accuracy over the bins, weighted by their images, in 0..1."""
    images = sum(group.count for group in bins)
    return sum(group.count * abs(group.accuracy - group.confidence) for group in bins) / images


def selective_accuracy(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Accuracy among the 1, 2, ... N surest images, (N,); of equally sure images each counts as their mean."""
    _, level, count = np.unique(-confidence, return_inverse=True, return_counts=True)
    share = np.bincount(level, weights=right) / count
    return np.cumsum(np.repeat(share, count)) / np.arange(1, len(right) + 1)


def abstention_curve(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], points: int = CURVE_POINTS
) -> tuple[AbstentionPoint, ...]:
    """Accuracy at ``points`` evenly spaced shares of images that get an answer, the last being all of them."""
    images = len(right)
    kept = np.unique(np.ceil(np.arange(1, points + 1) * images / points).astype(np.int64))
    accuracy, surest = selective_accuracy(confidence, right), np.sort(confidence)[::-1]
    return tuple(AbstentionPoint(k / images, float(accuracy[k - 1]), float(surest[k - 1])) for k in kept.tolist())


def area_under_risk_coverage(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Mean share of errors over all coverages, in 0..1: low when what is wrong is unsure.

    Source: Geifman, Uziel & El-Yaniv, Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers, ICLR 2019.
    """
    return float(1 - selective_accuracy(confidence, right).mean())
