"""The runs of a benchmark, planned and checked before any work is done. Importable without torch."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

from vision.ml.atomic_files import atomic_writer
from vision.ml.contenders import (
    ContenderSpec,
    ContrastiveSettings,
    FinetuneSettings,
    HeadSettings,
    ProbeSettings,
    ZeroShotSettings,
    contender,
)
from vision.ml.prompts import encoder_texts
from vision.ml.splits import make_splits
from vision.ml.stored_runs import is_stored
from vision.ml.types import BenchmarkConfig, BenchmarkError, Dataset, Folders, Part, Split, SplitKind, WeightsRecord
from vision.ml.wording import gettext_noop as _

LARGEST_SEED: Final = 2**31 - 1
_TASK: Final = "task.json"
#: Images through dense layers that cost about as much as one through a network.
_HEAD_IMAGES_PER_UNIT: Final = 1000


@dataclass(frozen=True, eq=False)
class PlannedRun:
    """One contender on one split with one seed; ``folder`` holds its checkpoints, then its result.

    Training counts ``steps`` steps, which are worth ``units`` on the progress bar.
    """

    spec: ContenderSpec
    split: Split
    seed: int
    epochs: int | None
    settings: dict[str, object]
    folder: Path
    steps: int
    units: int

    def reserve_folder(self, weights: WeightsRecord) -> None:
        """Reserves the folder for this run: what a run with other settings or weights left there is removed."""
        content = {"settings": self.settings, "weights": [weights.source.value, weights.sha256]}
        task = orjson.dumps(content, option=orjson.OPT_INDENT_2)
        path = self.folder / _TASK
        if path.exists() and path.read_bytes() == task:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        with atomic_writer(path) as stream:
            stream.write(task)

    @property
    def is_finished(self) -> bool:
        """Whether an earlier attempt finished it."""
        return is_stored(self.folder)


@dataclass(frozen=True, eq=False)
class PlannedContender:
    """All runs of a contender; they share its features."""

    spec: ContenderSpec
    texts: tuple[tuple[str, ...], ...]
    runs: tuple[PlannedRun, ...]

    @property
    def views(self) -> int:
        """The number of augmented views of each training image whose features are computed."""
        match self.spec.settings:
            case HeadSettings(views=views) | FinetuneSettings(head=HeadSettings(views=views)):
                return views
            case _:
                return 0

    @cached_property
    def training_positions(self) -> NDArray[np.int64]:
        """Positions of the images that are in the training part of at least one run."""
        return np.unique(np.concatenate([run.split.positions(Part.TRAIN) for run in self.runs]))

    @property
    def feature_units(self) -> int:
        """Images to encode before the first run."""
        return len(self.runs[0].split.parts) + self.views * len(self.training_positions)


def check_config(config: BenchmarkConfig) -> None:
    """Raises BenchmarkError for what no data set could be measured with."""
    if not config.contenders or not config.seeds:
        raise BenchmarkError(_("Choose at least one contender and one seed."))
    if not all(0 <= seed <= LARGEST_SEED for seed in (*config.seeds, config.split.seed)):
        raise BenchmarkError(_("A seed is a whole number between 0 and {largest}."), largest=LARGEST_SEED)
    if config.epochs is not None and config.epochs < 1:
        raise BenchmarkError(_("Training takes at least one epoch."))
    if config.split.kind is SplitKind.FOLDS and config.split.folds < 2:
        raise BenchmarkError(_("Cross-validation needs two folds or more."))
    for name in config.contenders:
        contender(name)


def plan(config: BenchmarkConfig, dataset: Dataset, folders: Folders) -> tuple[PlannedContender, ...]:
    """Every contender with its runs, in order. Raises BenchmarkError for an impossible configuration."""
    check_config(config)
    if len(dataset.classes) < 2:
        raise BenchmarkError(_("A benchmark needs images of at least two classes."))
    specs = [contender(name) for name in dict.fromkeys(config.contenders)]
    splits = make_splits(dataset, config.split)
    return tuple(_plan_contender(spec, splits, config, dataset, folders) for spec in specs)


def _plan_contender(
    spec: ContenderSpec, splits: Sequence[Split], config: BenchmarkConfig, dataset: Dataset, folders: Folders
) -> PlannedContender:
    texts: tuple[tuple[str, ...], ...] = ()
    if spec.reads_texts:
        texts = encoder_texts(spec.architecture, config.prompts, dataset.classes, config.descriptions)
    runs = []
    for seed in dict.fromkeys(config.seeds):
        for split in splits:
            steps, units = _effort(spec, split, config.epochs)
            folder = folders.work / f"{spec.name}-s{seed}-f{split.fold}"
            settings = _settings(spec, config, dataset, split, texts) | {"seed": seed}
            runs.append(PlannedRun(spec, split, seed, config.epochs, settings, folder, steps, units))
    return PlannedContender(spec, texts, tuple(runs))


def _settings(
    spec: ContenderSpec,
    config: BenchmarkConfig,
    dataset: Dataset,
    split: Split,
    texts: tuple[tuple[str, ...], ...],
) -> dict[str, object]:
    """Everything that determines a run's results except the weights, as JSON values."""
    settings: dict[str, object] = {
        "architecture": spec.architecture,
        "learning": type(spec.settings).__name__.removesuffix("Settings").lower(),
        **asdict(spec.settings),
        "dataset": dataset.fingerprint,
        "split": {**asdict(config.split), "kind": config.split.kind.value, "fold": split.fold, "sha256": split.sha256},
        "from_scratch": config.from_scratch,
    }
    if spec.epochs is not None:
        settings["epochs"] = config.epochs or spec.epochs
    if spec.reads_texts:
        sentences = {name: list(prompts) for name, prompts in zip(dataset.classes, texts, strict=True)}
        settings |= {"prompts": config.prompts, "texts": sentences}
    return settings


def _effort(spec: ContenderSpec, split: Split, epochs: int | None) -> tuple[int, int]:
    """The steps and units of a run."""
    images = len(split.parts)
    steps_per_epoch = len(split.positions(Part.TRAIN)) + len(split.positions(Part.VALIDATION))
    match spec.settings:
        case HeadSettings():
            steps = (epochs or spec.settings.epochs) * steps_per_epoch
            return steps, 1 + steps // _HEAD_IMAGES_PER_UNIT
        case FinetuneSettings() | ContrastiveSettings():
            steps = (epochs or spec.settings.epochs) * steps_per_epoch + images
            return steps, steps
        case ProbeSettings(strengths=strengths):
            return len(strengths), len(strengths)
        case ZeroShotSettings():
            return 1, 1
