"""Data sets: asking for an import, the sentences that describe their classes, and the end of one."""

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

    Asking again while the same import waits or runs gives that job. Raises ApplicationError.
    """
    source = source.expanduser().resolve()
    if not source.exists():
        raise ApplicationError(_("There is no %(path)s.") % {"path": source}, field="source")
    kind = source.suffix.lower()
    if not source.is_dir() and kind not in (".zip", ".csv"):
        raise ApplicationError(_("Name a folder, a zip archive or a CSV file."), field="source")
    if images is not None:
        images = images.expanduser().resolve()
        if kind != ".csv" or not images.is_dir():
            raise ApplicationError(_("The images of a CSV file are named by a folder that exists."), field="images")
    elif kind == ".csv":
        raise ApplicationError(_("Name the folder that holds the images of this CSV file."), field="images")
    return _create_import(source, images, name, is_demo=is_demo, is_upload=False, by=by)


def request_upload(*, chunks: Iterable[bytes], file_name: str, name: str = "", by: Actor) -> Job:
    """The queued import of a zip archive that somebody sent; the job removes the archive at its end.

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
    """The data set with new sentences for its classes; a class without any keeps to the suggested ones, if there are.

    Raises ApplicationError for a class that the data set does not have, and for too many or too long sentences.
    """
    told = {name: [" ".join(sentence.split()) for sentence in given] for name, given in descriptions.items()}
    told = {name: [sentence for sentence in given if sentence] for name, given in told.items()}
    for name, given in told.items():
        if name not in dataset.classes:
            raise ApplicationError(_("The data set has no class “%(name)s”.") % {"name": name}, field=name)
        if len(given) > MOST_SENTENCES or any(len(sentence) > LONGEST_SENTENCE for sentence in given):
            limits = {"name": name, "count": MOST_SENTENCES, "length": LONGEST_SENTENCE}
            sentence = _("“%(name)s” may have %(count)d sentences of %(length)d characters at most.")
            raise ApplicationError(sentence % limits, field=name)
    dataset.descriptions = {name: given for name, given in told.items() if given}
    dataset.save(update_fields=["descriptions"])
    record("dataset.described", by=by, target=dataset, detail={"sentences": sum(map(len, told.values()))})
    return dataset


@transaction.atomic
def delete_dataset(*, dataset: ImageDataset, by: Actor) -> None:
    """Removes the data set and, once that is committed, its decoded images that no other data set has.

    Raises ConflictError while benchmarks refer to it, and while an import may be counting on its decoded images.
    """
    stored = ImageDataset.objects.select_for_update(of=("self",)).filter(pk=dataset.pk).first()
    if stored is None:
        raise ConflictError(_("This data set is no longer there."), code="gone")
    if stored.runs.exists():
        sentence = _("Benchmarks were measured on this data set, or wait to be: it stays, so that they can be checked.")
        raise ConflictError(sentence, code="in_use")
    if Job.objects.filter(kind=IMPORT_IMAGES.name, status__in=Job.ACTIVE).exists():
        sentence = _("Images are being imported, perhaps the same: try again when that is done.")
        raise ConflictError(sentence, code="importing")
    hashes = set(stored.images.values_list("sha256", flat=True))
    record("dataset.deleted", by=by, target=stored, detail={"images": stored.images.count()})
    stored.delete()
    transaction.on_commit(partial(_forget_images, hashes))


def _forget_images(hashes: Collection[str]) -> None:
    """Removes decoded images that no data set has any more."""
    kept = DatasetImage.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)
    cache = image_cache()
    for sha256 in set(hashes) - set(kept):
        cache.remove(sha256)


def _create_import(source: Path, images: Path | None, name: str, *, is_demo: bool, is_upload: bool, by: Actor) -> Job:
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        sentence = _("The name of a data set has at most %(count)d characters.")
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
                sentence = _("The archive has more than %(count)d MB: put it on the server and name its folder.")
                raise ApplicationError(sentence % {"count": settings.VISION_UPLOAD_MEGABYTES}, field="archive")
            file.write(chunk)
