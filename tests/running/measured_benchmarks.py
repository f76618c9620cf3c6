"""Small benchmarks run as jobs, on random weights; a processor finishes one in a second."""

from pathlib import Path

from pretadepenser.core.models import SYSTEM, Job
from tests.builders.images import an_image_folder
from tests.running.jobs import after
from vision.jobs.benchmark import run_benchmark
from vision.jobs.importing import import_images
from vision.ml.types import BenchmarkConfig
from vision.models import BenchmarkRun, ImageDataset
from vision.services.benchmarks import request_benchmark
from vision.services.datasets import request_import

TINY = BenchmarkConfig(contenders=("vgg16-narrow",), epochs=2, from_scratch=True)


def an_imported_dataset(folder: Path, per_class: int = 6) -> ImageDataset:
    job = after(request_import(source=an_image_folder(folder, per_class), by=SYSTEM), import_images)
    return ImageDataset.objects.get(slug=job.result["dataset"])


def a_measured_run(dataset: ImageDataset, config: BenchmarkConfig = TINY) -> tuple[BenchmarkRun, Job]:
    """The run and its job, done."""
    run = request_benchmark(dataset=dataset, config=config, by=SYSTEM)
    job = after(run.job, run_benchmark)
    run.refresh_from_db()
    return run, job
