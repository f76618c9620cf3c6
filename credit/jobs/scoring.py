"""Scores every client of a model version, in chunks that a killed worker's successor goes on from."""

from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from credit.jobs.results import write_scores
from credit.ml.model import load_model
from credit.models import ModelVersion
from credit.selectors.features import feature_matrix
from credit.services.population import request_population_store
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job

ROWS_AT_ONCE: Final = 20_000


def score_portfolio(job: Job, progress: Progress) -> JobResult:
    """Writes the score of each client whose features the version can read; says how many."""
    version = ModelVersion.objects.select_related("feature_set").get(pk=job.arguments["model_version"])
    model = load_model(version.text)
    total = version.feature_set.rows.count()
    done: int = job.checkpoint.get("done", 0)
    for rows in feature_matrix(version.feature_set, chunk=ROWS_AT_ONCE, after=job.checkpoint.get("after")):
        progress(done, total, _("scoring clients"))
        probabilities = model.predict(rows.matrix, version.feature_set.columns)
        done += len(rows.client_ids)
        with progress.guarded_transaction():
            write_scores(version, rows.client_ids, probabilities)
            progress.checkpoint({"after": int(rows.client_ids[-1]), "done": done})
    progress(done, max(done, total), _("scoring clients"))
    return progress.finish_with(partial(_finish, version, done))


def _finish(version: ModelVersion, scored: int) -> JobResult:
    if ModelVersion.objects.filter(pk=version.pk, status=ModelVersion.Status.ACTIVE).exists():
        request_population_store(by=None)
    return {"model_version": version.number, "scored": scored}
