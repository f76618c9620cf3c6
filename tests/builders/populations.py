"""Random clients of every kind, as rows, as arrays and as a population store."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np

from credit.ml.application import COLUMNS
from credit.ml.columns import CATEGORIES
from credit.ml.progress import ignore_progress
from credit.ml.store import PopulationRows, Store, StoreWriter, variable_values
from credit.models import Client, ModelVersion, PopulationStore, Score
from credit.selectors.model_versions import active_model
from credit.selectors.population_stores import population_rows, stores_folder
from tests.builders.clients import an_active_model
from tests.builders.people import Cast

FIRST_ID = 100_001
FEATURE_COLUMNS = ("BUREAU_COUNT", "BUREAU_AMT_CREDIT_SUM_DEBT_SUM", "TOTAL_ANNUITY_TO_INCOME")


@dataclass(frozen=True)
class MadeUpStore:
    store: Store
    rows: PopulationRows
    values: dict[str, np.ndarray]  # of every variable, (N,)


def made_up_rows(count: int, seed: int = 0) -> PopulationRows:
    """Clients with all kinds of values: ties, few distinct values, blanks, a column of blanks."""
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
    """A slice of the rows."""
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


#: The client of the stories: of the cast's own agency, nothing blank.
OWN = 100_001
#: A client of the other agency.
STRANGE = 100_003


def comparable_clients(cast: Cast, count: int = 400, *, is_scored: bool = True) -> ModelVersion:
    """``count`` clients, every second one of the other agency; those with a probability are scored."""
    rows = made_up_rows(count)
    raw = np.where(np.isnan(rows.applications), 1.0, rows.applications)
    raw[1:] = rows.applications[1:]  # the first client alone has every value
    agencies = (cast.agency, cast.other_agency)
    Client.objects.bulk_create(
        Client(
            pk=int(pk),
            agency=agencies[place % 2],
            first_name="Anne",
            last_name=f"N{place}",
            sort_name=f"n{place} anne",
            target=None if rows.outcomes[place] < 0 else int(rows.outcomes[place]),
            contract_type=CATEGORIES["NAME_CONTRACT_TYPE"][0],
            application=raw[place].astype("<f8").tobytes(),
        )
        for place, pk in enumerate(rows.clients)
    )
    version = active_model() or an_active_model()
    if is_scored:
        Score.objects.bulk_create(
            Score(client_id=int(pk), model_version=version, probability=float(probability))
            for pk, probability in zip(rows.clients, rows.probabilities, strict=True)
            if not np.isnan(probability)
        )
    return version


def a_current_store(version: ModelVersion | None = None) -> PopulationStore:
    """The store of all clients, in place without a job."""
    total = Client.objects.count()
    PopulationStore.objects.all().delete()
    folder = uuid4().hex
    writer = StoreWriter(stores_folder() / folder, total)
    for rows in population_rows(None, version):
        writer.add(rows)
    writer.seal(ignore_progress)
    return PopulationStore.objects.create(model_version=version, folder=folder, rows=total, is_current=True)
