"""The clients of a store that meet some conditions, and questions about them: answered by counts where possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.store.coding import BLANK, Coding

CODES: Final = 256
#: Distances are first estimated in float32; the nearest, and this many more, are then measured exactly.
_SPARE: Final = 44
#: Size of the sample that bounds the smallest values of all.
_SAMPLE: Final = 20_000

Rows = NDArray[np.int32]  # (M,), positions in the store, ascending


@dataclass(frozen=True, slots=True)
class Between:
    """low <= value < high, or <= high where ``holds_high``; None leaves an end open.

    The ends are compared in the type of the stored column, which rounds as the values in it were.
    """

    name: str
    low: float | None
    high: float | None
    holds_high: bool = False


@dataclass(frozen=True, slots=True)
class IsLevel:
    """A category has this code of CATEGORIES."""

    name: str
    code: int


Condition = Between | IsLevel


@dataclass(frozen=True)
class Columns:
    """The mapped columns: ``codes`` (V, N) of all variables, ``numbers`` (W, N) of those that are numbers.

    ``rows`` are the rows of a variable in both; ``scaled`` (N, D) is each client's rank among all, 0..1, in D of them.
    """

    rows: Mapping[str, int]
    codings: Mapping[str, Coding]
    numbers: NDArray[np.float32]
    codes: NDArray[np.uint8]
    scaled: NDArray[np.float32]
    known_names: tuple[str, ...]

    @cached_property
    def squares(self) -> NDArray[np.float32]:
        """The squared length of each row of ``scaled``, (N,)."""
        squares: NDArray[np.float32] = np.einsum("nd,nd->n", self.scaled, self.scaled)
        return squares


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many clients there are, how many have a known outcome, and how many of those had payment difficulties."""

    clients: int
    known: int
    defaulted: int


@dataclass(frozen=True, slots=True)
class Rank:
    """The position of a value: how many clients have less, the same, and any value."""

    below: int
    equal: int
    known: int

    @property
    def share(self) -> float:
        """The share of clients below, those with the same value counting half; 0.5 where nobody has a value."""
        return (self.below + self.equal / 2) / self.known if self.known else 0.5


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest clients, nearest first: positions in the store and distances, (K,) each.

    A distance is the root mean square difference of ranks (0..1) in the population, over NEAREST_BY: 0.1 is ten
    clients in a hundred away.
    """

    rows: Rows
    distances: NDArray[np.float64]


class Cohort:
    """M clients of a store; all of them where ``rows`` is None."""

    def __init__(self, columns: Columns, rows: Rows | None, outcomes: NDArray[np.int8]) -> None:
        self.rows = rows
        self._columns = columns
        self._outcomes = outcomes
        self.size = len(outcomes) if rows is None else len(rows)
        self.counts = cache(self._counts)
        self.quantiles = cache(self._quantiles)

    @cached_property
    def outcomes(self) -> Outcomes:
        outcomes = self._outcomes if self.rows is None else self._outcomes[self.rows]
        return Outcomes(self.size, int(np.count_nonzero(outcomes >= 0)), int(np.count_nonzero(outcomes == 1)))

    def _counts(self, name: str) -> NDArray[np.int64]:
        """How many clients have each code of a variable, without blanks.  # (255,)"""
        return np.bincount(self._codes(name), minlength=CODES)[:BLANK]

    def blanks(self, name: str) -> int:
        return self.size - int(self.counts(name).sum())

    def joint_counts(self, groups: NDArray[np.uint8] | str, name: str) -> NDArray[np.int64]:
        """How many clients have each pair of codes, without blanks; ``groups`` is a variable or codes (N,).

        # (255, 255)
        """
        first = self._codes(groups) if isinstance(groups, str) else self._of(groups)
        pairs = first.astype(np.uint16) * np.uint16(CODES) + self._codes(name)
        return np.bincount(pairs, minlength=CODES * CODES).reshape(CODES, CODES)[:BLANK, :BLANK]

    def rank(self, name: str, value: float) -> Rank:
        """The rank of ``value`` among the clients' values of a number."""
        values, number = self._of(self._columns.numbers[self._columns.rows[name]]), np.float32(value)
        known = int(self.counts(name).sum())
        return Rank(int(np.count_nonzero(values < number)), int(np.count_nonzero(values == number)), known)

    def _quantiles(self, name: str, shares: tuple[float, ...]) -> tuple[float, ...]:
        """The quantiles of a number, equal to numpy.quantile's; NaN where nobody has a value."""
        counts = self.counts(name)
        ends = np.cumsum(counts)
        if not ends[-1]:
            return (float("nan"),) * len(shares)
        positions = np.array(shares) * (ends[-1] - 1)
        low = np.floor(positions).astype(np.int64)
        high = np.minimum(low + 1, ends[-1] - 1)
        needed = np.zeros(CODES, np.bool_)
        needed[np.searchsorted(ends, np.concatenate([low, high]), side="right")] = True
        is_needed = needed[self._codes(name)]
        chosen = np.flatnonzero(is_needed) if self.rows is None else self.rows[is_needed]
        values = np.sort(self._columns.numbers[self._columns.rows[name]][chosen]).astype(np.float64)
        left_out = np.cumsum(np.where(needed[:BLANK], 0, counts))  # clients of other codes before each code
        below, above = (values[at - left_out[np.searchsorted(ends, at, side="right")]] for at in (low, high))
        return tuple((below + (above - below) * (positions - low)).tolist())

    def nearest(self, point: NDArray[np.float64], count: int, *, besides: int | None = None) -> Neighbours:
        """The ``count`` clients nearest to the ranks ``point`` (D,), without the client at position ``besides``."""
        scaled = self._columns.scaled
        estimates = self._of(self._columns.squares - 2 * (scaled @ point.astype(np.float32)))
        nearby = _smallest(estimates, count + 1 + _SPARE)
        rows = nearby.astype(np.int32) if self.rows is None else self.rows[nearby]
        rows = rows[rows != besides] if besides is not None else rows
        distances = np.sqrt(((scaled[rows].astype(np.float64) - point) ** 2).mean(axis=1))
        order = np.lexsort((rows, distances))[:count]
        return Neighbours(rows[order], distances[order])

    def _codes(self, name: str) -> NDArray[np.uint8]:
        return self._of(self._columns.codes[self._columns.rows[name]])

    def _of(self, values: NDArray) -> NDArray:  # type: ignore[type-arg]  # of any type
        return values if self.rows is None else values[self.rows]


def _smallest(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Positions of the ``count`` smallest values, and of others up to the largest of as many in a sample."""
    if count >= len(values):
        return np.arange(len(values))
    step = max(1, min(len(values) // _SAMPLE, len(values) // count))
    limit = np.partition(values[::step], count - 1)[count - 1]
    return np.flatnonzero(values <= limit)


def matching_rows(columns: Columns, conditions: frozenset[Condition]) -> Rows:
    """The positions of the clients that meet every condition; a blank meets none."""
    met = np.ones(columns.codes.shape[1], np.bool_)
    for condition in conditions:
        row = columns.rows[condition.name]
        if isinstance(condition, IsLevel):
            met &= columns.codes[row] == condition.code
            continue
        values = columns.numbers[row]
        if condition.low is not None:
            met &= values >= np.float32(condition.low)
        if condition.high is not None:
            high = np.float32(condition.high)
            met &= values <= high if condition.holds_high else values < high
    return np.flatnonzero(met).astype(np.int32)
