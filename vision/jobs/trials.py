"""One image classified by the trained contenders of a run, as a job."""

from functools import partial

from django.utils.translation import gettext as _

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job
from vision.jobs.targets import classify_image
from vision.ml.types import BenchmarkError
from vision.models import ContenderResult, Trial
from vision.selectors.benchmarks import artefact_of, results, weights_folder
from vision.selectors.datasets import trial_cache
from vision.services.trials import forget_old_trials
from vision.wording import error_sentence


def try_image(job: Job, progress: Progress) -> JobResult:
    """Fills the trial's answers, one per contender: that of its first seed and fold."""
    trial = Trial.objects.select_related("run").filter(pk=job.arguments["trial"]).first()
    if trial is None:
        raise ApplicationError(_("This image no longer exists."), code="gone")
    first: dict[str, ContenderResult] = {}
    for row in results(trial.run).exclude(artefact=""):
        first.setdefault(row.contender, row)
    artefacts = [artefact for row in first.values() if (artefact := artefact_of(row)) is not None]
    image = trial_cache().read(trial.sha256)
    target = partial(classify_image, artefacts, image, weights_folder(), _("Classifying the image"))
    try:
        answers = progress.run_in_child(target)
    except BenchmarkError as error:
        raise ApplicationError(error_sentence(error), code="unusable") from error
    trial.answers = [
        {"contender": row.contender, "seed": row.seed, "fold": row.fold, "probabilities": probabilities}
        for row, probabilities in zip(first.values(), answers, strict=True)
    ]
    result = progress.finish_with(partial(_save, trial))
    forget_old_trials()
    return result


def _save(trial: Trial) -> JobResult:
    trial.save(update_fields=["answers"])
    return {"trial": str(trial.pk), "contenders": len(trial.answers)}
