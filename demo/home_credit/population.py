"""The numbers of clients, credits and previous applications, and the ids of each part."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from demo.home_credit.sampling import BoolArray, IntArray

#: Kaggle's test applications among all applications.
TEST_SHARE: Final = 48_744 / 356_255
FIRST_CLIENT_ID: Final = 100_001
FIRST_BUREAU_ID: Final = 5_000_000
FIRST_PREVIOUS_ID: Final = 1_000_001
#: Clients without any row, and mean and shape (gamma-Poisson) of the further rows of the others.
#: They give Kaggle's 1,716,428 bureau credits and 1,670,214 previous applications on 356,255 clients.
BUREAU_ABSENT: Final = 0.1416
BUREAU_FURTHER: Final = (4.613, 1.39)
PREVIOUS_ABSENT: Final = 0.0475
PREVIOUS_FURTHER: Final = (3.922, 1.25)
#: Clients are generated in parts of this many, which bounds the memory.
PART_SIZE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Clients:
    """One part of the population: ids, the period, and the number of rows of the two histories."""

    ids: IntArray
    is_test: BoolArray
    bureau_counts: IntArray
    previous_counts: IntArray
    first_bureau_id: int
    first_previous_id: int


def draw_population(rng: np.random.Generator, count: int) -> Iterator[Clients]:
    """The parts of a population of ``count`` clients, in the order of their ids."""
    is_test = np.zeros(count, np.bool_)
    is_test[rng.permutation(count)[: round(count * TEST_SHARE)]] = True
    bureau = _draw_counts(rng, count, BUREAU_ABSENT, BUREAU_FURTHER)
    previous = _draw_counts(rng, count, PREVIOUS_ABSENT, PREVIOUS_FURTHER)
    for start in range(0, count, PART_SIZE):
        part = slice(start, start + PART_SIZE)
        yield Clients(
            ids=FIRST_CLIENT_ID + np.arange(start, min(start + PART_SIZE, count)),
            is_test=is_test[part],
            bureau_counts=bureau[part],
            previous_counts=previous[part],
            first_bureau_id=FIRST_BUREAU_ID + int(bureau[:start].sum()),
            first_previous_id=FIRST_PREVIOUS_ID + int(previous[:start].sum()),
        )


def _draw_counts(rng: np.random.Generator, count: int, absent: float, further: tuple[float, float]) -> IntArray:
    """Rows per client: none for some, one and a gamma-Poisson number more for the others."""
    mean, shape = further
    more = rng.negative_binomial(shape, shape / (shape + mean), count)
    return np.where(rng.random(count) < absent, 0, 1 + more)
