"""What was imported and measured cannot be changed, and what cannot be true cannot be stored."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.builders.benchmarks import a_dataset, a_result, a_run, finished
from vision.models import BenchmarkRun, ContenderResult, DatasetImage, ImageDataset

pytestmark = pytest.mark.django_db


def refused(reason: str):
    return pytest.raises(IntegrityError, match=reason)


def test_a_result_is_neither_changed_nor_deleted() -> None:
    result = a_result(a_run())

    with refused("finished record"), transaction.atomic():
        ContenderResult.objects.update(test_accuracy=0.99)
    with refused("finished record"), transaction.atomic():
        ContenderResult.objects.filter(pk=result.pk).delete()


def test_a_finished_run_is_neither_changed_nor_deleted_and_takes_no_further_result() -> None:
    run = a_run()
    a_result(run)
    finished(run)

    with refused("finished record"), transaction.atomic():
        BenchmarkRun.objects.update(name="Better")
    with refused("finished record"), transaction.atomic():
        BenchmarkRun.objects.filter(pk=run.pk)._raw_delete("default")
    with refused("no further result"), transaction.atomic():
        a_result(run, "clip-small-zero-shot")


def test_a_run_without_results_is_still_open() -> None:
    run = a_run()

    BenchmarkRun.objects.update(name="Renamed")
    run.delete()

    assert not BenchmarkRun.objects.exists()


def test_of_a_data_set_only_name_and_descriptions_change() -> None:
    a_dataset()

    ImageDataset.objects.update(name="Other", descriptions={"Lamp": ["a lamp"]})
    with refused("finished record"), transaction.atomic():
        ImageDataset.objects.update(classes=["A", "B"])
    with refused("finished record"), transaction.atomic():
        DatasetImage.objects.update(label=0)


def test_a_data_set_goes_with_its_images() -> None:
    a_dataset().delete()

    assert not DatasetImage.objects.exists()


@pytest.mark.parametrize("accuracy", [-0.1, 1.1, float("nan")])
def test_an_accuracy_is_a_share(accuracy: float) -> None:
    run = a_run()

    with refused("result_accuracy_is_a_share"), transaction.atomic():
        a_result(run, test_accuracy=accuracy)


def test_probabilities_are_a_row_per_image() -> None:
    run = a_run()

    with refused("result_has_a_row_per_image"), transaction.atomic():
        a_result(run, probabilities=b"\0" * 50)


def test_a_contender_has_one_result_per_seed_and_split() -> None:
    run = a_run()
    a_result(run)

    a_result(run, fold=1)
    a_result(run, seed=1)
    with refused("result_once_per_split"), transaction.atomic():
        a_result(run)


def test_a_run_repairs_another_exactly_when_it_says_so() -> None:
    run = a_run()

    a_run(run.dataset, kind="repaired", repairs=run)
    with refused("run_repairs_exactly_when_repaired"), transaction.atomic():
        a_run(run.dataset, kind="repaired")
    with refused("run_repairs_exactly_when_repaired"), transaction.atomic():
        a_run(run.dataset, repairs=run)


def test_a_run_is_finished_exactly_when_it_has_its_splits() -> None:
    a_run()

    with refused("run_finished_exactly_with_splits"), transaction.atomic():
        BenchmarkRun.objects.update(finished_at=timezone.now())
    with refused("run_finished_exactly_with_splits"), transaction.atomic():
        BenchmarkRun.objects.update(split_hashes=["0" * 64])


def test_a_data_set_has_at_least_two_classes() -> None:
    with refused("dataset_has_classes"), transaction.atomic():
        a_dataset(classes=("Lamp",))
