"""Scores: requested for the portfolio, removed when they are stale.

A job reads features, computes for seconds and writes scores; meanwhile somebody may replace some of these features.
Two locks keep stale scores out: a writer takes the shared lock (``hold_scores``) before it checks that the features
are unchanged and keeps it until it commits; a transaction that replaced features takes the exclusive lock before it
removes their scores (``remove_scores``), so it waits for those writers.
"""

from collections.abc import Collection
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from credit.job_kinds import SCORE_PORTFOLIO
from credit.models import Explanation, ModelVersion, Score
from credit.selectors.features import FeatureRows
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor, Job

_SCORES: Final = "hashtextextended('credit scores', 0)"


def request_scoring(*, model_version: ModelVersion, by: Actor) -> Job:
    """The job that scores every client whose features the version can read; one at a time per version."""
    return create_job(
        SCORE_PORTFOLIO,
        arguments={"model_version": model_version.pk},
        by=by,
        dedupe_key=str(model_version.pk),
    )


def hold_scores() -> None:
    """Takes the shared lock until the transaction ends; call it before checking the features, then write the scores."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_SCORES})")


def held_rows(rows: FeatureRows) -> NDArray[np.bool_]:
    """Which of the rows read earlier are still stored, (N,); they stay so until the transaction ends."""
    hold_scores()
    assert rows.row_ids is not None  # noqa: S101 - they come from the database
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM credit_clientfeatures WHERE id = ANY(%s)", [rows.row_ids.tolist()])
        return np.isin(rows.row_ids, np.array(cursor.fetchall(), np.int64))


def remove_scores(*, client_ids: Collection[int]) -> int:
    """Removes scores and explanations of clients whose features this transaction replaced; returns how many scores."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_SCORES})")
    Explanation.objects.filter(client__in=client_ids).delete()
    removed, _per_model = Score.objects.filter(client__in=client_ids).delete()
    return removed
