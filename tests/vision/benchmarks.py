"""Data sets, runs and results for tests, without any picture or network."""

import hashlib
import itertools

import numpy as np
from django.utils import timezone

from pretadepenser.core.models import Job
from vision.job_kinds import RUN_BENCHMARK
from vision.ml.records import to_json
from vision.ml.types import BenchmarkConfig
from vision.models import BenchmarkRun, ContenderResult, DatasetImage, ImageDataset

_numbers = itertools.count(1)


def a_dataset(
    images: int = 12, *, classes: tuple[str, ...] = ("Lamp", "Watch", "Mug"), is_demo: bool = False
) -> ImageDataset:
    """``images`` pictures, whose classes take turns."""
    number = next(_numbers)
    dataset = ImageDataset.objects.create(
        name=f"Products {number}",
        slug=f"products-{number}",
        classes=list(classes),
        fingerprint=hashlib.sha256(str(number).encode()).hexdigest(),
        source_rows=images,
        is_demo=is_demo,
    )
    DatasetImage.objects.bulk_create(
        DatasetImage(
            dataset=dataset,
            position=position,
            row=position,
            key=f"{position}.png",
            label=position % len(classes),
            text=f"Product {position}",
            sha256=hashlib.sha256(f"{number}/{position}".encode()).hexdigest(),
        )
        for position in range(images)
    )
    return dataset


def a_run(dataset: ImageDataset | None = None, **fields: object) -> BenchmarkRun:
    """A queued run of two contenders."""
    config = BenchmarkConfig(contenders=("vgg16-narrow", "clip-small-zero-shot"))
    given = {"name": "A benchmark", "config": to_json(config), "dataset": dataset or a_dataset(), **fields}
    run = BenchmarkRun.objects.create(**given)
    run.job = Job.objects.create(kind=RUN_BENCHMARK.name, queue="gpu", arguments={"run": run.pk})
    run.save(update_fields=["job"])
    return run


def a_result(run: BenchmarkRun, contender: str = "vgg16-narrow", **fields: object) -> ContenderResult:
    """A result whose probabilities all favour the right class, but for the last image of each part."""
    labels = np.array(run.dataset.images.order_by("position").values_list("label", flat=True))
    classes = len(run.dataset.classes)
    parts = np.arange(len(labels), dtype=np.uint8) % 3
    probabilities = np.full((len(labels), classes), 0.1 / (classes - 1), dtype=np.float32)
    probabilities[np.arange(len(labels)), labels] = 0.9
    given = {
        "run": run,
        "contender": contender,
        "seed": 0,
        "fold": 0,
        "weights_architecture": contender,
        "weights_source": "none",
        "weights_sha256": "0" * 64,
        "settings": {},
        "environment": {},
        "cost": {},
        "evaluation": {},
        "test_accuracy": 1.0,
        "split_sha256": hashlib.sha256(parts.tobytes()).hexdigest(),
        "parts": parts.tobytes(),
        "probabilities": probabilities.astype("<f4").tobytes(),
        **fields,
    }
    return ContenderResult.objects.create(**given)


def finished(run: BenchmarkRun) -> BenchmarkRun:
    """The run, with the results that it has for its last."""
    hashes = [run.results.first().split_sha256]
    BenchmarkRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), split_hashes=hashes)
    Job.objects.filter(pk=run.job_id).update(status="succeeded", finished_at=timezone.now())
    run.refresh_from_db()
    return run
