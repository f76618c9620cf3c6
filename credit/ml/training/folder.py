"""Trains from the files of a folder and saves each finished fold there, so that a killed training can resume."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.card import TrainingConfig
from credit.ml.mapped_files import MappedFile, new_mapped_file
from credit.ml.progress import ProgressCallback
from credit.ml.training import TrainedModel, Wording, train

_MATRIX: Final = "matrix.npy"
_TARGET: Final = "target.npy"
_NAMES: Final = "names.txt"
_FOLD: Final = re.compile(r"fold-(\d+)\.txt")


def new_matrix(folder: Path, rows: int, columns: int) -> MappedFile:
    """A matrix (rows, columns) in a file of the folder, to be filled in parts without holding it in memory."""
    return new_mapped_file(folder / _MATRIX, np.float32, (rows, columns))


def seal(folder: Path, target: NDArray[np.int8], names: Sequence[str]) -> None:
    """Adds the outcomes (rows,), then the names of the columns, which complete the folder."""
    np.save(folder / _TARGET, target)
    _write(folder / _NAMES, "\n".join(names))


def is_sealed(folder: Path) -> bool:
    """Whether the folder is complete."""
    return (folder / _NAMES).exists()


def train_in_folder(
    folder: Path, config: TrainingConfig, wording: Wording, *, on_progress: ProgressCallback
) -> TrainedModel:
    """The model of a sealed folder; folds finished by an earlier attempt are not trained again."""

    finished = {
        int(match[1]): path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if (match := _FOLD.fullmatch(path.name))
    }
    return train(
        np.load(folder / _MATRIX),
        np.load(folder / _TARGET),
        (folder / _NAMES).read_text(encoding="utf-8").split("\n"),
        config,
        on_progress,
        wording=wording,
        finished=finished,
        on_fold=lambda number, text: _write(folder / f"fold-{number}.txt", text),
    )


def _write(path: Path, text: str) -> None:
    """Writes the whole file or nothing, even when the process or the machine stops meanwhile."""
    half = path.with_suffix(".part")
    with half.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
