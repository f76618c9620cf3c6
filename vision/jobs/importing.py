"""The image import as a job: read in a child process, then stored in one transaction."""

import time
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job
from vision.jobs.targets import read_source
from vision.ml.records import to_json
from vision.ml.types import BenchmarkError, Dataset
from vision.models import DatasetImage, ImageDataset
from vision.selectors.datasets import image_cache
from vision.wording import error_sentence

UPLOAD_DAYS: Final = 7  # how long the archive of a failed import is kept for a retry
_SECONDS_OF_A_DAY: Final = 86_400
_LONGEST_SLUG: Final = 72  # leaves room for a number


def import_images(job: Job, progress: Progress) -> JobResult:
    """Adds the data set of ``job.arguments["source"]``, unless one with the same content exists."""
    source = Path(job.arguments["source"])
    images = Path(job.arguments["images"]) if job.arguments["images"] else None
    reading = partial(
        read_source, source, images, image_cache(), job.arguments["name"], _("Reading and decoding the images")
    )
    try:
        dataset = progress.run_in_child(reading)
    except BenchmarkError as error:
        sentence = _("These files cannot be imported: %(reason)s")
        reason = error_sentence(error)
        if job.arguments["is_upload"]:  # its stored name means nothing to the sender
            reason = reason.replace(source.name, job.arguments["name"])
        raise ApplicationError(sentence % {"reason": reason}, code="unusable_files") from error
    result = progress.finish_with(partial(_save, job, dataset))
    if job.arguments["is_upload"]:
        source.unlink(missing_ok=True)
        _clear_uploads(source.parent)
    return result


def _clear_uploads(folder: Path) -> None:
    """Removes the archives of failed imports that were not retried."""
    for archive in folder.glob("*.zip"):
        with suppress(FileNotFoundError):  # another import has just removed it
            if time.time() - archive.stat().st_mtime > UPLOAD_DAYS * _SECONDS_OF_A_DAY:
                archive.unlink()


def _save(job: Job, dataset: Dataset) -> JobResult:
    stored, is_new = ImageDataset.objects.get_or_create(
        fingerprint=dataset.fingerprint,
        defaults={
            "name": dataset.name,
            "slug": _free_slug(dataset.name),
            "classes": list(dataset.classes),
            "source_rows": dataset.source_rows,
            "problems": [to_json(problem) for problem in dataset.problems],
            "is_demo": job.arguments["is_demo"],
            "created_by": job.created_by,
            "job": job,
        },
    )
    if is_new:
        DatasetImage.objects.bulk_create(_images(stored, dataset), batch_size=5_000)
        record("dataset.imported", by=job.actor, target=stored, detail={"images": len(dataset.items)})
    return {
        "dataset": stored.slug,
        "is_new": is_new,
        "images": len(dataset.items),
        "classes": len(dataset.classes),
        "source_rows": dataset.source_rows,
        "problems": dict(Counter(problem.kind.value for problem in dataset.problems)),
        "rare_classes": dataset.rare_classes,
    }


def _images(stored: ImageDataset, dataset: Dataset) -> list[DatasetImage]:
    return [
        DatasetImage(
            dataset=stored,
            position=position,
            row=item.row,
            key=item.key,
            label=item.label,
            text=item.text,
            sha256=item.sha256,
        )
        for position, item in enumerate(dataset.items)
    ]


def _free_slug(name: str) -> str:
    """An unused short name."""
    slug = slugify(name)[:_LONGEST_SLUG] or "images"
    taken = set(ImageDataset.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbers = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return next(candidate for candidate in (slug, *numbers) if candidate not in taken)
