"""The import of a portfolio: files are checked and built in a process of their own, then stored in one transaction.

A crash while files are built costs what was not yet on disk; a crash while rows are written leaves the database as it
was, and the next attempt writes what the first had built.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from credit.jobs.client_rows import ClientWriter, StoredClients
from credit.ml.columns import CLIENT_ID
from credit.ml.features import feature_names
from credit.ml.ingestion import INGESTED, Ingestion, UnusableFoldersError, Wording, ingest
from credit.ml.tables import TableProblem
from credit.ml.tables.files import IDENTITIES
from credit.models import FeatureSet
from credit.presenters.table_problems import problem_sentences
from credit.selectors.features import FeatureRows
from credit.services.feature_sets import StoredFeatures, ensure_feature_set, refresh_population, store_features
from credit.services.population import request_population_store
from credit.services.scores import remove_scores
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Agency, Job

ROWS_PER_CHUNK: Final = 10_000
_CLIENTS_STORED: Final = 80  # hundredths of the whole: clients end here, features at 99


def import_home_credit(job: Job, progress: Progress) -> JobResult:
    """Imports ``job.arguments["folders"]``: all of it or, with a sentence that says why, nothing.

    A client who is there already is updated; one whose application or features changed loses scores and explanations,
    which no longer hold.
    """
    folders = [Path(folder) for folder in job.arguments["folders"]]
    wording = Wording(
        checking=_("Checking the files"),
        building=_("Building the features: {table}"),
        writing=_("Storing the clients"),
    )
    try:
        ingestion = progress.run_in_child(partial(ingest, folders, progress.work_dir, wording))
    except UnusableFoldersError as error:
        raise ApplicationError(problem_sentences(error.problems), code="unusable_files") from error
    return progress.finish_with(partial(_store, job, ingestion, progress))


def _store(job: Job, ingestion: Ingestion, progress: Progress) -> JobResult:
    feature_set = ensure_feature_set(columns=feature_names(), dtype="float32", source=FeatureSet.Source.BUILT)
    # One import at a time: the other waits here and then finds the clients of this one.
    FeatureSet.objects.select_for_update(no_key=True).get(pk=feature_set.pk)
    agencies, merged = _agencies(ingestion, job.arguments["agency"])
    clients = _store_clients(ingestion, agencies, progress)
    features = store_features(feature_set=feature_set, chunks=_feature_chunks(ingestion, progress))
    is_whole = feature_set.rows.count() == ingestion.row_counts["application"]
    refresh_population(feature_set=feature_set, summary=ingestion.population if is_whole else None)

    scores_removed = remove_scores(client_ids={*clients.reapplied, *features.changed})
    result = _result(ingestion, clients, features, scores_removed, merged)
    counts = {name: value for name, value in result.items() if isinstance(value, int)}
    if clients.new or clients.updated or features.changed:
        request_population_store(by=job.actor)
    record("clients.imported", by=job.actor, target=job, detail=counts)
    progress(100, 100)
    return result


def _agencies(ingestion: Ingestion, default: str) -> tuple[dict[str, int], list[TableProblem]]:
    """The ids of the agencies that the files name, made where new; under "" the one of clients without any.

    Names that differ in case or spaces alone are one agency; a note says so.
    """
    agencies = list(Agency.objects.order_by("-pk"))
    known = {key(agency.name): agency for key in (_folded, str) for agency in agencies}
    ids: dict[str, int] = {}
    notes = []
    for name in filter(None, (default, *ingestion.agencies)):
        agency = known.get(name) or known.get(_folded(name)) or Agency.objects.create(name=" ".join(name.split()))
        known[_folded(name)] = agency
        ids[name] = agency.pk
        if agency.name != name:
            notes.append(TableProblem("merged_agency", IDENTITIES.name, "AGENCY", f"{name} → {agency.name}"))
    if not default:
        fallback = Agency.objects.order_by("pk").first() or Agency.objects.create(name=_("Head office"))
    return {**ids, "": ids[default] if default else fallback.pk}, notes


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _store_clients(ingestion: Ingestion, agencies: dict[str, int], progress: Progress) -> StoredClients:
    total = ingestion.row_counts["application"]
    message, done = _("Storing the clients"), 0
    with connection.cursor() as cursor:
        writer = ClientWriter(cursor, agencies)
        for applications in ingestion.applications(ROWS_PER_CHUNK):
            writer.add(applications)
            done += applications.height
            progress(INGESTED + (_CLIENTS_STORED - INGESTED) * done // total, 100, message)
        return writer.finish()


def _feature_chunks(ingestion: Ingestion, progress: Progress) -> Iterator[FeatureRows]:
    total = ingestion.row_counts["application"]
    message, done = _("Storing the features"), 0
    for frame in ingestion.features(ROWS_PER_CHUNK):
        yield FeatureRows(frame[CLIENT_ID].to_numpy(), frame.select(feature_names()).to_numpy())
        done += frame.height
        progress(_CLIENTS_STORED + (99 - _CLIENTS_STORED) * done // total, 100, message)


def _result(
    ingestion: Ingestion,
    clients: StoredClients,
    features: StoredFeatures,
    scores_removed: int,
    merged: Iterable[TableProblem],
) -> dict[str, object]:
    return {
        "clients_new": clients.new,
        "clients_updated": clients.updated,
        "clients_unchanged": clients.unchanged,
        "clients_with_outcome": clients.with_outcome,
        "features": len(ingestion.population),
        "features_new": features.new,
        "features_updated": len(features.changed),
        "scores_removed": scores_removed,
        "rows": ingestion.row_counts,
        "histories": ingestion.histories,
        "notes": [*ingestion.notes, *map(asdict, merged)],
    }
