"""What a learner is given, and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from vision.ml.encoders import Encoder
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.square_images import SquareImages
from vision.ml.training import Tick
from vision.ml.types import Dataset, EpochPoint, Part, Split


@dataclass(frozen=True, eq=False)
class Task:
    """One contender on one split.

    ``features`` are those of the plain images, (N, D); ``views`` those of augmented ones, (V, N, D), where images
    that are in no training part are not a number. ``texts`` holds the sentences of each class.
    """

    dataset: Dataset
    split: Split
    seed: int
    epochs: int | None
    encoder: Encoder
    images: SquareImages
    features: Tensor
    views: Tensor
    texts: Sequence[Sequence[str]]
    checkpoint: Path
    tick: Tick

    @property
    def device(self) -> torch.device:
        """Where everything is computed."""
        return self.features.device

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

    def quietly(self) -> "Task":
        """The same task for a first step: it stops when asked, and the bar does not move."""
        return replace(self, epochs=None, tick=lambda _: self.tick(0))

    def _positions(self, part: Part) -> Tensor:
        return torch.from_numpy(self.split.positions(part)).to(self.device)


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned: ``classifier`` on top of ``features`` (N, D), and the encoder's tensors that were changed.

    ``choices`` are what the learner chose by itself, storable as JSON.
    """

    classifier: FeatureClassifier
    features: Tensor
    curve: tuple[EpochPoint, ...] = ()
    best_epoch: int | None = None
    changed: Mapping[str, Tensor] = field(default_factory=dict)
    choices: Mapping[str, object] = field(default_factory=dict)
    trained_parameters: int = 0
