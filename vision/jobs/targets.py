"""What runs in the fresh process of a job: functions of ``vision.ml``, with words for their progress. Knows no Django.

The process that asks for them needs no torch: they import it where they run.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.ml.datasets import read_csv_dataset, read_dataset
from vision.ml.images import ImageCache
from vision.ml.types import BenchmarkConfig, ContenderRun, Dataset, Folders, ProgressCallback
from vision.ml.wording import Wording

#: Added on a processor, which pages and other jobs share, so that they go first.
NICENESS: Final = 10


def read_source(
    source: Path, images: Path | None, cache: ImageCache, name: str, message: str, *, on_progress: ProgressCallback
) -> Dataset:
    """The data set of a folder, of a zip archive, or of a CSV file with its folder of ``images``."""

    def tell(done: int, total: int, _stage: str) -> None:
        on_progress(done, total, message)

    if images is not None:
        return read_csv_dataset(source, images, cache, name=name, on_progress=tell)
    return read_dataset(source, cache, name=name, on_progress=tell)


def run_benchmark(
    config: BenchmarkConfig,
    dataset: Dataset,
    folders: Folders,
    wording: Wording,
    *,
    is_nice: bool,
    on_progress: ProgressCallback,
) -> tuple[ContenderRun, ...]:
    """The benchmark's runs."""
    from vision.ml import benchmark

    if is_nice:
        os.nice(NICENESS)
    return benchmark.run(config, dataset, folders, on_progress=on_progress, wording=wording)


def classify_image(
    artefacts: Sequence[Path],
    image: NDArray[np.uint8],
    weights: Path | None,
    message: str,
    *,
    on_progress: ProgressCallback,
) -> list[list[float]]:
    """What each trained contender says of one image, (H, W, 3): probabilities, (C,) each."""
    import torch

    from vision.ml.classify import classify
    from vision.ml.weights import WeightsLocator

    answers = []
    for done, artefact in enumerate(artefacts):
        on_progress(done, len(artefacts), message)
        found = classify(artefact, image, weights=WeightsLocator(weights), device=torch.device("cpu"))
        answers.append(found.tolist())
    return answers
