"""The input and the output of every learner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from vision.ml.contenders import ContrastiveSettings, FinetuneSettings, HeadSettings
from vision.ml.encoded_dataset import EncodedDataset
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.training import Tick, TrainingPlan
from vision.ml.types import Dataset, EpochPoint, Part, Split


@dataclass(frozen=True, eq=False)
class Task:
    """One contender on one split; ``texts`` are the sentences of each class."""

    dataset: Dataset
    split: Split
    seed: int
    epochs: int | None
    encoded: EncodedDataset
    texts: Sequence[Sequence[str]]
    checkpoint: Path
    tick: Tick

    @property
    def device(self) -> torch.device:
        return self.encoded.features.device

    @cached_property
    def labels(self) -> Tensor:
        """Class numbers, (N,) int64."""
        return torch.from_numpy(self.dataset.labels).to(self.device)

    @cached_property
    def train(self) -> Tensor:
        """Positions of the training images."""
        return self._positions(Part.TRAIN)

    @cached_property
    def validation(self) -> Tensor:
        """Positions of the validation images."""
        return self._positions(Part.VALIDATION)

    def plan(self, settings: HeadSettings | FinetuneSettings | ContrastiveSettings) -> TrainingPlan:
        """The training with these settings, for as many epochs as the benchmark allows."""
        return TrainingPlan(
            epochs=self.epochs or settings.epochs,
            patience=settings.patience,
            batch_size=settings.batch_size,
            learning_rate=settings.learning_rate,
            seed=self.seed,
            weight_decay=settings.weight_decay if isinstance(settings, ContrastiveSettings) else 0.0,
        )

    def quietly(self) -> "Task":
        """The same task as a first step: it can be stopped but does not move the progress bar."""
        return replace(self, epochs=None, tick=lambda _: self.tick(0))

    def _positions(self, part: Part) -> Tensor:
        return torch.from_numpy(self.split.positions(part)).to(self.device)


@dataclass(frozen=True, eq=False)
class Learned:
    """A classifier of ``features`` (N, D), and the encoder's tensors that training changed.

    ``choices`` are the learner's own, as JSON values.
    """

    classifier: FeatureClassifier
    features: Tensor
    curve: tuple[EpochPoint, ...] = ()
    best_epoch: int | None = None
    changed: Mapping[str, Tensor] = field(default_factory=dict)
    choices: Mapping[str, object] = field(default_factory=dict)
    trained_parameters: int = 0
