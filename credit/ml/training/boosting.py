"""Boosting with LightGBM: the data are binned once, and each call trains one reproducible model."""

from collections.abc import Callable, Sequence
from typing import Final

import lightgbm as lgb
import numpy as np
from lightgbm.callback import CallbackEnv
from numpy.typing import NDArray

from credit.ml.card import TrainingConfig
from credit.ml.catalogue import variable_named

#: Rounds between two progress reports.
_REPORT_EVERY: Final = 10


def directions(names: Sequence[str], config: TrainingConfig) -> list[int]:
    """The monotone constraint of each column: its direction in the catalogue, 0 for none."""
    return [variable_named(name).direction if config.is_monotone else 0 for name in names]


def _parameters(config: TrainingConfig, names: Sequence[str]) -> dict[str, object]:
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
        "num_threads": config.num_threads,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }


def binned(
    matrix: NDArray[np.float32], target: NDArray[np.generic], names: tuple[str, ...], config: TrainingConfig
) -> lgb.Dataset:
    """The data set of all rows; folds are subsets that are not binned again."""
    data = lgb.Dataset(
        matrix, label=(target == 1).astype(np.float32), feature_name=list(names), params=_parameters(config, names)
    )
    return data.construct()


def fit_fold(
    data: lgb.Dataset, held_out: NDArray[np.bool_], config: TrainingConfig, on_round: Callable[[int], None]
) -> str:
    """The text of the model trained on the other folds, up to the round with the smallest held-out loss."""
    booster = lgb.train(
        _parameters(config, data.get_feature_name()),
        data.subset(np.flatnonzero(~held_out).tolist()),
        num_boost_round=config.max_rounds,
        valid_sets=[data.subset(np.flatnonzero(held_out).tolist())],
        callbacks=[
            lgb.early_stopping(config.early_stopping_rounds, verbose=False),
            _reporter(on_round),
        ],
    )
    return str(booster.model_to_string(num_iteration=booster.best_iteration))


def fit_all(data: lgb.Dataset, rounds: int, config: TrainingConfig, on_round: Callable[[int], None]) -> str:
    """The text of the model trained on all rows for ``rounds`` rounds."""
    booster = lgb.train(
        _parameters(config, data.get_feature_name()), data, num_boost_round=rounds, callbacks=[_reporter(on_round)]
    )
    return str(booster.model_to_string())


def _reporter(on_round: Callable[[int], None]) -> Callable[[CallbackEnv], None]:
    def report(env: CallbackEnv) -> None:
        if env.iteration % _REPORT_EVERY == 0:
            on_round(env.iteration)

    return report
