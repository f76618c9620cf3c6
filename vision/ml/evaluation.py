"""All figures of one run, on each part of its split; storable through ``records.to_json``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.ml import calibration, metrics, statistics
from vision.ml.calibration import AbstentionPoint, ReliabilityBin
from vision.ml.metrics import ClassScores, KerasScores, Scores
from vision.ml.statistics import Interval
from vision.ml.types import BenchmarkError, ContenderRun, Dataset, Part, Split
from vision.ml.wording import gettext_noop as _

TOP: Final = 3  # classes that ``top_accuracy`` looks at
BOOTSTRAP_SEED: Final = 0  # any: the same run always gets the same interval


@dataclass(frozen=True, slots=True)
class PartEvaluation:
    """Figures over the images of one part; shares in 0..1. ``confusion`` is (C, C), the row being the true class.

    ``accuracy_interval`` is Wilson's; the bootstrap ones draw byte-identical images together.
    """

    images: int
    hits: int
    accuracy: float
    accuracy_interval: Interval
    accuracy_bootstrap: Interval
    macro_f1_bootstrap: Interval
    per_class: tuple[ClassScores, ...]
    macro: Scores
    weighted: Scores
    keras: KerasScores
    confusion: tuple[tuple[int, ...], ...]
    brier: float
    calibration_error: float
    reliability: tuple[ReliabilityBin, ...]
    abstention: tuple[AbstentionPoint, ...]
    risk_coverage_area: float
    log_loss: float | None = None  # None in results from before it was measured, as those below
    top_accuracy: float | None = None
    macro_auc: float | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run's figures; a part without images has none."""

    classes: tuple[str, ...]
    test: PartEvaluation
    train: PartEvaluation | None = None
    validation: PartEvaluation | None = None

    def part(self, part: Part) -> PartEvaluation | None:
        """The figures of one part."""
        return {Part.TRAIN: self.train, Part.VALIDATION: self.validation, Part.TEST: self.test}[part]


def evaluate_run(run: ContenderRun, dataset: Dataset) -> Evaluation:
    """The figures of a run on the data set it was made from."""
    images = [item.sha256 for item in dataset.items]
    return evaluate(run.probabilities, dataset.labels, dataset.classes, run.split, images=images)


def evaluate(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.int64],
    classes: Sequence[str],
    split: Split,
    *,
    images: Sequence[str] | None = None,
) -> Evaluation:
    """The figures of probabilities (N, C) for labels (N,); ``images`` names contents, by which equal ones are known.

    Raises BenchmarkError when the shapes do not fit together, when a probability is NaN, as after a training that
    diverged, or when no image is left to test on.
    """
    if probabilities.shape != (len(labels), len(classes)) or split.parts.shape != labels.shape:
        shapes = f"{probabilities.shape} probabilities, {labels.shape} labels, {split.parts.shape} parts"
        raise BenchmarkError(
            _("The results are not those of this data set: {shapes}, {classes} classes."),
            shapes=shapes,
            classes=len(classes),
        )
    if not np.isfinite(probabilities).all():
        raise BenchmarkError(
            _("Some probabilities are not numbers: the training diverged. A smaller learning rate may help.")
        )
    contents = np.array(images) if images is not None else np.arange(len(labels))

    def figures(part: Part) -> PartEvaluation | None:
        rows = split.positions(part)
        return _part(probabilities[rows], labels[rows], contents[rows]) if len(rows) else None

    test = figures(Part.TEST)
    if test is None:
        raise BenchmarkError(_("The split leaves no image to test on."))
    return Evaluation(tuple(classes), test, figures(Part.TRAIN), figures(Part.VALIDATION))


def _part(
    probabilities: NDArray[np.floating], labels: NDArray[np.int64], contents: NDArray[np.generic]
) -> PartEvaluation:
    classes = probabilities.shape[1]
    predicted = metrics.predicted_classes(probabilities)
    confidence, right = probabilities.max(axis=1), predicted == labels
    confusion = metrics.confusion_matrix(labels, predicted, classes)
    counts = metrics.class_counts(confusion)
    resampled = statistics.bootstrap(labels, predicted, classes, contents, seed=BOOTSTRAP_SEED)
    bins = calibration.reliability_bins(confidence, right)
    hits, images = int(right.sum()), len(labels)
    return PartEvaluation(
        images=images,
        hits=hits,
        accuracy=hits / images,
        accuracy_interval=statistics.wilson(hits, images),
        accuracy_bootstrap=statistics.percentile_interval(resampled.accuracy),
        macro_f1_bootstrap=statistics.percentile_interval(resampled.macro_f1),
        per_class=metrics.class_scores(counts),
        macro=metrics.macro_scores(counts),
        weighted=metrics.weighted_scores(counts),
        keras=metrics.keras_scores(probabilities, labels),
        confusion=tuple(map(tuple, confusion.tolist())),
        brier=calibration.brier(probabilities, labels),
        calibration_error=calibration.expected_calibration_error(bins),
        reliability=bins,
        abstention=calibration.abstention_curve(confidence, right),
        risk_coverage_area=calibration.area_under_risk_coverage(confidence, right),
        log_loss=metrics.log_loss(probabilities, labels),
        top_accuracy=metrics.top_accuracy(probabilities, labels, TOP) if classes > TOP else None,
        macro_auc=metrics.macro_auc(probabilities, labels),
    )
