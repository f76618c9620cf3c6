"""Scores every client of a model version, in chunks that a killed worker's successor goes on from."""

import os
from functools import partial
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.jobs.ahead import one_ahead
from credit.jobs.results import write_scores
from credit.models import ModelVersion
from credit.selectors.features import FeatureRows, feature_matrix
from credit.selectors.model_versions import model_of
from credit.services.population import request_population_store
from credit.services.scores import held_rows
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import SYSTEM, Job

ROWS_AT_ONCE: Final = 20_000


def score_portfolio(job: Job, progress: Progress) -> JobResult:
    """Writes the score of each client whose features the version can read; says how many.

    An edit made after the features were read requests its own score: that client is left out.
    """
    version = ModelVersion.objects.select_related("feature_set").get(pk=job.arguments["model_version"])
    model = model_of(version)
    total = version.feature_set.rows.count()
    done: int = job.checkpoint.get("done", 0)

    def scored(rows: FeatureRows) -> tuple[FeatureRows, NDArray[np.float64]]:
        columns = version.feature_set.columns
        return rows, model.predict(rows.matrix, columns, threads=os.cpu_count() or 1)

    progress(done, total, _("scoring clients"))
    chunks = feature_matrix(version.feature_set, chunk=ROWS_AT_ONCE, after=job.checkpoint.get("after"))
    for rows, probabilities in one_ahead(scored, chunks):
        done += len(rows.client_ids)
        with progress.guarded_transaction():
            held = held_rows(rows)
            write_scores(version, rows.client_ids[held], probabilities[held])
            progress.checkpoint({"after": int(rows.client_ids[-1]), "done": done})
        progress(done, max(done, total), _("scoring clients"))
    return progress.finish_with(partial(_finish, version, done))


def _finish(version: ModelVersion, scored: int) -> JobResult:
    if ModelVersion.objects.filter(pk=version.pk, status=ModelVersion.Status.ACTIVE).exists():
        request_population_store(by=SYSTEM)
    return {"model_version": version.number, "scored": scored}
