"""Image data sets, benchmark runs and results as rows; no network is run."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from django.utils import timezone

from pretadepenser.core.models import Job
from tests.builders.images import COLOURS, an_image
from tests.builders.predictions import COST, folds_of, probabilities_for
from vision.job_kinds import RUN_BENCHMARK
from vision.ml.evaluation import evaluate, evaluate_run
from vision.ml.records import to_json
from vision.ml.types import BenchmarkConfig, Cost, EpochPoint, SplitKind, SplitPlan
from vision.models import BenchmarkRun, ContenderResult, DatasetImage, ImageDataset
from vision.selectors.benchmarks import contender_run
from vision.selectors.datasets import image_cache, stored_dataset

_numbers = itertools.count(1)


def a_dataset(
    images: int = 12, *, classes: tuple[str, ...] = ("Lamp", "Watch", "Mug"), is_demo: bool = False
) -> ImageDataset:
    """``images`` images, whose classes take turns."""
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
    values = {"name": "A benchmark", "config": to_json(config), "dataset": dataset or a_dataset(), **fields}
    run = BenchmarkRun.objects.create(**values)
    run.job = Job.objects.create(
        kind=RUN_BENCHMARK.name, queue="gpu", arguments={"run": run.pk}, dedupe_key=f"run {run.pk}"
    )
    run.save(update_fields=["job"])
    return run


def a_result(run: BenchmarkRun, contender: str = "vgg16-narrow", **fields: object) -> ContenderResult:
    """A result that is correct on all images but those at ``wrong``, with its true figures."""
    dataset = stored_dataset(run.dataset)
    wrong = list(fields.pop("wrong", ()))
    labels, classes = dataset.labels.copy(), len(dataset.classes)
    labels[wrong] = (labels[wrong] + 1) % classes
    probabilities = np.full((len(labels), classes), 0.1 / (classes - 1), dtype=np.float32)
    probabilities[np.arange(len(labels)), labels] = 0.9
    parts = np.arange(len(labels), dtype=np.uint8) // classes % 3
    result = ContenderResult(
        run=run,
        contender=contender,
        seed=0,
        fold=0,
        weights_architecture=contender,
        weights_source="none",
        weights_sha256="0" * 64,
        settings={},
        environment={},
        cost=to_json(Cost("cpu", 1.0, 2.0, 0.5, 33.0, 10**9, 1000, 100)),
        split_sha256=hashlib.sha256(parts.tobytes()).hexdigest(),
        parts=parts.tobytes(),
        probabilities=probabilities.astype("<f4").tobytes(),
    )
    evaluation = evaluate_run(contender_run(result), dataset)
    result.evaluation, result.test_accuracy = to_json(evaluation), evaluation.test.accuracy
    for name, value in fields.items():
        setattr(result, name, value)
    result.save()
    return result


def finished(run: BenchmarkRun) -> BenchmarkRun:
    """The run, finished with the results that it has."""
    hashes = [run.results.first().split_sha256]
    BenchmarkRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), split_hashes=hashes)
    Job.objects.filter(pk=run.job_id).update(status="succeeded", finished_at=timezone.now())
    run.refresh_from_db()
    return run


SKILLS = {"vgg16-narrow": 0.5, "clip-small-zero-shot": 2.5}
CURVE = [EpochPoint(epoch, 1.0 / epoch, 0.5, 1.1 / epoch, 0.4 + epoch / 50) for epoch in range(1, 4)]


def a_dataset_with_images(images: int = 36, *, classes: Sequence[str] = tuple(COLOURS)) -> ImageDataset:
    """Images in the cache; the first two files are the same, and one row of the source has no image."""
    number = ImageDataset.objects.count() + 1
    dataset = ImageDataset.objects.create(
        name=f"Shop {number}",
        slug=f"shop-{number}",
        classes=list(classes),
        fingerprint=f"{number:064x}",
        source_rows=images + 1,
        problems=[{"kind": "missing", "row": images, "key": "gone.png", "detail": "no such file"}],
        descriptions={"Lamp": ["a lamp for a table"]},
    )
    colours = list(COLOURS.values())
    places = [0, 0, *range(2, images)]  # whose colour and noise each image has
    DatasetImage.objects.bulk_create(
        DatasetImage(
            dataset=dataset,
            position=position,
            row=position,
            key=f"{position}.png",
            label=place % len(classes),
            text=f"Product {position}",
            sha256=image_cache().add(an_image(colours[place % len(colours)], place)),
        )
        for position, place in enumerate(places)
    )
    return dataset


def a_readable_run(dataset: ImageDataset | None = None, *, folds: int = 1, **fields: object) -> BenchmarkRun:
    """Two contenders on the same splits; the second is the better one."""
    dataset = dataset or a_dataset_with_images()
    plan = SplitPlan(SplitKind.FOLDS, folds=folds) if folds > 1 else SplitPlan()
    config = BenchmarkConfig(contenders=tuple(SKILLS), split=plan)
    run = a_run(dataset, config=to_json(config), **fields)
    labels = np.array(DatasetImage.objects.filter(dataset=dataset).order_by("position").values_list("label", flat=True))
    for split in folds_of(len(labels), 3)[:folds]:
        for name, skill in SKILLS.items():
            probabilities = probabilities_for(labels, len(dataset.classes), split.fold, skill)
            evaluation = evaluate(probabilities, labels, dataset.classes, split)
            a_result(
                run,
                name,
                fold=split.fold,
                weights_source="demo",
                cost=to_json(COST),
                curve=[asdict(point) for point in CURVE] if name == "vgg16-narrow" else [],
                best_epoch=3 if name == "vgg16-narrow" else None,
                evaluation=to_json(evaluation),
                test_accuracy=evaluation.test.accuracy,
                split_sha256=split.sha256,
                parts=split.parts.tobytes(),
                probabilities=probabilities.astype("<f4").tobytes(),
                artefact="runs/none",
            )
    return finished(run)
