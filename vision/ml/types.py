"""What the parts of the benchmark hand to each other: data set, split, contender's run."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Called with (done, total, stage); it may raise to stop the work. ``stage`` changes rarely: it is kept as the log.
ProgressCallback = Callable[[int, int, str], None]


class BenchmarkError(Exception):
    """Something the person who launched the run can mend; says what, where and how.

    ``sentence`` is English and names its ``values`` in braces, so that pages can say it in another language.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """For pickle, which would call the class with the finished sentence only."""
        return _raised_again, (type(self), self.sentence, self.values), self.__dict__


def _raised_again(kind: type[BenchmarkError], sentence: str, values: dict[str, object]) -> BenchmarkError:
    return kind(sentence, **values)


class SeveralErrors(BenchmarkError):  # noqa: N818
    """All that has to be mended, told at once."""

    def __init__(self, errors: Iterable[BenchmarkError]) -> None:
        self.errors = tuple(errors)
        super().__init__("{all}", all="\n".join(map(str, self.errors)))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.errors,), self.__dict__


class ProblemKind(StrEnum):
    """Why a file or row of the source needs attention; all but duplicates are left out of the data set."""

    MISSING = "missing"
    BROKEN = "broken"
    OVERSIZED = "oversized"
    UNLABELLED = "unlabelled"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Problem:
    """One finding of the import: ``row`` counts from 0 in the source, ``detail`` is in English, for the log."""

    kind: ProblemKind
    row: int
    key: str
    detail: str = ""


@dataclass(frozen=True)
class Item:
    """One labelled image. ``row`` is its place in the source, unreadable rows counted; ``sha256`` is its file's."""

    row: int
    key: str
    label: int
    text: str
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """Labelled images in the order of their source; their pixels lie in an image cache under ``Item.sha256``."""

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
    def fingerprint(self) -> str:
        """The sha256 of classes, labels, texts and image hashes: equal exactly when the content is."""
        rows = [(item.row, item.key, item.label, item.text, item.sha256) for item in self.items]
        return hashlib.sha256(json.dumps([self.classes, rows]).encode()).hexdigest()


class Part(StrEnum):
    """A part of a split."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


#: How a part is written in one byte per image.
PARTS: Final = (Part.TRAIN, Part.VALIDATION, Part.TEST)


@dataclass(frozen=True, eq=False)
class Split:
    """The part of each image: ``parts`` is (N,) uint8, an index into ``PARTS``."""

    parts: NDArray[np.uint8]
    fold: int = 0

    def positions(self, part: Part) -> NDArray[np.int64]:
        """Positions in the data set of the part's images, ascending."""
        return np.flatnonzero(self.parts == PARTS.index(part))

    @cached_property
    def sha256(self) -> str:
        """The split's hash, stored with every run."""
        return hashlib.sha256(self.parts.tobytes()).hexdigest()


class SplitKind(StrEnum):
    STRATIFIED = "stratified"
    FOLDS = "folds"
    ORIGINAL = "original"


@dataclass(frozen=True)
class SplitPlan:
    """How splits are made; ``folds`` counts only for ``SplitKind.FOLDS``, the shares not for ``ORIGINAL``."""

    kind: SplitKind = SplitKind.STRATIFIED
    seed: int = 0
    folds: int = 5
    validation_share: float = 0.2
    test_share: float = 0.2


class WeightsSource(StrEnum):
    """Where the numbers of a network come from."""

    HUB = "hub"
    FOLDER = "folder"
    DEMO = "demo"
    NONE = "none"  # random: from scratch


@dataclass(frozen=True)
class WeightsRecord:
    """Which numbers a network started from. ``sha256`` is that of the file, or of the random weights themselves."""

    architecture: str
    source: WeightsSource
    sha256: str
    file: str = ""
    revision: str = ""


@dataclass(frozen=True)
class EpochPoint:
    """One epoch's curves; losses are mean cross-entropies in nats, accuracies are in 0..1."""

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Cost:
    """What a run took. ``peak_memory_bytes`` is the device's on a GPU and the process's on a CPU."""

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
    """One contender trained on one split: everything that pages and comparisons need, no model.

    ``probabilities`` is (N, C) float32 over all images of the data set; rows sum to 1 within 1e-5.
    ``settings`` and ``environment`` are storable as JSON. ``artefact`` holds what classifies further images.
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
    """Where the benchmark keeps things: decoded images, features, weights given by hand, this run's own work."""

    images: Path
    features: Path
    work: Path
    weights: Path | None = None


@dataclass(frozen=True)
class BenchmarkConfig:
    """One benchmark: contenders by their registered names, on every split of the plan, once per seed."""

    contenders: tuple[str, ...]
    split: SplitPlan = SplitPlan()
    seeds: tuple[int, ...] = (0,)
    epochs: int | None = None  # None: what each contender says
    device: str = "auto"  # "auto", "cpu", "cuda"
    from_scratch: bool = False  # weights=none
    prompts: str = "ensemble"  # for contenders that read texts
    descriptions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # class: its sentences
