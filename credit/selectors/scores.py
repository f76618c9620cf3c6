"""Stored scores of many clients at once."""

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg2 import sql

from credit.models import ModelVersion
from pretadepenser.core.copying import copy_out


def stored_probabilities(model_version: ModelVersion, client_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """The probabilities of clients given by ascending id, NaN for those without a score.  # (N,)"""
    probabilities = np.full(len(client_ids), np.nan)
    if not len(client_ids):
        return probabilities
    query = sql.SQL(
        "SELECT client_id, probability FROM credit_score"
        " WHERE model_version_id = {} AND client_id BETWEEN {} AND {} ORDER BY client_id"
    ).format(*map(sql.Literal, (model_version.pk, int(client_ids[0]), int(client_ids[-1]))))
    with connection.cursor() as cursor:
        stored = copy_out(cursor, query, np.dtype([("client_id", ">i8"), ("probability", ">f8")]))
    _ids, places, found = np.intersect1d(client_ids, stored["client_id"], assume_unique=True, return_indices=True)
    probabilities[places] = stored["probability"][found]
    return probabilities
