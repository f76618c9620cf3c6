"""Data sets: their import, the descriptions of their classes, their deletion."""

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError, ConflictError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor, Job
from vision.job_kinds import IMPORT_IMAGES
from vision.models import DatasetImage, ImageDataset
from vision.selectors.datasets import image_cache

LONGEST_NAME: Final = 80
MOST_SENTENCES: Final = 20
LONGEST_SENTENCE: Final = 300
_MEGABYTE: Final = 2**20


def request_import(
    *, source: Path, images: Path | None = None, name: str = "", is_demo: bool = False, by: Actor
) -> Job:
    """The queued import of a folder, a zip archive, or a CSV file with the folder of its images.

    Returns the existing job while the same import is queued or running. Raises ApplicationError.
    """
    source = source.expanduser().resolve()
    if not source.exists():
        raise ApplicationError(_("%(path)s does not exist.") % {"path": source}, field="source")
    kind = source.suffix.lower()
    if not source.is_dir() and kind not in (".zip", ".csv"):
        raise ApplicationError(_("Give a folder, a zip archive or a CSV file."), field="source")
    if images is not None:
        images = images.expanduser().resolve()
        if kind != ".csv" or not images.is_dir():
            raise ApplicationError(_("An image folder goes with a CSV file, and must exist."), field="images")
    elif kind == ".csv":
        raise ApplicationError(_("Give the folder that holds the images of this CSV file."), field="images")
    return _create_import(source, images, name, is_demo=is_demo, is_upload=False, by=by)


def request_upload(*, chunks: Iterable[bytes], file_name: str, name: str = "", by: Actor) -> Job:
    """The queued import of an uploaded zip archive, which the job removes at its end.

    Raises ApplicationError for more than VISION_UPLOAD_MEGABYTES.
    """
    folder = Path(settings.VISION_DIR) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{uuid.uuid4()}.zip"
    try:
        _write_limited(archive, chunks)
        return _create_import(archive, None, name or Path(file_name).stem, is_demo=False, is_upload=True, by=by)
    except BaseException:
        archive.unlink(missing_ok=True)
        raise


@transaction.atomic
def edit_descriptions(*, dataset: ImageDataset, descriptions: Mapping[str, Sequence[str]], by: Actor) -> ImageDataset:
    """The data set with new sentences for its classes; a class without any falls back on the suggested ones.

    Raises ApplicationError for an unknown class, and for too many or too long sentences.
    """
    described: dict[str, list[str]] = {}
    for name, lines in descriptions.items():
        sentences = [" ".join(line.split()) for line in lines if line.strip()]
        if name not in dataset.classes:
            raise ApplicationError(_("The data set has no class “%(name)s”.") % {"name": name}, field=name)
        if len(sentences) > MOST_SENTENCES or any(len(sentence) > LONGEST_SENTENCE for sentence in sentences):
            limits = {"name": name, "count": MOST_SENTENCES, "length": LONGEST_SENTENCE}
            refusal = _("“%(name)s” may have at most %(count)d sentences of %(length)d characters.")
            raise ApplicationError(refusal % limits, field=name)
        if sentences:
            described[name] = sentences
    dataset.descriptions = described
    dataset.save(update_fields=["descriptions"])
    record("dataset.described", by=by, target=dataset, detail={"sentences": sum(map(len, described.values()))})
    return dataset


@transaction.atomic
def delete_dataset(*, dataset: ImageDataset, by: Actor) -> None:
    """Deletes the data set and, on commit, its decoded images that no other data set uses.

    Raises ConflictError while benchmarks refer to it, and while an import may need its decoded images.
    """
    stored = ImageDataset.objects.select_for_update(of=("self",)).filter(pk=dataset.pk).first()
    if stored is None:
        raise ConflictError(_("This data set no longer exists."), code="gone")
    if stored.runs.exists():
        sentence = _("Benchmarks use this data set: it is kept so that they can be checked.")
        raise ConflictError(sentence, code="in_use")
    if Job.objects.filter(kind=IMPORT_IMAGES.name, status__in=Job.ACTIVE).exists():
        sentence = _("An import is running and may need the same images: try again when it has ended.")
        raise ConflictError(sentence, code="importing")
    hashes = set(stored.images.values_list("sha256", flat=True))
    record("dataset.deleted", by=by, target=stored, detail={"images": stored.images.count()})
    stored.delete()
    transaction.on_commit(partial(_forget_images, hashes))


def _forget_images(hashes: Collection[str]) -> None:
    """Removes decoded images that no data set uses."""
    kept = DatasetImage.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)
    cache = image_cache()
    for sha256 in set(hashes) - set(kept):
        cache.remove(sha256)


def _create_import(source: Path, images: Path | None, name: str, *, is_demo: bool, is_upload: bool, by: Actor) -> Job:
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        sentence = _("The name of a data set may have at most %(count)d characters.")
        raise ApplicationError(sentence % {"count": LONGEST_NAME}, field="name")
    arguments = {
        "source": str(source),
        "images": str(images) if images else None,
        "name": name or source.stem[:LONGEST_NAME],
        "is_demo": is_demo,
        "is_upload": is_upload,
    }
    key = hashlib.sha256(json.dumps(arguments).encode()).hexdigest()
    return create_job(IMPORT_IMAGES, arguments=arguments, by=by, dedupe_key=key)


def _write_limited(path: Path, chunks: Iterable[bytes]) -> None:
    left = settings.VISION_UPLOAD_MEGABYTES * _MEGABYTE
    with path.open("xb") as file:
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                sentence = _("The archive exceeds %(count)d MB: put it on the server and give its path.")
                raise ApplicationError(sentence % {"count": settings.VISION_UPLOAD_MEGABYTES}, field="archive")
            file.write(chunk)
