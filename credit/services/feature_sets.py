"""Feature sets and their rows, written by imports and by registrations of models with their own columns."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from credit.ml.population import ColumnSummary, population_summary
from credit.models import ClientFeatures, FeatureSet
from credit.selectors.features import FeatureRows, feature_matrix
from pretadepenser.core.copying import copy_in, number_column, vector_column

NumberType = Literal["float32", "float64"]


@dataclass(slots=True)
class StoredFeatures:
    """What ``store_features`` did: counts of new and unchanged rows, and the clients whose row was replaced."""

    new: int = 0
    unchanged: int = 0
    changed: list[int] = field(default_factory=list)


def feature_set_sha256(*, columns: Sequence[str], dtype: NumberType, source: FeatureSet.Source) -> str:
    """The identity of a feature set: names, their order, number type and source."""
    identity = json.dumps([source.value, dtype, list(columns)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(identity.encode()).hexdigest()


def ensure_feature_set(*, columns: Sequence[str], dtype: NumberType, source: FeatureSet.Source) -> FeatureSet:
    """The feature set of these columns, created if it is new."""
    feature_set, _created = FeatureSet.objects.get_or_create(
        sha256=feature_set_sha256(columns=columns, dtype=dtype, source=source),
        defaults={"source": source, "columns": list(columns), "dtype": dtype},
    )
    return feature_set


@transaction.atomic
def store_features(*, feature_set: FeatureSet, chunks: Iterable[FeatureRows]) -> StoredFeatures:
    """Adds or replaces the rows of the chunks; a row that is bit-equal to the stored one stays.

    The clients must exist and occur once, ids ascending within a chunk. Call ``refresh_population`` afterwards.
    """
    done = StoredFeatures()
    has_rows = feature_set.rows.exists()
    for rows in chunks:
        is_known, is_equal = _compare(feature_set, rows) if has_rows else _all_new(len(rows.client_ids))
        changed = rows.client_ids[is_known & ~is_equal].tolist()
        done.new += int(np.count_nonzero(~is_known))
        done.unchanged += int(np.count_nonzero(is_equal))
        done.changed += changed
        ClientFeatures.objects.filter(feature_set=feature_set, client__in=changed).delete()
        _copy(feature_set, FeatureRows(rows.client_ids[~is_equal], rows.matrix[~is_equal]))
    if done.new or done.changed:
        with connection.cursor() as cursor:
            # Until PostgreSQL knows how many rows there are, it sorts all of them for each chunk that is read.
            cursor.execute("ANALYZE credit_clientfeatures (feature_set_id, client_id)")
    return done


def refresh_population(*, feature_set: FeatureSet, summary: dict[str, ColumnSummary] | None = None) -> None:
    """Saves the summary of every column: ``summary``, if it covers all stored rows, else computed from them."""
    feature_set.population, feature_set.population_at = summary or _stored_summary(feature_set), timezone.now()
    feature_set.save(update_fields=["population", "population_at"])


Flags = npt.NDArray[np.bool_]


def _compare(feature_set: FeatureSet, rows: FeatureRows) -> tuple[Flags, Flags]:
    """Whether each row has a stored one, and whether that is the same to the last bit (NaN equals NaN)."""
    is_known, is_equal = _all_new(len(rows.client_ids))
    bits = np.dtype(f"u{feature_set.number_type.itemsize}")
    for stored in feature_matrix(feature_set, rows.client_ids):
        places = np.searchsorted(rows.client_ids, stored.client_ids)
        is_known[places] = True
        is_equal[places] = (stored.matrix.view(bits) == rows.matrix[places].view(bits)).all(axis=1)
    return is_known, is_equal


def _all_new(count: int) -> tuple[Flags, Flags]:
    return np.zeros(count, np.bool_), np.zeros(count, np.bool_)


def _copy(feature_set: FeatureSet, rows: FeatureRows) -> None:
    if not len(rows.client_ids):
        return
    with connection.cursor() as cursor:
        copy_in(
            cursor,
            "credit_clientfeatures",
            [
                number_column("client_id", rows.client_ids),
                number_column("feature_set_id", np.full(len(rows.client_ids), feature_set.pk, np.int64)),
                vector_column("values", rows.matrix),
            ],
        )


def _stored_summary(feature_set: FeatureSet) -> dict[str, ColumnSummary]:
    matrices = [rows.matrix for rows in feature_matrix(feature_set)]
    return population_summary(pl.DataFrame(np.concatenate(matrices), schema=feature_set.columns))
