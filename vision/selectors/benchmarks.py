"""Benchmarks and their results, as rows for lists and as the records that ``vision.ml`` computes with."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Avg, Prefetch, QuerySet
from django.db.models.fields.json import KT

from vision.ml.evaluation import Evaluation
from vision.ml.records import from_json
from vision.ml.types import (
    BenchmarkConfig,
    ContenderRun,
    Cost,
    EpochPoint,
    Split,
    WeightsRecord,
    WeightsSource,
)
from vision.models import BenchmarkRun, ContenderResult, ImageDataset

_ARRAYS = ("parts", "probabilities")


def runs() -> QuerySet[BenchmarkRun]:
    """All runs, newest first, with the accuracies of their results prefetched but nothing that is large."""
    accuracies = ContenderResult.objects.only(
        "run", "contender", "seed", "fold", "test_accuracy", "weights_source", "weights_architecture"
    )
    found = BenchmarkRun.objects.select_related("dataset", "job", "created_by", "repairs")
    return found.prefetch_related(Prefetch("results", queryset=accuracies))


def accuracy_intervals(runs: Iterable[BenchmarkRun]) -> dict[tuple[int, str], tuple[float, float]]:
    """Between what the test accuracies lie, in 0..1, by run and contender.

    Of one split Wilson's 95% interval, of several folds and seeds the lowest and the highest.
    """
    path = "evaluation__test__accuracy_interval"
    rows = ContenderResult.objects.filter(run__in=list(runs)).annotate(low=KT(f"{path}__low"), high=KT(f"{path}__high"))
    found: dict[tuple[int, str], list[tuple[float, float, float]]] = defaultdict(list)
    for pk, contender, accuracy, low, high in rows.values_list("run", "contender", "test_accuracy", "low", "high"):
        found[pk, contender].append((accuracy, float(low), float(high)))
    return {
        key: (each[0][1], each[0][2]) if len(each) == 1 else (min(each)[0], max(each)[0]) for key, each in found.items()
    }


def finished_runs(dataset: ImageDataset) -> QuerySet[BenchmarkRun]:
    """The runs on this data set that have results, the one that ended last first."""
    return dataset.runs.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")


def best_contender(run: BenchmarkRun) -> str:
    """The contender with the highest mean accuracy on test images. The run has results."""
    best = run.results.values("contender").annotate(accuracy=Avg("test_accuracy")).order_by("-accuracy", "contender")
    return str(best[0]["contender"])


def results(run: BenchmarkRun) -> QuerySet[ContenderResult]:
    """The run's results by contender, seed and fold, without probabilities: those are ``contender_runs``'."""
    return _rows(run).defer(*_ARRAYS).order_by("contender", "seed", "fold")


def config_of(run: BenchmarkRun) -> BenchmarkConfig:
    """What was asked for."""
    return from_json(BenchmarkConfig, run.config)


def contender_runs(run: BenchmarkRun, *contenders: str) -> tuple[ContenderRun, ...]:
    """The run's results with their probabilities, those of ``contenders`` only when any is named.

    In the order in which the contenders were asked for, then by seed and fold.
    """
    rows = _rows(run).filter(contender__in=contenders) if contenders else _rows(run)
    return tuple(contender_run(row) for row in _as_asked(run, rows))


def _rows(run: BenchmarkRun) -> QuerySet[ContenderResult]:
    """Not ``run.results``, which for a run out of ``runs`` is what was prefetched: the rest would come row by row."""
    return ContenderResult.objects.filter(run=run)


def _as_asked(run: BenchmarkRun, rows: Iterable[ContenderResult]) -> list[ContenderResult]:
    places = {name: place for place, name in enumerate(config_of(run).contenders)}
    return sorted(rows, key=lambda row: (places.get(row.contender, len(places)), row.seed, row.fold))


def contender_run(result: ContenderResult) -> ContenderRun:
    """One result as the record that it was made from."""
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
        curve=tuple(from_json(EpochPoint, point) for point in result.curve),
        best_epoch=result.best_epoch,
        artefact=artefact_of(result),
    )


def evaluations(run: BenchmarkRun) -> tuple[Evaluation, ...]:
    """The figures of the run's results, in the order of ``contender_runs``."""
    return tuple(evaluation_of(result) for result in _as_asked(run, results(run)))


def evaluation_of(result: ContenderResult) -> Evaluation:
    """The figures of one result."""
    return from_json(Evaluation, result.evaluation)


def weights_folder() -> Path | None:
    """Where weights lie on machines without internet; None where the hubs are all there is."""
    return Path(settings.VISION_WEIGHTS_DIR) if settings.VISION_WEIGHTS_DIR else None


def artefact_of(result: ContenderResult) -> Path | None:
    """The folder of what classifies further images; None where the contender left nothing."""
    return Path(settings.VISION_DIR) / result.artefact if result.artefact else None
