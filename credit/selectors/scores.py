"""Stored scores: of one client with what is in force, of many clients at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg2 import sql

from credit.ml.advice import Advice, Zone
from credit.models import ModelVersion
from pretadepenser.core.copying import copy_out
from pretadepenser.core.models import User
from pretadepenser.core.prepared import PreparedQuery

#: Written out and prepared: Django took longest to put it together, and PostgreSQL to plan it.
_SCORE_IN_FORCE: Final = PreparedQuery(
    "score_in_force",
    """
    SELECT score.client_id, client.agency_id, version.number,
        score.probability, policy.threshold, policy.grey_low, policy.grey_high
    FROM credit_score AS score
    JOIN credit_client AS client ON client.id = score.client_id AND ($2 OR client.agency_id = $3)
    JOIN credit_modelversion AS version
        ON version.id = score.model_version_id AND version.status = 'active' AND version.suspended_at IS NULL
    JOIN credit_thresholdpolicy AS policy ON policy.model_version_id = version.id
    WHERE score.client_id = $1 ORDER BY policy.number DESC LIMIT 1
    """,
)


@dataclass(frozen=True, slots=True)
class ClientScore:
    """The score by the active model, with the newest threshold of that model."""

    client: int
    agency: int
    model_version: int  # number
    probability: float
    threshold: float
    grey_low: float
    grey_high: float

    @property
    def advice(self) -> Advice:
        return Zone(self.threshold, self.grey_low, self.grey_high).advice(self.probability)


def client_score(user: User, client_id: int) -> ClientScore | None:
    """One query; None where the person may not see the client, or has no score to be shown."""
    if client_id >= 2**63:  # no row has such a number, and PostgreSQL would refuse it
        return None
    return _SCORE_IN_FORCE.first(ClientScore, [client_id, user.sees_every_agency, user.agency_id])


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
