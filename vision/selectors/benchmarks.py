"""Benchmarks and their results, as rows for pages and as the records that ``vision.ml`` computes with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Avg, Prefetch, QuerySet
from django.db.models.fields.json import KT
from django.shortcuts import get_object_or_404

from vision.ml.evaluation import Evaluation, evaluate_run
from vision.ml.pooling import pool_folds, pooled_interval
from vision.ml.records import from_json
from vision.ml.statistics import Interval
from vision.ml.types import (
    BenchmarkConfig,
    ContenderRun,
    Cost,
    Dataset,
    EpochPoint,
    Split,
    WeightsRecord,
    WeightsSource,
)
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


def accuracy_intervals(runs: Iterable[BenchmarkRun]) -> dict[tuple[int, str], Interval]:
    """The 95% interval of the mean test accuracy, in 0..1, by run and contender."""
    rows = ContenderResult.objects.filter(run__in=list(runs)).annotate(images=KT("evaluation__test__images"))
    tested: dict[tuple[int, str], list[tuple[int, float, int]]] = defaultdict(list)
    for pk, name, seed, accuracy, images in rows.values_list("run", "contender", "seed", "test_accuracy", "images"):
        tested[pk, name].append((seed, accuracy, int(images)))
    return {key: pooled_interval(*zip(*values, strict=True)) for key, values in tested.items()}


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


@dataclass(frozen=True)
class Measurement:
    """A contender's result on one split, or its results with one seed on all folds: every image was tested once."""

    results: tuple[ContenderResult, ...]

    @property
    def first(self) -> ContenderResult:
        return self.results[0]

    @property
    def fold(self) -> int | None:
        """The fold, None if all folds are pooled."""
        return self.first.fold if len(self.results) == 1 else None

    def contender_run(self) -> ContenderRun:
        """With the arrays, which one query reads."""
        rows = ContenderResult.objects.filter(pk__in=[result.pk for result in self.results]).order_by("fold")
        measured = [contender_run(row) for row in rows]
        return measured[0] if len(measured) == 1 else pool_folds(measured)

    def evaluation(self, dataset: Dataset) -> Evaluation:
        """Stored for one split, computed for pooled folds."""
        return evaluation_of(self.first) if self.fold is not None else evaluate_run(self.contender_run(), dataset)


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
