"""What each feature adds to a client's log-odds, and the same told in probability points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit.ml.calibration import sigmoid
from credit.ml.model import CreditModel, Matrix


@dataclass(frozen=True, slots=True)
class Contributions:
    """SHAP values on the log-odds scale: ``base_value + values.sum(axis=1)`` is the margin of each row.

    ``values`` is (N, F) with the columns of ``names``, the model's features in the model's order.
    """

    values: NDArray[np.float64]
    base_value: float
    names: tuple[str, ...]


def contributions(model: CreditModel, matrix: Matrix, names: Sequence[str]) -> Contributions:
    """Contributions of N clients by LightGBM itself, to its last digit; raises MissingColumns.

    Source: Lundberg et al., From local explanations to global understanding with explainable AI for trees, 2020
    (path-dependent TreeSHAP). For whole portfolios ``credit.ml.treeshap`` gives the same values sooner.
    """
    columns = model.select(matrix, names)
    if len(columns) == 0:
        raise ValueError("no row to explain")
    answer = np.asarray(model.booster.predict(columns, pred_contrib=True), dtype=np.float64)
    return Contributions(answer[:, :-1], float(answer[0, -1]), model.feature_names)


def additivity_error(explained: Contributions, margin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance between each row's margin and the sum of its contributions, (N,); about 1e-13 when all is well."""
    error: NDArray[np.float64] = np.abs(explained.base_value + explained.values.sum(axis=1) - margin)
    return error


def probability_points(values: NDArray[np.float64], base_value: float) -> NDArray[np.float64]:
    """Contributions (N, F) on the log-odds scale told as parts of the probability, (N, F).

    A client's contributions move the margin from m0 (the base value) to m, and the probability from p0 to p along
    the curve between them. Every contribution is multiplied by the mean slope of that curve, (p - p0) / (m - m0):
    signs, order and proportions stay, a zero stays zero, and the points add up to p - p0. The true effect of one
    feature alone is larger where the curve is steep; giving each the same slope is what keeps the order.
    """
    moved = values.sum(axis=1)
    start = float(sigmoid(np.array(base_value)))
    tangent = start * (1 - start)
    is_still = np.abs(moved) < 1e-6
    change = sigmoid(base_value + moved) - start
    slope = np.where(is_still, tangent, change / np.where(is_still, 1.0, moved))
    return np.asarray(values * slope[:, None], dtype=np.float64)
