"""What measured benchmarks share: one data set of coloured images for a module, and its place on the disk."""

from pathlib import Path

import pytest

from tests.builders.image_datasets import coloured_dataset
from vision.ml.types import Dataset


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("measured")


@pytest.fixture(scope="module")
def dataset(place: Path) -> Dataset:
    return coloured_dataset(place)[0]
