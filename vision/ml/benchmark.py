"""Runs a benchmark: every contender on every split of the plan, once per seed. A killed one resumes from its files."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import torch

from vision.ml.classify import ENCODER_SEED, save_contender
from vision.ml.encoded_dataset import EncodedDataset, encode_dataset, measure_images_per_second
from vision.ml.encoders import IMAGE_TEXT, Encoder, check_texts, load_encoder
from vision.ml.hardware import PeakMemory, choose_device, environment
from vision.ml.learners import Task, learn, probabilities
from vision.ml.metrics import predicted_classes
from vision.ml.planning import PlannedContender, PlannedRun, plan
from vision.ml.progress import Progress
from vision.ml.stored_runs import ARTEFACT, load_run, save_run
from vision.ml.types import (
    BenchmarkConfig,
    BenchmarkError,
    ContenderRun,
    Cost,
    Dataset,
    Folders,
    Part,
    ProgressCallback,
    SeveralErrors,
)
from vision.ml.weights import WeightsLocator
from vision.ml.wording import ENGLISH, Wording

#: Source: cuBLAS manual, "Results reproducibility".
_REPRODUCIBLE_CUBLAS: Final = ":4096:8"
_CHECKPOINT: Final = "checkpoint.safetensors"


def run(
    config: BenchmarkConfig,
    dataset: Dataset,
    folders: Folders,
    *,
    on_progress: ProgressCallback,
    wording: Wording = ENGLISH,
) -> tuple[ContenderRun, ...]:
    """One run per contender, seed and split, in that order.

    Raises ``BenchmarkError`` before any training when a contender is unknown, weights are missing, or the data set
    cannot be split as planned. ``on_progress`` may raise to stop; the next call with the same ``folders.work`` resumes
    and returns the same numbers.
    """
    contenders = plan(config, dataset, folders)
    units = sum(contender.feature_units + sum(run.units for run in contender.runs) for contender in contenders)
    session = _Session(
        dataset,
        folders,
        WeightsLocator(folders.weights, config.from_scratch),
        choose_device(config.device),
        Progress(on_progress, units),
        wording,
    )
    session.locate_weights(contenders)
    with _deterministic(session.device):
        runs = tuple(run for contender in contenders for run in session.run_contender(contender))
    session.progress.finish()
    return runs


@dataclass(eq=False)
class _Session:
    """What all contenders share; ``loaded`` is the last encoder with its speed in images per second."""

    dataset: Dataset
    folders: Folders
    locator: WeightsLocator
    device: torch.device
    progress: Progress
    wording: Wording
    loaded: tuple[Encoder, float] | None = None

    def locate_weights(self, contenders: Sequence[PlannedContender]) -> None:
        """Locates the weights of all contenders before the first one trains for hours; reports all missing ones."""
        errors: list[BenchmarkError] = []
        for contender in contenders:
            spec = contender.spec
            self.progress.begin(self.wording.weights.format(contender=self._title(contender)), units=0, steps=1)
            try:
                located = self.locator.locate(spec.architecture)
                if spec.architecture in IMAGE_TEXT:
                    self._report_cut(
                        contender, check_texts(located, self.locator, contender.texts, self.dataset.classes)
                    )
            except BenchmarkError as error:
                errors.append(error)
                continue
            for run in contender.runs:
                run.reserve_folder(located.record)
        if errors:
            raise SeveralErrors({str(error): error for error in errors}.values())

    def _report_cut(self, contender: PlannedContender, sentences: Sequence[str]) -> None:
        if sentences:
            values = {"contender": self._title(contender), "count": len(sentences), "sentence": sentences[0]}
            self.progress.begin(self.wording.cut.format(**values), units=0, steps=1)

    def run_contender(self, contender: PlannedContender) -> list[ContenderRun]:
        """All runs of a contender. Finished ones are read back; its network is loaded only if others remain."""
        remaining = [run for run in contender.runs if not run.is_finished]
        self.progress.skip(sum(run.units for run in contender.runs if run not in remaining))
        stage = self.wording.features.format(contender=self._title(contender))
        self.progress.begin(stage, units=contender.feature_units, steps=contender.feature_units)
        if remaining:
            self._train_all(contender, remaining)
        return [load_run(run.folder) for run in contender.runs]

    def _train_all(self, contender: PlannedContender, remaining: Sequence[PlannedRun]) -> None:
        memory = PeakMemory(self.device)
        encoder, speed = self._encoder(contender.spec.architecture)
        encoded = encode_dataset(contender, self.dataset, self.folders, encoder, speed, self.progress.advance)
        for run in remaining:
            labels = {
                "contender": self._title(contender),
                "seed": run.seed,
                "fold": run.split.fold + 1,
                "folds": len({run.split.fold for run in contender.runs}),
            }
            self.progress.begin(self.wording.training.format(**labels), units=run.units, steps=run.steps)
            result = self._train(run, contender, encoded, memory)
            save_run(result, run.folder)
            encoded = replace(encoded, seconds=0.0)  # counted once, in the first run
            accuracy = self.wording.percent(_test_accuracy(result, self.dataset))
            self.progress.begin(self.wording.finished.format(**labels, accuracy=accuracy), units=0, steps=1)

    def _train(
        self, run: PlannedRun, contender: PlannedContender, encoded: EncodedDataset, memory: PeakMemory
    ) -> ContenderRun:
        """The run's result; its artefact is in the run's folder."""
        start = time.perf_counter()
        checkpoint = run.folder / _CHECKPOINT
        tick = self.progress.advance
        task = Task(self.dataset, run.split, run.seed, run.epochs, encoded, contender.texts, checkpoint, tick)
        learned = learn(task, run.spec.settings)
        trained = time.perf_counter()
        predictions = probabilities(learned.classifier, learned.features).numpy()
        predicted = time.perf_counter()
        save_contender(run.folder / ARTEFACT, learned, encoded.encoder, self.dataset.classes)
        checkpoint.unlink(missing_ok=True)
        cost = Cost(
            device=self.device.type,
            feature_seconds=encoded.seconds,
            training_seconds=trained - start,
            prediction_seconds=predicted - trained,
            images_per_second=encoded.images_per_second,
            peak_memory_bytes=memory.bytes(),
            parameters=encoded.encoder.parameters + learned.classifier.parameter_count,
            trainable_parameters=learned.trained_parameters,
        )
        return ContenderRun(
            contender=run.spec.name,
            fold=run.split.fold,
            seed=run.seed,
            split=run.split,
            probabilities=predictions,
            settings=run.settings | ({"chosen": dict(learned.choices)} if learned.choices else {}),
            environment=environment(self.device),
            weights=encoded.encoder.weights,
            cost=cost,
            curve=learned.curve,
            best_epoch=learned.best_epoch,
            artefact=run.folder / ARTEFACT,
        )

    def _encoder(self, architecture: str) -> tuple[Encoder, float]:
        """An encoder with its speed. Consecutive contenders of one architecture share it: learners restore it."""
        if self.loaded is None or self.loaded[0].architecture != architecture:
            self.loaded = None  # two large networks need not be in memory together
            encoder = load_encoder(architecture, weights=self.locator, device=self.device, seed=ENCODER_SEED)
            speed = measure_images_per_second(encoder, self.dataset, self.folders, self.progress.advance)
            self.loaded = encoder, speed
        return self.loaded

    def _title(self, contender: PlannedContender) -> str:
        return self.wording.titles.get(contender.spec.name, contender.spec.title)


def _test_accuracy(run: ContenderRun, dataset: Dataset) -> float:
    test = run.split.positions(Part.TEST)
    return float((predicted_classes(run.probabilities[test]) == dataset.labels[test]).mean())


@contextmanager
def _deterministic(device: torch.device) -> Iterator[None]:
    """Restricts a GPU to deterministic algorithms within the block."""
    if device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", _REPRODUCIBLE_CUBLAS)
    before = torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    try:
        yield
    finally:
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = before
