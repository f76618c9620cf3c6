"""Opens a store: everything stays on disk and is mapped; what several requests ask for is kept."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from credit.ml.columns import CATEGORIES
from credit.ml.store.coding import Coding
from credit.ml.store.cohort import Cohort, Columns, Condition, matching_rows
from credit.ml.store.variables import CATEGORY_NAMES
from credit.ml.store.writing import FORMAT, MANIFEST, variable_lists

COHORTS_KEPT = 32


class UnreadableStoreError(Exception):
    """The folder is not a store that this code can read."""


class Store:
    """An open store of N clients; immutable. It may be removed from the disk while it is open.

    ``clients``, ``agencies``, ``outcomes`` (-1: not known) and ``probabilities`` (NaN: not scored) are (N,) each.
    """

    def __init__(self, folder: Path) -> None:
        """Raises FileNotFoundError where there is no store, UnreadableStoreError for one of an earlier program."""
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content)
        _check(folder, manifest)
        self.folder = folder
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.rows: int = manifest["rows"]
        self.file_hashes: Mapping[str, str] = manifest["sha256"]
        self.has_scores: bool = manifest["has_scores"]
        self.clients: NDArray[np.int64] = _mapped(folder, "clients")
        self.agencies: NDArray[np.int64] = _mapped(folder, "agencies")
        self.outcomes: NDArray[np.int8] = _mapped(folder, "outcomes")
        self.probabilities: NDArray[np.float64] = _mapped(folder, "probabilities")
        self._columns = _columns(folder, manifest)
        # Instances are few and immutable: what a cohort computed once is kept with it.
        self._cohorts = lru_cache(maxsize=COHORTS_KEPT)(self._select)
        self.everyone = Cohort(self._columns, None, self.outcomes)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of which at least one client has a value; SCORE only where clients are scored."""
        return self._columns.known_names

    def is_category(self, name: str) -> bool:
        return name in CATEGORIES

    def coding(self, name: str) -> Coding:
        """How a number is coded; KeyError for a category."""
        return self._columns.codings[name]

    def cohort(self, conditions: frozenset[Condition]) -> Cohort:
        """The clients that meet every condition."""
        return self._cohorts(conditions) if conditions else self.everyone

    def damaged_files(self) -> tuple[str, ...]:
        """The files whose content is not what was written; reads all of them."""
        return tuple(
            name
            for name, expected in self.file_hashes.items()
            if hashlib.sha256((self.folder / name).read_bytes()).hexdigest() != expected
        )

    def _select(self, conditions: frozenset[Condition]) -> Cohort:
        return Cohort(self._columns, matching_rows(self._columns, conditions), self.outcomes)


def _check(folder: Path, manifest: Mapping[str, object]) -> None:
    if manifest["format"] != FORMAT:
        raise UnreadableStoreError(f"{folder}: format {manifest['format']}, not {FORMAT}")
    if manifest["variables"] != variable_lists():
        raise UnreadableStoreError(f"{folder}: its variables are not those of this program")


def _columns(folder: Path, manifest: Mapping[str, list[dict[str, list[float]]]]) -> Columns:
    numbers = manifest["numbers"]
    codings = {
        str(each["name"]): Coding(
            np.array(each["edges"], np.float32),
            np.array(each["bars"], np.int64),
            np.array(each["bounds"], np.float32),
        )
        for each in numbers
    }
    names = (*codings, *CATEGORY_NAMES)
    return Columns(
        places={name: place for place, name in enumerate(names)},
        codings=codings,
        numbers=_mapped(folder, "numbers"),
        codes=_mapped(folder, "codes"),
        scaled=_mapped(folder, "scaled"),
        known_names=tuple(name for name in names if name not in codings or len(codings[name].edges)),
    )


def _mapped(folder: Path, name: str) -> NDArray:  # type: ignore[type-arg]  # each caller says what it holds
    """The whole file, mapped and read-only, as a plain array: numpy's memmap class costs at every step."""
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
