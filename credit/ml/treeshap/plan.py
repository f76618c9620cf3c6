"""Everything about a model's trees that does not depend on the client, computed once per model."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.model import CreditModel, Tree

#: Changes with the meaning of a stored plan.
_VERSION: Final = 1
#: How a split treats a blank: as above any threshold, as below, or like zero, which goes to a fixed side.
BLANK_RIGHT, BLANK_LEFT, ZERO_RIGHT, ZERO_LEFT = range(4)

#: One split. ``left`` and ``right`` are splits of the same tree, or -1 for a leaf with ``*_value``. ``repeats`` is the
#: nearest split above on the same feature, or -1, and ``repeat_side`` the side taken there (0 left). ``table`` is where
#: the split's rows of ``Plan.rise`` and ``Plan.weight`` start. ``slot`` is the number of splits still to be visited
#: when the walk down, left sides first, reaches this one.
SPLIT: Final = np.dtype(
    [
        ("threshold", np.float64),
        ("left_fraction", np.float64),
        ("left_value", np.float64),
        ("right_value", np.float64),
        ("feature", np.int32),
        ("left", np.int32),
        ("right", np.int32),
        ("repeats", np.int32),
        ("table", np.int32),
        ("slot", np.int32),
        ("blank", np.int8),
        ("repeat_side", np.int8),
    ],
    align=True,
)
#: One tree: its splits are ``start .. start + splits``; ``points`` quadrature weights start at ``quadrature``.
TREE: Final = np.dtype(
    [("start", np.int64), ("splits", np.int64), ("points", np.int64), ("quadrature", np.int64)], align=True
)


class UnsupportedModel(ValueError):  # noqa: N818 - the name says what happened
    """A model with splits that the fast explainer does not support."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Trees as flat arrays; ``features`` (U,) are the positions of the columns that splits use."""

    splits: NDArray[np.void]
    trees: NDArray[np.void]
    rise: NDArray[np.float64]
    weight: NDArray[np.float64]
    quadrature: NDArray[np.float64]
    features: NDArray[np.int64]
    base_value: NDArray[np.float64]

    @classmethod
    def of(cls, model: CreditModel, folder: Path | None = None) -> "Plan":
        """The plan of a model, cached in ``folder`` where one is given; raises UnsupportedModel."""
        path = folder / f"{model.sha256}.v{_VERSION}.npz" if folder else None
        if path and path.exists():
            with np.load(path, allow_pickle=False) as stored:
                return cls(*(stored[field.name] for field in fields(cls)))
        plan = _Builder(model.trees).plan()
        if path:
            plan._keep(path)
        return plan

    def _keep(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            np.savez(file, **{field.name: getattr(self, field.name) for field in fields(self)})
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)


#: For each feature, its last split on the path to a split: that split, the side taken (0 left), and the fraction of
#: clients that all splits on the feature so far let through.
_Passed = dict[int, tuple[int, int, float]]


class _Builder:
    """Lays out the splits of all trees in depth-first order, parents before children."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        self._features = np.unique(np.concatenate([tree.split_feature for tree in trees]))
        self._position = {int(feature): index for index, feature in enumerate(self._features)}
        self._splits: list[tuple[float | int, ...]] = []
        self._trees: list[tuple[int, int, int, int]] = []
        self._rise: list[NDArray[np.float64]] = []
        self._weight: list[NDArray[np.float64]] = []
        self._table_length = 0
        self._quadrature: dict[int, int] = {}
        self._plain: dict[int, int] = {}
        self._base_value = 0.0
        for tree in trees:
            self._add(tree)

    def plan(self) -> Plan:
        weights = [_legendre(points)[1] for points in self._quadrature]
        return Plan(
            splits=np.array(self._splits, dtype=SPLIT),
            trees=np.array(self._trees, dtype=TREE),
            rise=np.concatenate([*self._rise, np.empty(0)]),
            weight=np.concatenate([*self._weight, np.empty(0)]),
            quadrature=np.concatenate([*weights, np.empty(0)]),
            features=self._features.astype(np.int64),
            base_value=np.array(self._base_value),
        )

    def _add(self, tree: Tree) -> None:
        if tree.is_categorical:
            raise UnsupportedModel("a split on categories")
        if len(tree.split_feature) == 0:
            self._base_value += float(tree.leaf_value[0])
            return
        self._base_value += float(tree.leaf_value @ (tree.leaf_count / tree.split_count[0]))
        passed, slots = _depth_first(tree)
        where = {split: index for index, split in enumerate(passed)}
        deepest = max(len({*above, int(tree.split_feature[split])}) for split, above in passed.items())
        points = (deepest + 1) // 2
        if points not in self._quadrature:
            self._quadrature[points] = sum(self._quadrature)
            self._plain[points] = self._add_table(points, 1.0)
        self._trees.append((len(self._splits), len(passed), points, self._quadrature[points]))
        for split, above in passed.items():
            last = above.get(int(tree.split_feature[split]))
            self._splits.append(self._row(tree, split, where, last, points, slots[split]))

    def _row(
        self,
        tree: Tree,
        split: int,
        where: dict[int, int],
        above: tuple[int, int, float] | None,
        points: int,
        slot: int,
    ) -> tuple[float | int, ...]:
        left, right = int(tree.left_child[split]), int(tree.right_child[split])
        return (
            float(tree.threshold[split]),
            _left_fraction(tree, split),
            0.0 if left >= 0 else float(tree.leaf_value[-left - 1]),
            0.0 if right >= 0 else float(tree.leaf_value[-right - 1]),
            self._position[int(tree.split_feature[split])],
            where[left] if left >= 0 else -1,
            where[right] if right >= 0 else -1,
            where[above[0]] if above else -1,
            self._add_table(points, above[2]) if above else self._plain[points],
            slot,
            _blank(int(tree.decision_type[split]), float(tree.threshold[split])),
            above[1] if above else 0,
        )

    def _add_table(self, points: int, kept: float) -> int:
        """The first of the rows added for a split whose feature let the fraction ``kept`` through further up."""
        share, _ = _legendre(points)
        factor = share + (1 - share) * kept
        self._rise.append(share / factor)
        self._weight.append(kept / factor**2)
        self._table_length += points
        return self._table_length - points


@cache
def _legendre(points: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre nodes and weights on 0..1, (points,) each; exact to degree 2 * points - 1."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return (nodes + 1) / 2, weights / 2


def _depth_first(tree: Tree) -> tuple[dict[int, _Passed], dict[int, int]]:
    """The features passed on the path to each split, and its slot; in depth-first order, left sides first."""
    passed: dict[int, _Passed] = {}
    slots: dict[int, int] = {}
    waiting: list[tuple[int, _Passed]] = [(0, {})]
    while waiting:
        split, above = waiting.pop()
        passed[split] = above
        slots[split] = len(waiting)
        feature, left_fraction = int(tree.split_feature[split]), _left_fraction(tree, split)
        kept = above[feature][2] if feature in above else 1.0
        for side, child, fraction in (
            (1, int(tree.right_child[split]), 1 - left_fraction),
            (0, int(tree.left_child[split]), left_fraction),
        ):
            if child >= 0:
                waiting.append((child, {**above, feature: (split, side, kept * fraction)}))
    return passed, slots


def _left_fraction(tree: Tree, split: int) -> float:
    """The fraction of a split's clients who went left in training."""
    left = int(tree.left_child[split])
    count = tree.split_count[left] if left >= 0 else tree.leaf_count[-left - 1]
    return float(count / tree.split_count[split])


def _blank(decision_type: int, threshold: float) -> int:
    """How a split treats a blank. Source: LightGBM, include/LightGBM/tree.h, NumericalDecision."""
    goes_left, missing = bool(decision_type & 2), decision_type >> 2 & 3
    if missing == 1:  # blanks and zeros go to a fixed side
        return ZERO_LEFT if goes_left else ZERO_RIGHT
    if missing == 0:  # a blank is compared as zero
        goes_left = threshold >= 0
    return BLANK_LEFT if goes_left else BLANK_RIGHT
