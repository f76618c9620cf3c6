"""Trains from the files of a folder and keeps each finished fold there, so that a killed training goes on from it."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.card import TrainingConfig
from credit.ml.progress import ProgressCallback
from credit.ml.training import TrainedModel, train

_MATRIX: Final = "matrix.npy"
_TARGET: Final = "target.npy"
_NAMES: Final = "names.txt"
_FOLD: Final = re.compile(r"fold-(\d+)\.txt")


@dataclass(frozen=True, slots=True)
class Wording:
    """What progress says, in the language of whoever waits; ``fold`` has a place for {fold}, as in 2/5."""

    fold: str
    all_rows: str


def new_matrix(folder: Path, rows: int, columns: int) -> np.memmap[tuple[int, int], np.dtype[np.float32]]:
    """A matrix in a file of the folder, (rows, columns), to be filled in parts; it never lies in memory whole."""
    return np.lib.format.open_memmap(folder / _MATRIX, mode="w+", dtype=np.float32, shape=(rows, columns))


def seal(folder: Path, target: NDArray[np.int8], names: Sequence[str]) -> None:
    """Adds the outcomes, (rows,), and the columns' names. The names come last: with them the folder is complete."""
    np.save(folder / _TARGET, target)
    _write(folder / _NAMES, "\n".join(names))


def is_sealed(folder: Path) -> bool:
    """Whether the folder holds everything that a training needs."""
    return (folder / _NAMES).exists()


def train_in_folder(
    folder: Path, config: TrainingConfig, wording: Wording, *, on_progress: ProgressCallback
) -> TrainedModel:
    """The model of a sealed folder; folds that an earlier attempt finished are not trained again."""

    def keep(number: int, text: str) -> None:
        _write(folder / f"fold-{number}.txt", text)

    def tell(done: int, total: int, stage: str) -> None:
        fold = stage.removeprefix("fold ")
        on_progress(done, total, wording.all_rows if fold == stage else wording.fold.format(fold=fold))

    return train(
        np.load(folder / _MATRIX),
        np.load(folder / _TARGET),
        _read(folder / _NAMES).split("\n"),
        config,
        tell,
        finished=finished_folds(folder),
        on_fold=keep,
    )


def finished_folds(folder: Path) -> dict[int, str]:
    """The texts of the folds that are done, by number."""
    return {int(match[1]): _read(path) for path in folder.iterdir() if (match := _FOLD.fullmatch(path.name))}


def _write(path: Path, text: str) -> None:
    """Writes the whole file or nothing, whenever the process or the machine stops."""
    half = path.with_suffix(".part")
    with half.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as stream:
        return stream.read()
