"""What each feature adds to a client's log-odds, and the same in points of probability."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.calibration import sigmoid
from credit.ml.model import CreditModel, Matrix

#: Sum of absolute log-odds: rounding to float32 moves a contribution by at most 2**-25 of itself.
_LARGEST_ROUNDED: Final = 16.0


@dataclass(frozen=True, slots=True)
class Contributions:
    """SHAP values on the log-odds scale: ``base_value + values.sum(axis=1)`` is the margin of each row.

    ``values`` is (N, F); its columns ``names`` are the model's features in the model's order.
    """

    values: Matrix
    base_value: float
    names: tuple[str, ...]


def contributions(model: CreditModel, matrix: Matrix, names: Sequence[str], *, threads: int = 0) -> Contributions:
    """Contributions of N clients by LightGBM itself; raises MissingColumns. 0 threads: as many as OpenMP is set to.

    For whole portfolios ``credit.ml.treeshap`` computes the same values faster.
    Source: Lundberg et al., From local explanations to global understanding with explainable AI for trees, 2020
    (path-dependent TreeSHAP).
    """
    columns = model.inputs(matrix, names)
    if len(columns) == 0:
        raise ValueError("no row to explain")
    output = np.asarray(model.booster.predict(columns, pred_contrib=True, num_threads=threads), dtype=np.float64)
    return Contributions(output[:, :-1], float(output[0, -1]), model.feature_names)


def additivity_error(explained: Contributions, margin: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance of each row's margin from the sum of its contributions, (N,); about 1e-13 if both are right."""
    total = explained.values.sum(axis=1, dtype=np.float64)
    error: NDArray[np.float64] = np.abs(explained.base_value + total - margin)
    return error


def rounded(explained: Contributions) -> Contributions:
    """The same as float32, in half the bytes; unchanged where that would move a sum by more than 5e-7."""
    if np.abs(explained.values).sum(axis=1).max(initial=0.0) > _LARGEST_ROUNDED:
        return explained
    return replace(explained, values=explained.values.astype(np.float32))


def stored_contributions(content: bytes | memoryview, features: int) -> NDArray[np.float64]:
    """One client's contributions (F,) from little-endian float32 or float64, as stored.

    Raises ValueError for any other length.
    """
    width, rest = divmod(len(content), features)
    if rest or width not in (4, 8):
        raise ValueError(f"{len(content)} bytes cannot be contributions of {features} features")
    return np.frombuffer(content, f"<f{width}").astype(np.float64)


def probability_points(values: NDArray[np.float64], base_value: float) -> NDArray[np.float64]:
    """Contributions (N, F) on the log-odds scale as parts of the probability, (N, F).

    A client's contributions move the margin from m0 (the base value) to m, and the probability from p0 to p along
    the curve between them. Every contribution is multiplied by the mean slope of that curve, (p - p0) / (m - m0):
    signs, order, proportions and zeros stay, and the points add up to p - p0. The true effect of one feature alone is
    larger where the curve is steep; the common slope keeps the order.
    """
    moved = values.sum(axis=1)
    start = float(sigmoid(np.array(base_value)))
    tangent = start * (1 - start)
    is_still = np.abs(moved) < 1e-6
    change = sigmoid(base_value + moved) - start
    slope = np.where(is_still, tangent, change / np.where(is_still, 1.0, moved))
    return np.asarray(values * slope[:, None], dtype=np.float64)
