"""The export of a run: everything as JSON, its figures or every image's probabilities as CSV."""

from collections.abc import Iterator

from pretadepenser.core.safe_csv import Cell
from vision.ml import report
from vision.ml.comparison import compare_all
from vision.ml.evaluation import TOP
from vision.ml.types import PARTS
from vision.models import BenchmarkRun
from vision.selectors import benchmarks, datasets

FIGURES_HEAD = (
    "contender", "seed", "fold", "part", "images", "accuracy", "accuracy_low", "accuracy_high", "macro_precision",
    "macro_recall", "macro_f1", "weighted_precision", "weighted_recall", "weighted_f1", "keras_precision",
    "keras_recall", "calibration_error", "brier", "log_loss", f"top_{TOP}_accuracy", "macro_auc",
)  # fmt: skip


def run_document(run: BenchmarkRun) -> dict[str, object]:
    """The report of ``python -m vision.ml --json``, for a run that has results."""
    measured, dataset = benchmarks.contender_runs(run), datasets.stored_dataset(run.dataset)
    comparisons = compare_all(measured, dataset.labels)
    return report.to_json(measured, benchmarks.evaluations(run), comparisons, dataset)


def figure_rows(run: BenchmarkRun) -> Iterator[tuple[Cell, ...]]:
    """One row per contender, seed, fold and part; columns as in ``FIGURES_HEAD``, shares in 0..1."""
    for result in benchmarks.results(run):
        evaluation = benchmarks.evaluation_of(result)
        for part in PARTS:
            figures = evaluation.part(part)
            if figures is None:
                continue
            interval, scores = figures.accuracy_interval, (figures.macro, figures.weighted)
            means = [share for mean in scores for share in (mean.precision, mean.recall, mean.f1)]
            place = (result.contender, result.seed, result.fold, part.value, figures.images)
            keras = (figures.keras.precision, figures.keras.recall)
            quality = (figures.calibration_error, figures.brier, figures.log_loss, figures.top_accuracy)
            yield (*place, figures.accuracy, interval.low, interval.high, *means, *keras, *quality, figures.macro_auc)


def prediction_head(run: BenchmarkRun) -> tuple[str, ...]:
    """The columns of ``prediction_rows``."""
    return ("contender", "seed", "fold", "part", "image", "class", *(f"p({name})" for name in run.dataset.classes))


def prediction_rows(run: BenchmarkRun) -> Iterator[tuple[Cell, ...]]:
    """One row per contender, seed, fold and image with the probability of each class."""
    dataset = datasets.stored_dataset(run.dataset)
    for measured in benchmarks.contender_runs(run):
        for position, item in enumerate(dataset.items):
            part = PARTS[measured.split.parts[position]].value
            place = (measured.contender, measured.seed, measured.fold, part, item.key, dataset.classes[item.label])
            yield (*place, *measured.probabilities[position].tolist())
