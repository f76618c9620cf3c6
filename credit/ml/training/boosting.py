"""Boosting with LightGBM: the data are binned once, and each call trains one reproducible model.

The number of threads changes no tree: LightGBM adds histograms up in one order (``deterministic``, ``force_col_wise``).
"""

import os
import re
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final

import lightgbm as lgb
import numpy as np
from lightgbm.callback import CallbackEnv
from numpy.typing import NDArray

from credit.ml.card import TrainingConfig
from credit.ml.catalogue import variable_named

#: Rounds between two progress reports.
_REPORT_EVERY: Final = 10
#: Rounds that are timed with each number of threads, and the share of the time that more threads must save.
_TIMED_ROUNDS: Final = 5
_WORTHWHILE: Final = 0.1


def directions(names: Sequence[str], config: TrainingConfig) -> list[int]:
    """The monotone constraint of each column: its direction in the catalogue, 0 for none."""
    return [variable_named(name).direction if config.is_monotone else 0 for name in names]


def _parameters(config: TrainingConfig, names: Sequence[str], threads: int) -> dict[str, object]:
    """LightGBM's parameters; without class weights, so that the output is a probability.

    The "basic" method measures best: see ``TrainingConfig``.
    """
    return {
        "monotone_constraints": directions(names, config),
        "monotone_constraints_method": "basic",
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": config.learning_rate,
        "num_leaves": config.num_leaves,
        "min_data_in_leaf": config.min_data_in_leaf,
        "feature_fraction": config.feature_fraction,
        "bagging_fraction": config.bagging_fraction,
        "bagging_freq": 1,
        "lambda_l1": config.lambda_l1,
        "lambda_l2": config.lambda_l2,
        "max_bin": config.max_bin,
        "seed": config.seed,
        "num_threads": threads,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }


def binned(
    matrix: NDArray[np.float32], target: NDArray[np.generic], names: tuple[str, ...], config: TrainingConfig
) -> lgb.Dataset:
    """The data set of all rows; folds are subsets that are not binned again."""
    label, parameters = (target == 1).astype(np.float32), _parameters(config, names, config.num_threads)
    return lgb.Dataset(matrix, label=label, feature_name=list(names), params=parameters).construct()


def best_rounds(
    data: lgb.Dataset,
    learning: NDArray[np.bool_],
    stopping: NDArray[np.bool_],
    config: TrainingConfig,
    on_round: Callable[[int], None],
) -> int:
    """The round after which a model trained on the rows ``learning`` has the smallest loss on the rows ``stopping``."""
    early = lgb.early_stopping(config.early_stopping_rounds, verbose=False)
    booster = _boosted(
        _rows(data, learning), config.max_rounds, config, on_round, early, held_out=_rows(data, stopping)
    )
    return int(booster.best_iteration)


def fit(
    data: lgb.Dataset,
    rows: NDArray[np.bool_] | None,
    rounds: int,
    config: TrainingConfig,
    on_round: Callable[[int], None],
) -> str:
    """The text of the model trained on these rows (N,), all where None, for ``rounds`` rounds."""
    booster = _boosted(data if rows is None else _rows(data, rows), rounds, config, on_round)
    # The same data give the same text on every machine, however many threads were used.
    return re.sub(r"\[num_threads: \d+\]", f"[num_threads: {config.num_threads}]", str(booster.model_to_string()))


def _boosted(
    data: lgb.Dataset,
    rounds: int,
    config: TrainingConfig,
    on_round: Callable[[int], None],
    *callbacks: Callable[[CallbackEnv], None],
    held_out: lgb.Dataset | None = None,
) -> lgb.Booster:
    return lgb.train(
        _parameters(config, data.get_feature_name(), config.num_threads or fastest_threads(data, config)),
        data,
        num_boost_round=rounds,
        valid_sets=[held_out] if held_out else None,
        callbacks=[*callbacks, _reporter(on_round)],
    )


def fastest_threads(data: lgb.Dataset, config: TrainingConfig) -> int:
    """One thread or as many as there are cores, whichever boosts these data faster here and now.

    LightGBM's threads wait for each other at every split. On cores that other processes use, they wait many times
    longer than they work, whatever the size of the table.
    """
    cores = os.cpu_count() or 1
    if cores == 1:
        return 1
    alone, together = (_seconds(data, config, threads) for threads in (1, cores))
    return cores if together < (1 - _WORTHWHILE) * alone else 1


def _seconds(data: lgb.Dataset, config: TrainingConfig, threads: int) -> float:
    """Seconds for some rounds with this many threads, after one that fills the caches."""
    booster = lgb.Booster(_parameters(config, data.get_feature_name(), threads), data)
    booster.update()
    start = perf_counter()
    for _ in range(_TIMED_ROUNDS):
        booster.update()
    return perf_counter() - start


def _rows(data: lgb.Dataset, rows: NDArray[np.bool_]) -> lgb.Dataset:
    """The subset, built at once: building it later would reset the number of threads of a booster."""
    return data.subset(np.flatnonzero(rows).tolist()).construct()


def _reporter(on_round: Callable[[int], None]) -> Callable[[CallbackEnv], None]:
    def report(env: CallbackEnv) -> None:
        if env.iteration % _REPORT_EVERY == 0:
            on_round(env.iteration)

    return report
