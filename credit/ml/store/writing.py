"""Makes the folder of a store: rows come in chunks by ascending client id, then the columns are coded one by one."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from credit.ml.progress import ProgressCallback
from credit.ml.store.coding import BLANK, Coding, choose_coding
from credit.ml.store.variables import CATEGORY_NAMES, NEAREST_BY, NUMBER_NAMES, SCORE, variable_values

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
#: Files of one value per client, with their number type; outcome -1 is not known, probability NaN not scored.
PER_CLIENT: Final[dict[str, type[np.generic]]] = {
    "clients": np.int64,
    "agencies": np.int64,
    "outcomes": np.int8,
    "probabilities": np.float64,
}
NAMES: Final = (*NUMBER_NAMES, *CATEGORY_NAMES)
File: TypeAlias = np.memmap[tuple[int, ...], np.dtype[np.generic]]


@dataclass(frozen=True, slots=True)
class PopulationRows:
    """N clients by ascending id: who they are (N,), their applications (N, 120), their features (N, F) if known."""

    clients: NDArray[np.int64]
    agencies: NDArray[np.int64]
    outcomes: NDArray[np.int8]  # 1 payment difficulties, 0 none, -1 not known
    applications: NDArray[np.float64]
    probabilities: NDArray[np.float64]  # NaN without a score
    features: NDArray[np.floating] | None = None


class StoreWriter:
    """``add()`` each chunk, then ``seal()``; ``rows`` clients come in all. The folder holds nothing before."""

    def __init__(self, folder: Path, rows: int, feature_columns: tuple[str, ...] = ()) -> None:
        self.rows = rows
        self._folder, self._feature_columns = folder, feature_columns
        self._done = 0
        folder.mkdir(parents=True)
        self._per_client = {name: self._new(name, kind, (rows,)) for name, kind in PER_CLIENT.items()}
        self._numbers = self._new("numbers", np.float32, (len(NUMBER_NAMES), rows))
        self._codes = self._new("codes", np.uint8, (len(NAMES), rows))
        self._scaled = self._new("scaled", np.float32, (rows, len(NEAREST_BY)))

    def add(self, chunk: PopulationRows) -> None:
        """Puts the next rows down."""
        place = slice(self._done, self._done + len(chunk.clients))
        if place.stop > self.rows:
            raise ValueError(f"More than {self.rows} clients came")
        for name, target in self._per_client.items():
            target[place] = getattr(chunk, name)
        values = variable_values(chunk.applications, chunk.features, self._feature_columns, chunk.probabilities)
        for row, name in enumerate(NUMBER_NAMES):
            self._numbers[row, place] = values[name]
        for row, name in enumerate(CATEGORY_NAMES, start=len(NUMBER_NAMES)):
            self._codes[row, place] = np.nan_to_num(values[name], nan=BLANK)
        self._done = place.stop

    def seal(self, on_progress: ProgressCallback, message: str = "") -> str:
        """Codes the columns and writes the manifest, with which the folder is complete; returns its sha256."""
        if self._done != self.rows:
            raise ValueError(f"{self._done} clients came instead of {self.rows}")
        codings = []
        for row, name in enumerate(NUMBER_NAMES):
            on_progress(row, len(NUMBER_NAMES), message)
            values = np.array(self._numbers[row])
            coding = choose_coding(values)
            self._codes[row] = coding.encode(values)
            codings.append({"name": name, **_as_lists(coding)})
            if name in NEAREST_BY:
                self._scaled[:, NEAREST_BY.index(name)] = population_shares(values)
        for file in (*self._per_client.values(), self._numbers, self._codes, self._scaled):
            file.flush()
        manifest = {
            "format": FORMAT,
            "rows": self.rows,
            "variables": variable_lists(),
            "numbers": codings,
            "has_scores": bool(np.isfinite(self._numbers[NUMBER_NAMES.index(SCORE)]).any()),
            "sha256": {path.name: _sha256(path) for path in sorted(self._folder.glob("*.npy"))},
        }
        return _write_manifest(self._folder / MANIFEST, manifest)

    def _new(self, name: str, kind: type[np.generic], shape: tuple[int, ...]) -> File:
        return np.lib.format.open_memmap(self._folder / f"{name}.npy", mode="w+", dtype=kind, shape=shape)


def variable_lists() -> list[list[str]]:
    """What a store of this program holds, in order: numbers, categories, and what neighbours are found by."""
    return [list(NUMBER_NAMES), list(CATEGORY_NAMES), list(NEAREST_BY)]


def population_shares(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where each value stands among all, from 0 to 1, equal values in the middle of their places; a blank is 0.5."""
    present = np.sort(values[~np.isnan(values)])
    if not len(present):
        return np.full(len(values), 0.5, np.float32)
    below, up_to = (np.searchsorted(present, values, side=side) for side in ("left", "right"))
    shares = (below + up_to) / (2 * len(present))
    return np.where(np.isnan(values), 0.5, shares).astype(np.float32)


def _as_lists(coding: Coding) -> dict[str, list[float]]:
    return {name: getattr(coding, name).tolist() for name in ("edges", "bars", "bounds")}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_manifest(path: Path, manifest: dict[str, object]) -> str:
    content = json.dumps(manifest).encode()
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return hashlib.sha256(content).hexdigest()
