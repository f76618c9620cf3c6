"""Small stores of made-up clients for tests, and the same values as plain arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credit.ml.application import COLUMNS
from credit.ml.columns import CATEGORIES
from credit.ml.progress import ignore_progress
from credit.ml.store import PopulationRows, Store, StoreWriter, variable_values

FIRST_ID = 100_001
FEATURE_COLUMNS = ("BUREAU_COUNT", "BUREAU_AMT_CREDIT_SUM_DEBT_SUM", "TOTAL_ANNUITY_TO_INCOME")


@dataclass(frozen=True)
class MadeUpStore:
    store: Store
    rows: PopulationRows
    values: dict[str, np.ndarray]  # of every variable, (N,)


def made_up_rows(count: int, seed: int = 0) -> PopulationRows:
    """Clients with every kind of value: heavy ties, few values, blanks, whole columns of blanks."""
    generator = np.random.default_rng(seed)
    raw = np.empty((count, len(COLUMNS)))
    for place, name in enumerate(COLUMNS):
        if name in CATEGORIES:
            raw[:, place] = generator.integers(0, len(CATEGORIES[name]), count)
        elif name.startswith("DAYS_"):
            raw[:, place] = -generator.integers(0, 20_000, count)
        elif name.startswith(("FLAG_", "REG_", "LIVE_")):
            raw[:, place] = generator.integers(0, 2, count)
        elif name.startswith(("CNT_", "REGION_RATING")):
            raw[:, place] = generator.integers(0, 4, count)
        elif name.startswith("AMT_"):
            raw[:, place] = np.round(generator.lognormal(12, 1, count))
        else:
            raw[:, place] = np.where(generator.random(count) < 0.6, 0.0, generator.random(count))
    raw[generator.random(raw.shape) < 0.1] = np.nan
    raw[:, COLUMNS.index("OWN_CAR_AGE")] = np.nan
    features = generator.normal(size=(count, len(FEATURE_COLUMNS))).astype(np.float32)
    features[generator.random(features.shape) < 0.2] = np.nan
    probabilities = generator.beta(1, 10, count)
    probabilities[generator.random(count) < 0.05] = np.nan
    return PopulationRows(
        clients=FIRST_ID + 2 * np.arange(count),
        outcomes=generator.choice([-1, 0, 0, 0, 1], count).astype(np.int8),
        applications=raw,
        probabilities=probabilities,
        features=features,
    )


def part(rows: PopulationRows, place: slice) -> PopulationRows:
    """Some of the rows."""
    return PopulationRows(
        rows.clients[place],
        rows.outcomes[place],
        rows.applications[place],
        rows.probabilities[place],
        None if rows.features is None else rows.features[place],
    )


def write_store(folder: Path, rows: PopulationRows, chunk: int = 300) -> Store:
    """The rows as an open store, written in chunks."""
    writer = StoreWriter(folder, len(rows.clients), FEATURE_COLUMNS)
    for start in range(0, len(rows.clients), chunk):
        writer.add(part(rows, slice(start, start + chunk)))
    writer.seal(ignore_progress)
    return Store(folder)


def made_up_store(folder: Path, count: int = 1000, seed: int = 0) -> MadeUpStore:
    rows = made_up_rows(count, seed)
    store = write_store(folder, rows)
    values = variable_values(rows.applications, rows.features, FEATURE_COLUMNS, rows.probabilities)
    return MadeUpStore(store, rows, dict(values))
