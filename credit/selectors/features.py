"""Stored feature vectors, as the matrices that training, scoring and explaining read."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection
from psycopg2 import sql

from credit.models import ClientFeatures, FeatureSet
from pretadepenser.core.copying import copy_out

ROWS_PER_CHUNK = 20_000


class FeatureRows(NamedTuple):
    """Some clients and their features; columns in the order and number type of the feature set.

    A stored row is never changed, only replaced: its id in ``row_ids`` shows whether it is still current.
    """

    client_ids: npt.NDArray[np.int64]  # (N,), ascending
    matrix: npt.NDArray[np.floating]  # (N, F)
    row_ids: npt.NDArray[np.int64] | None = None  # (N,); None for rows that are not stored yet


def feature_matrix(
    feature_set: FeatureSet,
    client_ids: npt.ArrayLike | None = None,
    chunk: int = ROWS_PER_CHUNK,
    *,
    after: int | None = None,
) -> Iterator[FeatureRows]:
    """The stored rows by ascending client id, at most ``chunk`` at a time; clients without a row are left out.

    ``client_ids`` limits them to those clients, ``after`` to the ids beyond it: a job that keeps the last id of the
    chunk it finished resumes there. Each chunk is a separate query and sees what is committed by then.
    """
    if client_ids is not None:
        wanted = np.unique(np.asarray(client_ids, np.int64))
        wanted = wanted if after is None else wanted[wanted > after]
        for start in range(0, len(wanted), chunk):
            ids = sql.Literal(wanted[start : start + chunk].tolist())
            rows = _rows(feature_set, sql.SQL("client_id = ANY({}::bigint[])").format(ids), chunk)
            if len(rows.client_ids):
                yield rows
        return
    last = -1 if after is None else after
    while True:
        rows = _rows(feature_set, sql.SQL("client_id > {}").format(sql.Literal(last)), chunk)
        if len(rows.client_ids):
            yield rows
        if len(rows.client_ids) < chunk:
            return
        last = int(rows.client_ids[-1])


def client_features(feature_set: FeatureSet, client_id: int) -> npt.NDArray[np.floating]:
    """The feature vector of one client.  # (F,)

    Raises ClientFeatures.DoesNotExist for a client without a row in this feature set.
    """
    values = ClientFeatures.objects.values_list("values", flat=True).get(feature_set=feature_set, client=client_id)
    return np.frombuffer(values, feature_set.number_type)


def _rows(feature_set: FeatureSet, condition: sql.Composable, limit: int) -> FeatureRows:
    query = sql.SQL(
        'SELECT client_id, id, "values" FROM credit_clientfeatures WHERE feature_set_id = {} AND {}'
        " ORDER BY client_id LIMIT {}"
    ).format(sql.Literal(feature_set.pk), condition, sql.Literal(limit))
    dtype = np.dtype(
        [("client_id", ">i8"), ("id", ">i8"), ("values", feature_set.number_type, (len(feature_set.columns),))]
    )
    with connection.cursor() as cursor:
        rows = copy_out(cursor, query, dtype)
    client_ids, row_ids = (rows[name].astype(np.int64) for name in ("client_id", "id"))
    return FeatureRows(client_ids, np.ascontiguousarray(rows["values"]), row_ids)
