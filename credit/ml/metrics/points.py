"""ROC AUC, average precision and the confusion matrix."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit.ml.metrics.ranking import Ranking


def roc_auc(target: NDArray[np.generic], probability: NDArray[np.float64]) -> float:
    """The probability that a bad client ranks above a good one, ties counting half."""
    return auc_of_counts(*Ranking.of(target, probability).counts())


def auc_of_counts(bad: NDArray[np.float64], good: NDArray[np.float64]) -> float:
    """ROC AUC from the bad and good clients at each distinct probability, ascending."""
    good_below = np.cumsum(good) - good
    return float(bad @ (good_below + good / 2) / (bad.sum() * good.sum()))


def auc_error_of_counts(bad: NDArray[np.float64], good: NDArray[np.float64]) -> float:
    """The standard error of ``auc_of_counts``, at least half a place of one client in the rarer outcome.

    Source: DeLong, DeLong and Clarke-Pearson, Comparing the areas under correlated ROC curves, 1988.
    """
    bads, goods = bad.sum(), good.sum()
    good_below = (np.cumsum(good) - good / 2) / goods
    bad_above = 1 - (np.cumsum(bad) - bad / 2) / bads
    area = bad @ good_below / bads
    variance = sum(
        (count @ (placement - area) ** 2) / (size * max(size - 1, 1))
        for count, placement, size in ((bad, good_below, bads), (good, bad_above, goods))
    )
    return float(max(np.sqrt(variance), 0.5 / min(bads, goods)))


def average_precision_of_counts(bad: NDArray[np.float64], good: NDArray[np.float64]) -> float:
    """Average precision from the bad and good clients at each distinct probability, ascending."""
    bad_above = np.cumsum(bad[::-1])
    refused = bad_above + np.cumsum(good[::-1])
    precision = np.divide(bad_above, refused, out=np.zeros_like(refused), where=refused > 0)
    return float(bad[::-1] @ precision / bad.sum())


@dataclass(frozen=True, slots=True)
class Confusion:
    """Clients by outcome and by advice at a threshold; "positive" is a refusal."""

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int

    @property
    def precision(self) -> float:
        """The share of bad clients among the refused; 0 where none is refused."""
        return self.true_positive / max(self.true_positive + self.false_positive, 1)

    @property
    def recall(self) -> float:
        """The share of bad clients who are refused."""
        return self.true_positive / max(self.true_positive + self.false_negative, 1)


def confusion(target: NDArray[np.generic], probability: NDArray[np.float64], threshold: float) -> Confusion:
    """Counts at a threshold; a client at or above it is refused."""
    bad, refused = target == 1, probability >= threshold
    return Confusion(
        true_positive=int(np.count_nonzero(bad & refused)),
        false_positive=int(np.count_nonzero(~bad & refused)),
        true_negative=int(np.count_nonzero(~bad & ~refused)),
        false_negative=int(np.count_nonzero(bad & ~refused)),
    )
