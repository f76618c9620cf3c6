"""A benchmark whose process and whose worker are killed: it goes on from its files and gives the same numbers."""

import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import psutil
import pytest
from django.conf import settings

from pretadepenser.core.jobs import cancel_job
from pretadepenser.core.models import SYSTEM, Job
from tests.running.live_worker import LiveWorker, StartWorker, came_to, taken_over, wait_until
from tests.running.measured_benchmarks import TINY, a_measured_run, an_imported_dataset
from vision.ml.types import SplitKind, SplitPlan
from vision.models import ImageDataset
from vision.selectors.benchmarks import contender_runs
from vision.services.benchmarks import request_benchmark
from vision.services.benchmarks.checks import MOST_SEEDS

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("job_folders")]

# A result takes a sixth of a second once torch is there: enough of them for the test to act in the middle.
CONFIG = replace(
    TINY,
    contenders=("vgg16-narrow", "squeezenet1_1"),
    epochs=8,
    split=SplitPlan(SplitKind.FOLDS, folds=3),
    seeds=(0, 1, 2, 3),
)
RESULTS = 2 * 3 * 4


@pytest.fixture
def dataset(settings, tmp_path: Path, transactional_db: None) -> ImageDataset:
    """A small data set, where live workers find it."""
    settings.STATE_DIR = tmp_path
    settings.VISION_DIR = tmp_path / "vision"
    settings.JOB_GPUS = []
    return an_imported_dataset(tmp_path / "products", per_class=8)


def kept_results(job: Job) -> int:
    """How many contenders of how many folds are on disk. The messages on the row are a sample, the files are all."""
    return len(list((settings.STATE_DIR / "jobs" / str(job.pk)).rglob("run.json")))


def kill_child(worker: LiveWorker) -> None:
    (child,) = (
        process
        for process in psutil.Process(worker.process.pid).children(recursive=True)
        if "worker.child" in process.cmdline()
    )
    os.kill(child.pid, signal.SIGKILL)


def test_a_benchmark_that_is_killed_twice_gives_the_numbers_of_one_that_was_not(
    live_worker: StartWorker, dataset: ImageDataset
) -> None:
    expected, undisturbed = a_measured_run(dataset, CONFIG)
    assert undisturbed.status == "succeeded"
    first = live_worker(queues="gpu", pool="threads")
    run = request_benchmark(dataset=dataset, config=CONFIG, by=SYSTEM)
    job = Job.objects.get(pk=run.job_id)

    wait_until(lambda: kept_results(job) > 0)
    kill_child(first)
    wait_until(lambda: came_to(job, "queued"))
    Job.objects.filter(pk=job.pk).update(rung_at=None)
    kept = kept_results(job)
    wait_until(lambda: taken_over(job, 2))
    wait_until(lambda: kept_results(job) > kept)
    first.kill()
    assert kept < kept_results(job) < RESULTS, "the second attempt was to end in the middle"
    live_worker(queues="gpu", pool="threads")
    wait_until(lambda: taken_over(job, 3))
    wait_until(lambda: came_to(job, "succeeded"))

    assert job.attempt == 3
    run.refresh_from_db()
    assert run.split_hashes == expected.split_hashes
    pairs = list(zip(contender_runs(run), contender_runs(expected), strict=True))
    assert len(pairs) == RESULTS
    for one, other in pairs:
        for name in ("contender", "seed", "fold", "best_epoch"):
            assert getattr(one, name) == getattr(other, name)
        assert one.curve == other.curve
        assert np.array_equal(one.probabilities, other.probabilities)


def test_a_benchmark_is_cancelled_within_five_seconds(live_worker: StartWorker, dataset: ImageDataset) -> None:
    worker = live_worker(queues="gpu", pool="threads")
    run = request_benchmark(dataset=dataset, config=replace(CONFIG, seeds=tuple(range(MOST_SEEDS))), by=SYSTEM)
    job = Job.objects.get(pk=run.job_id)
    wait_until(lambda: Job.objects.get(pk=job.pk).progress_done > 0)

    cancel_job(job=job, by=SYSTEM)
    wait_until(lambda: came_to(job, "cancelled"))

    assert job.finished_at - job.cancel_requested_at < timedelta(seconds=5)
    assert not run.results.exists()
    children = psutil.Process(worker.process.pid).children(recursive=True)
    assert not [process for process in children if "worker.child" in process.cmdline()]
