"""Checking a folder, building its features, and rebuilding those of one changed application.

The anchor only reads the same files with pandas, one after the other.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from credit.ml.application import encode
from credit.ml.columns import CLIENT_ID
from credit.ml.features import build_features, feature_names, rebuild_matrix
from credit.ml.progress import ignore_progress
from credit.ml.tables import Tables
from tests.benchmarks.measuring import arguments, each_timed, heading, line, spending, timed
from tests.benchmarks.sites import tables
from tests.builders.home_credit import check_folders, open_folders

REPEATS = 200


def bench(folder: Path) -> None:
    megabytes = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
    opened = open_folders([folder])
    rows = _rows(opened)
    heading(f"features from {megabytes:,.0f} MB of CSV")
    seconds, problems = timed(lambda: check_folders([folder]))
    line("check the files", seconds=seconds, rows=rows, note=f"{len(problems)} problems")
    with spending() as spent:
        features = build_features(opened, ignore_progress)
    line(
        f"build {len(feature_names())} features of {features.height:,} clients",
        seconds=spent.seconds,
        rows=rows,
        peak_gib=spent.peak_gib,
        target="45 s, 4 GiB",
    )
    applications = opened.application.head(1).collect()
    stored = features.filter(pl.col(CLIENT_ID) == applications[CLIENT_ID][0]).drop(CLIENT_ID).to_numpy()
    del features
    with spending() as spent:
        _read_with_pandas(folder)
    line("  anchor: pandas.read_csv alone", seconds=spent.seconds, rows=rows, peak_gib=spent.peak_gib)
    for variants in (1, 32):
        raw, known = np.repeat(encode(applications), variants, axis=0), np.repeat(stored, variants, axis=0)
        times = each_timed(lambda raw=raw, known=known: rebuild_matrix(raw, known), REPEATS)
        line(f"rebuild one client, {variants} variants", milliseconds=times, target="2 ms")


def _rows(opened: Tables) -> int:
    frames = (getattr(opened, name) for name in Tables.__dataclass_fields__)
    return sum(int(frame.select(pl.len()).collect().item()) for frame in frames)


def _read_with_pandas(folder: Path) -> None:
    for path in sorted(folder.glob("*.csv")):
        pd.read_csv(path)


if __name__ == "__main__":
    options = arguments(__doc__).parse_args()
    with tables(options.folder, options.clients) as folder:
        bench(folder)
