"""Checks the training data, selects the usable columns, and assigns rows to folds."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from credit.ml.columns import protected_among


class UnusableData(ValueError):  # noqa: N818 - the name says what happened
    """Data on which no model can, or may, be trained."""


class LeakedOutcome(UnusableData):
    """Features that predict every outcome without an error; ``column`` is the one that the model relies on most."""

    def __init__(self, column: str) -> None:
        super().__init__(f"{column} gives the outcome away")
        self.column = column


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


def check_folds(target: NDArray[np.generic], fold: NDArray[np.int8], folds: int) -> None:
    """Raises UnusableData where equal rows leave a fold without clients of one outcome."""
    for outcome in (0, 1):
        if not np.bincount(fold[target == outcome], minlength=folds).all():
            raise UnusableData(f"too many equal rows to fill {folds} folds with clients of both outcomes")


def usable_columns(matrix: NDArray[np.float32], at_least: int) -> NDArray[np.bool_]:
    """Columns (F,) in which at least this many rows differ from the most frequent value.

    With fewer, no split can leave ``at_least`` rows on both sides, so leaving the column out loses nothing. A value
    of more than half the rows is their median, so rows are compared with the median.
    """
    return np.array([_departures(matrix[:, index]) >= at_least for index in range(matrix.shape[1])], dtype=np.bool_)


def equal_rows(matrix: NDArray[np.float32]) -> NDArray[np.int64]:
    """The group of each row (N,): the first row with the same values, blanks included."""
    first: dict[bytes, int] = {}
    group = np.empty(len(matrix), dtype=np.int64)
    for place, row in enumerate(matrix):
        same_bits = np.where(np.isnan(row), np.float32(np.nan), row + np.float32(0))  # -0.0 becomes 0.0
        group[place] = first.setdefault(hashlib.blake2b(same_bits.tobytes(), digest_size=16).digest(), place)
    return group


def repeated_rows(group: NDArray[np.int64]) -> int:
    """How many rows have the same values as another one."""
    return int(np.count_nonzero(np.bincount(group)[group] > 1))


def stratified_folds(
    target: NDArray[np.generic], folds: int, seed: int, group: NDArray[np.int64] | None = None
) -> NDArray[np.int8]:
    """The fold of each row (N,), 0..folds-1; equal rows, those of one ``group`` (N,), share a fold.

    Without equal rows, the folds' numbers of defaults differ by at most one, and so do their sizes. With them, the
    largest groups are dealt first, and single rows level the folds.
    """
    generator = np.random.default_rng(seed)
    bad = target == 1
    order = np.arange(len(target)) if group is None else np.argsort(group, kind="stable")
    starts = order[1:] if group is None else np.flatnonzero(np.diff(group[order])) + 1
    units = np.split(order, starts)
    has_bad = np.array([bad[rows].any() for rows in units])
    fold = np.empty(len(target), dtype=np.int8)
    total = [0] * folds
    for outcome in (False, True):
        dealt = [0] * folds
        for unit in sorted(generator.permutation(np.flatnonzero(has_bad == outcome)), key=lambda at: -len(units[at])):
            number = min(range(folds), key=lambda each: (dealt[each], total[each]))
            fold[units[unit]] = number
            dealt[number] += len(units[unit])
            total[number] += len(units[unit])
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
