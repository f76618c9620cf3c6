"""How fast clients and features reach PostgreSQL, with the site's durability; anchors use Django's bulk_create."""

import numpy as np
import polars as pl

from tests.benchmarks.measuring import arguments, heading, line, timed
from tests.benchmarks.sites import site

FEATURES = 500
FEATURE_ROWS = 100_000
ANCHOR_ROWS = 10_000


def bench_client_rows(clients: int) -> None:
    """The typed columns of every client, into the table with its indexes."""
    from django.db import connection, transaction

    from credit.models import Client
    from pretadepenser.core.copying import copy_in, number_column, text_column, vector_column
    from pretadepenser.core.models import Agency

    agency = Agency.objects.get_or_create(name="Paris")[0]
    rng = np.random.default_rng(0)
    names = pl.Series(rng.choice([f"name {number}" for number in range(500)], clients))
    whole = np.ones(clients, np.int32)
    amounts = rng.normal(3e5, 1e5, clients)

    def copy(application_size: int) -> None:
        columns = [
            number_column("id", np.arange(clients) + 100_000),
            number_column("agency_id", np.full(clients, agency.pk, np.int64)),
            *(text_column(name, names) for name in ("first_name", "last_name", "sort_name", "contract_type")),
            number_column("target", whole.astype(np.int16), is_null=rng.random(clients) < 0.1),
            *(number_column(name, amounts) for name in ("amount", "income", "annuity")),
            number_column("age_years", whole.astype(np.int16)),
            vector_column("application", np.zeros((clients, application_size))),
            number_column("version", whole),
            *(number_column(name, np.zeros(clients, np.int64)) for name in ("created_at", "updated_at")),
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            copy_in(cursor, "credit_client", columns)

    def anchor() -> None:
        Client.objects.bulk_create(
            (Client(pk=pk, agency=agency, amount=1.0, application=b"") for pk in range(ANCHOR_ROWS)), batch_size=2_000
        )

    for title, size, target in (("typed columns", 0, "< 3 s"), ("and the application", 120, "")):
        seconds = timed(lambda size=size: copy(size))[0]
        line(f"client rows, {title} (COPY)", seconds=seconds, rows=clients, target=target)
        _empty()
    line("  anchor: bulk_create", seconds=timed(anchor)[0], rows=ANCHOR_ROWS)
    _empty()


def bench_feature_rows() -> None:
    """Vectors of float32, written and read."""
    from django.db import transaction

    from credit.models import ClientFeatures, FeatureSet
    from credit.selectors.features import FeatureRows, feature_matrix
    from credit.services.feature_sets import ensure_feature_set, store_features

    _insert_clients(FEATURE_ROWS)
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

    target = "≥ 75,000 rows/s"
    line(f"{FEATURES} features in, foreign keys checked", seconds=timed(store)[0], rows=FEATURE_ROWS, target=target)
    line(f"{FEATURES} features out (feature_matrix)", seconds=timed(read)[0], rows=FEATURE_ROWS)
    line(f"{FEATURES} features compared, none changed", seconds=timed(store)[0], rows=FEATURE_ROWS)
    _empty("credit_clientfeatures")
    line("  anchor: bulk_create", seconds=timed(anchor)[0], rows=ANCHOR_ROWS)
    _empty()
    feature_set.delete()


def _insert_clients(count: int) -> None:
    from django.db import connection

    from pretadepenser.core.models import Agency

    agency = Agency.objects.get_or_create(name="Paris")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO credit_client (id, agency_id, first_name, last_name, sort_name, contract_type, application,"
            " version, created_at, updated_at) SELECT n, %s, '', '', '', '', '', 1, now(), now()"
            " FROM generate_series(0, %s) AS n",
            [agency.pk, count],
        )
        cursor.execute("VACUUM ANALYZE credit_client")


def _empty(table: str = "credit_client") -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


if __name__ == "__main__":
    options = arguments(__doc__).parse_args()
    with site(None):  # always a new one: the tables are emptied
        heading("rows into PostgreSQL")
        bench_client_rows(options.clients)
        bench_feature_rows()
