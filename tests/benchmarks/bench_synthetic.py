"""Speed and memory of the demo data generator; with ``--folder`` the files are kept there."""

import tempfile
from pathlib import Path

import polars as pl

from credit.ml.progress import ignore_progress
from demo.home_credit import generate
from tests.benchmarks.measuring import FULL_SIZE, arguments, heading, line, spending

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


def bench(clients: int, folder: Path) -> None:
    heading(f"generated tables of {clients:,} clients")
    with spending() as spent:
        generate(folder, clients=clients, seed=1, on_progress=ignore_progress)
    written = {name: _rows(folder / f"{name}.csv") for name in KAGGLE_ROWS}
    megabytes = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
    line(
        "generate",
        seconds=spent.seconds,
        rows=sum(written.values()),
        peak_gib=spent.peak_gib,
        target="180 s, 3 GiB",
        note=f"{megabytes:,.0f} MB, {megabytes / spent.seconds:,.0f} MB/s",
    )
    for name, rows in written.items():
        expected = KAGGLE_ROWS[name] * clients / FULL_SIZE
        print(f"    {name:22} {rows:12,} rows, Kaggle's at this size {expected:12,.0f}")


def _rows(path: Path) -> int:
    return int(pl.scan_csv(path).select(pl.len()).collect().item())


if __name__ == "__main__":
    options = arguments(__doc__).parse_args()
    if options.folder:
        bench(options.clients, options.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="bench-synthetic-") as temporary:
            bench(options.clients, Path(temporary))
