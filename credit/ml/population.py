"""The population's summary per feature, shown beside the value of one client."""

from typing import Final, TypedDict

import numpy as np
import numpy.typing as npt
import polars as pl


class ColumnSummary(TypedDict):
    """One column: quantiles and mean of the values that are there, None when there is none; share of blanks in 0..1."""

    median: float | None
    p10: float | None
    p90: float | None
    mean: float | None
    missing: float


_LEVELS: Final = np.array([0.1, 0.5, 0.9])


def population_summary(features: pl.DataFrame) -> dict[str, ColumnSummary]:
    """The summary of each column over all rows, exact; null, NaN and infinite values count as blanks.

    Quantiles are interpolated linearly between neighbours, as numpy.quantile does by default.
    """
    if features.height == 0:
        raise ValueError("There is no row to summarise")
    return {name: _summary(features[name].to_numpy()) for name in features.columns}


def _summary(values: npt.NDArray[np.floating]) -> ColumnSummary:
    present = values[np.isfinite(values)]
    missing = 1 - len(present) / len(values)
    if not len(present):
        return ColumnSummary(median=None, p10=None, p90=None, mean=None, missing=missing)
    p10, median, p90 = _quantiles(present)
    return ColumnSummary(median=median, p10=p10, p90=p90, mean=float(present.mean(dtype=np.float64)), missing=missing)


def _quantiles(values: npt.NDArray[np.floating]) -> list[float]:
    """The quantiles at _LEVELS; reorders ``values``. One partition is five times faster than numpy's three."""
    places = _LEVELS * (len(values) - 1)
    below = places.astype(np.int64)
    above = np.minimum(below + 1, len(values) - 1)
    values.partition(np.unique([below, above]))
    low, high = values[below].astype(np.float64), values[above].astype(np.float64)
    quantiles: list[float] = (low + (high - low) * (places - below)).tolist()
    return quantiles
