"""Finished runs as folders: a JSON card, arrays and the artefact. No pickle, no torch."""

import shutil
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import orjson

from vision.ml.atomic_files import atomic_writer
from vision.ml.records import from_json, to_json
from vision.ml.types import ContenderRun, Cost, EpochPoint, Split, WeightsRecord

ARTEFACT: Final = "artefact"
_CARD: Final = "run.json"
_ARRAYS: Final = "arrays.npz"


@dataclass(frozen=True)
class _Card:
    """The fields of a ``ContenderRun`` that JSON holds."""

    contender: str
    fold: int
    seed: int
    settings: dict[str, object]
    environment: dict[str, str]
    weights: WeightsRecord
    cost: Cost
    curve: tuple[EpochPoint, ...]
    best_epoch: int | None


def save_run(run: ContenderRun, folder: Path) -> None:
    """Writes the run and its artefact into the folder; the card is written last and completes it."""
    folder.mkdir(parents=True, exist_ok=True)
    artefact = folder / ARTEFACT
    if run.artefact is not None and run.artefact != artefact:
        shutil.copytree(run.artefact, artefact, dirs_exist_ok=True)
    with atomic_writer(folder / _ARRAYS) as stream:
        np.savez_compressed(stream, probabilities=run.probabilities, parts=run.split.parts)
    card = _Card(**{field.name: getattr(run, field.name) for field in fields(_Card)})
    with atomic_writer(folder / _CARD) as stream:
        stream.write(orjson.dumps(to_json(card), option=orjson.OPT_INDENT_2))


def load_run(folder: Path) -> ContenderRun:
    """The run that ``save_run`` wrote; its artefact is the one in the folder."""
    card = from_json(_Card, orjson.loads((folder / _CARD).read_bytes()))
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        return ContenderRun(
            **vars(card),
            split=Split(arrays["parts"], card.fold),
            probabilities=arrays["probabilities"],
            artefact=folder / ARTEFACT if (folder / ARTEFACT).exists() else None,
        )


def is_stored(folder: Path) -> bool:
    """Whether the folder holds a complete run."""
    return (folder / _CARD).exists()
