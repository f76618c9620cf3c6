"""One picture put to the trained contenders of a run."""

from functools import partial

from django.utils.translation import gettext as _

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job
from vision.jobs.targets import classify_image
from vision.ml.types import BenchmarkError
from vision.models import Trial
from vision.selectors.benchmarks import artefact_of, results
from vision.selectors.datasets import trial_cache


def try_image(job: Job, progress: Progress) -> JobResult:
    """Fills the trial's answers; a contender is asked once per seed and fold."""
    trial = Trial.objects.select_related("run").filter(pk=job.arguments["trial"]).first()
    if trial is None:
        raise ApplicationError(_("This picture is no longer there."), code="gone")
    asked = [(row, artefact) for row in results(trial.run) if (artefact := artefact_of(row)) is not None]
    pixels = trial_cache().read(trial.sha256)
    progress(0, 0, _("Looking at the picture"))
    try:
        found = progress.run_in_child(partial(classify_image, [artefact for _row, artefact in asked], pixels))
    except BenchmarkError as error:
        raise ApplicationError(str(error), code="unusable") from error
    trial.answers = [
        {"contender": row.contender, "seed": row.seed, "fold": row.fold, "probabilities": probabilities}
        for (row, _artefact), probabilities in zip(asked, found, strict=True)
    ]
    return progress.finish_with(partial(_save, trial))


def _save(trial: Trial) -> JobResult:
    trial.save(update_fields=["answers"])
    return {"trial": str(trial.pk), "contenders": len(trial.answers)}
