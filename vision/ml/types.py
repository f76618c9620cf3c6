"""The values that the parts of a benchmark exchange: data set, split, configuration, run."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: The environment variable of the weights folder, named in error messages.
WEIGHTS_VARIABLE: Final = "VISION_WEIGHTS_DIR"
#: Called with (done, total, stage); may raise to stop the work. ``stage`` changes rarely: the stages are the log.
ProgressCallback = Callable[[int, int, str], None]


class BenchmarkError(Exception):
    """An error that the person who launched the run can fix; the message says what, where and how.

    ``sentence`` is the English message with its ``values`` in braces, so that pages can translate it.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """For pickle, which would pass the formatted message alone."""
        return partial(type(self), self.sentence, **self.values), (), self.__dict__


class SeveralErrors(BenchmarkError):  # noqa: N818
    """Several errors reported together."""

    def __init__(self, errors: Iterable[BenchmarkError]) -> None:
        self.errors = tuple(errors)
        super().__init__("{all}", all="\n".join(map(str, self.errors)))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.errors,), self.__dict__


class ProblemKind(StrEnum):
    """What is wrong with a file or row of the source: those left out first, then what is kept but should be known."""

    MISSING = "missing"
    BROKEN = "broken"
    OVERSIZED = "oversized"
    UNLABELLED = "unlabelled"
    DUPLICATE = "duplicate"
    RESPELLED = "respelled"  # a class written in another way than in most rows
    PARTS = "parts"  # folders of a split, which are not classes


@dataclass(frozen=True)
class Problem:
    """A finding of the import: ``row`` counts from 0 in the source, ``detail`` is English, for the log."""

    kind: ProblemKind
    row: int
    key: str
    detail: str = ""


@dataclass(frozen=True)
class Item:
    """A labelled image. ``row`` is its row in the source, unreadable ones counted; ``sha256`` is its file's."""

    row: int
    key: str
    label: int
    text: str
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """Labelled images in the order of their source; an image cache holds their pixels by ``Item.sha256``."""

    name: str
    classes: tuple[str, ...]
    items: tuple[Item, ...]
    source_rows: int
    problems: tuple[Problem, ...] = ()

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """Class numbers, (N,)."""
        return np.array([item.label for item in self.items], dtype=np.int64)

    @cached_property
    def rare_classes(self) -> dict[str, int]:
        """The classes whose different images are too few for each part of a split to have one, with their number."""
        different = Counter(label for label, _ in {(item.label, item.sha256) for item in self.items})
        return {name: different[label] for label, name in enumerate(self.classes) if different[label] < len(PARTS)}

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of classes, labels, texts and image hashes."""
        rows = [(item.row, item.key, item.label, item.text, item.sha256) for item in self.items]
        return hashlib.sha256(json.dumps([self.classes, rows]).encode()).hexdigest()


class Part(StrEnum):
    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


#: A split stores the index of each image's part.
PARTS: Final = (Part.TRAIN, Part.VALIDATION, Part.TEST)


@dataclass(frozen=True, eq=False)
class Split:
    """The part of each image: ``parts`` (N,) uint8 are indices into ``PARTS``."""

    parts: NDArray[np.uint8]
    fold: int = 0

    def positions(self, part: Part) -> NDArray[np.int64]:
        """Positions of the part's images in the data set, ascending."""
        return np.flatnonzero(self.parts == PARTS.index(part))

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.parts.tobytes()).hexdigest()


class SplitKind(StrEnum):
    STRATIFIED = "stratified"
    FOLDS = "folds"
    ORIGINAL = "original"


@dataclass(frozen=True)
class SplitPlan:
    """How splits are made. ``folds`` applies to ``FOLDS`` only, the shares to all kinds but ``ORIGINAL``."""

    kind: SplitKind = SplitKind.STRATIFIED
    seed: int = 0
    folds: int = 5
    validation_share: float = 0.2
    test_share: float = 0.2


class WeightsSource(StrEnum):
    """Where a network's weights come from."""

    HUB = "hub"
    FOLDER = "folder"
    DEMO = "demo"
    NONE = "none"  # random: from scratch


@dataclass(frozen=True)
class WeightsRecord:
    """The weights that a network started from. ``sha256`` is the file's, or that of the random weights themselves."""

    architecture: str
    source: WeightsSource
    sha256: str
    file: str = ""
    revision: str = ""


@dataclass(frozen=True)
class EpochPoint:
    """One epoch of the learning curves; losses are mean cross-entropies in nats, accuracies are in 0..1."""

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Cost:
    """What a run cost. ``peak_memory_bytes`` is the device's on a GPU and the process's on a CPU."""

    device: str
    feature_seconds: float
    training_seconds: float
    prediction_seconds: float
    images_per_second: float
    peak_memory_bytes: int
    parameters: int
    trainable_parameters: int


@dataclass(frozen=True, eq=False)
class ContenderRun:
    """The result of one contender on one split: all that pages and comparisons need, without a model.

    ``probabilities`` (N, C) float32 cover all images of the data set; rows sum to 1 within 1e-5. ``settings`` holds
    JSON values. ``artefact`` is the folder of the trained contender, which classifies further images.
    """

    contender: str
    fold: int
    seed: int
    split: Split
    probabilities: NDArray[np.float32]
    settings: dict[str, object]
    environment: dict[str, str]
    weights: WeightsRecord
    cost: Cost
    curve: tuple[EpochPoint, ...] = ()
    best_epoch: int | None = None
    artefact: Path | None = None


@dataclass(frozen=True)
class Folders:
    """The folders of decoded images, features, unfinished work and, optionally, local weights."""

    images: Path
    features: Path
    work: Path
    weights: Path | None = None


@dataclass(frozen=True)
class BenchmarkConfig:
    """Contenders by name, run on every split of the plan, once per seed."""

    contenders: tuple[str, ...]
    split: SplitPlan = SplitPlan()
    seeds: tuple[int, ...] = (0,)
    epochs: int | None = None  # None: each contender's own
    device: str = "auto"  # "auto", "cpu", "cuda"
    from_scratch: bool = False  # random weights
    prompts: str = "ensemble"  # for contenders that read texts
    descriptions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # sentences by class
