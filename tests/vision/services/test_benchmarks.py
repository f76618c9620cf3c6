"""Requests for benchmarks: what is refused, what is kept, and how a run continues with another job."""

from dataclasses import replace

import pytest
from django.utils import timezone

from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.jobs import retry_job
from pretadepenser.core.models import SYSTEM, Actor, AuditEvent, Job
from tests.builders.benchmarks import a_dataset, a_result, a_run, finished
from tests.builders.people import Cast
from vision.ml.types import BenchmarkConfig, SplitKind, SplitPlan
from vision.models import BenchmarkRun
from vision.selectors.benchmarks import config_of
from vision.services.benchmarks import cancel_benchmark, request_benchmark, request_original_study, retry_benchmark
from vision.services.benchmarks.requests import adopt

pytestmark = pytest.mark.django_db

CONFIG = BenchmarkConfig(contenders=("vgg16-narrow", "clip-small-zero-shot"))


def ended(job: Job, status: str = "failed") -> Job:
    Job.objects.filter(pk=job.pk).update(status=status, finished_at=timezone.now(), lease=None)
    job.refresh_from_db()
    return job


def test_a_run_has_a_job_on_the_gpu_queue_and_keeps_its_settings(cast: Cast) -> None:
    config = replace(CONFIG, split=SplitPlan(SplitKind.FOLDS, seed=3, folds=4), seeds=(1, 2), epochs=5)

    run = request_benchmark(dataset=a_dataset(), config=config, by=Actor(cast.administrator))

    assert run.name == "VGG16 étroit · Petit CLIP, zero-shot"  # in the language of the request
    assert (run.kind, run.is_finished, run.created_by) == ("custom", False, cast.administrator)
    assert (run.job.kind, run.job.queue, run.job.arguments) == ("vision.run_benchmark", "gpu", {"run": run.pk})
    assert config_of(BenchmarkRun.objects.get()) == config
    assert {event.action for event in AuditEvent.objects.all()} == {"benchmark.requested", "job.requested"}


def test_a_run_keeps_the_descriptions_of_its_request() -> None:
    dataset = a_dataset()
    dataset.descriptions = {name: [f"a {name}"] for name in dataset.classes}
    dataset.save()
    run = request_benchmark(dataset=dataset, config=replace(CONFIG, prompts="descriptions"), by=SYSTEM)
    dataset.descriptions = {}
    dataset.save()

    assert config_of(BenchmarkRun.objects.get(pk=run.pk)).descriptions["Lamp"] == ("a Lamp",)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"contenders": ()}, "contenders"),
        ({"contenders": ("vgg16", "vgg16")}, "contenders"),
        ({"contenders": ("vgg61",)}, "contenders"),
        ({"contenders": tuple(f"vgg{number}" for number in range(30))}, "contenders"),
        ({"seeds": ()}, "seeds"),
        ({"seeds": (1, 1)}, "seeds"),
        ({"seeds": (-1,)}, "seeds"),
        ({"seeds": tuple(range(11))}, "seeds"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": 501}, "epochs"),
        ({"device": "tpu"}, "device"),
        ({"prompts": "poems"}, "prompts"),
        ({"prompts": "descriptions"}, "prompts"),
        ({"split": SplitPlan(SplitKind.FOLDS, folds=21)}, "folds"),
        ({"split": SplitPlan(validation_share=0.6, test_share=0.5)}, "split"),
        ({"split": SplitPlan(seed=2**31)}, "seeds"),
    ],
)
def test_settings_that_cannot_run_are_refused_with_the_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(ApplicationError) as refused:
        request_benchmark(dataset=a_dataset(), config=replace(CONFIG, **changed), by=SYSTEM)

    assert refused.value.field == field
    assert not Job.objects.exists()
    assert not BenchmarkRun.objects.exists()


def test_classes_described_in_the_same_words_are_refused() -> None:
    dataset = a_dataset()
    dataset.descriptions = {name: ["a thing to buy"] for name in dataset.classes}
    dataset.save()
    with pytest.raises(ApplicationError, match="mêmes mots") as refused:
        request_benchmark(dataset=dataset, config=replace(CONFIG, prompts="descriptions"), by=SYSTEM)
    assert refused.value.field == "prompts"


def test_a_data_set_too_small_for_the_split_is_refused() -> None:
    with pytest.raises(ApplicationError, match="3"):
        request_benchmark(dataset=a_dataset(3), config=CONFIG, by=SYSTEM)


def test_any_torchvision_classifier_is_accepted() -> None:
    config = replace(CONFIG, contenders=("resnet18", "resnet18-finetuned"))

    assert request_benchmark(dataset=a_dataset(), config=config, by=SYSTEM).pk


def test_the_original_study_is_two_runs() -> None:
    faithful, repaired = request_original_study(dataset=a_dataset(105), by=SYSTEM)

    assert (faithful.kind, repaired.kind, repaired.repairs) == ("original", "repaired", faithful)
    assert config_of(faithful).contenders == config_of(repaired).contenders == ("vgg16", "clip-zero-shot")
    assert config_of(faithful).split.kind == "original"
    assert config_of(repaired).split.kind == "stratified"
    assert Job.objects.count() == 2


def test_the_original_study_on_demo_data_uses_small_networks() -> None:
    faithful, _repaired = request_original_study(dataset=a_dataset(21, is_demo=True), by=SYSTEM)

    assert config_of(faithful).contenders == ("vgg16-narrow", "clip-small-zero-shot")


def test_a_failed_run_is_retried_with_a_new_job(cast: Cast) -> None:
    run = request_benchmark(dataset=a_dataset(), config=CONFIG, by=Actor(cast.administrator))
    first = ended(run.job)

    retry_benchmark(run=run, by=Actor(cast.administrator))

    run.refresh_from_db()
    assert run.job.retry_of == first
    assert run.job.status == "queued"


def test_a_run_that_waits_or_has_results_is_not_retried(cast: Cast) -> None:
    run = a_run()
    with pytest.raises(ConflictError):
        retry_benchmark(run=run, by=Actor(cast.administrator))
    a_result(run)
    finished(run)
    with pytest.raises(ConflictError):
        retry_benchmark(run=BenchmarkRun.objects.get(pk=run.pk), by=Actor(cast.administrator))


def test_a_job_retried_from_the_list_of_jobs_becomes_the_runs_job(cast: Cast) -> None:
    run = request_benchmark(dataset=a_dataset(), config=CONFIG, by=Actor(cast.administrator))
    again = retry_job(job=ended(run.job, "cancelled"), by=Actor(cast.administrator))

    adopt(run=run, job=again)

    run.refresh_from_db()
    assert run.job == again


def test_a_queued_run_is_cancelled_at_once(cast: Cast) -> None:
    run = request_benchmark(dataset=a_dataset(), config=CONFIG, by=Actor(cast.administrator))

    assert cancel_benchmark(run=run, by=Actor(cast.administrator)).status == "cancelled"
