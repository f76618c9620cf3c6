"""Scores: asked for by portfolio, computed at once for one client, removed when they no longer hold.

A job reads features, computes for seconds and writes what follows from them; meanwhile somebody may replace some of
these features. So that no stale score stays: who writes scores holds them (``hold_scores``) from before the look at
whether the features are still the same until the commit, and who replaced features lets go of no score
(``remove_scores``) before those writers are done.
"""

from collections.abc import Collection
from typing import Final

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.job_kinds import SCORE_PORTFOLIO
from credit.models import Client, ClientFeatures, Explanation, ModelVersion, Score
from credit.selectors.features import FeatureRows, client_features
from credit.selectors.model_versions import loaded_model
from pretadepenser.core.errors import ApplicationError
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


def score_client(*, client: Client, model_version: ModelVersion) -> float:
    """The probability of default of one client from the features stored now; keeps nothing.

    Raises ApplicationError for a client whose features the version cannot read.
    """
    try:
        row = client_features(model_version.feature_set, client.pk)
    except ClientFeatures.DoesNotExist as error:
        raise ApplicationError(
            _("The model knows no features of this client: ask an administrator to import the tables."),
            code="no_features",
        ) from error
    return float(loaded_model(model_version).predict(row[None, :], model_version.feature_set.columns)[0])


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
