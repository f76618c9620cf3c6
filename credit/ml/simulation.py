"""Variants of one application: the same file with other values, and what a model says of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from credit.ml.features import feature_names, rebuild_matrix
from credit.ml.inputs import changed
from credit.ml.model import CreditModel

#: Raw columns and the numbers that they are given, categories as their codes.
Changes = Mapping[str, float]
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Subject:
    """The application that is varied, raw (120,) float64, and its stored features (F,) float32, NaN for a blank."""

    raw: Vector
    features: npt.NDArray[np.float32]

    def variants(self, scenarios: Sequence[Changes]) -> npt.NDArray[np.float32]:
        """The features of each scenario, by the code that built those of training.  # (S, F)"""
        raw = np.stack([changed(self.raw, changes) for changes in scenarios])  # (S, 120)
        return rebuild_matrix(raw, np.broadcast_to(self.features, (len(scenarios), len(self.features))))


def probabilities(model: CreditModel, subject: Subject, scenarios: Sequence[Changes]) -> Vector:
    """The probability of default in each scenario; {} gives that of the file as it is.  # (S,)"""
    if not scenarios:
        return np.empty(0)
    return model.predict(subject.variants(scenarios), feature_names())


def features_without_history(raw: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """The features of applications (N, 120) of people whom no other table knows: their side features are blank."""
    return rebuild_matrix(raw, np.full((len(raw), len(feature_names())), np.nan, np.float32))
