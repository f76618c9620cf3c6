"""The work that goes on while faults happen, and how many effects it left. Imported once Django is set up."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from credit.ml.progress import ignore_progress
from credit.models import Client, ModelVersion, Score
from credit.services.imports import request_import
from credit.services.model_versions import TrainingRequest, request_training
from credit.services.scores import request_scoring
from demo.home_credit import generate
from pretadepenser.core.models import SYSTEM, AuditEvent, Job
from tests.builders.images import an_image_folder
from vision.ml.types import BenchmarkConfig
from vision.models import BenchmarkRun, ImageDataset
from vision.services.benchmarks import request_benchmark
from vision.services.datasets import request_import as request_images

BENCHMARK = BenchmarkConfig(contenders=("vgg16-narrow", "squeezenet1_1"), epochs=6, seeds=(0, 1, 2), from_scratch=True)


@dataclass(frozen=True)
class Work:
    """``effects`` must be what it says after every fault, however often the job was attempted."""

    name: str
    worker: str  # the process that does it, as in Instance.pids
    request: Callable[[], Job]
    effects: Callable[[Job], object]
    expected: object


def importing(folder: Path, clients: int) -> Work:
    """An import; repeated ones replace the same clients."""
    tables = folder / f"tables-{clients}"
    if not tables.exists():
        generate(tables, clients=clients, seed=5, on_progress=ignore_progress)

    def effects(job: Job) -> object:
        events = AuditEvent.objects.filter(action="clients.imported", object_id=str(job.pk))
        return Client.objects.count(), events.count()

    return Work("import", "worker", lambda: request_import(folders=[tables], by=SYSTEM), effects, (clients, 1))


def training() -> Work:
    request = TrainingRequest(folds=2)
    return Work(
        "training",
        "worker",
        lambda: request_training(request=request, by=SYSTEM),
        lambda job: ModelVersion.objects.filter(job=job).count(),
        1,
    )


def scoring() -> Work:
    """One score per client, written again from nothing."""
    version = ModelVersion.objects.latest("pk")

    def request() -> Job:
        Score.objects.all().delete()
        return request_scoring(model_version=version, by=SYSTEM)

    clients = Client.objects.count()
    return Work("scoring", "worker", request, lambda _job: Score.objects.count(), clients)


def benchmark(dataset: ImageDataset) -> Work:
    results = len(BENCHMARK.contenders) * len(BENCHMARK.seeds)
    return Work(
        "benchmark",
        "images",
        lambda: Job.objects.get(pk=request_benchmark(dataset=dataset, config=BENCHMARK, by=SYSTEM).job_id),
        lambda job: BenchmarkRun.objects.get(job=job).results.count(),
        results,
    )


def image_import(folder: Path) -> Job:
    return request_images(source=an_image_folder(folder / "products", 8), by=SYSTEM)
