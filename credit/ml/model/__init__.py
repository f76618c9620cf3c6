"""The credit model: a LightGBM text model that selects its columns by name."""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from credit.ml.model.categories import Levels, Lookup, unknown_values
from credit.ml.model.text import ModelText, read_text
from credit.ml.model.trees import InvalidModel, Tree

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["CreditModel", "InvalidModel", "Levels", "Matrix", "MissingColumns", "Tree", "load_model", "text_sha256"]

Matrix: TypeAlias = NDArray[np.float32] | NDArray[np.float64]


class MissingColumns(ValueError):  # noqa: N818 - the name says what happened
    """The caller's matrix lacks columns that the model reads; ``names`` lists them."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"missing columns: {', '.join(names)}")
        self.names = tuple(names)


class CreditModel:
    """Probability of default from a text model; load one per process, never before a fork.

    LightGBM does not check column names, so every method takes the names of the caller's columns and picks the
    model's among them, in any order. It knows the categories of a DataFrame by number only, so the methods read the
    values themselves and look them up.
    """

    def __init__(self, content: ModelText) -> None:
        self.text = content.text
        self.sha256 = text_sha256(content.text)
        self.feature_names = content.feature_names
        self.trees = content.trees
        self.levels = content.levels
        self._lookups = {
            self.feature_names.index(name): Lookup(name, levels) for name, levels in content.levels.items()
        }
        self._process = os.getpid()
        self._last_positions: tuple[tuple[str, ...], NDArray[np.intp] | None] = (self.feature_names, None)

    def predict(self, matrix: Matrix, names: Sequence[str], *, threads: int = 0) -> NDArray[np.float64]:
        """Probabilities of default in 0..1, (N,); raises MissingColumns. 0 threads: as many as OpenMP is set to."""
        columns = self.inputs(matrix, names)
        return np.asarray(self.booster.predict(columns, num_threads=threads), dtype=np.float64)

    def margin(self, matrix: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """Log-odds of default, (N,); raises MissingColumns."""
        return np.asarray(self.booster.predict(self.inputs(matrix, names), raw_score=True), dtype=np.float64)

    def select(self, matrix: Matrix, names: Sequence[str]) -> Matrix:
        """The model's columns of a matrix whose columns are ``names``, in the model's order, (N, F).

        A column name with spaces matches the underscores that LightGBM writes instead. Raises MissingColumns, and
        ValueError where names and matrix disagree or a name is repeated.
        """
        if matrix.ndim != 2 or matrix.shape[1] != len(names):
            raise ValueError(f"matrix of shape {matrix.shape} for {len(names)} column names")
        positions = self._positions(tuple(names))
        return matrix if positions is None else matrix[:, positions]

    def inputs(self, matrix: Matrix, names: Sequence[str]) -> Matrix:
        """What LightGBM reads: the model's columns, (N, F), categories by their numbers; raises as ``select``."""
        columns = self.select(matrix, names)
        if not self._lookups:
            return columns
        numbered = columns.astype(np.float64)
        for column, lookup in self._lookups.items():
            numbered[:, column] = lookup(columns[:, column])
        return numbered

    def unknown_values(self, matrix: Matrix, names: Sequence[str]) -> dict[str, Matrix]:
        """For each column with categories, the values of all rows that are not among them: LightGBM reads a blank."""
        unknown = unknown_values(self._lookups, self.select(matrix, names))
        return {self.feature_names[column]: values for column, values in unknown.items()}

    @cached_property
    def booster(self) -> "lgb.Booster":
        """LightGBM's own object, loaded on first use; raises InvalidModel where LightGBM refuses the text."""
        # LightGBM brings scikit-learn, scipy and pandas: half the start of a process, and most never predict.
        import lightgbm as lgb

        try:
            return lgb.Booster(model_str=self.text)
        except lgb.basic.LightGBMError as error:
            raise InvalidModel("refused", str(error)) from error

    def _positions(self, names: tuple[str, ...]) -> NDArray[np.intp] | None:
        """The positions of the model's columns in ``names``; None when the two lists are equal."""
        if os.getpid() != self._process:  # LightGBM would hang forever
            raise RuntimeError("the model was loaded before this process was forked: load it in each process")
        last_names, positions = self._last_positions
        if names != last_names:
            positions = self._find(names)
            self._last_positions = (names, positions)
        return positions

    def _find(self, names: tuple[str, ...]) -> NDArray[np.intp]:
        if len(set(names)) != len(names):
            raise ValueError("duplicate column name")
        position = {name.replace(" ", "_"): index for index, name in enumerate(names)}
        position |= {name: index for index, name in enumerate(names)}
        missing = [name for name in self.feature_names if name not in position]
        if missing:
            raise MissingColumns(missing)
        return np.array([position[name] for name in self.feature_names], dtype=np.intp)


def load_model(text: str) -> CreditModel:
    """The model of a complete, checked LightGBM text; raises InvalidModel."""
    return CreditModel(read_text(text))


def text_sha256(text: str) -> str:
    """Hexadecimal SHA-256 of a model text: the identity of a model."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
