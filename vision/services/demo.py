"""The demonstration's data set and benchmark."""

from typing import Final

from django.utils.translation import gettext as _

from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Job, User
from vision.job_kinds import PREPARE_DEMO
from vision.ml.types import BenchmarkConfig
from vision.models import BenchmarkRun, ImageDataset
from vision.services.benchmarks import request_benchmark, retry_benchmark

#: Those whose weights the project ships.
DEMO_CONFIG: Final = BenchmarkConfig(contenders=("vgg16-narrow", "clip-small-zero-shot", "clip-small-linear-probe"))


def request_demo(*, by: User | None) -> Job:
    """The job that the demonstration is at: the one that draws its images or, once they are there, its benchmark's.

    A benchmark that failed is tried again, once for each time that somebody asks.
    """
    run = BenchmarkRun.objects.select_related("job").filter(kind=BenchmarkRun.Kind.DEMO).first()
    if run is None or run.job is None:
        return create_job(PREPARE_DEMO, arguments={}, by=by, dedupe_key="demo")
    if run.job.status == Job.Status.FAILED:
        run = retry_benchmark(run=run, by=by)
    assert run.job is not None  # noqa: S101 - trying again gives it another
    return run.job


def request_demo_benchmark(*, dataset: ImageDataset, by: User | None) -> BenchmarkRun:
    """The demonstration's run on this data set, asked for unless there is one already."""
    found = BenchmarkRun.objects.filter(dataset=dataset, kind=BenchmarkRun.Kind.DEMO).first()
    return found or request_benchmark(
        dataset=dataset, config=DEMO_CONFIG, name=_("Demonstration"), kind=BenchmarkRun.Kind.DEMO, by=by
    )
