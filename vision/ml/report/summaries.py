"""One line per contender: its figures over all its runs."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from vision.ml.evaluation import Evaluation, PartEvaluation
from vision.ml.metrics import Scores
from vision.ml.original_study import CountedScores, counted_as_published, counting_of
from vision.ml.pooling import pooled_interval
from vision.ml.statistics import Interval
from vision.ml.types import ContenderRun, WeightsRecord


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over a contender's runs; ``deviation`` is the sample's, 0 for a single run."""

    mean: float
    deviation: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class ContenderSummary:
    """A contender's test figures over its runs, one per fold and seed, and what they cost together.

    ``accuracy_interval`` is that of the mean accuracy; ``images_per_second`` is the mean; ``as_published`` are means
    of the scores counted as the original study counted.
    """

    contender: str
    runs: int
    test_images: int
    test_accuracy: Spread
    accuracy_interval: Interval
    macro_f1: Spread
    brier: Spread
    calibration_error: Spread
    risk_coverage_area: Spread
    as_published: CountedScores
    seconds: float
    images_per_second: float
    peak_memory_bytes: int
    parameters: int
    trainable_parameters: int
    weights: WeightsRecord


def summarise(runs: Sequence[ContenderRun], evaluations: Sequence[Evaluation]) -> tuple[ContenderSummary, ...]:
    """A summary of each contender, in the order they first ran; the evaluations are those of the runs, in order."""
    grouped: dict[str, list[tuple[ContenderRun, Evaluation]]] = defaultdict(list)
    for run, evaluation in zip(runs, evaluations, strict=True):
        grouped[run.contender].append((run, evaluation))
    return tuple(_summary(*zip(*pairs, strict=True)) for pairs in grouped.values())


def _summary(runs: tuple[ContenderRun, ...], evaluations: tuple[Evaluation, ...]) -> ContenderSummary:
    tests = [evaluation.test for evaluation in evaluations]
    costs = [run.cost for run in runs]
    return ContenderSummary(
        contender=runs[0].contender,
        runs=len(runs),
        test_images=sum(test.images for test in tests),
        test_accuracy=_spread(tests, lambda test: test.accuracy),
        accuracy_interval=pooled_interval(
            [run.seed for run in runs], [test.accuracy for test in tests], [test.images for test in tests]
        ),
        macro_f1=_spread(tests, lambda test: test.macro.f1),
        brier=_spread(tests, lambda test: test.brier),
        calibration_error=_spread(tests, lambda test: test.calibration_error),
        risk_coverage_area=_spread(tests, lambda test: test.risk_coverage_area),
        as_published=_as_published(runs[0].contender, evaluations),
        seconds=sum(cost.feature_seconds + cost.training_seconds + cost.prediction_seconds for cost in costs),
        images_per_second=fmean(cost.images_per_second for cost in costs),
        peak_memory_bytes=max(cost.peak_memory_bytes for cost in costs),
        parameters=costs[0].parameters,
        trainable_parameters=costs[0].trainable_parameters,
        weights=runs[0].weights,
    )


def _spread(tests: Sequence[PartEvaluation], figure: Callable[[PartEvaluation], float]) -> Spread:
    values = [figure(test) for test in tests]
    return Spread(fmean(values), stdev(values) if len(values) > 1 else 0.0, min(values), max(values))


def _as_published(contender: str, evaluations: Sequence[Evaluation]) -> CountedScores:
    counted = [counted_as_published(evaluation, counting_of(contender)) for evaluation in evaluations]
    trained = [scores.train for scores in counted if scores.train]
    return CountedScores(_mean(trained) if trained else None, _mean([scores.test for scores in counted]))


def _mean(scores: Sequence[Scores]) -> Scores:
    return Scores(*(fmean(getattr(one, name) for one in scores) for name in ("precision", "recall", "f1")))
