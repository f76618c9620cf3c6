"""Arithmetic on columns with blanks (NaN), for one application or for all."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]  # (N,)
#: Columns by name, each (N,) float64 with NaN for a blank.
Columns: TypeAlias = Mapping[str, Floats]


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """The quotient; NaN where the denominator is zero or either is blank."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(denominator == 0, np.nan, numerator / denominator))


def count_known(parts: Iterable[Floats]) -> Floats:
    """The number of parts that are not blank."""
    return np.asarray(np.sum([~np.isnan(part) for part in parts], axis=0, dtype=np.float64))


def total(parts: Iterable[Floats]) -> Floats:
    """The sum of the parts that are not blank; NaN where all are."""
    stack = np.stack(list(parts))  # (parts, N)
    return np.asarray(np.where(np.isnan(stack).all(axis=0), np.nan, np.nansum(stack, axis=0)))


def mean(parts: Iterable[Floats]) -> Floats:
    """The mean of the parts that are not blank; NaN where all are."""
    parts = list(parts)
    return ratio(total(parts), count_known(parts))


def standard_deviation(parts: Iterable[Floats]) -> Floats:
    """Sample standard deviation of the parts that are not blank; NaN with fewer than two."""
    parts = list(parts)
    middle = mean(parts)
    return np.sqrt(ratio(total([(part - middle) ** 2 for part in parts]), count_known(parts) - 1))


def to_float32(values: Iterable[Floats]) -> npt.NDArray[np.float32]:
    """The columns side by side, NaN where a value is not finite or overflows Float32.  # (N, columns)"""
    columns = list(values)
    matrix = np.empty((len(columns[0]), len(columns)), np.float32, order="F")
    with np.errstate(over="ignore"):
        for position, column in enumerate(columns):
            matrix[:, position] = column
    matrix[np.isinf(matrix)] = np.nan
    return matrix
