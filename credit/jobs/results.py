"""Writes scores and explanations: each client's row of a model version is replaced, never doubled."""

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from credit.ml.explanation import Contributions
from credit.models import Explanation, ModelVersion, Score
from pretadepenser.core.copying import moment_column, number_column, vector_column
from pretadepenser.core.upserting import upsert

_KEY = ("client_id", "model_version_id")


def write_scores(
    model_version: ModelVersion, client_ids: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> None:
    """Probabilities of N clients by ascending id, both (N,); a score that is there already keeps its time."""
    rows = len(client_ids)
    columns = [
        number_column("client_id", client_ids),
        number_column("model_version_id", np.full(rows, model_version.pk)),
        number_column("probability", probabilities),
        moment_column("scored_at", timezone.now(), rows),
    ]
    with connection.cursor() as cursor:
        upsert(cursor, Score._meta.db_table, columns, key=_KEY, content="probability")


def write_explanations(
    model_version: ModelVersion,
    client_ids: NDArray[np.int64],
    explained: Contributions,
    additivity_errors: NDArray[np.float64],
) -> None:
    """Contributions of N clients by ascending id with the distance of their sum from the margin, (N,).

    An explanation that is there already keeps its time: explaining a portfolio again costs no disk.
    """
    rows = len(client_ids)
    columns = [
        number_column("client_id", client_ids),
        number_column("model_version_id", np.full(rows, model_version.pk)),
        number_column("base_value", np.full(rows, explained.base_value)),
        vector_column("contributions", explained.values),
        number_column("additivity_error", additivity_errors),
        moment_column("explained_at", timezone.now(), rows),
    ]
    with connection.cursor() as cursor:
        upsert(cursor, Explanation._meta.db_table, columns, key=_KEY, content="contributions")
