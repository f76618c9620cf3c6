"""Clients of two agencies with made-up applications and scores, and the store of them: what comparisons start from."""

from uuid import uuid4

import numpy as np

from credit.ml.columns import CATEGORIES
from credit.ml.progress import ignore_progress
from credit.ml.store import StoreWriter
from credit.models import Client, ModelVersion, PopulationStore, Score
from credit.selectors.model_versions import active_model
from credit.selectors.population_stores import population_rows, stores_folder
from tests.cast import Cast
from tests.credit.client_files import an_active_model
from tests.credit.ml.stores import made_up_rows

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
