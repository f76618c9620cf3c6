"""Data sets as pages and benchmarks read them."""

import pytest

from pretadepenser.core.errors import ApplicationError
from tests.builders.benchmarks import a_dataset
from vision.ml.types import ProblemKind
from vision.models import ImageDataset
from vision.selectors.datasets import class_counts, dataset_named, datasets, problem_counts, stored_dataset

pytestmark = pytest.mark.django_db


def test_a_stored_data_set_has_its_images_in_the_order_of_their_positions() -> None:
    dataset = a_dataset(7)

    stored = stored_dataset(dataset)

    assert [item.key for item in stored.items] == [f"{position}.png" for position in range(7)]
    assert stored.labels.tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert (stored.classes, stored.source_rows) == (("Lamp", "Watch", "Mug"), 7)


def test_classes_are_counted_in_their_order() -> None:
    assert class_counts(a_dataset(7)) == {"Lamp": 3, "Watch": 2, "Mug": 2}


def test_findings_of_the_import_are_counted_by_kind() -> None:
    missing = [{"kind": "missing", "row": row, "key": f"{row}.png", "detail": ""} for row in (3, 5)]
    dataset = ImageDataset(problems=[*missing, {"kind": "duplicate", "row": 7, "key": "7.png", "detail": "as 1.png"}])

    assert problem_counts(dataset) == {ProblemKind.MISSING: 2, ProblemKind.DUPLICATE: 1}


def test_a_data_set_is_found_by_short_name_and_by_a_unique_name() -> None:
    first, second = a_dataset(), a_dataset()
    ImageDataset.objects.filter(pk=first.pk).update(name=second.slug)

    assert dataset_named(second.slug) == second
    assert dataset_named(second.name) == second
    ImageDataset.objects.update(name="Same")
    for name in ("Same", "nothing"):
        with pytest.raises(ApplicationError, match=first.slug):
            dataset_named(name)


def test_the_list_needs_as_many_queries_for_more_data_sets(django_assert_num_queries) -> None:
    for _ in range(3):
        a_dataset()
    with django_assert_num_queries(1):
        assert [(row.image_count, row.created_by) for row in datasets()] == [(12, None)] * 3
