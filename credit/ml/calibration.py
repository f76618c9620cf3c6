"""Turns margins into calibrated probabilities; ``training.baking`` writes the map into a model."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MAX_STEPS: Final = 50
_TOLERANCE: Final = 1e-10
#: The slope of a map that gives everybody nearly the same probability, in the order of the margins.
FLATTEST: Final = 1e-6


class CalibrationError(ValueError):
    """Margins that no increasing map turns into probabilities."""


class SeparableOutcomes(CalibrationError):  # noqa: N818 - the name says what happened
    """Margins that separate bad from good clients without an error: no real margins do."""


@dataclass(frozen=True, slots=True)
class PlattMap:
    """Calibrated log-odds: ``slope * margin + intercept``; slope 1 and intercept 0 change nothing.

    Source: Platt, Probabilistic outputs for support vector machines, 1999.
    """

    slope: float
    intercept: float

    def probability(self, margin: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated probabilities in 0..1, same shape."""
        return sigmoid(self.slope * margin + self.intercept)


def sigmoid(margin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities from log-odds, same shape, without overflow."""
    small = np.exp(-np.abs(margin))
    return np.where(margin >= 0, 1.0, small) / (1.0 + small)


def log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of ``sigmoid``, same shape; infinite for 0 and 1."""
    with np.errstate(divide="ignore"):
        margin: NDArray[np.float64] = np.log(probability) - np.log1p(-probability)
    return margin


def fit_platt(target: NDArray[np.generic], margin: NDArray[np.float64]) -> PlattMap:
    """The maximum-likelihood map, by Newton's method on out-of-fold margins (N,).

    Raises CalibrationError where the likelihood has no finite maximum or the map would not increase, and
    SeparableOutcomes where that is because the margins are perfect.
    """
    centre, spread = float(margin.mean()), float(margin.std())
    if spread == 0:
        raise CalibrationError("the margins do not vary")
    bad = (target == 1).astype(np.float64)
    rate = float(bad.mean())
    if not 0 < rate < 1:
        raise CalibrationError("outcomes of both kinds are needed")
    if margin[bad == 1].min() >= margin[bad == 0].max():
        raise SeparableOutcomes("the margins separate the outcomes, so the likelihood has no finite maximum")
    design = np.stack([(margin - centre) / spread, np.ones_like(margin)])  # (2, N)
    weights = _newton(design, bad, np.array([0.0, np.log(rate / (1 - rate))]))
    if weights[0] <= 0:
        raise CalibrationError("a higher margin does not mean a higher risk")
    slope = float(weights[0]) / spread
    return PlattMap(slope=slope, intercept=float(weights[1]) - slope * centre)


def _newton(design: NDArray[np.float64], bad: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights (2,) of the logistic regression on ``design`` (2, N); a step that does not lower the loss is halved."""
    loss = _loss(weights @ design, bad)
    for _ in range(_MAX_STEPS):
        probability = sigmoid(weights @ design)
        hessian = (design * (probability * (1 - probability))) @ design.T
        step = np.linalg.lstsq(hessian, design @ (probability - bad))[0]
        while (better := _loss((weights - step) @ design, bad)) > loss and np.abs(step).max() > _TOLERANCE:
            step = step / 2
        weights, loss = weights - step, better
        if np.abs(step).max() <= _TOLERANCE:
            return weights
    raise CalibrationError("the likelihood has no finite maximum")


def _loss(margin: NDArray[np.float64], bad: NDArray[np.float64]) -> float:
    """The mean negative log-likelihood of log-odds (N,)."""
    return float(np.mean(np.logaddexp(0.0, margin) - bad * margin))


def calibrate(
    target: NDArray[np.generic], margin: NDArray[np.float64], fold: NDArray[np.integer]
) -> tuple[PlattMap, NDArray[np.float64]]:
    """The map fitted on all out-of-fold margins (N,), and their cross-fitted probabilities (N,).

    Margins that tell nothing are not refused, or only lucky ones would be measured: where a higher margin does not mean
    a higher risk, the map has slope FLATTEST, and where that is so without one of the folds, all share the first map.
    Raises SeparableOutcomes.
    """
    try:
        platt = fit_platt(target, margin)
        return platt, cross_fitted(target, margin, fold)
    except SeparableOutcomes:
        raise
    except CalibrationError:
        platt = _increasing(target, margin)
        return platt, platt.probability(margin)


def _increasing(target: NDArray[np.generic], margin: NDArray[np.float64]) -> PlattMap:
    try:
        return fit_platt(target, margin)
    except CalibrationError:
        default_rate = np.array((target == 1).mean())
        return PlattMap(FLATTEST, float(log_odds(default_rate)) - FLATTEST * float(margin.mean()))


def cross_fitted(
    target: NDArray[np.generic], margin: NDArray[np.float64], fold: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Calibrated probabilities (N,), each fold's from a map fitted on the other folds."""
    probability = np.empty_like(margin)
    for number in np.unique(fold):
        held_out = fold == number
        platt = fit_platt(target[~held_out], margin[~held_out])
        probability[held_out] = platt.probability(margin[held_out])
    return probability
