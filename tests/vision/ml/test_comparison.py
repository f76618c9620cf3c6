import json
from dataclasses import replace

import numpy as np
import pytest

from tests.builders.predictions import drawn, folds_of, probabilities_for, run_of, split_of
from vision.ml import records
from vision.ml.comparison import Comparison, PairedTest, Verdict, compare_all, compare_on_test, compare_over_folds
from vision.ml.statistics import PairCounts
from vision.ml.types import BenchmarkError, Part

IMAGES = 1047
LABELS, _ = drawn(IMAGES, 7, seed=0)
FOLDS = folds_of(IMAGES, 5)


def runs_of(contender, skill, *, folds=FOLDS, seeds=(0,), noise=0):
    number = sum(map(ord, contender)) + noise
    return [
        run_of(contender, split, probabilities_for(LABELS, 7, 100 * number + split.fold + 17 * seed, skill), seed=seed)
        for seed in seeds
        for split in folds
    ]


def paired(only_a, only_b, both_right, both_wrong):
    """Two runs over test images with these counts, and a training image that must not count; the labels are all 0."""
    right = {"a": [1, 0, 1, 0], "b": [0, 1, 1, 0]}
    split = split_of([Part.TRAIN] + [Part.TEST] * (only_a + only_b + both_right + both_wrong))
    runs = []
    for name, pattern in right.items():
        hits = np.array([1, *np.repeat(pattern, [only_a, only_b, both_right, both_wrong])], dtype=np.float32)
        runs.append(run_of(name, split, np.stack([hits, 1 - hits], axis=1)))
    return *runs, np.zeros(len(split.parts), dtype=np.int64)


@pytest.mark.parametrize(
    ("only_a", "only_b", "verdict"),
    [
        (20, 5, Verdict.A_BETTER),
        (5, 20, Verdict.B_BETTER),
        (12, 10, Verdict.NOT_SHOWN),
        (0, 0, Verdict.NOT_SHOWN),
        (5, 0, Verdict.NOT_SHOWN),  # p = 0.0625: five images cannot tell
        (6, 0, Verdict.A_BETTER),  # p = 0.03125
    ],
)
def test_the_verdict_follows_the_images_that_only_one_has_right(only_a, only_b, verdict):
    a, b, labels = paired(only_a, only_b, both_right=100, both_wrong=25)
    found = compare_on_test(a, b, labels)
    assert found.verdict is verdict
    assert found.pairs == PairCounts(100, only_a, only_b, 25)
    assert found.test is PairedTest.MCNEMAR
    assert found.difference == pytest.approx((only_a - only_b) / found.pairs.images)
    assert found.p == found.p_adjusted


def test_an_interval_without_zero_is_not_enough_where_the_exact_test_doubts():
    a, b, labels = paired(6, 16, both_right=59, both_wrong=80)
    found = compare_on_test(a, b, labels)
    assert found.interval.high < 0
    assert found.p == pytest.approx(0.0525, abs=1e-4)
    assert found.verdict is Verdict.NOT_SHOWN


def test_a_comparison_survives_json():
    a, b, labels = paired(20, 5, 100, 25)
    found = compare_on_test(a, b, labels)
    assert records.from_json(Comparison, json.loads(json.dumps(records.to_json(found)))) == found


def test_runs_on_other_splits_are_not_compared():
    a, b = run_of("a", FOLDS[0], np.zeros((IMAGES, 7))), run_of("b", FOLDS[1], np.zeros((IMAGES, 7)))
    with pytest.raises(BenchmarkError, match="not tested on the same split"):
        compare_on_test(a, b, LABELS)


def test_folds_give_a_difference_each_and_one_verdict():
    a, b = runs_of("a", 2.6), runs_of("b", 2.0)
    found = compare_over_folds(a, b, LABELS)
    single = [compare_on_test(one, other, LABELS) for one, other in zip(a, b, strict=True)]
    assert found.test is PairedTest.CORRECTED_T
    assert found.differences == pytest.approx(tuple(one.difference for one in single))
    assert found.difference == pytest.approx(np.mean(found.differences))
    assert found.pairs.images == IMAGES
    assert found.pairs.only_a == sum(one.pairs.only_a for one in single)
    assert found.verdict is Verdict.A_BETTER
    assert compare_over_folds(b, a, LABELS).verdict is Verdict.B_BETTER


def test_folds_are_paired_by_number_whatever_their_order():
    a, b = runs_of("a", 2.3), runs_of("b", 2.0)
    assert compare_over_folds(a, b[::-1], LABELS) == compare_over_folds(a, b, LABELS)


def test_seeds_of_a_fold_are_averaged_not_counted_as_folds():
    a, b = runs_of("a", 2.3, seeds=(0, 1, 2)), runs_of("b", 2.0, seeds=(0, 1, 2))
    found = compare_over_folds(a, b, LABELS)
    assert len(found.differences) == 5
    assert found.pairs.images == 3 * IMAGES
    by_seed = [compare_over_folds(a[5 * at : 5 * at + 5], b[5 * at : 5 * at + 5], LABELS) for at in range(3)]
    assert found.differences == pytest.approx(np.mean([one.differences for one in by_seed], axis=0))


def test_one_fold_is_not_a_comparison_over_folds():
    with pytest.raises(BenchmarkError, match="at least two folds"):
        compare_over_folds(runs_of("a", 2, folds=FOLDS[:1]), runs_of("b", 2, folds=FOLDS[:1]), LABELS)


def test_contenders_without_a_common_run_are_not_compared():
    with pytest.raises(BenchmarkError, match="no fold and seed in common"):
        compare_all([*runs_of("a", 2, folds=FOLDS[:1]), *runs_of("b", 2, folds=FOLDS[1:2])], LABELS)


def test_all_pairs_are_compared_and_corrected_for_their_number():
    runs = [
        run for name, skill in (("a", 2.0), ("b", 2.0), ("c", 3.0)) for run in runs_of(name, skill, folds=FOLDS[:1])
    ]
    found = compare_all(runs, LABELS)
    assert [(one.a, one.b) for one in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert all(one.p_adjusted >= one.p for one in found)
    assert min(one.p_adjusted for one in found) == pytest.approx(3 * min(one.p for one in found))
    assert [one.verdict for one in found] == [Verdict.NOT_SHOWN, Verdict.B_BETTER, Verdict.B_BETTER]


def test_a_pair_that_is_shown_alone_may_not_be_among_many():
    a, b, labels = paired(6, 0, both_right=100, both_wrong=25)
    others = [replace(a, contender=name) for name in ("c", "d")]
    assert compare_all([a, b], labels)[0].verdict is Verdict.A_BETTER
    found = compare_all([a, b, *others], labels)
    assert next(one for one in found if (one.a, one.b) == ("a", "b")).verdict is Verdict.NOT_SHOWN


def test_folds_are_tested_over_folds_and_one_split_on_its_images():
    over = compare_all([*runs_of("a", 2), *runs_of("b", 2)], LABELS)
    single = compare_all([*runs_of("a", 2, folds=FOLDS[:1]), *runs_of("b", 2, folds=FOLDS[:1])], LABELS)
    assert (over[0].test, single[0].test) == (PairedTest.CORRECTED_T, PairedTest.MCNEMAR)


def test_several_seeds_on_one_split_show_what_each_of_them_shows():
    a, b, labels = paired(20, 5, 100, 25)
    equal = replace(a, contender="b", seed=1)
    agreed = [a, b, replace(a, seed=1), replace(b, seed=1)]
    assert compare_all(agreed, labels)[0].verdict is Verdict.A_BETTER
    assert compare_all([a, b, replace(a, seed=1), equal], labels)[0].verdict is Verdict.NOT_SHOWN


def test_several_seeds_show_no_more_than_the_least_of_them():
    a, b, labels = paired(20, 5, 100, 25)
    c, d, _ = paired(13, 8, 104, 25)
    runs = [a, b, replace(c, contender="a", seed=1), replace(d, contender="b", seed=1)]
    found = compare_all(runs, labels)[0]
    assert (found.verdict, found.pairs.only_a) == (Verdict.NOT_SHOWN, 13)


def test_seeds_that_contradict_each_other_show_nothing():
    a, b, labels = paired(20, 5, 100, 25)
    turned = [replace(b, contender="a", seed=1), replace(a, contender="b", seed=1)]
    found = compare_all([a, b, *turned], labels)[0]
    assert (found.verdict, found.p) == (Verdict.NOT_SHOWN, 1.0)


def test_equal_contenders_are_seldom_distinguished():
    """Two hundred benchmarks of contenders that are equally good: at most one in twenty may claim a difference."""
    labels = LABELS[:150]
    split = split_of([Part.TEST] * 150)
    claims = sum(
        compare_on_test(
            run_of("a", split, probabilities_for(labels, 7, 2 * at, 2.0)),
            run_of("b", split, probabilities_for(labels, 7, 2 * at + 1, 2.0)),
            labels,
        ).verdict
        is not Verdict.NOT_SHOWN
        for at in range(200)
    )
    assert claims <= 10
