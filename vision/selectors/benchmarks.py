"""Benchmarks and their results, as rows for pages and as the records that ``vision.ml`` computes with."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Avg, Prefetch, QuerySet
from django.db.models.fields.json import KT
from django.shortcuts import get_object_or_404

from vision.ml.evaluation import Evaluation
from vision.ml.records import from_json
from vision.ml.types import BenchmarkConfig, ContenderRun, Cost, EpochPoint, Split, WeightsRecord, WeightsSource
from vision.models import BenchmarkRun, ContenderResult, ImageDataset

_ARRAYS = ("parts", "probabilities")


def runs() -> QuerySet[BenchmarkRun]:
    """All runs, newest first; their results are prefetched with their accuracies but none of their large columns."""
    accuracies = ContenderResult.objects.only(
        "run", "contender", "seed", "fold", "test_accuracy", "weights_source", "weights_architecture"
    )
    rows = BenchmarkRun.objects.select_related("dataset", "job", "created_by", "repairs")
    return rows.prefetch_related(Prefetch("results", queryset=accuracies))


def run_or_404(run_id: int) -> BenchmarkRun:
    return get_object_or_404(runs(), pk=run_id)


def finished_run_or_404(run_id: int) -> BenchmarkRun:
    """The run with its data set; raises Http404 also for a run without results."""
    return get_object_or_404(BenchmarkRun.objects.select_related("dataset"), pk=run_id, finished_at__isnull=False)


def accuracy_intervals(runs: Iterable[BenchmarkRun]) -> dict[tuple[int, str], tuple[float, float]]:
    """The range of the test accuracy, in 0..1, by run and contender.

    Wilson's 95% interval for one split; the lowest and the highest accuracy over several folds and seeds.
    """
    path = "evaluation__test__accuracy_interval"
    rows = ContenderResult.objects.filter(run__in=list(runs)).annotate(low=KT(f"{path}__low"), high=KT(f"{path}__high"))
    accuracies: dict[tuple[int, str], list[float]] = defaultdict(list)
    intervals: dict[tuple[int, str], tuple[float, float]] = {}
    for pk, contender, accuracy, low, high in rows.values_list("run", "contender", "test_accuracy", "low", "high"):
        accuracies[pk, contender].append(accuracy)
        intervals[pk, contender] = float(low), float(high)
    return {
        key: (min(values), max(values)) if len(values) > 1 else intervals[key] for key, values in accuracies.items()
    }


def finished_runs(dataset: ImageDataset) -> QuerySet[BenchmarkRun]:
    """The runs on this data set that have results, the last one to end first."""
    return dataset.runs.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")


def best_contender(run: BenchmarkRun) -> str:
    """The contender with the highest mean test accuracy of a run that has results."""
    best = run.results.values("contender").annotate(accuracy=Avg("test_accuracy")).order_by("-accuracy", "contender")
    return str(best[0]["contender"])


def results(run: BenchmarkRun) -> QuerySet[ContenderResult]:
    """The run's results by contender, seed and fold, without the arrays, which ``contender_runs`` reads."""
    return _rows(run).defer(*_ARRAYS).order_by("contender", "seed", "fold")


def config_of(run: BenchmarkRun) -> BenchmarkConfig:
    return from_json(BenchmarkConfig, run.config)


def contender_runs(run: BenchmarkRun, *contenders: str) -> tuple[ContenderRun, ...]:
    """The run's results with their probabilities, only those of ``contenders`` if any are named.

    In the order of the contenders in the request, then by seed and fold.
    """
    rows = _rows(run).filter(contender__in=contenders) if contenders else _rows(run)
    return tuple(contender_run(row) for row in _in_order_of_request(run, rows))


def _rows(run: BenchmarkRun) -> QuerySet[ContenderResult]:
    """Not ``run.results``, which ``runs`` prefetches without most columns: each of those would be one more query."""
    return ContenderResult.objects.filter(run=run)


def _in_order_of_request(run: BenchmarkRun, rows: Iterable[ContenderResult]) -> list[ContenderResult]:
    places = {name: place for place, name in enumerate(config_of(run).contenders)}
    return sorted(rows, key=lambda row: (places.get(row.contender, len(places)), row.seed, row.fold))


def contender_run(result: ContenderResult) -> ContenderRun:
    """The result as the record that ``vision.ml`` returned for it."""
    parts = np.frombuffer(result.parts, dtype=np.uint8)
    return ContenderRun(
        contender=result.contender,
        fold=result.fold,
        seed=result.seed,
        split=Split(parts, result.fold),
        probabilities=np.frombuffer(result.probabilities, dtype="<f4").reshape(len(parts), -1),
        settings=result.settings,
        environment=result.environment,
        weights=WeightsRecord(
            architecture=result.weights_architecture,
            source=WeightsSource(result.weights_source),
            sha256=result.weights_sha256,
            file=result.weights_file,
            revision=result.weights_revision,
        ),
        cost=from_json(Cost, result.cost),
        curve=from_json(tuple[EpochPoint, ...], result.curve),
        best_epoch=result.best_epoch,
        artefact=artefact_of(result),
    )


def evaluations(run: BenchmarkRun) -> tuple[Evaluation, ...]:
    """The figures of the run's results, in the order of ``contender_runs``."""
    return tuple(evaluation_of(result) for result in _in_order_of_request(run, results(run)))


def evaluation_of(result: ContenderResult) -> Evaluation:
    return from_json(Evaluation, result.evaluation)


def weights_folder() -> Path | None:
    """The folder of weights for machines without internet; None if weights come from the hubs only."""
    return Path(settings.VISION_WEIGHTS_DIR) if settings.VISION_WEIGHTS_DIR else None


def artefact_of(result: ContenderResult) -> Path | None:
    """The folder of the trained contender, which can classify further images; None if nothing was kept."""
    return Path(settings.VISION_DIR) / result.artefact if result.artefact else None
