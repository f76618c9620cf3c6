"""Point estimates of how well probabilities rank and how true they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit.ml.metrics.ranking import Ranking


def roc_auc(target: NDArray[np.generic], probability: NDArray[np.float64]) -> float:
    """Probability that a bad client is ranked above a good one, ties counting half."""
    return auc_of_counts(*Ranking.of(target, probability).counts())


def average_precision(target: NDArray[np.generic], probability: NDArray[np.float64]) -> float:
    """Precision averaged over the recall gained at each distinct probability, highest first."""
    return average_precision_of_counts(*Ranking.of(target, probability).counts())


def brier(target: NDArray[np.generic], probability: NDArray[np.float64]) -> float:
    """Mean squared distance between probability and outcome."""
    return float(np.mean((probability - (target == 1)) ** 2))


def log_loss(target: NDArray[np.generic], probability: NDArray[np.float64]) -> float:
    """Mean negative log-likelihood; infinite where a certain prediction was wrong."""
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(np.where(target == 1, probability, 1 - probability))))


def auc_of_counts(bad: NDArray[np.float64], good: NDArray[np.float64]) -> float:
    """ROC AUC from the bad and good clients at each distinct probability, rising."""
    good_below = np.cumsum(good) - good
    return float(bad @ (good_below + good / 2) / (bad.sum() * good.sum()))


def average_precision_of_counts(bad: NDArray[np.float64], good: NDArray[np.float64]) -> float:
    """Average precision from the bad and good clients at each distinct probability, rising."""
    bad_above = np.cumsum(bad[::-1])
    refused = bad_above + np.cumsum(good[::-1])
    precision = np.divide(bad_above, refused, out=np.zeros_like(refused), where=refused > 0)
    return float(bad[::-1] @ precision / bad.sum())


@dataclass(frozen=True, slots=True)
class Confusion:
    """Clients by outcome and by decision at a threshold; "positive" is a refusal."""

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int

    @property
    def precision(self) -> float:
        """Share of bad clients among the refused; 0 where nobody is refused."""
        return self.true_positive / max(self.true_positive + self.false_positive, 1)

    @property
    def recall(self) -> float:
        """Share of bad clients who are refused."""
        return self.true_positive / max(self.true_positive + self.false_negative, 1)


def confusion(target: NDArray[np.generic], probability: NDArray[np.float64], threshold: float) -> Confusion:
    """Counts at a threshold; a client is refused when the probability is at or above it."""
    bad, refused = target == 1, probability >= threshold
    return Confusion(
        true_positive=int(np.count_nonzero(bad & refused)),
        false_positive=int(np.count_nonzero(~bad & refused)),
        true_negative=int(np.count_nonzero(~bad & ~refused)),
        false_negative=int(np.count_nonzero(bad & ~refused)),
    )
