"""Builds the column store of the population beside the one in use, then puts it in its place."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from credit.ml.store import StoreWriter
from credit.models import Client, ModelVersion, PopulationStore
from credit.selectors.model_versions import active_model, newest_built_set
from credit.selectors.population_stores import population_rows, stores_folder
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import JobResult, Progress
from pretadepenser.core.models import Job


def build_population_store(job: Job, progress: Progress) -> JobResult:
    """Writes the store of all clients as they are when the job starts; says how many.

    A store that a later job finished first stays: it is the newer one.
    """
    draft = progress.work_dir / "store"
    shutil.rmtree(draft, ignore_errors=True)  # of an attempt that died
    with _snapshot():
        version = active_model()
        writer = _filled_writer(draft, version, progress)
    writer.seal(lambda done, total, _message: progress(total + done, 2 * total, _("putting the values in order")))
    result = progress.finish_with(partial(_put_in_place, job, draft, writer.rows, version))
    _remove_unused()
    return result


def _filled_writer(folder: Path, version: ModelVersion | None, progress: Progress) -> StoreWriter:
    total = Client.objects.count()
    if not total:
        raise ApplicationError(_("There is no client yet: import a portfolio first."), code="no_clients")
    feature_set = newest_built_set()
    writer = StoreWriter(folder, total, tuple(feature_set.columns) if feature_set else ())
    done = 0
    for rows in population_rows(feature_set, version):
        writer.add(rows)
        done += len(rows.clients)
        progress(done, 2 * total, _("reading the clients"))
    return writer


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction in which every query sees the database as the first one did."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _put_in_place(job: Job, draft: Path, rows: int, version: ModelVersion | None) -> JobResult:
    """Moves the folder, then makes it the current one. May be called twice: the folder is then there already."""
    _lock_stores()
    result = {"clients": rows, "model_version": version.number if version else None}
    if PopulationStore.objects.filter(job_id__gt=job.pk).exists():
        return result
    folder = stores_folder() / str(job.pk)
    if draft.exists():
        folder.parent.mkdir(exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.move(draft, folder)  # copied where the two lie on different disks
    PopulationStore.objects.all().delete()
    PopulationStore.objects.create(model_version=version, folder=folder.name, rows=rows, is_current=True, job=job)
    return result


@transaction.atomic
def _remove_unused() -> None:
    """Removes every store but the current one. Who still reads one keeps its files until they are closed."""
    _lock_stores()
    used = set(PopulationStore.objects.values_list("folder", flat=True))
    for folder in stores_folder().iterdir():
        if folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)


def _lock_stores() -> None:
    """Has other jobs wait with their swaps and removals; readers do not wait."""
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{PopulationStore._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
