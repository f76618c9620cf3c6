"""Folds taken together: every image is judged by the run that did not train on it."""

import numpy as np
import pytest

from tests.builders.predictions import dataset_of, drawn, folds_of, probabilities_for, run_of
from vision.ml.evaluation import evaluate_run
from vision.ml.pooling import pool_folds, pooled_interval
from vision.ml.statistics import wilson
from vision.ml.types import Part

CLASSES = 3


def test_pooled_figures_are_the_sums_over_the_folds() -> None:
    labels, _ = drawn(90, CLASSES, seed=1)
    dataset = dataset_of(labels, CLASSES)
    runs = [
        run_of("vgg16", split, probabilities_for(labels, CLASSES, seed=split.fold, skill=1.0))
        for split in folds_of(len(labels), 3)
    ]
    pooled = pool_folds(runs)
    for run in runs:
        test = run.split.positions(Part.TEST)
        np.testing.assert_array_equal(pooled.probabilities[test], run.probabilities[test])
    single, together = [evaluate_run(run, dataset).test for run in runs], evaluate_run(pooled, dataset)
    assert (together.test.images, together.train, together.validation) == (90, None, None)
    assert together.test.hits == sum(test.hits for test in single)
    assert np.array(together.test.confusion).tolist() == sum(np.array(test.confusion) for test in single).tolist()


def test_images_that_no_fold_tested_are_not_test_images() -> None:
    labels, _ = drawn(30, CLASSES, seed=1)
    first = folds_of(len(labels), 3)[0]
    pooled = pool_folds([run_of("vgg16", first, probabilities_for(labels, CLASSES, 1, 1.0))])
    assert pooled.split.positions(Part.TEST).tolist() == first.positions(Part.TEST).tolist()


@pytest.mark.parametrize(
    ("seeds", "accuracies", "images", "expected"),
    [
        ([0], [0.75], [80], wilson(60, 80)),
        ([0, 0], [0.5, 1.0], [40, 40], wilson(60, 80)),  # two folds: as many images as both tested
        ([0, 1], [0.7, 0.8], [80, 80], wilson(60, 80)),  # two seeds: the same images again
        ([0, 0, 1, 1], [0.5, 1.0, 0.5, 1.0], [40, 40, 40, 40], wilson(60, 80)),
    ],
)
def test_the_interval_of_a_mean_counts_each_image_once(seeds, accuracies, images, expected) -> None:
    interval = pooled_interval(seeds, accuracies, images)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))
