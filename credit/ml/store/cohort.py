"""The clients of a store that meet some conditions, and what is asked of them: counts first, values rarely."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.store.coding import BLANK, Coding

CODES: Final = 256
#: Distances are first estimated in float32; so many more candidates than asked for are then measured exactly.
_SPARE: Final = 44
#: Values that are partitioned to find a limit below which the smallest of all lie.
_SAMPLE: Final = 20_000

Rows = NDArray[np.int32]  # (M,), places in the store, ascending


@dataclass(frozen=True, slots=True)
class Between:
    """low <= value < high; an end that is None is open."""

    name: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class IsLevel:
    """A category has this code of CATEGORIES."""

    name: str
    code: int


Condition = Between | IsLevel


@dataclass(frozen=True)
class Columns:
    """The mapped columns: ``codes`` (V, N) of all variables, ``numbers`` (W, N) of those that are numbers.

    ``places`` are the rows of a variable in both; ``scaled`` (N, D) stands for each client's place among all.
    """

    places: Mapping[str, int]
    codings: Mapping[str, Coding]
    numbers: NDArray[np.float32]
    codes: NDArray[np.uint8]
    scaled: NDArray[np.float32]
    known_names: tuple[str, ...]

    @cached_property
    def squares(self) -> NDArray[np.float32]:
        """The squared length of each row of ``scaled``.  # (N,)"""
        squares: NDArray[np.float32] = np.einsum("nd,nd->n", self.scaled, self.scaled)
        return squares


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many clients there are, of how many the outcome is known, and how many of these had difficulties."""

    clients: int
    known: int
    defaulted: int


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a value stands: how many clients have less, the same, and any value."""

    below: int
    equal: int
    known: int

    @property
    def share(self) -> float:
        """The share of clients below, those with the same value counted half; 0.5 where nobody has a value."""
        return (self.below + self.equal / 2) / self.known if self.known else 0.5


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest clients, nearest first: places in the store and distances, (K,) each.

    A distance is the mean difference (root mean square) between places in the population, over the variables that
    make clients alike: 0.1 is ten clients in a hundred further on.
    """

    rows: Rows
    distances: NDArray[np.float64]


class Cohort:
    """M clients of a store; ``rows`` None stands for all of them."""

    def __init__(self, columns: Columns, rows: Rows | None, outcomes: NDArray[np.int8]) -> None:
        self.rows = rows
        self._columns = columns
        self._outcomes = outcomes
        self.size = len(outcomes) if rows is None else len(rows)
        self.counts = cache(self._counts)
        self.quantiles = cache(self._quantiles)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What became of the clients."""
        outcomes = self._outcomes if self.rows is None else self._outcomes[self.rows]
        return Outcomes(self.size, int(np.count_nonzero(outcomes >= 0)), int(np.count_nonzero(outcomes == 1)))

    def _counts(self, name: str) -> NDArray[np.int64]:
        """How many clients have each code of a variable, blanks left out.  # (255,)"""
        return np.bincount(self._codes(name), minlength=CODES)[:BLANK]

    def blanks(self, name: str) -> int:
        """How many clients have no value."""
        return self.size - int(self.counts(name).sum())

    def joint_counts(self, groups: NDArray[np.uint8] | str, name: str) -> NDArray[np.int64]:
        """How many clients have each pair of codes, blanks left out; ``groups`` is a variable or (N,) codes.

        # (255, 255)
        """
        first = self._codes(groups) if isinstance(groups, str) else self._of(groups)
        pairs = first.astype(np.uint16) * np.uint16(CODES) + self._codes(name)
        return np.bincount(pairs, minlength=CODES * CODES).reshape(CODES, CODES)[:BLANK, :BLANK]

    def rank(self, name: str, value: float) -> Rank:
        """Where ``value`` stands among the clients' values of a number."""
        number, counts = np.float32(value), self.counts(name)
        known = int(counts.sum())
        code = int(np.searchsorted(self._columns.codings[name].edges, number, side="right")) - 1
        if code < 0:
            return Rank(0, 0, known)
        same = self._numbers(name, self._codes(name) == code)
        below = int(counts[:code].sum()) + int(np.count_nonzero(same < number))
        return Rank(below, int(np.count_nonzero(same == number)), known)

    def _quantiles(self, name: str, shares: tuple[float, ...]) -> tuple[float, ...]:
        """The quantiles of a number, as numpy.quantile has them by default; NaN where nobody has a value."""
        counts = self.counts(name)
        ends = np.cumsum(counts)
        if not ends[-1]:
            return (float("nan"),) * len(shares)
        places = np.array(shares) * (ends[-1] - 1)
        low = np.floor(places).astype(np.int64)
        high = np.minimum(low + 1, ends[-1] - 1)
        needed = np.zeros(CODES, np.bool_)
        needed[np.searchsorted(ends, np.concatenate([low, high]), side="right")] = True
        values = np.sort(self._numbers(name, needed[self._codes(name)])).astype(np.float64)
        left_out = np.cumsum(np.where(needed[:BLANK], 0, counts))  # clients of other codes before each code
        below, above = (values[place - left_out[np.searchsorted(ends, place, side="right")]] for place in (low, high))
        return tuple((below + (above - below) * (places - low)).tolist())

    def nearest(self, point: NDArray[np.float64], count: int, *, besides: int | None = None) -> Neighbours:
        """The ``count`` clients nearest to ``point`` (D,), places among all; ``besides`` is a place left out."""
        scaled = self._columns.scaled
        estimates = self._of(self._columns.squares - 2 * (scaled @ point.astype(np.float32)))
        nearby = _smallest(estimates, count + 1 + _SPARE)
        rows = nearby.astype(np.int32) if self.rows is None else self.rows[nearby]
        rows = rows[rows != besides] if besides is not None else rows
        distances = np.sqrt(((scaled[rows].astype(np.float64) - point) ** 2).mean(axis=1))
        order = np.lexsort((rows, distances))[:count]
        return Neighbours(rows[order], distances[order])

    def _codes(self, name: str) -> NDArray[np.uint8]:
        return self._of(self._columns.codes[self._columns.places[name]])

    def _numbers(self, name: str, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The values of the clients that ``chosen`` (M,) marks."""
        rows = np.flatnonzero(chosen) if self.rows is None else self.rows[chosen]
        values: NDArray[np.float32] = self._columns.numbers[self._columns.places[name]][rows]
        return values

    def _of(self, values: NDArray) -> NDArray:  # type: ignore[type-arg]  # as many types as there are callers
        return values if self.rows is None else values[self.rows]


def _smallest(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Places of the ``count`` smallest values and of some more: all that are no larger than those of a sample."""
    if count >= len(values):
        return np.arange(len(values))
    step = max(1, min(len(values) // _SAMPLE, len(values) // count))
    limit = np.partition(values[::step], count - 1)[count - 1]
    return np.flatnonzero(values <= limit)


def matching_rows(columns: Columns, conditions: frozenset[Condition]) -> Rows:
    """The places of the clients that meet every condition; a blank meets none."""
    met = np.ones(columns.codes.shape[1], np.bool_)
    for condition in conditions:
        place = columns.places[condition.name]
        if isinstance(condition, IsLevel):
            met &= columns.codes[place] == condition.code
            continue
        values = columns.numbers[place]
        if condition.low is not None:
            met &= values >= np.float32(condition.low)
        if condition.high is not None:
            met &= values < np.float32(condition.high)
    return np.flatnonzero(met).astype(np.int32)
