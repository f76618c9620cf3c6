"""One image classified by the trained contenders of a run."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor
from vision.job_kinds import TRY_IMAGE
from vision.ml.images import BrokenImage, OversizedImage
from vision.models import BenchmarkRun, Trial
from vision.selectors.datasets import trial_cache

#: The image may show anything: it is kept only as long as its page is likely to be read.
DAYS_KEPT: Final = 7
_MEGABYTE: Final = 2**20


@transaction.atomic
def request_trial(*, run: BenchmarkRun, image: bytes, by: Actor) -> Trial:
    """The trial, answered by a job within seconds. Only a smaller copy of the image's pixels is kept.

    Raises ApplicationError for a file that is unreadable or too large, and for a run without trained contenders.
    """
    if not run.results.exclude(artefact="").exists():
        raise ApplicationError(_("This benchmark has kept no trained contender."), code="no_artefact")
    limit = settings.VISION_IMAGE_MEGABYTES
    if len(image) > limit * _MEGABYTE:
        raise ApplicationError(_("The image exceeds %(count)d MB.") % {"count": limit}, field="image")
    try:
        sha256 = trial_cache().add(image)
    except OversizedImage as error:
        raise ApplicationError(_("The image has too many pixels: send a smaller copy."), field="image") from error
    except BrokenImage as error:
        sentence = _("This image cannot be read: send a JPEG, PNG, WebP, GIF or BMP file.")
        raise ApplicationError(sentence, field="image") from error
    trial = Trial.objects.create(run=run, sha256=sha256, created_by=by.user)
    trial.job = create_job(TRY_IMAGE, arguments={"trial": str(trial.pk)}, by=by)
    trial.save(update_fields=["job"])
    record("trial.requested", by=by, target=run)
    return trial


def forget_old_trials() -> None:
    """Removes trials older than DAYS_KEPT days, with their images that no other trial uses."""
    old = Trial.objects.filter(created_at__lt=timezone.now() - timedelta(days=DAYS_KEPT))
    hashes = set(old.values_list("sha256", flat=True))
    old.delete()
    for sha256 in hashes - set(Trial.objects.values_list("sha256", flat=True)):
        trial_cache().remove(sha256)
