"""Wall time and peak memory of checking a folder and building its features.

``python -m tests.benchmarks.bench_features FOLDER``; the targets are for Kaggle's full size (356,255 applications,
58 million side rows, 2.7 GB) on two cores.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from credit.ml.application import encode
from credit.ml.columns import CLIENT_ID
from credit.ml.features import build_features, feature_names, rebuild_matrix
from credit.ml.tables import Tables, check_folders, open_folders

TARGET_SECONDS = 45
TARGET_GIB = 4
TARGET_ONE_CLIENT_MS = 2
REPEATS = 200


def bench(folder: Path) -> None:
    """Print one line per measure, its target beside it."""
    megabytes = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
    started = time.perf_counter()
    problems = check_folders([folder])
    seconds = time.perf_counter() - started
    print(
        f"check    {seconds:7.1f} s  {megabytes / seconds:11,.0f} MB/s  {len(problems)} problems in {megabytes:,.0f} MB"
    )

    tables = open_folders([folder])
    rows = _rows(tables)
    started = time.perf_counter()
    features = build_features(tables, lambda done, total, message: print(f"  {done}/{total} {message}", flush=True))
    seconds = time.perf_counter() - started
    size = f"{features.height:,} clients, {rows:,} rows, {len(feature_names())} features"
    print(
        f"build    {seconds:7.1f} s  {rows / seconds:11,.0f} rows/s  target {TARGET_SECONDS} s at full size  ({size})"
    )
    print(f"peak     {_peak_gib():7.2f} GiB                       target {TARGET_GIB} GiB at full size")

    applications = tables.application.head(1).collect()
    stored = features.filter(pl.col(CLIENT_ID) == applications[CLIENT_ID][0]).drop(CLIENT_ID).to_numpy()
    for variants in (1, 32):
        raw = np.repeat(encode(applications), variants, axis=0)
        p50, p95 = _rebuild_ms(raw, np.repeat(stored, variants, axis=0))
        print(f"rebuild  {variants:3} variants  p50 {p50:.2f} ms  p95 {p95:.2f} ms  target {TARGET_ONE_CLIENT_MS} ms")


def _rows(tables: Tables) -> int:
    frames = (getattr(tables, name) for name in Tables.__dataclass_fields__)
    return sum(int(frame.select(pl.len()).collect().item()) for frame in frames)


def _rebuild_ms(raw: npt.NDArray[np.float64], stored: npt.NDArray[np.float32]) -> tuple[float, float]:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        rebuild_matrix(raw, stored)
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = np.percentile(times, [50, 95])
    return float(p50), float(p95)


def _peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    bench(Path(sys.argv[1]))
