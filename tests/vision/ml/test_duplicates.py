from tests.builders.image_datasets import dataset_of
from vision.ml.duplicates import duplicate_groups


def test_images_of_the_same_bytes_form_groups() -> None:
    dataset = dataset_of([0, 1, 0, 1, 0], ["a", "b", "a", "b", "c"])
    assert duplicate_groups(dataset.items) == ((0, 2), (1, 3))


def test_different_images_form_no_group() -> None:
    assert duplicate_groups(dataset_of([0, 1, 1]).items) == ()
