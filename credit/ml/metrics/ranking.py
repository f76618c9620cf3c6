"""Outcomes sorted by probability, once: everything about thresholds is then a cumulative sum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Ranking:
    """Outcomes (N,) in ascending order of probability, and the start of each distinct probability, (G,)."""

    probability: NDArray[np.float64]
    defaulted: NDArray[np.bool_]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, target: NDArray[np.generic], probability: NDArray[np.float64]) -> Self:
        """The ranking of N outcomes, 0 or 1, (N,). Raises ValueError where one class is missing."""
        if target.shape != probability.shape or target.ndim != 1:
            raise ValueError(f"target {target.shape} and probability {probability.shape} differ")
        if not np.isfinite(probability).all():
            raise ValueError("a probability is not a finite number")
        order = np.argsort(probability, kind="stable")
        ordered = np.asarray(probability, dtype=np.float64)[order]
        defaulted = target[order] == 1
        if not 0 < np.count_nonzero(defaulted) < len(defaulted):
            raise ValueError("outcomes of both kinds are needed")
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        return cls(ordered, defaulted, starts)

    @property
    def levels(self) -> NDArray[np.float64]:
        """The distinct probabilities, ascending, (G,)."""
        return self.probability[self.starts]

    def counts(self, weight: NDArray[np.float64] | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bad and good clients at each distinct probability, (G,) each, each client counted ``weight`` (N,) times."""
        times = np.ones(len(self.probability)) if weight is None else weight
        total = np.add.reduceat(times, self.starts)
        bad = np.add.reduceat(np.where(self.defaulted, times, 0.0), self.starts)
        return bad, total - bad

    def resamples(self, number: int, seed: int) -> Iterator[NDArray[np.float64]]:
        """Bootstrap weights (N,): how often each client is drawn. The number of bad clients varies as in new samples.

        A resample without clients of both outcomes has no ranking, and is drawn again.
        Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 6.
        """
        generator = np.random.default_rng(seed)
        size = len(self.probability)
        for _ in range(number):
            bad = 0.0
            while not 0 < bad < size:
                weight = np.bincount(generator.integers(size, size=size, dtype=np.int32), minlength=size).astype(float)
                bad = float(weight @ self.defaulted)
            yield weight
