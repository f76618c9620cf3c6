"""Stored scores: of one client with what is in force, of many clients at once."""

from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg2 import sql

from credit.models import ModelVersion, Score
from pretadepenser.core.copying import copy_out
from pretadepenser.core.models import User


@dataclass(frozen=True, slots=True)
class ClientScore:
    """The score by the active model, with the newest threshold of that model."""

    client: int
    model_version: int  # number
    probability: float
    threshold: float
    grey_low: float
    grey_high: float


def client_score(user: User, client_id: int) -> ClientScore | None:
    """One query; None where there is no such client for this person, no score, or no score may be shown."""
    scores = Score.objects.filter(
        client=client_id, model_version__status=ModelVersion.Status.ACTIVE, model_version__suspended_at__isnull=True
    )
    if not user.sees_every_agency:
        scores = scores.filter(client__agency=user.agency_id)
    policy = [f"model_version__policies__{name}" for name in ("threshold", "grey_low", "grey_high")]
    newest = scores.order_by("-model_version__policies__number")
    found = newest.values_list("client_id", "model_version__number", "probability", *policy).first()
    return None if found is None or found[3] is None else ClientScore(*found)


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
