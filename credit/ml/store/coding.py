"""Numbers as codes of one byte: at most 255 intervals, bounded by quantiles and by the bars of a histogram.

One pass over a byte per client counts the codes. Folded, these counts are the histogram; and they show which few codes
hold a quantile, so that only their values are sorted.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: The code of a blank.
BLANK: Final = 255
#: A number with more distinct values is coded by intervals, one with fewer by its values.
MOST_VALUES: Final = 200
#: A number with at most this many distinct values gets one bar per value.
MOST_DISCRETE: Final = 12
_BARS: Final = 24
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Coding:
    """Code k holds the values from ``edges[k]`` up to the next edge, the last code everything above its edge.

    Bar b of the histogram holds the codes from ``bars[b]`` up to ``bars[b + 1]`` and is drawn from ``bounds[b]`` to
    ``bounds[b + 1]``; the outer bars also hold what lies beyond. A discrete number has no bounds: each code is a bar,
    and its edge the value.
    """

    edges: NDArray[np.float32]  # (K,)
    bars: NDArray[np.int64]  # (B + 1,)
    bounds: NDArray[np.float32]  # (B + 1,) or (0,)

    @property
    def is_discrete(self) -> bool:
        return not len(self.bounds)

    def encode(self, values: NDArray[np.float32]) -> NDArray[np.uint8]:
        """The codes of values, BLANK for NaN.  # (N,)"""
        if not len(self.edges):
            return np.full(len(values), BLANK, np.uint8)
        codes = np.searchsorted(self.edges, values, side="right") - 1
        return np.where(np.isnan(values), BLANK, np.maximum(codes, 0)).astype(np.uint8)

    def by_bar(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Counts per code, on the last axis, as counts per bar.  # (..., 255) -> (..., B)"""
        nothing = np.zeros((*counts.shape[:-1], 1), np.int64)
        up_to = np.concatenate([nothing, np.cumsum(counts, axis=-1)], axis=-1)
        return np.diff(up_to[..., self.bars], axis=-1)


def choose_coding(values: NDArray[np.float32]) -> Coding:
    """The coding that suits ``values`` (N,), NaN for a blank."""
    present = np.sort(values[~np.isnan(values)])
    distinct = present[np.concatenate([[True], present[1:] != present[:-1]])] if len(present) else present
    if len(distinct) <= MOST_DISCRETE:
        return Coding(distinct, np.arange(len(distinct) + 1), np.empty(0, np.float32))
    bounds = _round_bounds(present, is_whole=bool((distinct == np.floor(distinct)).all()))
    edges = distinct
    if len(distinct) > MOST_VALUES:
        quantiles = present[np.linspace(0, len(present) - 1, MOST_VALUES).astype(np.intp)]
        inner = bounds[(bounds > distinct[0]) & (bounds <= distinct[-1])]
        edges = np.unique(np.concatenate([quantiles, inner]))
    starts = np.searchsorted(edges, bounds[1:-1])
    return Coding(edges, np.concatenate([[0], starts, [len(edges)]]).astype(np.int64), bounds)


def _round_bounds(present: NDArray[np.float32], *, is_whole: bool) -> NDArray[np.float32]:
    """Bounds of about _BARS bars at round numbers, from the first to the ninety-ninth percentile."""
    low, high = (float(present[int(share * (len(present) - 1))]) for share in (0.01, 0.99))
    if low == high:
        low, high = float(present[0]), float(present[-1])
    rough = (high - low) / _BARS
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(size for size in _STEPS if size * power >= rough * (1 - 1e-9)) * power
    step = max(float(np.ceil(step)), 1.0) if is_whole else step
    first, last = np.floor(low / step), np.ceil(high / step)
    return (np.arange(first, max(last, first + 1) + 1) * step).astype(np.float32)
