"""Small benchmarks with random weights; also the program of a child process that a test kills."""

import os
import signal
import sys
from pathlib import Path
from typing import Final

import torch

from tests.builders.image_datasets import coloured_dataset, ignore_progress
from vision.ml import benchmark
from vision.ml.types import BenchmarkConfig, ContenderRun, Dataset, Folders, ProgressCallback

torch.set_num_threads(1)  # several threads wait for each other on images this small

#: One of each way of learning.
LEARNERS: Final = (
    "vgg16-narrow",
    "vgg16-narrow-finetuned",
    "clip-small-zero-shot",
    "clip-small-linear-probe",
    "clip-small-finetuned",
)
#: The same from a command line.
SMALL_FLAGS: Final = ("--from-scratch", "--device", "cpu", "--epochs", "1")


def config_for(*contenders: str, epochs: int | None = 2) -> BenchmarkConfig:
    """One split, one seed, random weights, on the CPU."""
    return BenchmarkConfig(contenders, epochs=epochs, device="cpu", from_scratch=True)


def folders_in(folder: Path, work: str = "work") -> Folders:
    """The folders of a benchmark whose data set was read into the same folder."""
    return Folders(images=folder / "cache", features=folder / "features", work=folder / work)


def small_run(
    folder: Path,
    config: BenchmarkConfig,
    dataset: Dataset,
    *,
    work: str = "work",
    on_progress: ProgressCallback = ignore_progress,
) -> tuple[ContenderRun, ...]:
    """The benchmark in the folder."""
    return benchmark.run(config, dataset, folders_in(folder, work), on_progress=on_progress)


def die_after(calls: int) -> ProgressCallback:
    """A listener that kills the process, as a lost machine would, when it is called so many times."""
    heard = 0

    def listen(done: int, total: int, stage: str) -> None:
        nonlocal heard
        heard += 1
        if heard == calls:
            os.kill(os.getpid(), signal.SIGKILL)

    return listen


if __name__ == "__main__":
    place, contender, deadly = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    data, _ = coloured_dataset(place)
    small_run(place, config_for(contender, epochs=4), data, on_progress=die_after(deadly))
