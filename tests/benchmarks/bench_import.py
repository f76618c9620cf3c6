"""How fast clients and features reach PostgreSQL: ``python -m tests.benchmarks.bench_import [FOLDER ...]``.

Uses a PostgreSQL of its own, as durable as the site's. With folders it also runs the whole import, as a job.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from pretadepenser.embedded import addresses, services

CLIENTS = 356_255
FEATURES = 500
FEATURE_ROWS = 100_000
ANCHOR_ROWS = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path)
    folders = parser.parse_args().folder
    with tempfile.TemporaryDirectory(prefix="bench-import-") as name, _database(Path(name)):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        bench_client_rows()
        bench_feature_rows()
        if folders:
            bench_whole_import(folders)


@contextmanager
def _database(state: Path):
    os.environ.update(STATE_DIR=str(state), DJANGO_SETTINGS_MODULE="pretadepenser.settings", LOG_LEVEL="WARNING")
    with services(state):
        where = addresses(state)
        os.environ.update(DATABASE_URL=where.database_url, REDIS_URL=where.redis.url)
        yield


def bench_client_rows() -> None:
    """The typed columns of every client, with the indexes of the table; the anchor is Django's bulk_create."""
    import numpy as np
    import polars as pl
    from django.db import connection, transaction

    from credit.models import Client
    from pretadepenser.core.copying import copy_in, number_column, text_column, vector_column
    from pretadepenser.core.models import Agency

    agency = Agency.objects.get_or_create(name="Paris")[0]
    rng = np.random.default_rng(0)
    names = pl.Series(rng.choice([f"name {number}" for number in range(500)], CLIENTS))

    def copy(application_size: int) -> None:
        whole = np.ones(CLIENTS, np.int32)
        amounts = rng.normal(3e5, 1e5, CLIENTS)
        columns = [
            number_column("id", np.arange(CLIENTS) + 100_000),
            number_column("agency_id", np.full(CLIENTS, agency.pk, np.int64)),
            *(text_column(name, names) for name in ("first_name", "last_name", "sort_name", "contract_type")),
            number_column("target", whole.astype(np.int16), is_null=rng.random(CLIENTS) < 0.1),
            *(number_column(name, amounts) for name in ("amount", "income", "annuity")),
            number_column("age_years", whole.astype(np.int16)),
            vector_column("application", np.zeros((CLIENTS, application_size))),
            number_column("version", whole),
            *(number_column(name, np.zeros(CLIENTS, np.int64)) for name in ("created_at", "updated_at")),
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            copy_in(cursor, "credit_client", columns)

    def anchor() -> None:
        Client.objects.bulk_create(
            (Client(pk=pk, agency=agency, amount=1.0, application=b"") for pk in range(ANCHOR_ROWS)), batch_size=2_000
        )

    report("client rows, typed columns (COPY)", CLIENTS, timed(lambda: copy(0)), "< 3 s")
    Client.objects.all().delete()
    report("client rows, and the application (COPY)", CLIENTS, timed(lambda: copy(120)))
    Client.objects.all().delete()
    report("  anchor: bulk_create", ANCHOR_ROWS, timed(anchor))
    Client.objects.all().delete()


def bench_feature_rows() -> None:
    """Vectors of float32 in and out; the anchor is Django's bulk_create of the same bytes."""
    import numpy as np
    from django.db import connection, transaction

    from credit.models import Client, ClientFeatures, FeatureSet
    from credit.selectors.features import FeatureRows, feature_matrix
    from credit.services.feature_sets import ensure_feature_set, store_features
    from pretadepenser.core.models import Agency

    agency = Agency.objects.get_or_create(name="Paris")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO credit_client (id, agency_id, first_name, last_name, sort_name, contract_type, application,"
            " version, created_at, updated_at) SELECT n, %s, '', '', '', '', '', 1, now(), now()"
            " FROM generate_series(0, %s) AS n",
            [agency.pk, FEATURE_ROWS],
        )
        cursor.execute("VACUUM ANALYZE credit_client")
    names = [f"F{number}" for number in range(FEATURES)]
    feature_set = ensure_feature_set(columns=names, dtype="float32", source=FeatureSet.Source.FILE)
    matrix = np.random.default_rng(0).normal(size=(FEATURE_ROWS, FEATURES)).astype(np.float32)
    size = 10_000
    chunks = [FeatureRows(np.arange(at, at + size), matrix[at : at + size]) for at in range(0, FEATURE_ROWS, size)]

    def store() -> None:
        with transaction.atomic():
            store_features(feature_set=feature_set, chunks=chunks)

    def read() -> None:
        assert sum(len(rows.client_ids) for rows in feature_matrix(feature_set)) == FEATURE_ROWS

    def anchor() -> None:
        rows = (
            ClientFeatures(client_id=row, feature_set=feature_set, values=matrix[row].tobytes())
            for row in range(ANCHOR_ROWS)
        )
        ClientFeatures.objects.bulk_create(rows, batch_size=1_000)

    report(f"{FEATURES} features in, foreign keys checked", FEATURE_ROWS, timed(store), "≥ 75,000 rows/s")
    report(f"{FEATURES} features out (feature_matrix)", FEATURE_ROWS, timed(read))
    report(f"{FEATURES} features compared, none changed", FEATURE_ROWS, timed(store))
    ClientFeatures.objects.all().delete()
    report("  anchor: bulk_create", ANCHOR_ROWS, timed(anchor))
    Client.objects.all().delete()
    feature_set.delete()


def bench_whole_import(folders: list[Path]) -> None:
    """The job on the worker's runtime, twice: into an empty database, then the same files again."""
    from credit.jobs.importing import import_home_credit
    from credit.services.imports import request_import
    from worker.runtime import run_job

    for title in ("whole import", "the same again"):
        stages: dict[str, float] = {}
        job = request_import(folders=folders, by=None)

        def body(job, progress, stages=stages):
            return import_home_credit(job, _Stopwatch(progress, stages))

        seconds = timed(lambda job=job, body=body: run_job(job.pk, body))
        job.refresh_from_db()
        if job.status != job.Status.SUCCEEDED:
            sys.exit(job.error + job.traceback)
        report(title, job.result["rows"]["application"], seconds)
        started = [*stages.values(), time.monotonic()]
        for position, message in enumerate(stages):
            print(f"    {message:44} {started[position + 1] - started[position]:6.1f} s")
        print({name: value for name, value in job.result.items() if name != "rows"})
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"peak memory of the larger of the two processes: {peak / 1e6:.2f} GB")


class _Stopwatch:
    """Notes when each message was first told."""

    def __init__(self, progress, stages: dict[str, float]) -> None:
        self._progress, self._stages = progress, stages

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self._stages.setdefault(message or "the end", time.monotonic())
        self._progress(done, total, message)

    def __getattr__(self, name: str) -> object:
        return getattr(self._progress, name)

    def run_in_child(self, target, *, gpu=None):
        from worker.fresh_process import run_in_child

        return run_in_child(target, on_progress=self, check=self._progress.check, gpu=gpu)


def timed(action: Callable[[], object]) -> float:
    """Seconds that ``action`` took."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def report(title: str, rows: int, seconds: float, goal: str = "") -> None:
    print(f"{title:44} {seconds:7.2f} s {rows / seconds:10,.0f} rows/s  {goal and f'goal {goal}'}", flush=True)


if __name__ == "__main__":
    main()
