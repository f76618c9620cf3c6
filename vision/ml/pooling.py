"""The folds of a cross-validation taken together: every image was tested once."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

import numpy as np

from vision.ml.statistics import Interval, wilson
from vision.ml.types import PARTS, ContenderRun, Part, Split


def pool_folds(runs: Sequence[ContenderRun]) -> ContenderRun:
    """One contender's runs with one seed as a single one, whose test part holds the test images of all folds.

    An image's probabilities are those of the run that tested it. Everything else is the first run's.
    """
    parts = np.zeros_like(runs[0].split.parts)
    probabilities = np.zeros_like(runs[0].probabilities)
    for run in runs:
        test = run.split.positions(Part.TEST)
        parts[test] = PARTS.index(Part.TEST)
        probabilities[test] = run.probabilities[test]
    return replace(runs[0], split=Split(parts), probabilities=probabilities)


def pooled_interval(seeds: Sequence[int], accuracies: Sequence[float], images: Sequence[int]) -> Interval:
    """Wilson's interval of the mean accuracy of runs, by the images that each seed tested.

    Seeds test the same images: they narrow nothing. What varies from one seed to the next is not in the interval.
    """
    tested = sum(images) / len(set(seeds))
    return wilson(fmean(accuracies) * tested, tested)
