"""One image put to the trained contenders of a run."""

from functools import partial

from django.utils.translation import gettext as _

from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job
from vision.jobs.targets import classify_image
from vision.ml.types import BenchmarkError
from vision.models import BenchmarkRun, ContenderResult, Trial
from vision.selectors.benchmarks import artefact_of, results, weights_folder
from vision.selectors.datasets import trial_cache
from vision.services.trials import forget_old_trials
from vision.wording import error_sentence


def try_image(job: Job, progress: Progress) -> JobResult:
    """Fills the trial's answers, one per contender: of its seeds and folds the first answers."""
    trial = Trial.objects.select_related("run").filter(pk=job.arguments["trial"]).first()
    if trial is None:
        raise ApplicationError(_("This image is no longer there."), code="gone")
    asked = _asked(trial.run)
    artefacts = [artefact for row in asked if (artefact := artefact_of(row)) is not None]
    image = trial_cache().read(trial.sha256)
    target = partial(classify_image, artefacts, image, weights_folder(), _("Looking at the image"))
    try:
        found = progress.run_in_child(target)
    except BenchmarkError as error:
        raise ApplicationError(error_sentence(error), code="unusable") from error
    trial.answers = [
        {"contender": row.contender, "seed": row.seed, "fold": row.fold, "probabilities": probabilities}
        for row, probabilities in zip(asked, found, strict=True)
    ]
    result = progress.finish_with(partial(_save, trial))
    forget_old_trials()
    return result


def _asked(run: BenchmarkRun) -> list[ContenderResult]:
    first: dict[str, ContenderResult] = {}
    for row in results(run).exclude(artefact=""):
        first.setdefault(row.contender, row)
    return list(first.values())


def _save(trial: Trial) -> JobResult:
    trial.save(update_fields=["answers"])
    return {"trial": str(trial.pk), "contenders": len(trial.answers)}
