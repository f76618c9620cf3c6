"""Opens a store: its files are mapped, and what several requests need is computed once."""

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
    """An open, immutable store of N clients; its folder may be deleted while it is open.

    ``clients``, ``outcomes`` (-1: unknown) and ``probabilities`` (NaN: not scored) are (N,) each.
    """

    def __init__(self, folder: Path) -> None:
        """Raises FileNotFoundError where the folder has no store, UnreadableStoreError for one of another version."""
        manifest = json.loads((folder / MANIFEST).read_bytes())
        _check(folder, manifest)
        self.folder = folder
        self.rows: int = manifest["rows"]
        self.has_scores: bool = manifest["has_scores"]
        self.clients: NDArray[np.int64] = _mapped(folder, "clients")
        self.outcomes: NDArray[np.int8] = _mapped(folder, "outcomes")
        self.probabilities: NDArray[np.float64] = _mapped(folder, "probabilities")
        self._columns = _columns(folder, manifest["numbers"])
        # Per instance: cohorts keep what they computed as long as their store is open.
        self._cohorts = lru_cache(maxsize=COHORTS_KEPT)(self._select)
        self.everyone = Cohort(self._columns, None, self.outcomes)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of which at least one client has a value."""
        return self._columns.known_names

    def is_category(self, name: str) -> bool:
        return name in CATEGORIES

    def coding(self, name: str) -> Coding:
        """How a number is coded; KeyError for a category."""
        return self._columns.codings[name]

    def cohort(self, conditions: frozenset[Condition]) -> Cohort:
        """The clients that meet every condition."""
        return self._cohorts(conditions) if conditions else self.everyone

    def _select(self, conditions: frozenset[Condition]) -> Cohort:
        return Cohort(self._columns, matching_rows(self._columns, conditions), self.outcomes)


def _check(folder: Path, manifest: Mapping[str, object]) -> None:
    if manifest["format"] != FORMAT:
        raise UnreadableStoreError(f"{folder}: format {manifest['format']}, not {FORMAT}")
    if manifest["variables"] != variable_lists():
        raise UnreadableStoreError(f"{folder}: its variables are not those of this version")


def _columns(folder: Path, numbers: list[dict[str, list[float]]]) -> Columns:
    codings = {
        str(number["name"]): Coding(
            np.array(number["edges"], np.float32),
            np.array(number["bars"], np.int64),
            np.array(number["bounds"], np.float32),
        )
        for number in numbers
    }
    names = (*codings, *CATEGORY_NAMES)
    return Columns(
        rows={name: row for row, name in enumerate(names)},
        codings=codings,
        numbers=_mapped(folder, "numbers"),
        codes=_mapped(folder, "codes"),
        scaled=_mapped(folder, "scaled"),
        known_names=tuple(name for name in names if name not in codings or len(codings[name].edges)),
    )


def _mapped(folder: Path, name: str) -> NDArray:  # type: ignore[type-arg]  # of any type
    """The whole file, mapped read-only, as a plain array: numpy's memmap class is slower at every step."""
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
