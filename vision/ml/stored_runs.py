"""Finished runs as files: JSON for what people read, npz for arrays, the artefact beside them. No pickle, no torch."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np

from vision.ml.types import ContenderRun, Cost, EpochPoint, Split, WeightsRecord, WeightsSource

ARTEFACT: Final = "artefact"
_CARD: Final = "run.json"
_ARRAYS: Final = "arrays.npz"


def save_run(run: ContenderRun, folder: Path) -> None:
    """Writes the run into the folder, its artefact included; the card comes last and makes the folder complete."""
    folder.mkdir(parents=True, exist_ok=True)
    artefact = folder / ARTEFACT
    if run.artefact is not None and run.artefact != artefact:
        shutil.copytree(run.artefact, artefact, dirs_exist_ok=True)
    with (folder / _ARRAYS).open("wb") as stream:
        np.savez_compressed(stream, probabilities=run.probabilities, parts=run.split.parts)
        stream.flush()
        os.fsync(stream.fileno())
    write_json(folder / _CARD, _card(run))


def load_run(folder: Path) -> ContenderRun:
    """The run that ``save_run`` wrote; its artefact is the one in the folder."""
    card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        probabilities, parts = arrays["probabilities"], arrays["parts"]
    weights = card.pop("weights")
    return ContenderRun(
        contender=card["contender"],
        fold=card["fold"],
        seed=card["seed"],
        split=Split(parts, card["fold"]),
        probabilities=probabilities,
        settings=card["settings"],
        environment=card["environment"],
        weights=WeightsRecord(**{**weights, "source": WeightsSource(weights["source"])}),
        cost=Cost(**card["cost"]),
        curve=tuple(EpochPoint(**point) for point in card["curve"]),
        best_epoch=card["best_epoch"],
        artefact=folder / ARTEFACT if (folder / ARTEFACT).exists() else None,
    )


def is_stored(folder: Path) -> bool:
    """Whether the folder holds a whole run."""
    return (folder / _CARD).exists()


def write_json(path: Path, content: object) -> None:
    """Writes the whole file or nothing, whenever the process or the machine stops."""
    half = path.with_suffix(".part")
    with half.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)


def _card(run: ContenderRun) -> dict[str, object]:
    return {
        "contender": run.contender,
        "fold": run.fold,
        "seed": run.seed,
        "split_sha256": run.split.sha256,
        "settings": run.settings,
        "environment": run.environment,
        "weights": asdict(run.weights),
        "cost": asdict(run.cost),
        "curve": [asdict(point) for point in run.curve],
        "best_epoch": run.best_epoch,
    }
