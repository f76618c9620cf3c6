"""Splits in train, validation and test; images that are byte for byte the same stay together."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.ml.types import PARTS, BenchmarkError, Dataset, Part, Split, SplitKind, SplitPlan
from vision.ml.wording import gettext_noop as _

_TRAIN, _VALIDATION, _TEST = (PARTS.index(part) for part in (Part.TRAIN, Part.VALIDATION, Part.TEST))
#: The original study: its seed, its 150 test images of 1,050 (other data sets: the same share), and its share of the
#: rest for validation.
ORIGINAL_SEED: Final = 42
ORIGINAL_TEST_DIVISOR: Final = 7
ORIGINAL_VALIDATION_SHARE: Final = 0.25

IntArray = NDArray[np.int64]


def make_splits(dataset: Dataset, plan: SplitPlan) -> tuple[Split, ...]:
    """The split of a plan, or its K folds in order; the same plan always makes the same.

    Every image is in exactly one part, and over the folds in exactly one test part. Classes are spread evenly. Only
    ``ORIGINAL`` leaves images of the same bytes in different parts, as the original study did. Raises BenchmarkError.
    """
    if plan.kind is SplitKind.ORIGINAL:
        splits: tuple[Split, ...] = (_original(dataset),)
    elif plan.kind is SplitKind.FOLDS:
        splits = _folds(dataset, plan)
    else:
        splits = (_stratified(dataset, plan),)
    for split in splits:
        for part in Part:
            if not len(split.positions(part)):
                raise BenchmarkError(
                    _("{images} different images are too few: the {part} part would be empty."),
                    images=len({item.sha256 for item in dataset.items}),
                    part=part.value,
                )
    return splits


def _stratified(dataset: Dataset, plan: SplitPlan) -> Split:
    shares = (1 - plan.validation_share - plan.test_share, plan.validation_share, plan.test_share)
    if min(shares) <= 0:
        raise BenchmarkError(_("The shares of validation and test must leave something for training."))
    rng = np.random.default_rng([plan.seed, 0])
    return Split(_divide(dataset, np.arange(len(dataset.items)), shares, rng).astype(np.uint8))


def _folds(dataset: Dataset, plan: SplitPlan) -> tuple[Split, ...]:
    """Each fold is once the test part; a share of its training part becomes validation."""
    if plan.folds < 2:
        raise BenchmarkError(_("Cross-validation needs two folds or more."))
    rng = np.random.default_rng([plan.seed, plan.folds])
    fold_of = _divide(dataset, np.arange(len(dataset.items)), [1 / plan.folds] * plan.folds, rng)
    splits = []
    for fold in range(plan.folds):
        parts = np.full(len(fold_of), _TEST, dtype=np.uint8)
        rest = np.flatnonzero(fold_of != fold)
        parts[rest] = _divide(dataset, rest, (1 - plan.validation_share, plan.validation_share), rng)
        splits.append(Split(parts, fold))
    return tuple(splits)


def _original(dataset: Dataset) -> Split:
    """The study's split over the rows of the source, of which those without an image are then left out.

    Its permutation gives the test rows first. Keras, asked for a share for validation, takes the last of what it is
    given, before any shuffling.
    """
    order = np.random.RandomState(ORIGINAL_SEED).permutation(dataset.source_rows)
    test_count = dataset.source_rows // ORIGINAL_TEST_DIVISOR
    train_count = int((dataset.source_rows - test_count) * (1 - ORIGINAL_VALIDATION_SHARE))
    part_of_row = np.full(dataset.source_rows, _VALIDATION, dtype=np.uint8)
    part_of_row[order[:test_count]] = _TEST
    part_of_row[order[test_count : test_count + train_count]] = _TRAIN
    return Split(part_of_row[[item.row for item in dataset.items]])


def _divide(dataset: Dataset, positions: IntArray, shares: Sequence[float], rng: np.random.Generator) -> IntArray:
    """The number of the part that each position falls in, (len(positions),): by class, in the shares asked for.

    Groups of equal images are placed first, at random where they fit; single images then fill every class up to its
    quotas.
    """
    groups = defaultdict[str, list[int]](list)
    for place, position in enumerate(positions):
        groups[dataset.items[position].sha256].append(place)
    labels = dataset.labels[positions]
    parts = np.empty(len(positions), dtype=np.int64)
    for label in np.unique(labels):
        members = [group for group in groups.values() if labels[group[0]] == label]
        singles = [group[0] for group in members if len(group) == 1]
        repeated = sorted((group for group in members if len(group) > 1), key=len, reverse=True)
        room = _quotas(sum(map(len, members)), shares, rng)
        for group in repeated:
            part = _place(len(group), room, rng)
            parts[group] = part
            room[part] -= len(group)
        parts[rng.permutation(np.array(singles, dtype=np.int64))] = np.repeat(np.arange(len(room)), _settle(room))
    return parts


def _quotas(count: int, shares: Sequence[float], rng: np.random.Generator) -> IntArray:
    """Whole numbers near ``count * shares`` that sum to ``count``; who gets what remains is drawn among the largest."""
    exact = count * np.asarray(shares)
    quotas = np.floor(exact + 1e-9).astype(np.int64)
    by_remainder = np.lexsort((rng.random(len(quotas)), np.round(quotas - exact, 9)))
    quotas[by_remainder[: count - quotas.sum()]] += 1
    return quotas


def _place(size: int, room: IntArray, rng: np.random.Generator) -> int:
    """A part with room for a group, drawn by how much; the roomiest when none has enough."""
    fitting = np.where(room >= size, room, 0)
    if not fitting.any():
        return int(np.argmax(room))
    return int(rng.choice(len(room), p=fitting / fitting.sum()))


def _settle(room: IntArray) -> IntArray:
    """The room left, when a group took more than its part had: the others then give up theirs, the roomiest first."""
    room = room.copy()
    while (room < 0).any():
        room[np.argmin(room)] += 1
        room[np.argmax(room)] -= 1
    return room
