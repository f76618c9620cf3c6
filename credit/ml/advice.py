"""The model's advice: which side of the threshold a probability is on, and whether the data can tell.

The rule has three forms: one probability (``Zone.advice``), an array of them (``Zone.advice_codes``) and rows of the
database (``credit.selectors.advice``). One property test holds them together.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Advice(StrEnum):
    """What the model proposes; a person decides. In the order of rising probability."""

    GRANTED = "granted"
    REVIEW = "review"
    REFUSED = "refused"

    @property
    def code(self) -> int:
        """Its number in ``Zone.advice_codes``: 0, 1 or 2."""
        return list(Advice).index(self)


@dataclass(frozen=True, slots=True)
class Zone:
    """A decision threshold and the grey zone around it: refuse from ``grey_high`` on, review from ``grey_low`` on."""

    threshold: float
    grey_low: float
    grey_high: float

    def __post_init__(self) -> None:
        if not 0 <= self.grey_low <= self.threshold <= self.grey_high <= 1:
            raise ValueError(f"the grey zone {self.grey_low}-{self.grey_high} must hold the threshold {self.threshold}")

    def advice(self, probability: float) -> Advice:
        """The advice on one client."""
        if probability >= self.grey_high:
            return Advice.REFUSED
        return Advice.REVIEW if probability >= self.grey_low else Advice.GRANTED

    def advice_codes(self, probabilities: NDArray[np.floating]) -> NDArray[np.intp]:
        """``Advice.code`` of N clients, -1 where the probability is NaN.  # (N,)"""
        codes = np.searchsorted([self.grey_low, self.grey_high], probabilities, side="right")
        return np.where(np.isnan(probabilities), -1, codes)

    def distance(self, probability: float) -> float:
        """How far a probability is above the threshold; negative below it. At the threshold (0) it counts as above."""
        return probability - self.threshold
