"""Questions about the population to its column store at full size, beside plain numpy, then the pages that ask them.

The store has random columns, without PostgreSQL; one of its clients is put into an empty database for the pages, whose
time is server time: middleware, queries, template and journal included.
"""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from credit.ml.application import COLUMNS
from credit.ml.columns import CATEGORIES
from credit.ml.progress import ignore_progress
from credit.ml.store import NEAREST_BY, NUMBER_NAMES, Between, Cohort, IsLevel, PopulationRows, Store, StoreWriter
from tests.benchmarks.measuring import arguments, each_timed, heading, line, spending, timed
from tests.benchmarks.sites import site

CHUNK = 20_000
TIMES = 100
NAME, OTHER = "AMT_ANNUITY", "AMT_CREDIT"
MAIN = ("EXT_SOURCE_2", "AMT_CREDIT", "AMT_ANNUITY", "AMT_INCOME_TOTAL", "DAYS_BIRTH", "DAYS_EMPLOYED", "PAYMENT_RATE")
REQUESTS = 50
PAGES = {
    "main points": "/clients/{client}/compare/?view=overview",
    "distribution": "/clients/{client}/compare/?view=distribution&variable=AMT_ANNUITY",
    "two variables": "/clients/{client}/compare/?view=relation&x=AMT_CREDIT&y=AMT_ANNUITY",
    "nearest": "/clients/{client}/compare/?view=nearest",
    "API comparison": "/api/v1/clients/{client}/comparison/?variable=AMT_ANNUITY",
    "API population": "/api/v1/population/?variable=AMT_ANNUITY",
}
GROUPS = {"all": "", "filtered": "&age=25-35&contract=Cash+loans"}
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
FILTER = frozenset({Between("DAYS_BIRTH", 30, 40), IsLevel("NAME_CONTRACT_TYPE", 0)})


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the web process has it
    options = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = _built(Path(folder) / "store", options.clients)
        _ask(store, options.clients)
        with site(None) as state:
            _ask_pages(store, state)


def _built(folder: Path, clients: int) -> Store:
    heading(f"population store, {clients:,} clients, {len(NUMBER_NAMES)} numbers")
    generator = np.random.default_rng(0)
    with spending() as spent:
        writer = StoreWriter(folder, clients)
        for start in range(0, clients, CHUNK):
            writer.add(_rows(generator, start, min(CHUNK, clients - start)))
        writer.seal(ignore_progress)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    note = f"{size:,.0f} MiB on disk, random columns made meanwhile"
    line("build", seconds=spent.seconds, rows=clients, peak_gib=spent.peak_gib, note=note)
    seconds, store = timed(lambda: Store(folder))
    line("open", milliseconds=[seconds * 1000])
    return store


def _rows(generator: np.random.Generator, start: int, count: int) -> PopulationRows:
    raw = np.round(generator.lognormal(12, 1, (count, len(COLUMNS))))
    for place, name in enumerate(COLUMNS):
        if name in CATEGORIES:
            raw[:, place] = generator.integers(0, len(CATEGORIES[name]), count)
        elif name.startswith("DAYS_"):
            raw[:, place] = -generator.integers(7_000, 25_000, count)
        elif name.startswith(("FLAG_", "CNT_", "REG_", "LIVE_")):
            raw[:, place] = generator.integers(0, 3, count)
    raw[generator.random(raw.shape) < 0.1] = np.nan
    return PopulationRows(
        clients=100_000 + start + np.arange(count),
        outcomes=generator.choice([-1, 0, 0, 0, 0, 0, 0, 1], count).astype(np.int8),
        applications=raw,
        probabilities=generator.beta(1, 11, count),
    )


def _ask(store: Store, clients: int) -> None:
    few = store.cohort(FILTER)
    values = np.array(store._columns.numbers[store._columns.rows[NAME]])
    heading(f"questions, {clients:,} clients, {few.size:,} of them filtered")
    line("choose the clients of a filter", milliseconds=each_timed(lambda: store._select(FILTER), TIMES))
    for label, cohort in (("all", store.everyone), ("filtered", few)):
        _ask_cohort(label, cohort)
    line("  numpy.histogram of all", milliseconds=each_timed(lambda: np.histogram(values[~np.isnan(values)], 24), 5))
    line("  numpy.nanquantile of all", milliseconds=each_timed(lambda: np.nanquantile(values, SHARES), 5))
    line("  numpy rank in all", milliseconds=each_timed(lambda: np.count_nonzero(values < 2e5), 20))


def _ask_cohort(label: str, cohort: Cohort) -> None:
    point = np.random.default_rng(1).random(len(NEAREST_BY))
    quick = "5 ms"
    line(f"histogram, {label}", milliseconds=each_timed(lambda: cohort._counts(NAME), TIMES), target=quick)
    line(f"percentile rank, {label}", milliseconds=each_timed(lambda: cohort.rank(NAME, 2e5), TIMES), target=quick)
    line(f"quantiles, {label}", milliseconds=each_timed(lambda: cohort._quantiles(NAME, SHARES), TIMES), target=quick)
    line(f"two variables, {label}", milliseconds=each_timed(lambda: cohort.joint_counts(NAME, OTHER), TIMES))
    boxes = each_timed(lambda: [cohort._quantiles(name, SHARES) for name in MAIN], TIMES // 5)
    line(f"{len(MAIN)} box plots, {label}", milliseconds=boxes, target="50 ms")
    line(f"20 nearest, {label}", milliseconds=each_timed(lambda: cohort.nearest(point, 20), TIMES), target=quick)


def _ask_pages(store: Store, state: Path) -> None:
    # The site sets up Django, which these imports need.
    from django.test import Client as Browser

    from credit.models import PopulationStore
    from pretadepenser.core.roles import Role
    from tests.builders.clients import a_client, a_score, an_active_model
    from tests.builders.people import a_user, an_agency

    version, agency = an_active_model(), an_agency()
    application = _rows(np.random.default_rng(0), 0, 1).applications[0]
    client = a_client(100_000, agency, "Anne Martin", application=np.nan_to_num(application, nan=1.0).tobytes())
    a_score(client, version, 0.07)
    shutil.copytree(store.folder, state / "stores" / "bench")
    PopulationStore.objects.create(model_version=version, folder="bench", rows=store.rows, is_current=True)
    browser = Browser(headers={"host": "localhost"})
    browser.force_login(a_user(Role.ADVISOR, agency))
    heading(f"pages, {store.rows:,} clients")
    for name, path in PAGES.items():
        for group, query in GROUPS.items():
            url = path.format(client=client.pk) + query
            if browser.get(url).status_code != 200:
                raise SystemExit(f"{url} did not answer 200")
            times = each_timed(lambda url=url: browser.get(url), REQUESTS)
            line(f"{name}, {group}", milliseconds=times, target="p95 50 ms")


if __name__ == "__main__":
    main()
