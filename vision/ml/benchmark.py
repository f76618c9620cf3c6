"""The benchmark: every contender on every split of the plan, once per seed; a killed one goes on from its files."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import torch

from vision.ml.classify import ENCODER_SEED
from vision.ml.contest import compete
from vision.ml.encoders import IMAGE_TEXT, Encoder, load_encoder
from vision.ml.material import gather, measure_images_per_second
from vision.ml.measuring import PeakMemory, choose_device
from vision.ml.planning import PlannedContender, PlannedRun, plan
from vision.ml.progress import Progress
from vision.ml.stored_runs import load_run, save_run
from vision.ml.types import (
    BenchmarkConfig,
    BenchmarkError,
    ContenderRun,
    Dataset,
    Folders,
    Part,
    ProgressCallback,
    SeveralErrors,
)
from vision.ml.weights import WeightsLocator
from vision.ml.wording import ENGLISH, Wording

__all__ = ["load_run", "run", "save_run"]

#: Source: cuBLAS manual, "Results reproducibility".
_REPRODUCIBLE_CUBLAS: Final = ":4096:8"


def run(
    config: BenchmarkConfig,
    dataset: Dataset,
    folders: Folders,
    *,
    on_progress: ProgressCallback,
    wording: Wording = ENGLISH,
) -> tuple[ContenderRun, ...]:
    """One run per contender, seed and split, in that order.

    Raises ``BenchmarkError`` before any training when a contender is unknown, its weights are missing,
    or the data set cannot be split so. ``on_progress`` may raise to stop; the next call with the same
    ``folders.work`` goes on and gives the same numbers.
    """
    contenders = plan(config, dataset, folders)
    progress = Progress(on_progress, sum(one.feature_units + sum(run.units for run in one.runs) for one in contenders))
    device = choose_device(config.device)
    locator = WeightsLocator(folders.weights, config.from_scratch)
    _look_for_weights(contenders, locator, progress, wording)
    runs: list[ContenderRun] = []
    stage = _Stage(dataset, folders, locator, device, progress, wording)
    with _deterministic(device):
        for one in contenders:
            runs += stage.show(one)
    progress.finish()
    return tuple(runs)


@dataclass(eq=False)
class _Stage:
    """What all contenders share; ``held`` is the encoder in use with its architecture and its speed."""

    dataset: Dataset
    folders: Folders
    locator: WeightsLocator
    device: torch.device
    progress: Progress
    wording: Wording
    held: tuple[str, Encoder, float] | None = None

    def show(self, one: PlannedContender) -> list[ContenderRun]:
        """All runs of a contender; finished ones are read back, and without others its network is not even loaded."""
        left = [planned for planned in one.runs if not planned.is_finished]
        self.progress.skip(sum(planned.units for planned in one.runs) - sum(planned.units for planned in left))
        stage = self.wording.features.format(contender=_title(one, self.wording))
        self.progress.begin(stage, units=one.feature_units, steps=one.feature_units)
        if left:
            self._compete(one, left)
        return [load_run(planned.folder) for planned in one.runs]

    def _compete(self, one: PlannedContender, left: Sequence[PlannedRun]) -> None:
        memory = PeakMemory(self.device)
        tick = self.progress.advance
        encoder, speed = self._encoder(one.spec.architecture)
        material = gather(one, self.dataset, self.folders, encoder, self.device, images_per_second=speed, tick=tick)
        feature_seconds = material.seconds  # the first run pays for all
        for planned in left:
            place = {
                "contender": _title(one, self.wording),
                "seed": planned.seed,
                "fold": planned.split.fold + 1,
                "folds": len({each.split.fold for each in one.runs}),
            }
            self.progress.begin(self.wording.training.format(**place), units=planned.units, steps=planned.steps)
            result = compete(
                planned, one, self.dataset, material, feature_seconds=feature_seconds, memory=memory, tick=tick
            )
            save_run(result, planned.folder)
            feature_seconds = 0.0
            accuracy = self.wording.percent(_test_accuracy(result, self.dataset))
            self.progress.begin(self.wording.finished.format(**place, accuracy=accuracy), units=0, steps=1)

    def _encoder(self, architecture: str) -> tuple[Encoder, float]:
        """An encoder and how many images it takes in a second.

        Contenders of one architecture stand side by side and share it: learners leave it as they found it.
        """
        if self.held is None or self.held[0] != architecture:
            self.held = None  # two large networks need not be in memory together
            encoder = load_encoder(architecture, weights=self.locator, device=self.device, seed=ENCODER_SEED)
            tick = self.progress.advance
            speed = measure_images_per_second(encoder, self.dataset, self.folders, self.device, tick)
            self.held = architecture, encoder, speed
        return self.held[1:]


def _title(one: PlannedContender, wording: Wording) -> str:
    return wording.titles.get(one.spec.name, one.spec.title)


def _test_accuracy(result: ContenderRun, dataset: Dataset) -> float:
    test = result.split.positions(Part.TEST)
    return float((result.probabilities[test].argmax(1) == dataset.labels[test]).mean())


@contextmanager
def _deterministic(device: torch.device) -> Iterator[None]:
    """Within, a GPU takes only ways that give the same numbers every time."""
    if device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", _REPRODUCIBLE_CUBLAS)
    before = torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    try:
        yield
    finally:
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = before


def _look_for_weights(
    contenders: tuple[PlannedContender, ...], locator: WeightsLocator, progress: Progress, wording: Wording
) -> None:
    """Finds the weights of all contenders before the first one works for hours; names all that are missing."""
    missing: list[BenchmarkError] = []
    for one in contenders:
        progress.begin(wording.weights.format(contender=_title(one, wording)), units=0, steps=1)
        try:
            record = locator.locate(one.spec.architecture).record
            if one.spec.architecture in IMAGE_TEXT and not one.spec.is_demo:  # the demo's reads texts by bytes
                locator.locate_tokenizer(one.spec.architecture)
        except BenchmarkError as error:
            missing.append(error)
            continue
        for planned in one.runs:
            planned.claim(record)
    if missing:
        raise SeveralErrors({str(error): error for error in missing}.values())
