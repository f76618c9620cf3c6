"""What a job runs in its child process: functions of ``vision.ml``. Free of Django; torch is imported there only."""

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

#: On a CPU, pages and other jobs go first.
NICENESS: Final = 10


def read_source(
    source: Path, images: Path | None, cache: ImageCache, name: str, message: str, *, on_progress: ProgressCallback
) -> Dataset:
    """The data set of a folder, of a zip archive, or of a CSV file with its folder of ``images``."""

    def report(done: int, total: int, _stage: str) -> None:
        on_progress(done, total, message)

    if images is not None:
        return read_csv_dataset(source, images, cache, name=name, on_progress=report)
    return read_dataset(source, cache, name=name, on_progress=report)


def run_benchmark(
    config: BenchmarkConfig,
    dataset: Dataset,
    folders: Folders,
    wording: Wording,
    *,
    is_nice: bool,
    on_progress: ProgressCallback,
) -> tuple[ContenderRun, ...]:
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
    """The probabilities, (C,), that each trained contender gives an image, (H, W, 3)."""
    import torch

    from vision.ml.classify import classify
    from vision.ml.weights import WeightsLocator

    locator, device = WeightsLocator(weights), torch.device("cpu")
    answers = []
    for done, artefact in enumerate(artefacts):
        on_progress(done, len(artefacts), message)
        answers.append(classify(artefact, image, weights=locator, device=device).tolist())
    return answers
