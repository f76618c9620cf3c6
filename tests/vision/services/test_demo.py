"""What is asked of the demonstration at every start."""

import pytest
from django.utils import timezone

from pretadepenser.core.jobs import retry_job
from pretadepenser.core.models import Job
from tests.vision.benchmarks import a_dataset, a_result, a_run, finished
from vision.models import BenchmarkRun
from vision.services.demo import request_demo

pytestmark = pytest.mark.django_db


def a_demo_run(status: str) -> BenchmarkRun:
    run = a_run(a_dataset(is_demo=True), kind=BenchmarkRun.Kind.DEMO)
    ended = None if status in Job.ACTIVE else timezone.now()
    Job.objects.filter(pk=run.job_id).update(status=status, finished_at=ended)
    run.refresh_from_db()
    return run


def test_without_images_their_job_is_asked_for_once() -> None:
    assert request_demo(by=None) == request_demo(by=None)
    assert Job.objects.get().kind == "vision.prepare_demo"


def test_a_benchmark_that_failed_is_tried_again_once_for_each_time_that_somebody_asks() -> None:
    run = a_demo_run("failed")

    again = request_demo(by=None)

    assert (again.retry_of, again.status) == (run.job, "queued")
    assert request_demo(by=None) == again
    assert Job.objects.count() == 2
    assert BenchmarkRun.objects.get().job == again


def test_a_benchmark_that_somebody_tried_again_among_the_jobs_is_not_tried_twice() -> None:
    again = retry_job(job=a_demo_run("failed").job, by=None)

    assert request_demo(by=None) == again


@pytest.mark.parametrize("status", ["queued", "cancelled"])
def test_a_benchmark_that_waits_or_that_somebody_cancelled_stays_as_it_is(status: str) -> None:
    run = a_demo_run(status)

    assert request_demo(by=None) == run.job
    assert Job.objects.get().status == status


def test_a_finished_benchmark_is_left_alone() -> None:
    run = a_demo_run("queued")
    a_result(run)
    finished(run)

    assert request_demo(by=None) == run.job
    assert Job.objects.count() == 1
