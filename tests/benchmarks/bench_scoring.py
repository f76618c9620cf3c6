"""Scoring and explaining beside LightGBM and SHAP, with a model of 1,000 trees, 31 leaves and 500 features.

``--model`` is the text of another model. Compare the ratios of one thread.
"""

import tempfile
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
import shap

from credit.ml.explanation import additivity_error
from credit.ml.model import CreditModel, Matrix, load_model
from tests.benchmarks.measuring import arguments, each_timed, heading, line, timed

ROWS, FEATURES, TREES, LEAVES = 20_000, 500, 1000, 31
ORACLE_ROWS = 200


def bench(text: str, clients: int) -> None:
    seconds, model = timed(lambda: load_model(text))
    matrix = _table(ROWS, len(model.feature_names))
    heading(f"a model of {len(model.trees):,} trees and {len(model.feature_names)} features")
    line("read and check the model", seconds=seconds)
    _score_one(model, matrix[:1])
    _score_all(model, matrix)
    _explain(model, matrix, clients)


def _score_one(model: CreditModel, row: Matrix) -> None:
    frame = pd.DataFrame(row, columns=list(model.feature_names))
    ours = each_timed(lambda: model.predict(row, model.feature_names), 500)
    line("score one client", milliseconds=ours, target="p50 0.09 ms")
    framed = each_timed(lambda: model.booster.predict(frame, num_threads=1), 50)
    line("  anchor: Booster.predict of a DataFrame", milliseconds=framed)


def _score_all(model: CreditModel, matrix: Matrix) -> None:
    order = np.random.default_rng(1).permutation(len(model.feature_names))
    shuffled, names = matrix[:, order], [model.feature_names[i] for i in order]
    seconds, scores = timed(lambda: model.predict(shuffled, names))
    plain, expected = timed(lambda: model.booster.predict(matrix))
    note = "equal to LightGBM's" if np.array_equal(scores, expected) else "NOT EQUAL TO LIGHTGBM'S"
    line("score many, columns in another order", seconds=seconds, rows=len(matrix), note=note)
    line("  anchor: Booster.predict", seconds=plain, rows=len(matrix))


def _explain(model: CreditModel, matrix: Matrix, clients: int) -> None:
    names, few = model.feature_names, matrix[:ORACLE_ROWS]
    plain, oracle = timed(lambda: model.booster.predict(few, pred_contrib=True, num_threads=1))
    plain /= len(few)
    seconds, explainer_class = timed(_import_fast)
    line("import numba's explainer", seconds=seconds)
    with tempfile.TemporaryDirectory() as folder:
        seconds, _ = timed(lambda: explainer_class(model, Path(folder)))
        line("prepare the model for it", seconds=seconds)
        seconds, explainer = timed(lambda: explainer_class(model, Path(folder)))
        line("prepare it again, from the cache", seconds=seconds)
    seconds, _ = timed(lambda: explainer.contributions(few[:1], names))
    line("compile at the first call", seconds=seconds)
    for threads in (1, 2):
        fast = explainer_class(model, threads=threads)
        seconds, explained = timed(lambda fast=fast: fast.contributions(matrix, names))
        each = seconds / len(matrix)
        note = f"{plain / each:.0f}x the anchor; {clients:,} clients in {clients * each:.0f} s"
        target = "80x" if threads == 1 else "30 s for all"
        line(f"explain many, {threads} thread(s)", seconds=seconds, rows=len(matrix), target=target, note=note)
    line("  anchor: pred_contrib, 1 thread", seconds=plain * len(few), rows=len(few))
    seconds, _ = timed(lambda: shap.TreeExplainer(model.booster)(few[:50]))
    line("  anchor: shap.TreeExplainer, all threads", seconds=seconds, rows=50)
    error = additivity_error(explained, model.margin(matrix, names)).max()
    difference = np.abs(explained.values[:ORACLE_ROWS] - oracle[:, :-1]).max()
    print(f"    largest difference from the anchor {difference:.1e}, largest additivity error {error:.1e}")
    for count in (1, 32):
        times = each_timed(lambda count=count: explainer.contributions(matrix[:count], names), 30)
        line(f"explain {count}", milliseconds=times, target="2 ms" if count == 32 else "")
        times = each_timed(lambda count=count: model.booster.predict(matrix[:count], pred_contrib=True), 3, warm_up=1)
        line("  anchor: pred_contrib, all threads", milliseconds=times)


def _import_fast() -> type:
    from credit.ml.treeshap import FastExplainer  # the import is measured

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


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--model", type=Path, help="text of a LightGBM model; default: one is trained")
    options = parser.parse_args()
    bench(options.model.read_text(encoding="utf-8") if options.model else _train(), options.clients)
