"""Finished benchmarks with plausible figures and real images, for pages; no network is run."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from tests.vision.benchmarks import a_result, a_run, finished
from tests.vision.images import COLOURS, an_image
from tests.vision.ml.outcomes import COST, folds_of, probabilities_for
from vision.ml.evaluation import evaluate
from vision.ml.records import to_json
from vision.ml.types import BenchmarkConfig, EpochPoint, SplitKind, SplitPlan
from vision.models import BenchmarkRun, DatasetImage, ImageDataset
from vision.selectors.datasets import image_cache

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
