"""Scores: requested by portfolio, removed when they no longer hold.

A job reads features, computes for seconds and writes what follows from them; meanwhile somebody may replace some of
these features. So that no stale score stays: who writes scores holds them (``hold_scores``) from before the look at
whether the features are still the same until the commit, and who replaced features lets go of no score
(``remove_scores``) before those writers are done.
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
    """Until the transaction ends, no score goes because features were replaced: look at the features, then write."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_SCORES})")


def held_rows(rows: FeatureRows) -> NDArray[np.bool_]:
    """Which of the rows, read before, are still those of their clients, and stay so to the transaction's end (N,)."""
    hold_scores()
    assert rows.row_ids is not None  # noqa: S101 - they come from the database
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM credit_clientfeatures WHERE id = ANY(%s)", [rows.row_ids.tolist()])
        return np.isin(rows.row_ids, np.array(cursor.fetchall(), np.int64))


def remove_scores(*, client_ids: Collection[int]) -> int:
    """Removes scores and explanations of clients whose features this transaction has replaced; how many scores."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_SCORES})")
    Explanation.objects.filter(client__in=client_ids).delete()
    removed, _per_model = Score.objects.filter(client__in=client_ids).delete()
    return removed
