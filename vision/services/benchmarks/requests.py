"""Requests, cancels and retries a benchmark."""

from dataclasses import replace
from typing import Final

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.jobs import cancel_job, create_job, retry_job
from pretadepenser.core.models import Actor, Job
from vision.job_kinds import RUN_BENCHMARK
from vision.ml.prompts import PromptSet
from vision.ml.records import to_json
from vision.ml.types import BenchmarkConfig
from vision.models import BenchmarkRun, ImageDataset
from vision.selectors.datasets import stored_dataset
from vision.services.benchmarks.checks import check
from vision.wording import contender_title

LONGEST_NAME: Final = 120


@transaction.atomic
def request_benchmark(
    *,
    dataset: ImageDataset,
    config: BenchmarkConfig,
    name: str = "",
    kind: BenchmarkRun.Kind = BenchmarkRun.Kind.CUSTOM,
    repairs: BenchmarkRun | None = None,
    by: Actor,
) -> BenchmarkRun:
    """The run with its queued job; it keeps its own copy of the descriptions that it uses.

    Raises ApplicationError for settings that cannot run.
    """
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        sentence = _("The name of a benchmark may have at most %(count)d characters.")
        raise ApplicationError(sentence % {"count": LONGEST_NAME}, field="name")
    if config.prompts == PromptSet.DESCRIPTIONS:
        descriptions = {label: tuple(sentences) for label, sentences in dataset.descriptions.items()}
        config = replace(config, descriptions=descriptions)
    check(config, stored_dataset(dataset))
    run = BenchmarkRun.objects.create(
        dataset=dataset,
        name=name or _default_name(config),
        kind=kind,
        config=to_json(config),
        repairs=repairs,
        created_by=by.user,
    )
    _attach(run, create_job(RUN_BENCHMARK, arguments={"run": run.pk}, by=by, dedupe_key=f"run {run.pk}"))
    record("benchmark.requested", by=by, target=run, detail={"contenders": list(config.contenders)})
    return run


@transaction.atomic
def cancel_benchmark(*, run: BenchmarkRun, by: Actor) -> Job:
    """The run's job, which stops within seconds. Raises ApplicationError for another person's run."""
    return cancel_job(job=_job_of(run), by=by)


@transaction.atomic
def retry_benchmark(*, run: BenchmarkRun, by: Actor) -> BenchmarkRun:
    """The run with a new job replacing one that failed or was cancelled. Raises ApplicationError."""
    job = retry_job(job=_job_of(run), by=by)
    record("benchmark.retried", by=by, target=run, detail={"job": job.pk})
    return _attach(run, job)


def adopt(*, run: BenchmarkRun, job: Job) -> None:
    """Makes ``job`` the run's job, in case its former one was retried from the list of jobs.

    Raises ConflictError for a run that has results.
    """
    if run.is_finished:
        raise ConflictError(_("This benchmark already has its results."), code="finished")
    if run.job_id != job.pk:
        _attach(run, job)


def _attach(run: BenchmarkRun, job: Job) -> BenchmarkRun:
    run.job = job
    run.save(update_fields=["job"])
    return run


def _job_of(run: BenchmarkRun) -> Job:
    if run.job is None:
        raise ApplicationError(_("This benchmark has no job."), code="no_job")
    return run.job


def _default_name(config: BenchmarkConfig) -> str:
    return Truncator(" · ".join(map(contender_title, config.contenders))).chars(LONGEST_NAME)
