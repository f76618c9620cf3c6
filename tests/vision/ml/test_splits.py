from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.image_datasets import FLIPKART_FOLDER, dataset_of, ignore_progress, needs_flipkart
from vision.ml.datasets import read_dataset
from vision.ml.images import ImageCache
from vision.ml.splits import make_splits
from vision.ml.types import BenchmarkError, Dataset, Item, Part, SplitKind, SplitPlan

PARTS = tuple(Part)


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Two to five classes of 20 to 60 images; up to four groups of equal images in each."""
    labels: list[int] = []
    hashes: list[str] = []
    for label in range(draw(st.integers(2, 5))):
        count = draw(st.integers(20, 60))
        sizes = draw(st.lists(st.integers(2, 4), max_size=4))
        names = [f"{label}-group-{group}" for group, size in enumerate(sizes) for _ in range(size)]
        hashes += (names + [f"{label}-{number}" for number in range(count)])[:count]
        labels += [label] * count
    order = draw(st.permutations(range(len(labels))))
    return dataset_of([labels[i] for i in order], [hashes[i] for i in order])


@settings(deadline=None, max_examples=60)
@given(datasets(), st.integers(0, 2**31), st.sampled_from([SplitKind.STRATIFIED, SplitKind.FOLDS]))
def test_parts_are_disjoint_complete_and_split_no_group(dataset: Dataset, seed: int, kind: SplitKind) -> None:
    for split in make_splits(dataset, SplitPlan(kind, seed)):
        everything = np.concatenate([split.positions(part) for part in PARTS])
        assert sorted(everything) == list(range(len(dataset.items)))
        hashes = [{dataset.items[position].sha256 for position in split.positions(part)} for part in PARTS]
        assert not (hashes[0] & hashes[1] or hashes[0] & hashes[2] or hashes[1] & hashes[2])


@settings(deadline=None, max_examples=60)
@given(datasets(), st.integers(0, 2**31))
def test_every_class_has_its_share_of_every_part(dataset: Dataset, seed: int) -> None:
    (split,) = make_splits(dataset, SplitPlan(seed=seed))
    for label in range(len(dataset.classes)):
        count = (dataset.labels == label).sum()
        for part, share in zip(PARTS, (0.6, 0.2, 0.2), strict=True):
            assert abs((dataset.labels[split.positions(part)] == label).sum() - share * count) <= 2


@settings(deadline=None, max_examples=40)
@given(datasets(), st.integers(0, 2**31), st.integers(2, 6))
def test_every_image_is_tested_in_exactly_one_fold(dataset: Dataset, seed: int, folds: int) -> None:
    splits = make_splits(dataset, SplitPlan(SplitKind.FOLDS, seed, folds))
    tested = np.concatenate([split.positions(Part.TEST) for split in splits])
    assert sorted(tested) == list(range(len(dataset.items)))
    assert [split.fold for split in splits] == list(range(folds))


@given(st.integers(0, 2**31), st.sampled_from([SplitKind.STRATIFIED, SplitKind.FOLDS]))
def test_a_seed_always_makes_the_same_split_and_another_seed_another(seed: int, kind: SplitKind) -> None:
    dataset = dataset_of([0, 1, 2] * 30)
    first, again, other = (make_splits(dataset, SplitPlan(kind, s)) for s in (seed, seed, seed + 1))
    assert [split.sha256 for split in first] == [split.sha256 for split in again]
    assert [split.sha256 for split in first] != [split.sha256 for split in other]


def test_shares_are_exact_where_the_classes_allow_it() -> None:
    dataset = dataset_of([0] * 50 + [1] * 50)
    (split,) = make_splits(dataset, SplitPlan())
    assert [len(split.positions(part)) for part in PARTS] == [60, 20, 20]


def test_validation_comes_from_the_training_part_of_a_fold() -> None:
    dataset = dataset_of([0] * 50 + [1] * 50)
    for split in make_splits(dataset, SplitPlan(SplitKind.FOLDS)):
        assert [len(split.positions(part)) for part in PARTS] == [64, 16, 20]


def test_a_group_larger_than_its_part_moves_whole() -> None:
    dataset = dataset_of([0] * 10 + [1] * 10, ["same"] * 9 + [f"{row}" for row in range(11)])
    (split,) = make_splits(dataset, SplitPlan())
    assert len(set(split.parts[:9])) == 1


@settings(deadline=None, max_examples=60)
@given(
    sizes=st.lists(st.lists(st.integers(2, 6), min_size=1, max_size=8), min_size=2, max_size=4),
    seed=st.integers(0, 2**31),
    kind=st.sampled_from([SplitKind.STRATIFIED, SplitKind.FOLDS]),
)
def test_images_that_are_all_repeated_are_split_or_said_to_be_too_few(
    sizes: list[list[int]], seed: int, kind: SplitKind
) -> None:
    rows = [
        (label, f"{label}-{g}") for label, groups in enumerate(sizes) for g, n in enumerate(groups) for _ in range(n)
    ]
    dataset = dataset_of([label for label, _ in rows], [sha256 for _, sha256 in rows])
    try:
        splits = make_splits(dataset, SplitPlan(kind, seed, folds=3))
    except BenchmarkError as error:
        assert f"{sum(map(len, sizes))} different images are too few" in str(error)
        return
    for split in splits:
        for sha256 in {sha256 for _, sha256 in rows}:
            assert len({int(split.parts[item.row]) for item in dataset.items if item.sha256 == sha256}) == 1


def test_twins_with_different_labels_stay_together() -> None:
    dataset = dataset_of([0, 1] * 20, [f"{row // 2 if row < 10 else row}" for row in range(40)])
    for seed in range(10):
        (split,) = make_splits(dataset, SplitPlan(seed=seed))
        assert (split.parts[0:10:2] == split.parts[1:10:2]).all()


def test_the_original_split_follows_the_rows_of_the_source() -> None:
    dataset = dataset_of([0, 1, 2, 3, 4, 5, 6] * 150)
    (split,) = make_splits(dataset, SplitPlan(SplitKind.ORIGINAL))
    order = np.random.RandomState(42).permutation(1050)
    assert set(split.positions(Part.TEST)) == set(order[:150])
    assert set(split.positions(Part.TRAIN)) == set(order[150:825])
    assert set(split.positions(Part.VALIDATION)) == set(order[825:])


def test_the_original_split_leaves_out_rows_without_an_image() -> None:
    whole = dataset_of([0, 1, 2, 3, 4, 5, 6] * 150)
    kept = tuple(item for item in whole.items if item.row not in (3, 400, 1049))
    dataset = Dataset("built", whole.classes, kept, 1050)
    (all_rows,) = make_splits(whole, SplitPlan(SplitKind.ORIGINAL))
    (split,) = make_splits(dataset, SplitPlan(SplitKind.ORIGINAL))
    assert split.parts.tolist() == all_rows.parts[[item.row for item in kept]].tolist()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (SplitPlan(validation_share=0.5, test_share=0.5), "must leave something"),
        (SplitPlan(SplitKind.FOLDS, folds=1), "two folds or more"),
        (SplitPlan(), "too few"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(plan: SplitPlan, message: str) -> None:
    with pytest.raises(BenchmarkError, match=message):
        make_splits(dataset_of([0, 1]), plan)


@pytest.mark.real_data
@needs_flipkart
def test_the_original_split_of_the_real_sample(tmp_path: Path) -> None:
    """The facts about the study's split that its sample still shows: 13 to 29 test images per class, and twins."""
    dataset = read_dataset(FLIPKART_FOLDER, ImageCache(tmp_path), on_progress=ignore_progress)
    (split,) = make_splits(dataset, SplitPlan(SplitKind.ORIGINAL))
    test = split.positions(Part.TEST)
    counts = np.bincount(dataset.labels[test])
    assert (len(test), counts.min(), counts.max()) == (150, 13, 29)

    def hashes(part: Part) -> set[str]:
        return {dataset.items[position].sha256 for position in split.positions(part)}

    assert len([item for item in _items(dataset, test) if item.sha256 in hashes(Part.TRAIN)]) == 2
    for repaired in make_splits(dataset, SplitPlan(SplitKind.FOLDS)):
        test_hashes = {item.sha256 for item in _items(dataset, repaired.positions(Part.TEST))}
        others = {item.sha256 for item in _items(dataset, np.flatnonzero(repaired.parts != 2))}
        assert not test_hashes & others
        assert np.ptp(np.bincount(dataset.labels[repaired.positions(Part.TEST)])) <= 1


def _items(dataset: Dataset, positions: np.ndarray) -> list[Item]:
    return [dataset.items[position] for position in positions]
