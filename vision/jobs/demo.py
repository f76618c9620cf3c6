"""Draws the demonstration's images, imports them and asks for their benchmark."""

from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job
from vision.jobs.importing import store_dataset
from vision.jobs.targets import draw_products
from vision.ml.types import Dataset
from vision.selectors.datasets import image_cache
from vision.services.demo import request_demo_benchmark

PER_CLASS: Final = 40
SEED: Final = 1  # not the one that the shipped weights were trained with


def prepare_demo(job: Job, progress: Progress) -> JobResult:
    """Leaves the data set and a queued benchmark; where they are there already, nothing more."""
    drawing = partial(
        draw_products,
        Path(settings.STATE_DIR) / "demo" / "products",
        image_cache(),
        _("Demonstration products"),
        (_("Drawing the images"), _("Reading and decoding the images")),
        per_class=PER_CLASS,
        seed=SEED,
    )
    return progress.finish_with(partial(_save, job, progress.run_in_child(drawing)))


def _save(job: Job, dataset: Dataset) -> JobResult:
    stored, _is_new = store_dataset(dataset, job, is_demo=True)
    run = request_demo_benchmark(dataset=stored, by=job.created_by)
    return {"dataset": stored.slug, "run": run.pk}
