"""The column store in use, the work on the next one, and the rows it is built from."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from psycopg2 import sql

from credit.job_kinds import BUILD_POPULATION_STORE
from credit.ml.application import COLUMNS
from credit.ml.store import PopulationRows, Store, UnreadableStoreError
from credit.models import Client, FeatureSet, ModelVersion, PopulationStore, Score, ThresholdPolicy
from credit.selectors.features import feature_matrix
from credit.selectors.model_versions import active_model
from pretadepenser.core.copying import copy_out
from pretadepenser.core.models import Job

logger = logging.getLogger(__name__)

ROWS_PER_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Population:
    """The open store, and the policy in force for the scores in it: None where no score of it may be shown."""

    store: Store
    policy: ThresholdPolicy | None
    built_at: datetime  # files and scores are as they were then


def stores_folder() -> Path:
    """The folder of this site's stores, each in its own subfolder."""
    return Path(settings.STATE_DIR) / "stores"


def current_population(policy: ThresholdPolicy | None) -> Population | None:
    """The population as the last finished job saw it; None before the first one. ``policy`` is the active one."""
    for _attempt in range(2):  # a newer store may replace the one just read before it is opened
        current = PopulationStore.objects.filter(is_current=True).first()
        if current is None:
            return None
        try:
            store = _opened(stores_folder() / current.folder)
        except FileNotFoundError:
            logger.warning("The population store %s is not on this machine's disk", current.folder)
            continue
        except UnreadableStoreError as error:
            logger.warning("The population store has to be built again: %s", error)
            return None
        is_of_the_policy = policy is not None and policy.model_version_id == current.model_version_id
        return Population(store, policy if is_of_the_policy and store.has_scores else None, current.created_at)
    return None


def population_store_job() -> Job | None:
    """The last job that builds a store, requested by anyone."""
    return Job.objects.filter(kind=BUILD_POPULATION_STORE.name).order_by("-pk").first()


def population_state() -> str:
    """A digest that changes when clients, their outcomes or the active model's scores do."""
    version = active_model()
    clients = Client.objects.aggregate(Count("pk"), Max("updated_at"))
    scores = Score.objects.filter(model_version=version).aggregate(Count("pk"), Max("scored_at"))
    return hashlib.sha256(repr((version and version.pk, clients, scores)).encode()).hexdigest()


def population_rows(feature_set: FeatureSet | None, model_version: ModelVersion | None) -> Iterator[PopulationRows]:
    """Every client by ascending id, in chunks, with the scores of ``model_version``; read it in one snapshot."""
    after = -1
    while True:
        rows = _rows(after, model_version)
        if not len(rows):
            return
        yield PopulationRows(
            clients=rows["id"].astype(np.int64),
            outcomes=rows["outcome"].astype(np.int8),
            applications=rows["application"].astype(np.float64),
            probabilities=rows["probability"].astype(np.float64),
            features=None if feature_set is None else _features(feature_set, rows["id"].astype(np.int64)),
        )
        after = int(rows["id"][-1])


@lru_cache(maxsize=1)
def _opened(folder: Path) -> Store:
    return Store(folder)


def _rows(after: int, model_version: ModelVersion | None) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    query = sql.SQL(
        """
        SELECT client.id, COALESCE(client.target, -1)::smallint, client.application,
               COALESCE(score.probability, 'NaN')
        FROM credit_client AS client
        LEFT JOIN credit_score AS score ON score.client_id = client.id AND score.model_version_id = {version}
        WHERE client.id > {after} ORDER BY client.id LIMIT {limit}
        """
    ).format(
        version=sql.Literal(model_version.pk if model_version else None),
        after=sql.Literal(after),
        limit=sql.Literal(ROWS_PER_CHUNK),
    )
    dtype = np.dtype(
        [
            ("id", ">i8"),
            ("outcome", ">i2"),
            ("application", "<f8", (len(COLUMNS),)),
            ("probability", ">f8"),
        ]
    )
    with connection.cursor() as cursor:
        return copy_out(cursor, query, dtype)


def _features(feature_set: FeatureSet, client_ids: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray:
    """The features of these clients, NaN for those without a row.  # (N, F)"""
    features = np.full((len(client_ids), len(feature_set.columns)), np.nan, feature_set.number_type)
    for found in feature_matrix(feature_set, client_ids, chunk=len(client_ids)):
        features[np.searchsorted(client_ids, found.client_ids)] = found.matrix
    return features
