"""Checks the training data, selects the usable columns, and assigns rows to folds."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from credit.ml.columns import protected_among


class UnusableData(ValueError):  # noqa: N818 - the name says what happened
    """Data on which no model can, or may, be trained."""


def check_data(matrix: NDArray[np.float32], target: NDArray[np.generic], names: tuple[str, ...], folds: int) -> None:
    """Raises UnusableData with the reason where no model can be trained."""
    if matrix.shape != (len(target), len(names)):
        raise UnusableData(f"matrix of shape {matrix.shape} for {len(target)} outcomes and {len(names)} columns")
    if len(set(names)) != len(names):
        raise UnusableData("duplicate column name")
    protected = protected_among(names)
    if protected:
        raise UnusableData(f"protected columns: {', '.join(protected)}")
    if not np.isin(target, (0, 1)).all():
        raise UnusableData("an outcome is neither 0 nor 1")
    rarer = min(int((target == 1).sum()), int((target == 0).sum()))
    if rarer < folds:
        raise UnusableData(f"{rarer} clients of one outcome cannot fill {folds} folds")


def usable_columns(matrix: NDArray[np.float32], at_least: int) -> NDArray[np.bool_]:
    """Columns (F,) in which at least this many rows differ from the most frequent value.

    With fewer, no split can leave ``at_least`` rows on both sides, so leaving the column out loses nothing. A value
    of more than half the rows is their median, so rows are compared with the median.
    """
    return np.array([_departures(matrix[:, index]) >= at_least for index in range(matrix.shape[1])], dtype=np.bool_)


def stratified_folds(target: NDArray[np.generic], folds: int, seed: int) -> NDArray[np.int8]:
    """The fold of each row (N,), 0..folds-1; the folds' numbers of defaults differ by at most one."""
    generator = np.random.default_rng(seed)
    fold = np.empty(len(target), dtype=np.int8)
    offset = 0
    for outcome in (0, 1):
        rows = np.flatnonzero(target == outcome)
        fold[generator.permutation(rows)] = (np.arange(len(rows)) + offset) % folds
        offset += len(rows)
    return fold


def feature_set_sha256(names: tuple[str, ...]) -> str:
    """The identity of an ordered list of columns."""
    return hashlib.sha256("\n".join(names).encode("utf-8")).hexdigest()


def _departures(column: NDArray[np.float32]) -> int:
    """Rows that differ from the median, or, in a column of more than half blanks, those with a value."""
    present = column[~np.isnan(column)]
    if 2 * len(present) < len(column):
        return len(present)
    middle = np.partition(present, len(present) // 2)[len(present) // 2]
    return len(column) - int(np.count_nonzero(present == middle))
