"""A model's margins computed here, tree by tree: the reference that shows whether LightGBM reads a text as we do."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.model.trees import Tree

#: LightGBM treats numbers this close to zero as zero (kZeroThreshold, a float32).
ZERO: Final = float(np.float32(1e-35))
_CATEGORIES, _MISSING_LEFT = 1, 2
_ZERO_IS_MISSING, _NAN_IS_MISSING = 1, 2


def margins(trees: tuple[Tree, ...], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of the leaves that each row (N, F) reaches, (N,). Source: LightGBM, include/LightGBM/tree.h, GetLeaf."""
    matrix = np.where(np.abs(matrix) <= ZERO, 0.0, matrix)
    total = np.zeros(len(matrix))
    for tree in trees:
        total += tree.leaf_value[_leaves(tree, matrix)]
    return total


def base_value(trees: tuple[Tree, ...]) -> float:
    """The mean margin over the clients of training, from which SHAP values start."""
    single = sum(float(tree.leaf_value[0]) for tree in trees if len(tree.leaf_value) == 1)
    split = (tree for tree in trees if len(tree.leaf_value) > 1)
    return single + sum(float(tree.leaf_value @ (tree.leaf_count / tree.split_count[0])) for tree in split)


def _leaves(tree: Tree, matrix: NDArray[np.float64]) -> NDArray[np.int64]:
    """The leaf of each row, (N,)."""
    node = np.full(len(matrix), 0 if len(tree.split_feature) else -1)
    while (rows := np.flatnonzero(node >= 0)).size:
        split = node[rows]
        goes_left = _goes_left(tree, split, matrix[rows, tree.split_feature[split]])
        node[rows] = np.where(goes_left, tree.left_child[split], tree.right_child[split])
    return -node - 1


def _goes_left(tree: Tree, split: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the client with this value at this split goes left; all (N,)."""
    kind = tree.decision_type[split]
    is_nan, missing = np.isnan(value), kind >> 2
    number = np.where(is_nan & (missing != _NAN_IS_MISSING), 0.0, value)
    is_missing = np.where(missing == _ZERO_IS_MISSING, number == 0, is_nan & (missing == _NAN_IS_MISSING))
    goes_left = np.where(is_missing, kind & _MISSING_LEFT != 0, number <= tree.threshold[split])
    on_categories = np.flatnonzero(kind & _CATEGORIES)
    for row in on_categories:
        goes_left[row] = _is_in_set(tree, int(tree.threshold[split[row]]), value[row])
    return goes_left


def _is_in_set(tree: Tree, index: int, value: float) -> bool:
    start, end = tree.cat_boundaries[index : index + 2].tolist()
    if not -1 < value < 32 * (end - start):  # a blank too
        return False
    category = int(value)
    return bool(tree.cat_threshold[start + category // 32] >> category % 32 & 1)
