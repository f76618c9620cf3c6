"""Speed and memory of the demo data generator: ``python -m tests.benchmarks.bench_synthetic [CLIENTS [FOLDER]]``.

Without arguments: Kaggle's full size (356,255 applications) into a temporary folder. With a folder the files are kept.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from credit.ml.progress import ignore_progress
from credit.ml.synthetic import generate

FULL_SIZE_CLIENTS = 356_255
FULL_SIZE_SECONDS = 180
FULL_SIZE_GIB = 3
#: Kaggle's rows, train and test applications together.
KAGGLE_ROWS = {
    "application_train": 307_511,
    "application_test": 48_744,
    "bureau": 1_716_428,
    "bureau_balance": 27_299_925,
    "previous_application": 1_670_214,
    "POS_CASH_balance": 10_001_358,
    "installments_payments": 13_605_401,
    "credit_card_balance": 3_840_312,
}


def main(clients: int, folder: Path) -> None:
    """Print one line per table and the totals, Kaggle's rows and the targets beside them."""
    started = time.perf_counter()
    generate(folder, clients=clients, seed=1, on_progress=ignore_progress)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    total = 0
    for name, published in KAGGLE_ROWS.items():
        rows = pl.scan_csv(folder / f"{name}.csv").select(pl.len()).collect().item()
        expected = published * clients / FULL_SIZE_CLIENTS
        total += rows
        print(f"{name:22} {rows:12,} rows   Kaggle's at this size {expected:12,.0f}")
    megabytes = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
    print(f"{'rows':22} {total:12,}        {total / seconds:12,.0f} rows/s")
    print(f"{'bytes':22} {megabytes:12,.0f} MB     {megabytes / seconds:12,.0f} MB/s")
    print(f"{'wall':22} {seconds:12.1f} s      target at full size {FULL_SIZE_SECONDS} s")
    print(f"{'peak memory':22} {peak:12.2f} GiB    target {FULL_SIZE_GIB} GiB")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FULL_SIZE_CLIENTS
    if len(sys.argv) > 2:
        main(count, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(count, Path(temporary))
