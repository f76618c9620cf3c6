"""How sure a share or a difference of shares is: intervals and tests, with the standard library and numpy alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, variance
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.ml.metrics import ClassCounts

CONFIDENCE: Final = 0.95
RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of a confidence interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedResult:
    """A difference, its interval, and the two-sided probability of one as large where there is none."""

    difference: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Images by who is right about them."""

    both_right: int
    only_a: int
    only_b: int
    both_wrong: int

    @property
    def images(self) -> int:
        """All of them."""
        return self.both_right + self.only_a + self.only_b + self.both_wrong


def wilson(hits: float, images: float, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a share; the numbers may be means. Source: Wilson, JASA 22 (1927), 209-212."""
    if not images:
        return Interval(0.0, 1.0)
    z, share = _normal_quantile(confidence), hits / images
    centre = share + z * z / (2 * images)
    half = z * math.sqrt(share * (1 - share) / images + z * z / (4 * images**2))
    whole = 1 + z * z / images
    # At a share of 0 or 1 the end that equals it is a rounding away.
    return Interval(min(share, max(0.0, (centre - half) / whole)), max(share, min(1.0, (centre + half) / whole)))


def bootstrap(
    labels: NDArray[np.int64],
    predicted: NDArray[np.int64],
    classes: int,
    groups: NDArray[np.generic],
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> ClassCounts:
    """The counts of data sets drawn with replacement, (resamples, C) each; images of a group are drawn together.

    Images that are alone in their group and share label and prediction are interchangeable: how often such a kind is
    drawn is one multinomial number. That is the distribution of drawing image by image, for a fraction of the time.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    kind = np.where(sizes[group] == 1, labels * classes + predicted, classes**2 + group)
    _, kind, images = np.unique(kind, return_inverse=True, return_counts=True)
    weights = np.bincount(kind, weights=1 / sizes[group]).round()  # groups of each kind, (K,)
    share = weights / len(sizes)
    drawn = np.random.default_rng(seed).multinomial(len(sizes), share, size=resamples) / weights  # (R, K)

    def count(where: NDArray[np.int64], what: NDArray[np.float64]) -> NDArray[np.float64]:
        cells = np.bincount(kind * classes + where, weights=what, minlength=len(images) * classes)
        return (drawn @ cells.reshape(len(images), classes)).round()

    ones = np.ones(len(labels))
    right = (labels == predicted).astype(np.float64)
    return ClassCounts(count(labels, right), count(labels, ones), count(predicted, ones))


def percentile_interval(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> Interval:
    """What the middle ``confidence`` of resampled values spans. Source: Efron & Tibshirani 1993, chapter 13."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high))


def mcnemar(pairs: PairCounts, confidence: float = CONFIDENCE) -> PairedResult:
    """Whether one of two is right more often on the same images: exact test, interval of the difference of shares.

    Source: McNemar 1947 with the binomial distribution of the images that only one has right; for the interval, method
    10 of Newcombe, Statistics in Medicine 17 (1998), 2635-2650. Near the limit they may disagree: the test decides.
    """
    discordant, fewer = pairs.only_a + pairs.only_b, min(pairs.only_a, pairs.only_b)
    tail = sum(math.comb(discordant, count) for count in range(fewer + 1))
    p = min(1.0, 2 * tail / 2**discordant)
    difference = (pairs.only_a - pairs.only_b) / pairs.images
    return PairedResult(difference, _newcombe(pairs, difference, confidence), p)


def corrected_resampled_t(
    differences: Sequence[float], *, train_images: float, test_images: float, confidence: float = CONFIDENCE
) -> PairedResult:
    """Whether the mean difference over at least two folds is not 0, their training sets overlapping.

    Source: Nadeau & Bengio, Machine Learning 52 (2003), 239-281: the variance of the mean is taken as
    (1/k + test/train) times the variance over folds. Differences of whole images over images cannot vary less than
    rounding to one image does, so that a few equal ones demonstrate nothing by themselves.
    """
    folds, mean = len(differences), fmean(differences)
    spread = max(variance(differences), 1 / (12 * test_images**2))
    error = math.sqrt((1 / folds + test_images / train_images) * spread)
    half = _student_quantile(confidence, folds - 1) * error
    p = 1 - _student_share(abs(mean) / error, folds - 1)
    return PairedResult(mean, Interval(max(-1.0, mean - half), min(1.0, mean + half)), max(0.0, p))


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """The probabilities corrected for being several, in their order.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.
    """
    adjusted, floor = [0.0] * len(p), 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=lambda place: p[place])):
        floor = max(floor, min(1.0, (len(p) - rank) * p[place]))
        adjusted[place] = floor
    return tuple(adjusted)


def _newcombe(pairs: PairCounts, difference: float, confidence: float) -> Interval:
    a, b, images = pairs.both_right + pairs.only_a, pairs.both_right + pairs.only_b, pairs.images
    of_a, of_b = wilson(a, images, confidence), wilson(b, images, confidence)
    spread = math.sqrt(a * (images - a) * b * (images - b))
    excess = pairs.both_right * pairs.both_wrong - pairs.only_a * pairs.only_b
    corrected = max(excess - images / 2, 0.0) if excess > 0 else excess
    phi = corrected / spread if spread else 0.0
    down = (a / images - of_a.low, of_b.high - b / images)
    up = (of_a.high - a / images, b / images - of_b.low)
    below, above = (math.sqrt(max(0.0, x * x - 2 * phi * x * y + y * y)) for x, y in (down, up))
    return Interval(difference - below, difference + above)


def _normal_quantile(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _student_share(t: float, freedom: int) -> float:
    """P(-t <= T <= t) for whole degrees of freedom. Source: Abramowitz & Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan2(t, math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    is_odd = freedom % 2 == 1
    term, total = (cosine, 0.0) if is_odd else (1.0, 0.0)
    for power in range(1 if is_odd else 0, freedom - 1, 2):
        total += term
        term *= cosine**2 * (power + 1) / (power + 2)
    return (angle + sine * total) * 2 / math.pi if is_odd else sine * total


def _student_quantile(confidence: float, freedom: int) -> float:
    """The t with P(-t <= T <= t) equal to the confidence, by halving."""
    low, high = 0.0, 1.0
    while _student_share(high, freedom) < confidence:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_share(middle, freedom) < confidence else (low, middle)
    return (low + high) / 2
