"""Writes scores and explanations: each client's row of a model version is replaced, never doubled."""

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from credit.ml.explanation import Contributions
from credit.models import Explanation, ModelVersion, Score
from pretadepenser.core.copying import number_column, vector_column
from pretadepenser.core.upserting import upsert

_KEY = ("client_id", "model_version_id")


def write_scores(
    model_version: ModelVersion, client_ids: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> None:
    """Probabilities of N clients, both (N,)."""
    with connection.cursor() as cursor:
        upsert(
            cursor,
            Score._meta.db_table,
            [number_column("client_id", client_ids), number_column("probability", probabilities)],
            key=_KEY,
            constants={"model_version_id": model_version.pk, "scored_at": timezone.now()},
        )


def write_explanations(
    model_version: ModelVersion,
    client_ids: NDArray[np.int64],
    explained: Contributions,
    additivity_errors: NDArray[np.float64],
) -> None:
    """Contributions of N clients with the distance of their sum from the margin, (N,)."""
    with connection.cursor() as cursor:
        upsert(
            cursor,
            Explanation._meta.db_table,
            [
                number_column("client_id", client_ids),
                vector_column("contributions", explained.values),
                number_column("additivity_error", additivity_errors),
            ],
            key=_KEY,
            constants={
                "model_version_id": model_version.pk,
                "base_value": explained.base_value,
                "explained_at": timezone.now(),
            },
        )
