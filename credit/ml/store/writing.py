"""Writes the folder of a store: rows arrive in chunks by ascending client id, then each column is coded."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from credit.ml.mapped_files import MappedFile, new_mapped_file
from credit.ml.progress import ProgressCallback
from credit.ml.store.coding import BLANK, Coding, choose_coding
from credit.ml.store.variables import CATEGORY_NAMES, NEAREST_BY, NUMBER_NAMES, SCORE, variable_values

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
#: Files with one value per client, and their types.
PER_CLIENT: Final[dict[str, type[np.generic]]] = {
    "clients": np.int64,
    "outcomes": np.int8,
    "probabilities": np.float64,
}


@dataclass(frozen=True, slots=True)
class PopulationRows:
    """N clients by ascending id (N,): their applications (N, 120) and, where known, their features (N, F)."""

    clients: NDArray[np.int64]
    outcomes: NDArray[np.int8]  # 1 payment difficulties, 0 none, -1 unknown
    applications: NDArray[np.float64]
    probabilities: NDArray[np.float64]  # NaN without a score
    features: NDArray[np.floating] | None = None


class StoreWriter:
    """Creates a folder for ``rows`` clients: call ``add()`` with each chunk, then ``seal()``."""

    def __init__(self, folder: Path, rows: int, feature_columns: tuple[str, ...] = ()) -> None:
        self.rows = rows
        self._folder, self._feature_columns = folder, feature_columns
        self._done = 0
        folder.mkdir(parents=True)
        self._per_client = {name: self._new(name, kind, (rows,)) for name, kind in PER_CLIENT.items()}
        self._numbers = self._new("numbers", np.float32, (len(NUMBER_NAMES), rows))
        self._codes = self._new("codes", np.uint8, (len(NUMBER_NAMES) + len(CATEGORY_NAMES), rows))
        self._scaled = self._new("scaled", np.float32, (rows, len(NEAREST_BY)))

    def add(self, chunk: PopulationRows) -> None:
        """Writes the next rows."""
        place = slice(self._done, self._done + len(chunk.clients))
        if place.stop > self.rows:
            raise ValueError(f"More than {self.rows} clients were added")
        for name, target in self._per_client.items():
            target[place] = getattr(chunk, name)
        values = variable_values(chunk.applications, chunk.features, self._feature_columns, chunk.probabilities)
        for row, name in enumerate(NUMBER_NAMES):
            self._numbers[row, place] = values[name]
        for row, name in enumerate(CATEGORY_NAMES, start=len(NUMBER_NAMES)):
            self._codes[row, place] = np.nan_to_num(values[name], nan=BLANK)
        self._done = place.stop

    def seal(self, on_progress: ProgressCallback) -> None:
        """Codes the columns and writes the manifest, which completes the folder."""
        if self._done != self.rows:
            raise ValueError(f"{self._done} clients were added instead of {self.rows}")
        codings = []
        for row, name in enumerate(NUMBER_NAMES):
            on_progress(row, len(NUMBER_NAMES), "")
            values = np.array(self._numbers[row])
            coding = choose_coding(values)
            self._codes[row] = coding.encode(values)
            codings.append({"name": name, **_as_lists(coding)})
            if name in NEAREST_BY:
                self._scaled[:, NEAREST_BY.index(name)] = population_ranks(values)
        for file in (*self._per_client.values(), self._numbers, self._codes, self._scaled):
            file.flush()
        manifest = {
            "format": FORMAT,
            "rows": self.rows,
            "variables": variable_lists(),
            "numbers": codings,
            "has_scores": bool(np.isfinite(self._numbers[NUMBER_NAMES.index(SCORE)]).any()),
        }
        with (self._folder / MANIFEST).open("w", encoding="utf-8") as stream:
            json.dump(manifest, stream)
            stream.flush()
            os.fsync(stream.fileno())

    def _new(self, name: str, kind: type[np.generic], shape: tuple[int, ...]) -> MappedFile:
        return new_mapped_file(self._folder / f"{name}.npy", kind, shape)


def variable_lists() -> list[list[str]]:
    """What a store of this version holds, in order: numbers, categories, and what neighbours are found by."""
    return [list(NUMBER_NAMES), list(CATEGORY_NAMES), list(NEAREST_BY)]


def population_ranks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rank of each value among all, 0..1, ties in the middle of their ranks; a blank is 0.5.  # (N,)"""
    present = np.sort(values[~np.isnan(values)])
    if not len(present):
        return np.full(len(values), 0.5, np.float32)
    below, up_to = (np.searchsorted(present, values, side=side) for side in ("left", "right"))
    ranks = (below + up_to) / (2 * len(present))
    return np.where(np.isnan(values), 0.5, ranks).astype(np.float32)


def _as_lists(coding: Coding) -> dict[str, list[float]]:
    return {name: getattr(coding, name).tolist() for name in ("edges", "bars", "bounds")}
