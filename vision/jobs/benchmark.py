"""A benchmark as a job: measured in a child process on a free GPU, then stored in one transaction with its success."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.jobs.devices import free_gpu
from pretadepenser.core.models import Job
from vision.jobs.targets import run_benchmark as measure
from vision.ml.evaluation import Evaluation, evaluate_run
from vision.ml.records import to_json
from vision.ml.splits import make_splits
from vision.ml.types import BenchmarkError, ContenderRun, Dataset, Folders
from vision.ml.wording import Wording
from vision.models import BenchmarkRun, ContenderResult
from vision.selectors.benchmarks import config_of, weights_folder
from vision.selectors.datasets import image_cache, stored_dataset
from vision.services.benchmarks.requests import adopt
from vision.wording import contender_title, error_sentence


def run_benchmark(job: Job, progress: Progress) -> JobResult:
    """Measures the run's contenders. After a kill, the next attempt resumes from its files with the same results."""
    run = _run_of(job)
    dataset = stored_dataset(run.dataset)
    gpu = None if config_of(run).device == "cpu" else free_gpu()
    target = partial(measure, config_of(run), dataset, _folders(progress), _wording(run), is_nice=gpu is None)
    try:
        measured = progress.run_in_child(target, gpu=gpu)
    except BenchmarkError as error:
        raise ApplicationError(error_sentence(error), code="unusable") from error
    results = []
    for contender_run in measured:
        progress.check()
        results.append(_result(run, contender_run, evaluate_run(contender_run, dataset)))
    return progress.finish_with(partial(_save, job, run, dataset, results))


@transaction.atomic
def _run_of(job: Job) -> BenchmarkRun:
    run = BenchmarkRun.objects.select_for_update(of=("self",)).filter(pk=job.arguments["run"]).first()
    if run is None:
        raise ApplicationError(_("This benchmark no longer exists."), code="gone")
    adopt(run=run, job=job)
    return run


def _folders(progress: Progress) -> Folders:
    return Folders(
        images=image_cache().folder,
        features=Path(settings.VISION_DIR) / "features",
        work=progress.work_dir,
        weights=weights_folder(),
    )


def _wording(run: BenchmarkRun) -> Wording:
    """The stages in the language of the person who launched the run."""
    return Wording(
        weights=_("Looking up the weights of {contender}"),
        cut=_("{contender}: the ends of {count} sentences are not read, first that of “{sentence}”"),
        features=_("{contender}: extracting image features"),
        training=_("{contender}, seed {seed}, fold {fold} of {folds}: training"),
        finished=_("{contender}, seed {seed}, fold {fold} of {folds}: test accuracy {accuracy}%"),
        titles={name: contender_title(name) for name in config_of(run).contenders},
        decimal_mark=get_format("DECIMAL_SEPARATOR"),
    )


def _kept_artefact(run: BenchmarkRun, measured: ContenderRun) -> str:
    """Keeps the trained contender beyond the job; returns its path relative to VISION_DIR."""
    if measured.artefact is None:
        return ""
    place = Path("runs", str(run.pk), f"{measured.contender}-s{measured.seed}-f{measured.fold}")
    shutil.copytree(measured.artefact, Path(settings.VISION_DIR) / place, dirs_exist_ok=True)
    return place.as_posix()


def _result(run: BenchmarkRun, measured: ContenderRun, evaluation: Evaluation) -> ContenderResult:
    return ContenderResult(
        run=run,
        contender=measured.contender,
        seed=measured.seed,
        fold=measured.fold,
        weights_architecture=measured.weights.architecture,
        weights_source=measured.weights.source.value,
        weights_sha256=measured.weights.sha256,
        weights_file=measured.weights.file,
        weights_revision=measured.weights.revision,
        settings=measured.settings,
        environment=measured.environment,
        cost=to_json(measured.cost),
        curve=[asdict(point) for point in measured.curve],
        best_epoch=measured.best_epoch,
        evaluation=to_json(evaluation),
        test_accuracy=evaluation.test.accuracy,
        split_sha256=measured.split.sha256,
        parts=measured.split.parts.tobytes(),
        probabilities=measured.probabilities.astype("<f4").tobytes(),
        artefact=_kept_artefact(run, measured),
    )


def _save(job: Job, run: BenchmarkRun, dataset: Dataset, results: Sequence[ContenderResult]) -> JobResult:
    ContenderResult.objects.bulk_create(results)
    run.split_hashes = [split.sha256 for split in make_splits(dataset, config_of(run).split)]
    run.environment = results[0].environment
    run.finished_at = timezone.now()
    run.save(update_fields=["split_hashes", "environment", "finished_at"])
    record("benchmark.finished", by=job.actor, target=run, detail={"results": len(results)})
    return {"run": run.pk, "results": len(results)}
