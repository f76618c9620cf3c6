"""The demonstration's benchmark: requested once, and again when it failed."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from pretadepenser.celery import app
from pretadepenser.core.jobs import retry_job
from pretadepenser.core.models import SYSTEM, Job
from tests.builders.benchmarks import a_dataset, a_result, a_run, finished
from tests.running.live_worker import worker_environment
from vision.models import BenchmarkRun, ImageDataset
from vision.selectors.benchmarks import config_of

pytestmark = pytest.mark.django_db


def a_demo_run(status: str) -> BenchmarkRun:
    run = a_run(a_dataset(is_demo=True), kind=BenchmarkRun.Kind.DEMO)
    ended = None if status in Job.ACTIVE else timezone.now()
    Job.objects.filter(pk=run.job_id).update(status=status, finished_at=ended)
    run.refresh_from_db()
    return run


def prepare() -> Job:
    """The job of the benchmark, once the demonstration is prepared."""
    call_command("prepare_vision_demo", per_class=6)
    job = BenchmarkRun.objects.get().job
    assert job is not None
    return job


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vision_dir")
def test_products_are_drawn_and_imported_once_and_their_benchmark_is_queued(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in worker_environment(Path(settings.STATE_DIR)).items():
        monkeypatch.setenv(name, value)
    with app.connection_for_write() as broker, broker.channel() as channel:
        channel.queue_purge("cpu")

    job = prepare()

    assert (job.kind, job.status) == ("vision.run_benchmark", "queued")
    dataset = ImageDataset.objects.get()
    assert (dataset.is_demo, dataset.source_rows, len(dataset.classes)) == (True, 42, 7)
    assert {problem["kind"] for problem in dataset.problems} >= {"missing", "broken"}
    run = BenchmarkRun.objects.get()
    assert (run.dataset, run.kind) == (dataset, "demo")
    assert config_of(run).contenders == ("vgg16-narrow", "clip-small-zero-shot", "clip-small-linear-probe")
    assert prepare() == job
    assert Job.objects.count() == 2


def test_a_failed_benchmark_is_queued_again_at_each_preparation() -> None:
    run = a_demo_run("failed")

    retry = prepare()

    assert (retry.retry_of, retry.status) == (run.job, "queued")
    assert prepare() == retry
    assert Job.objects.count() == 2


def test_a_benchmark_that_was_retried_in_the_job_pages_is_not_retried_twice() -> None:
    retry = retry_job(job=a_demo_run("failed").job, by=SYSTEM)

    assert prepare() == retry


@pytest.mark.parametrize("status", ["queued", "cancelled"])
def test_a_queued_or_cancelled_benchmark_stays_as_it_is(status: str) -> None:
    run = a_demo_run(status)

    assert prepare() == run.job
    assert Job.objects.get().status == status


def test_a_finished_benchmark_is_left_alone() -> None:
    run = a_demo_run("queued")
    a_result(run)
    finished(run)

    assert prepare() == run.job
    assert Job.objects.count() == 1
