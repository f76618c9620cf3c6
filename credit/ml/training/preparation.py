"""Which columns can be learned from, and which rows are held out together."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from credit.ml.columns import PROTECTED


class UnusableData(ValueError):  # noqa: N818 - the name says what happened
    """Data that no model can or may be trained on."""


def check_data(matrix: NDArray[np.float32], target: NDArray[np.generic], names: tuple[str, ...], folds: int) -> None:
    """Nothing, or raises UnusableData that says what is wrong."""
    if matrix.shape != (len(target), len(names)):
        raise UnusableData(f"matrix of shape {matrix.shape} for {len(target)} outcomes and {len(names)} columns")
    if len(set(names)) != len(names):
        raise UnusableData("a column name stands twice")
    protected = [name for name in names if any(name.startswith(column) for column in PROTECTED)]
    if protected:
        raise UnusableData(f"protected columns: {', '.join(protected)}")
    if not np.isin(target, (0, 1)).all():
        raise UnusableData("an outcome is neither 0 nor 1")
    rarer = min(int((target == 1).sum()), int((target == 0).sum()))
    if rarer < folds:
        raise UnusableData(f"{rarer} clients of one outcome cannot fill {folds} folds")


def usable_columns(matrix: NDArray[np.float32], at_least: int) -> NDArray[np.bool_]:
    """Columns (F,) in which at least so many rows differ from the most frequent value.

    With fewer such rows no split can leave ``at_least`` rows on both sides, so nothing is lost by leaving a
    column out. A value of more than half the rows is their median, which is what is looked for here.
    """
    return np.array([_departures(matrix[:, index]) >= at_least for index in range(matrix.shape[1])], dtype=np.bool_)


def stratified_folds(target: NDArray[np.generic], folds: int, seed: int) -> NDArray[np.int8]:
    """Fold of each row (N,), 0..folds-1, each with the same default rate to within one client."""
    generator = np.random.default_rng(seed)
    fold = np.empty(len(target), dtype=np.int8)
    offset = 0
    for outcome in (0, 1):
        rows = np.flatnonzero(target == outcome)
        fold[generator.permutation(rows)] = (np.arange(len(rows)) + offset) % folds
        offset += len(rows)
    return fold


def feature_set_sha256(names: tuple[str, ...]) -> str:
    """Identity of a list of columns, their order included."""
    return hashlib.sha256("\n".join(names).encode("utf-8")).hexdigest()


def _departures(column: NDArray[np.float32]) -> int:
    """Rows that differ from the value of more than half the rows; all but one half where there is none."""
    present = column[~np.isnan(column)]
    if 2 * len(present) < len(column):
        return len(present)
    middle = np.partition(present, len(present) // 2)[len(present) // 2]
    return len(column) - int(np.count_nonzero(present == middle))
