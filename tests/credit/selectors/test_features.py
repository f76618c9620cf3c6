"""Feature vectors as they are stored, streamed and read one by one."""

import numpy as np
import pytest

from credit.models import Client, ClientFeatures, FeatureSet
from credit.selectors.features import FeatureRows, client_features, feature_matrix
from credit.services.feature_sets import NumberType, ensure_feature_set, refresh_population, store_features
from tests.builders.people import an_agency

pytestmark = pytest.mark.django_db

IDS = np.array([100002, 100003, 100010, 456255])
MATRIX = np.array([[1.5, np.nan, -0.0], [2.0, 3.0, 1e-3], [np.inf, 0.1, 7.0], [-1.0, np.nan, 0.0]])


def a_feature_set(dtype: NumberType = "float32", columns: tuple[str, ...] = ("A", "B", "C")) -> FeatureSet:
    return ensure_feature_set(columns=columns, dtype=dtype, source=FeatureSet.Source.FILE)


def store(feature_set: FeatureSet, matrix: np.ndarray = MATRIX, ids: np.ndarray = IDS):
    agency = an_agency("Paris")
    for client_id in ids:
        Client.objects.get_or_create(pk=int(client_id), defaults={"agency": agency, "application": b""})
    return store_features(feature_set=feature_set, chunks=[FeatureRows(ids, matrix.astype(feature_set.dtype))])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_was_stored_comes_back_to_the_last_bit(dtype: NumberType) -> None:
    feature_set = a_feature_set(dtype)
    store(feature_set)

    (rows,) = feature_matrix(feature_set)

    assert rows.client_ids.tolist() == IDS.tolist()
    assert (rows.matrix.dtype, rows.matrix.shape) == (np.dtype(dtype), (4, 3))
    assert rows.matrix.tobytes() == MATRIX.astype(dtype).tobytes()


def test_chunks_follow_each_other_by_client_number() -> None:
    feature_set = a_feature_set()
    store(feature_set)

    chunks = [rows.client_ids.tolist() for rows in feature_matrix(feature_set, chunk=2)]

    assert chunks == [[100002, 100003], [100010, 456255]]


def test_a_job_goes_on_after_the_client_it_finished() -> None:
    feature_set = a_feature_set()
    store(feature_set)

    (rows,) = feature_matrix(feature_set, after=100003)
    (some,) = feature_matrix(feature_set, [100003, 456255], after=100003)

    assert rows.client_ids.tolist() == [100010, 456255]
    assert some.client_ids.tolist() == [456255]


def test_only_the_wanted_clients_come_and_unknown_ones_are_left_out() -> None:
    feature_set = a_feature_set()
    store(feature_set)

    chunks = list(feature_matrix(feature_set, [456255, 7, 100002, 8, 9], chunk=2))

    assert [rows.client_ids.tolist() for rows in chunks] == [[100002], [456255]]
    np.testing.assert_array_equal(chunks[1].matrix, MATRIX[3:].astype(np.float32))


def test_a_set_without_rows_yields_nothing() -> None:
    assert list(feature_matrix(a_feature_set())) == []


def test_one_client_is_read_as_a_vector() -> None:
    feature_set = a_feature_set("float64")
    store(feature_set)

    np.testing.assert_array_equal(client_features(feature_set, 100003), MATRIX[1])
    with pytest.raises(ClientFeatures.DoesNotExist):
        client_features(feature_set, 1)


def test_only_rows_that_differ_are_written_again() -> None:
    feature_set = a_feature_set()
    store(feature_set)
    kept = set(ClientFeatures.objects.exclude(client=100003).values_list("pk", flat=True))
    changed = MATRIX.copy()
    changed[1, 2] = 5.0

    done = store(feature_set, np.vstack([changed, [[1, 2, 3]]]), np.append(IDS, 500000))

    assert (done.new, done.unchanged, done.changed) == (1, 3, [100003])
    assert kept <= set(ClientFeatures.objects.values_list("pk", flat=True))
    assert client_features(feature_set, 100003).tolist() == [2.0, 3.0, 5.0]
    assert ClientFeatures.objects.count() == 5


def test_the_same_columns_are_the_same_set_and_others_are_not() -> None:
    first = a_feature_set()

    assert a_feature_set() == first
    others = {a_feature_set("float64").pk, a_feature_set(columns=("A", "C", "B")).pk}
    others.add(ensure_feature_set(columns=("A", "B", "C"), dtype="float32", source=FeatureSet.Source.BUILT).pk)
    assert len(others | {first.pk}) == 4


def test_the_population_covers_all_stored_rows() -> None:
    feature_set = a_feature_set()
    store(feature_set)

    refresh_population(feature_set=feature_set)

    summary = FeatureSet.objects.get().population
    assert summary["B"]["missing"] == 0.5
    assert summary["A"]["median"] == 1.5  # infinite counts as a blank
    assert summary["B"]["median"] == pytest.approx(1.55)
