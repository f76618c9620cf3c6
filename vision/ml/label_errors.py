"""Images whose label is probably wrong, for a person to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.ml.types import ContenderRun, Part


@dataclass(frozen=True, slots=True)
class LabelErrorCandidate:
    """An image, by its position in the data set, that a contender would label otherwise.

    ``self_confidence`` is the probability of its label, ``suggested_confidence`` that of the label suggested.
    """

    position: int
    label: int
    suggested: int
    self_confidence: float
    suggested_confidence: float


def label_error_candidates(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64], positions: NDArray[np.int64]
) -> tuple[LabelErrorCandidate, ...]:
    """Candidates among images that the contender was not trained on, the most suspicious first.

    ``probabilities`` is (N, C) and ``labels`` (N,) over the whole data set; only ``positions`` are looked at. A class
    is confidently present in an image when its probability reaches the mean that images labelled so get; an image
    is a candidate when the likeliest such class is not its label. They are ranked by how far the label's probability
    lies below the suggested one's. Source: Northcutt, Jiang, Chuang, "Confident Learning", JAIR 70 (2021), section 3.
    """
    held_out, given = probabilities[positions], labels[positions]  # (n, C), (n,)
    classes = np.arange(held_out.shape[1])
    thresholds = np.array([held_out[given == c, c].mean() if (given == c).any() else np.inf for c in classes])
    confident = np.where(held_out >= thresholds, held_out, -1.0)  # (n, C)
    suggested = confident.argmax(axis=1)
    rows = np.arange(len(positions))
    own, other = held_out[rows, given], held_out[rows, suggested]
    doubted = np.flatnonzero((confident.max(axis=1) >= 0) & (suggested != given) & (other > own))
    ranked = doubted[np.argsort(own[doubted] - other[doubted], kind="stable")]
    return tuple(
        LabelErrorCandidate(int(positions[i]), int(given[i]), int(suggested[i]), float(own[i]), float(other[i]))
        for i in ranked
    )


def held_out_probabilities(runs: Sequence[ContenderRun]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Probabilities (N, C) from the runs that had the image in their test part, averaged; and the images that had any.

    Rows of other images are zero. The runs are of one contender on one data set: its folds and seeds.
    """
    total = np.zeros(runs[0].probabilities.shape, dtype=np.float64)
    count = np.zeros(len(total), dtype=np.int64)
    for run in runs:
        test = run.split.positions(Part.TEST)
        total[test] += run.probabilities[test]
        count[test] += 1
    return (total / np.maximum(count, 1)[:, None]).astype(np.float32), np.flatnonzero(count)
