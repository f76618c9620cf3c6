"""How far a population has moved from the one a model was trained on, variable by variable."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.metrics import Interval

#: From WATCH_PSI on, watch the variable; from ALERT_PSI on, the model should not be trusted on it.
#: Source: Siddiqi, Credit Risk Scorecards, 2006, chapter on scorecard monitoring.
WATCH_PSI: Final = 0.1
ALERT_PSI: Final = 0.25
BINS: Final = 10
RESAMPLES: Final = 200
#: Cells of the pooled samples that the bootstrap of KS draws from: finer than the differences it measures.
_CELLS: Final = 500
#: An empty bin would make the index infinite: it counts as half a client.
_EMPTY: Final = 0.5
#: One-sided normal quantile of 99.9 %: more than a hundred variables are tested at once.
_Z: Final = 3.090232306167813


class DriftLevel(StrEnum):
    """The verdict of a stability index."""

    STABLE = "stable"
    WATCH = "watch"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Drift:
    """One variable in both populations.

    ``reference`` and ``current`` are shares of clients per bin, blanks in the last bin; ``edges`` are the inner edges
    of a number's bins, empty for a category, whose bins are its codes. ``ks`` is None for a category. ``chance`` is
    the index that two samples of the same population exceed once in a thousand times.
    """

    psi: Interval
    ks: Interval | None
    chance: float
    edges: tuple[float, ...]
    reference: tuple[float, ...]
    current: tuple[float, ...]

    @property
    def level(self) -> DriftLevel:
        """Stable where the index is no larger than chance, whatever its size."""
        if self.psi.value < WATCH_PSI or self.psi.value <= self.chance:
            return DriftLevel.STABLE
        return DriftLevel.ALERT if self.psi.value >= ALERT_PSI else DriftLevel.WATCH


def number_drift(reference: NDArray[np.floating], current: NDArray[np.floating], *, seed: int = 0) -> Drift:
    """Drift of a number, (N,) and (M,), NaN for a blank; bins are deciles of the reference.

    Raises ValueError where a population is empty.
    """
    known, new = reference[~np.isnan(reference)], current[~np.isnan(current)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.empty(0)
    counts = [_bin_counts(values, edges) for values in (reference, current)]
    ks = ks_interval(known, new, seed=seed) if len(known) and len(new) else None
    return _drift(counts[0], counts[1], tuple(edges.tolist()), ks, seed)


def category_drift(
    reference: NDArray[np.floating], current: NDArray[np.floating], levels: int, *, seed: int = 0
) -> Drift:
    """Drift of a category, as codes 0..levels-1, NaN for a blank; each level is a bin."""
    edges = np.arange(1, levels, dtype=np.float64)
    counts = [_bin_counts(values, edges) for values in (reference, current)]
    return _drift(counts[0], counts[1], (), None, seed)


def stability_index(reference: NDArray[np.number], current: NDArray[np.number]) -> float:
    """Population stability index of two arrays of counts per bin, (B,); 0 for equal shares.

    Source: Kullback and Leibler's symmetric divergence, On information and sufficiency, 1951.
    """
    old, new = (np.maximum(counts, _EMPTY) / np.maximum(counts, _EMPTY).sum() for counts in (reference, current))
    return float(((new - old) * np.log(new / old)).sum())


def ks_statistic(reference: NDArray[np.floating], current: NDArray[np.floating]) -> float:
    """The largest distance between the two distribution functions, 0..1."""
    ordered, new = np.sort(reference), np.sort(current)
    points = np.concatenate([ordered, new])
    below = np.searchsorted(ordered, points, side="right") / len(ordered)
    return float(np.abs(below - np.searchsorted(new, points, side="right") / len(new)).max())


def ks_interval(reference: NDArray[np.floating], current: NDArray[np.floating], *, seed: int = 0) -> Interval:
    """The KS statistic with its 95 % bootstrap interval."""
    both = np.concatenate([reference, current])
    cuts = np.unique(np.quantile(both, np.linspace(0, 1, _CELLS + 1)[1:-1]))
    generator = np.random.default_rng(seed)
    drawn = [
        np.cumsum(_resampled(np.bincount(np.searchsorted(cuts, values), minlength=len(cuts) + 1), generator), axis=1)
        / len(values)
        for values in (reference, current)
    ]  # (R, C) each
    return _interval(ks_statistic(reference, current), np.abs(drawn[0] - drawn[1]).max(axis=1))


def chance_index(bins: int, reference: int, current: int) -> float:
    """The index that samples of this many clients of one population exceed once in a thousand times.

    Without a change it is distributed as (1/n + 1/m) times chi-square with bins - 1 degrees of freedom.
    Source: Yurdakul and Naranjo, Statistical properties of the population stability index, 2020. The quantile is
    that of Wilson and Hilferty, The distribution of chi-square, 1931.
    """
    freedom = bins - 1
    if freedom < 1:
        return 0.0
    quantile = freedom * (1 - 2 / (9 * freedom) + _Z * np.sqrt(2 / (9 * freedom))) ** 3
    return float((1 / reference + 1 / current) * quantile)


def _drift(
    old: NDArray[np.intp], new: NDArray[np.intp], edges: tuple[float, ...], ks: Interval | None, seed: int
) -> Drift:
    if not old.sum() or not new.sum():
        raise ValueError("a population is empty")
    generator = np.random.default_rng(seed)
    pairs = zip(_resampled(old, generator), _resampled(new, generator), strict=True)
    used = int(np.count_nonzero(old + new))
    return Drift(
        psi=_interval(stability_index(old, new), np.array([stability_index(*pair) for pair in pairs])),
        ks=ks,
        chance=chance_index(used, int(old.sum()), int(new.sum())),
        edges=edges,
        reference=tuple((old / old.sum()).tolist()),
        current=tuple((new / new.sum()).tolist()),
    )


def _bin_counts(values: NDArray[np.floating], edges: NDArray[np.float64]) -> NDArray[np.intp]:
    """Clients per bin, blanks last, (E + 2,)."""
    is_blank = np.isnan(values)
    inside = np.searchsorted(edges, values[~is_blank], side="right")
    return np.append(np.bincount(inside, minlength=len(edges) + 1), np.count_nonzero(is_blank))


def _resampled(counts: NDArray[np.intp], generator: np.random.Generator) -> NDArray[np.int64]:
    """Counts of as many clients drawn with replacement, (R, B)."""
    total = counts.sum()
    return generator.multinomial(total, counts / total, size=RESAMPLES)


def _interval(value: float, drawn: NDArray[np.float64]) -> Interval:
    """The 95 % interval of a distance, corrected for bias: a resample lies further away than its sample.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 10.
    """
    low, middle, high = np.percentile(drawn, [2.5, 50, 97.5]) - value
    return Interval(value, max(value + float(low - middle), 0.0), value + float(high - middle))
