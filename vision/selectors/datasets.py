"""Data sets and their images."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from pretadepenser.core.errors import ApplicationError
from vision.ml.images import ImageCache
from vision.ml.types import Dataset, Item, Part, Problem, ProblemKind
from vision.models import DatasetImage, ImageDataset


def datasets() -> QuerySet[ImageDataset]:
    """All data sets, newest first, each with its number of images as ``image_count``."""
    return (
        ImageDataset.objects.select_related("created_by")
        .annotate(image_count=Count("images"))
        .order_by("-created_at", "-pk")
    )


def dataset_named(name: str) -> ImageDataset:
    """The data set with this short name, or else this name if only one has it. Raises ApplicationError."""
    matching = sorted(ImageDataset.objects.filter(Q(slug=name) | Q(name=name)), key=lambda row: row.slug != name)
    if not matching or (len(matching) > 1 and matching[0].slug != name):
        known = ", ".join(ImageDataset.objects.values_list("slug", flat=True)) or "–"
        sentence = _("There is no data set “%(name)s”. Available: %(known)s.")
        raise ApplicationError(sentence % {"name": name, "known": known}, field="dataset", code="no_dataset")
    return matching[0]


def stored_dataset(dataset: ImageDataset) -> Dataset:
    """The data set as benchmarks read it, its images in the order of their positions."""
    rows = dataset.images.order_by("position").values_list("row", "key", "label", "text", "sha256")
    return Dataset(
        name=dataset.name,
        classes=tuple(dataset.classes),
        items=tuple(Item(*row) for row in rows),
        source_rows=dataset.source_rows,
        problems=problems_of(dataset),
    )


def labels(dataset: ImageDataset) -> NDArray[np.int64]:
    """Class numbers in the order of positions, (N,)."""
    return np.array(dataset.images.order_by("position").values_list("label", flat=True), dtype=np.int64)


def problems_of(dataset: ImageDataset) -> tuple[Problem, ...]:
    """What the import found, in the order of the source."""
    return tuple(Problem(**{**problem, "kind": ProblemKind(problem["kind"])}) for problem in dataset.problems)


def problem_counts(dataset: ImageDataset) -> dict[ProblemKind, int]:
    """How often each kind of problem occurs, kinds that do not occur left out."""
    return dict(Counter(problem.kind for problem in problems_of(dataset)))


def class_counts(dataset: ImageDataset) -> dict[str, int]:
    """The number of images of each class, in the order of the classes."""
    counts = dict(dataset.images.order_by("label").values_list("label").annotate(count=Count("pk")))
    return {name: counts.get(label, 0) for label, name in enumerate(dataset.classes)}


def rare_classes(dataset: ImageDataset) -> dict[str, int]:
    """The classes whose different images are too few for each part of a split to have one, with their number."""
    counts = dict(dataset.images.order_by("label").values_list("label").annotate(count=Count("sha256", distinct=True)))
    return {
        name: counts.get(label, 0) for label, name in enumerate(dataset.classes) if counts.get(label, 0) < len(Part)
    }


def examples(dataset: ImageDataset, each: int) -> QuerySet[DatasetImage]:
    """``each`` images of every class, by class; every call returns the same ones."""
    # Hash order is as good as random; neighbours in a source are often variants of one product.
    place = Window(RowNumber(), partition_by=F("label"), order_by=(F("sha256"), F("position")))
    return dataset.images.alias(place=place).filter(place__lte=each).order_by("label", "sha256", "position")


def images_at(dataset: ImageDataset, positions: Sequence[int]) -> list[DatasetImage]:
    """The images at these positions, in their order."""
    images = {image.position: image for image in dataset.images.filter(position__in=positions)}
    return [images[position] for position in positions]


def image_cache() -> ImageCache:
    """The decoded images of all data sets."""
    return ImageCache(Path(settings.VISION_DIR, "images"))


def trial_cache() -> ImageCache:
    """The decoded images that people try, which are not part of any data set."""
    return ImageCache(Path(settings.VISION_DIR, "trials"))
