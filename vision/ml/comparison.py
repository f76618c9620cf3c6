"""Which of two contenders is better, if the images can tell; storable through ``records.to_json``."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from statistics import fmean
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from vision.ml.metrics import predicted_classes
from vision.ml.statistics import Interval, PairCounts, PairedResult, corrected_resampled_t, holm, mcnemar
from vision.ml.types import BenchmarkError, Part, Split
from vision.ml.wording import gettext_noop as _

ALPHA: Final = 0.05


class Verdict(StrEnum):
    """What may be said of two contenders; ``NOT_SHOWN`` does not prove that they are equal."""

    A_BETTER = "a_better"
    B_BETTER = "b_better"
    NOT_SHOWN = "not_shown"


class PairedTest(StrEnum):
    """How a difference was tested."""

    MCNEMAR = "mcnemar"  # on one test set
    CORRECTED_T = "corrected_t"  # over folds


class Outcome(Protocol):
    """What a comparison reads of a run."""

    @property
    def contender(self) -> str: ...
    @property
    def fold(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def split(self) -> Split: ...
    @property
    def probabilities(self) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two contenders on the same test images. ``difference`` is a's accuracy less b's, in -1..1.

    ``pairs`` counts test images, over all folds and seeds; ``differences`` has one value per fold.
    ``p_adjusted`` is Holm's where several pairs were tested together; with ``ALPHA`` it makes the verdict.
    """

    a: str
    b: str
    test: PairedTest
    pairs: PairCounts
    difference: float
    interval: Interval
    p: float
    p_adjusted: float
    verdict: Verdict
    differences: tuple[float, ...]


def compare_on_test(a: Outcome, b: Outcome, labels: NDArray[np.int64]) -> Comparison:
    """The verdict on two runs of one split; raises BenchmarkError when their splits differ."""
    pairs = _pairs(a, b, labels)
    return _comparison(a, b, PairedTest.MCNEMAR, pairs, mcnemar(pairs), ())


def compare_over_folds(a: Sequence[Outcome], b: Sequence[Outcome], labels: NDArray[np.int64]) -> Comparison:
    """The verdict on the runs of two contenders on the same folds, at least two; seeds of a fold are averaged."""
    by_fold: dict[int, list[PairCounts]] = defaultdict(list)
    couples = _couples(a, b)
    for one, other in couples:
        by_fold[one.fold].append(_pairs(one, other, labels))
    if len(by_fold) < 2:
        raise BenchmarkError(_("A comparison over folds needs at least two folds that both contenders have run."))
    differences = tuple(
        fmean((seed.only_a - seed.only_b) / seed.images for seed in by_fold[at]) for at in sorted(by_fold)
    )
    sizes = {part: fmean(len(one.split.positions(part)) for one, _ in couples) for part in (Part.TRAIN, Part.TEST)}
    result = corrected_resampled_t(differences, train_images=sizes[Part.TRAIN], test_images=sizes[Part.TEST])
    pooled = _sum([pairs for fold in by_fold.values() for pairs in fold])
    return _comparison(a[0], b[0], PairedTest.CORRECTED_T, pooled, result, differences)


def compare_all(runs: Sequence[Outcome], labels: NDArray[np.int64]) -> tuple[Comparison, ...]:
    """Every pair of contenders in the order they first ran, p corrected for their number.

    Over folds where there are at least two; else on the test set, for the seed that demonstrates least.
    """
    by_contender: dict[str, list[Outcome]] = defaultdict(list)
    for run in runs:
        by_contender[run.contender].append(run)
    found = [_compare(a, b, labels) for a, b in combinations(by_contender.values(), 2)]
    adjusted = holm([one.p for one in found])
    return tuple(_judged(one, p) for one, p in zip(found, adjusted, strict=True))


def pair_among(comparisons: Sequence[Comparison], a: str, b: str) -> Comparison | None:
    """The comparison of these two contenders, in whichever order, among those of a whole run."""
    return next((one for one in comparisons if {one.a, one.b} == {a, b}), None)


def _compare(a: Sequence[Outcome], b: Sequence[Outcome], labels: NDArray[np.int64]) -> Comparison:
    couples = _couples(a, b)
    if len({one.fold for one, _ in couples}) > 1:
        return compare_over_folds(a, b, labels)
    on_test = [compare_on_test(one, other, labels) for one, other in couples]
    least = max(on_test, key=lambda one: one.p)
    is_contested = len({one.difference > 0 for one in on_test}) > 1
    return replace(least, p=1.0) if is_contested else least


def _couples(a: Sequence[Outcome], b: Sequence[Outcome]) -> list[tuple[Outcome, Outcome]]:
    """Runs of both on the same fold with the same seed."""
    others = {(run.fold, run.seed): run for run in b}
    couples = [(run, others[run.fold, run.seed]) for run in a if (run.fold, run.seed) in others]
    if not couples:
        raise BenchmarkError(_("The contenders have no fold and seed in common."))
    return couples


def _pairs(a: Outcome, b: Outcome, labels: NDArray[np.int64]) -> PairCounts:
    if a.split.sha256 != b.split.sha256:
        raise BenchmarkError(
            _("{a} and {b} were not tested on the same split: nothing to compare."), a=a.contender, b=b.contender
        )
    rows = a.split.positions(Part.TEST)
    of_a, of_b = (predicted_classes(run.probabilities[rows]) == labels[rows] for run in (a, b))
    both, only_a, only_b = int((of_a & of_b).sum()), int((of_a & ~of_b).sum()), int((of_b & ~of_a).sum())
    return PairCounts(both, only_a, only_b, len(rows) - both - only_a - only_b)


def _sum(pairs: Sequence[PairCounts]) -> PairCounts:
    columns = ([one.both_right, one.only_a, one.only_b, one.both_wrong] for one in pairs)
    return PairCounts(*map(sum, zip(*columns, strict=True)))


def _comparison(
    a: Outcome, b: Outcome, test: PairedTest, pairs: PairCounts, result: PairedResult, differences: tuple[float, ...]
) -> Comparison:
    names = (a.contender, b.contender)
    unjudged = Comparison(
        *names, test, pairs, result.difference, result.interval, result.p, result.p, Verdict.NOT_SHOWN, differences
    )
    return _judged(unjudged, result.p)


def _judged(comparison: Comparison, p: float) -> Comparison:
    """The comparison with its corrected p and what follows from it."""
    better = Verdict.A_BETTER if comparison.difference > 0 else Verdict.B_BETTER
    return replace(comparison, p_adjusted=p, verdict=better if p < ALPHA else Verdict.NOT_SHOWN)
