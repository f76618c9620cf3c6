"""The credit model: a LightGBM text model that selects its columns by name."""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from credit.ml.model.text import InvalidModel, Tree, read_header, read_trees

if TYPE_CHECKING:
    import lightgbm as lgb

    from credit.ml.model.engine import SingleRowPredictor

__all__ = ["CreditModel", "InvalidModel", "Matrix", "MissingColumns", "Tree", "load_model", "text_sha256"]

Matrix: TypeAlias = NDArray[np.float32] | NDArray[np.float64]


class MissingColumns(ValueError):  # noqa: N818 - the name says what happened
    """Columns that the model needs and the caller does not have, in ``names``."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"missing columns: {', '.join(names)}")
        self.names = tuple(names)


class CreditModel:
    """Probability of default from a text model; one instance per process, never across a fork.

    LightGBM does not check column names, so every method takes the caller's names and picks the model's
    columns among them: the order of the caller's columns changes nothing.
    """

    def __init__(self, text: str, feature_names: tuple[str, ...], trees: list[Tree]) -> None:
        self.text = text
        self.sha256 = text_sha256(text)
        self.feature_names = feature_names
        self.trees = trees
        self._process = os.getpid()
        self._known: tuple[tuple[str, ...], NDArray[np.intp] | None] = (feature_names, None)

    def predict(self, matrix: Matrix, names: Sequence[str], *, threads: int = 0) -> NDArray[np.float64]:
        """Probabilities of default in 0..1, (N,); raises MissingColumns.

        Without ``threads`` there are as many as the environment says.
        """
        columns = self.select(matrix, names)
        if len(columns) == 1:
            return np.array([self._predict_row(_as_row(columns))])
        return np.asarray(self.booster.predict(columns, num_threads=threads), dtype=np.float64)

    def margin(self, matrix: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """Log-odds of default, (N,); raises MissingColumns."""
        columns = self.select(matrix, names)
        if len(columns) == 1:
            return np.array([self._margin_row(_as_row(columns))])
        return np.asarray(self.booster.predict(columns, raw_score=True), dtype=np.float64)

    def select(self, matrix: Matrix, names: Sequence[str]) -> Matrix:
        """The model's columns of a matrix whose columns are ``names``, in the model's order, (N, F).

        A column name with spaces is also found under the underscores that LightGBM writes instead.
        Raises MissingColumns, and ValueError where names and matrix disagree or a name stands twice.
        """
        if matrix.ndim != 2 or matrix.shape[1] != len(names):
            raise ValueError(f"matrix of shape {matrix.shape} for {len(names)} column names")
        positions = self._positions(tuple(names))
        return matrix if positions is None else matrix[:, positions]

    @cached_property
    def booster(self) -> "lgb.Booster":
        """LightGBM's own object, loaded at first use; raises InvalidModel where LightGBM refuses the text."""
        return _engine().load_booster(self.text)  # type: ignore[no-any-return]

    @cached_property
    def _predict_row(self) -> "SingleRowPredictor":
        return _engine().SingleRowPredictor(self.booster, raw=False)  # type: ignore[no-any-return]

    @cached_property
    def _margin_row(self) -> "SingleRowPredictor":
        return _engine().SingleRowPredictor(self.booster, raw=True)  # type: ignore[no-any-return]

    def _positions(self, names: tuple[str, ...]) -> NDArray[np.intp] | None:
        """Where the model's columns stand among ``names``; None when they are the same."""
        if os.getpid() != self._process:  # LightGBM would hang for ever instead
            raise RuntimeError("the model was loaded before this process was forked: load it in each process")
        known, positions = self._known
        if names != known:
            positions = self._find(names)
            self._known = (names, positions)
        return positions

    def _find(self, names: tuple[str, ...]) -> NDArray[np.intp]:
        if len(set(names)) != len(names):
            raise ValueError("a column name stands twice")
        where = {name.replace(" ", "_"): index for index, name in enumerate(names)}
        where |= {name: index for index, name in enumerate(names)}
        missing = [name for name in self.feature_names if name not in where]
        if missing:
            raise MissingColumns(missing)
        return np.array([where[name] for name in self.feature_names], dtype=np.intp)


def load_model(text: str) -> CreditModel:
    """The model of a LightGBM text, complete and checked; raises InvalidModel."""
    content = text.encode("utf-8")
    header = read_header(content)
    return CreditModel(text, header.feature_names, read_trees(content, header))


def text_sha256(text: str) -> str:
    """Hexadecimal SHA-256 of a model text: the identity of a model."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _engine() -> ModuleType:
    """What needs LightGBM, imported at the first prediction (the module says why)."""
    return import_module("credit.ml.model.engine")


def _as_row(columns: Matrix) -> NDArray[np.float64]:
    return np.ascontiguousarray(columns[0], dtype=np.float64)
