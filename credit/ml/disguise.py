"""Finds a protected attribute under another name: a column whose values tell who is a man and who is a woman."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FEW_VALUES: Final = 10
#: One in a thousand columns that have nothing to do with the attribute would be named, at most.
_LEAST_SURPRISE: Final = 1000
_ROWS_OF_FIRST_LOOK: Final = 500


def revealing_columns(matrix: NDArray[np.floating], names: Sequence[str], groups: NDArray[np.bool_]) -> tuple[str, ...]:
    """The columns of N clients (N, F) from which a client's group (N,) can be read off, for two groups.

    That is: one threshold separates the groups, or each of at most ten values, a blank being one, occurs in one group
    only. With too few clients to exclude a coincidence there are none.
    """
    return tuple(name for name, column in zip(names, matrix.T, strict=True) if _reveals(column, groups))


def _reveals(column: NDArray[np.floating], groups: NDArray[np.bool_]) -> bool:
    first = slice(_ROWS_OF_FIRST_LOOK)
    return _separates(column[first], groups[first], 0) and _separates(column, groups, _LEAST_SURPRISE)


def _separates(column: NDArray[np.floating], groups: NDArray[np.bool_], surprise: int) -> bool:
    values = np.where(np.isnan(column), -np.inf, column)
    here, there = np.unique(values[groups]), np.unique(values[~groups])
    if not len(here) or not len(there):
        return surprise == 0
    ways = 0
    if here[-1] < there[0] or there[-1] < here[0]:
        ways = 2
    elif len(here) + len(there) <= _FEW_VALUES and not np.intersect1d(here, there).size:
        ways = 2 ** (len(here) + len(there))
    # Of all ways to choose as many clients as the group has, few are as orderly as this one.
    return ways > 0 and math.comb(len(groups), int(groups.sum())) >= surprise * ways
