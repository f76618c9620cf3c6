"""Small LightGBM models and the tables they are trained on."""

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

NAMES = ("AMT_CREDIT", "DAYS_BIRTH", "EXT_SOURCE_1", "EXT_SOURCE_2", "CNT_CHILDREN", "BUREAU_COUNT")


def clients(rows: int, seed: int = 0, dtype: type = np.float64) -> tuple[NDArray, NDArray]:
    """A table of six columns with blanks, zeros and ties, and outcomes that depend on them."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(rows, len(NAMES)))
    matrix[:, 4] = generator.integers(0, 4, rows)
    matrix[:, 5] = np.round(matrix[:, 5])
    margin = 1.2 * matrix[:, 0] - matrix[:, 2] * (matrix[:, 3] > 0) + 0.5 * matrix[:, 5] - 2
    target = (generator.random(rows) < 1 / (1 + np.exp(-margin))).astype(np.int8)
    matrix[generator.random(matrix.shape) < 0.15] = np.nan
    return matrix.astype(dtype), target


def model_text(rows: int = 2000, rounds: int = 30, seed: int = 0, names=NAMES, **parameters: object) -> str:
    """The text of a model trained on ``clients(rows, seed)``."""
    matrix, target = clients(rows, seed)
    settings = {"objective": "binary", "verbosity": -1, "num_threads": 1, "num_leaves": 15, "seed": seed, **parameters}
    data = lgb.Dataset(matrix, label=target, feature_name=list(names))
    return lgb.train(settings, data, rounds).model_to_string()
