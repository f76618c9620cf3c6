"""Scoring and explaining beside LightGBM and SHAP: ``python -m tests.benchmarks.bench_scoring [MODEL]``.

Without a model text, one of 1,000 trees, 31 leaves and 500 features is trained first (half a minute).
Times are per client; the targets are those of two cores. Run it on a quiet machine: the ratios are of one thread.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import lightgbm as lgb
import numpy as np
import pandas as pd
import shap

from credit.ml.explanation import additivity_error
from credit.ml.model import CreditModel, Matrix, load_model

Result = TypeVar("Result")
CLIENTS = 356_255
ROWS, FEATURES, TREES, LEAVES = 20_000, 500, 1000, 31


def main(path: Path | None) -> None:
    """Print one line per measure, its anchor and its target beside it."""
    text = path.read_text(encoding="utf-8") if path else _train()
    seconds, model = _timed(lambda: load_model(text))
    matrix = _table(ROWS, len(model.feature_names))
    print(f"model: {len(model.trees)} trees, {len(model.feature_names)} features; read and checked in {seconds:.2f} s")
    _score(model, matrix)
    _explain(model, matrix)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def _score(model: CreditModel, matrix: Matrix) -> None:
    row, names = matrix[:1], model.feature_names
    frame = pd.DataFrame(row, columns=list(names))
    ours = _median(lambda: model.predict(row, names), 500)
    plain = _median(lambda: model.booster.predict(row, num_threads=1), 500)
    framed = _median(lambda: model.booster.predict(frame, num_threads=1), 50)
    print(
        f"score one      {ours * 1e3:8.3f} ms    Booster.predict {plain * 1e3:.3f}, on a DataFrame {framed * 1e3:.3f}",
        end="",
    )
    print("    target 0.09 ms")
    order = np.random.default_rng(1).permutation(len(names))
    shuffled, shuffled_names = matrix[:, order], [names[i] for i in order]
    ours, scores = _timed(lambda: model.predict(shuffled, shuffled_names))
    plain, expected = _timed(lambda: model.booster.predict(matrix))
    print(f"score all      {len(matrix) / ours:8,.0f} /s    Booster.predict {len(matrix) / plain:,.0f} /s", end="")
    print(f"    same digits: {np.array_equal(scores, expected)}")


def _explain(model: CreditModel, matrix: Matrix) -> None:
    names, few = model.feature_names, matrix[:200]
    contrib, oracle = _timed(lambda: model.booster.predict(few, pred_contrib=True, num_threads=1))
    reference, _ = _timed(lambda: shap.TreeExplainer(model.booster)(few[:50]))
    print(f"explain        {contrib / len(few) * 1e6:8.0f} us    LightGBM pred_contrib, one thread", end="")
    print(f"    shap.TreeExplainer {reference / 50 * 1e6:.0f} us (all threads)")
    seconds, explainer_class = _timed(_import_fast)
    with tempfile.TemporaryDirectory() as folder:
        built, _ = _timed(lambda: explainer_class(model, Path(folder)))
        kept, explainer = _timed(lambda: explainer_class(model, Path(folder)))
    compiled, _ = _timed(lambda: explainer.contributions(few[:1], names))
    print(f"prepare        {built:8.2f} s     plan built, {kept * 1e3:.0f} ms when kept", end="")
    print(f"    import {seconds:.1f} s, first call {compiled:.1f} s")
    for threads in (1, 2):
        fast = explainer_class(model, threads=threads)
        seconds, explained = _timed(lambda fast=fast: fast.contributions(matrix, names))
        each = seconds / len(matrix)
        print(
            f"explain        {each * 1e6:8.0f} us    {threads} thread(s), {contrib / len(few) / each:.0f}x",
            end="",
        )
        print(f"    {CLIENTS:,} clients in {CLIENTS * each:.0f} s    target 80x on one thread, 30 s on two")
    print(f"largest difference {np.abs(explained.values[:200] - oracle[:, :-1]).max():.1e}", end="")
    print(f", additivity error {additivity_error(explained, model.margin(matrix, names)).max():.1e}")
    for count in (1, 32):
        each = _median(lambda count=count: explainer.contributions(matrix[:count], names), 30)
        plain = _median(lambda count=count: model.booster.predict(matrix[:count], pred_contrib=True), 3)
        print(f"explain {count:2d}     {each * 1e3:8.2f} ms    pred_contrib {plain * 1e3:.1f} ms    target 2 ms for 32")


def _import_fast() -> type:
    from credit.ml.treeshap import FastExplainer  # its import is one of the measures

    return FastExplainer


def _train() -> str:
    matrix = _table(ROWS, FEATURES)
    margin = np.nan_to_num(matrix[:, :30]).sum(axis=1) * 0.3 - 2.5
    target = np.random.default_rng(2).random(ROWS) < 1 / (1 + np.exp(-margin))
    settings = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "learning_rate": 0.02,
        "feature_fraction": 0.3,
        "verbosity": -1,
    }
    return str(lgb.train(settings, lgb.Dataset(matrix, label=target), TREES).model_to_string())


def _table(rows: int, columns: int) -> np.ndarray:
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(rows, columns))
    matrix[generator.random(matrix.shape) < 0.2] = np.nan
    return matrix


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _median(work: Callable[[], object], times: int) -> float:
    work()
    return float(np.median([_timed(work)[0] for _ in range(times)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
