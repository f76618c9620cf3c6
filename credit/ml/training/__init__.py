"""Trains the credit model: folds, calibration, threshold, and the card with its measured quality."""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from credit.ml.calibration import cross_fitted, fit_platt
from credit.ml.card import Evaluation, FeatureGain, Limit, ModelCard, TrainingConfig, TrainingData
from credit.ml.metrics import calibration_bins, confusion, metric_intervals, precision_recall_curve, roc_auc, roc_curve
from credit.ml.model import CreditModel, load_model
from credit.ml.progress import ProgressCallback, ignore_progress
from credit.ml.threshold import BUSINESS_COSTS, ThresholdChoice, choose_threshold, client_costs, cost_curve
from credit.ml.training.baking import bake
from credit.ml.training.boosting import binned, directions, fit_all, fit_fold
from credit.ml.training.preparation import (
    UnusableData,
    check_data,
    feature_set_sha256,
    stratified_folds,
    usable_columns,
)

__all__ = ["TrainedModel", "TrainingConfig", "UnusableData", "train"]

_ROWS_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Wording:
    """The progress messages, in the caller's language; ``fold`` has the placeholder {fold}, as in 2/5."""

    fold: str = "fold {fold}"
    all_rows: str = "all rows"


ENGLISH: Final = Wording()


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """The model of all rows, the fold models, and the outcome, out-of-fold probability and fold of each row (N,).

    All texts are calibrated with the same map. The card's figures were measured on ``out_of_fold``.
    """

    text: str
    fold_texts: tuple[str, ...]
    target: NDArray[np.int8]
    out_of_fold: NDArray[np.float64]
    fold: NDArray[np.int8]
    card: ModelCard


def train(
    matrix: NDArray[np.float32],
    target: NDArray[np.generic],
    names: Sequence[str],
    config: TrainingConfig,
    on_progress: ProgressCallback = ignore_progress,
    *,
    wording: Wording = ENGLISH,
    finished: Mapping[int, str] | None = None,
    on_fold: Callable[[int, str], None] | None = None,
) -> TrainedModel:
    """The model of N clients and F columns; the same data and config give the same texts, byte for byte.

    ``on_fold(number, text)`` is called after each fold; folds passed back in ``finished`` are not trained again.
    ``on_progress`` is called every few rounds and may raise to stop. Columns that no split can use are left out.
    Raises UnusableData.
    """
    columns = tuple(names)
    check_data(matrix, target, columns, config.folds)
    usable = usable_columns(matrix, config.min_data_in_leaf)
    kept = tuple(name for name, keep in zip(columns, usable, strict=True) if keep)
    if not kept:
        raise UnusableData("no column varies enough to learn from")
    if not usable.all():
        matrix = matrix[:, usable]
    fold = stratified_folds(target, config.folds, config.seed)
    texts = dict(finished or {})
    data = binned(matrix, target, kept, config)
    for number in range(config.folds):
        if number not in texts:
            listener = _round_listener(number, config.max_rounds, config, wording, on_progress)
            texts[number] = fit_fold(data, fold == number, config, listener)
            if on_fold is not None:
                on_fold(number, texts[number])
    fold_models = [load_model(texts[number]) for number in range(config.folds)]
    rounds = _final_rounds(fold_models, config)
    text = fit_all(data, rounds, config, _round_listener(config.folds, rounds, config, wording, on_progress))
    margin = _out_of_fold_margins(fold_models, matrix, kept, fold)
    return _calibrated(load_model(text), fold_models, target, margin, fold, config)


def _calibrated(
    model: CreditModel,
    fold_models: Sequence[CreditModel],
    target: NDArray[np.generic],
    margin: NDArray[np.float64],
    fold: NDArray[np.int8],
    config: TrainingConfig,
) -> TrainedModel:
    """The models with the calibration in their leaves, and a card measured on their out-of-fold margins (N,)."""
    platt = fit_platt(target, margin)
    probability = cross_fitted(target, margin, fold)
    choice = choose_threshold(target, probability, resamples=config.resamples, seed=config.seed)
    baked = load_model(bake(model, platt))
    names = baked.feature_names
    card = ModelCard(
        model_sha256=baked.sha256,
        data=TrainingData(len(target), float((target == 1).mean()), len(names), feature_set_sha256(names)),
        config=config,
        rounds=len(baked.trees),
        monotone_features=sum(map(abs, directions(names, config))),
        versions={"python": platform.python_version(), "lightgbm": lgb.__version__, "numpy": np.__version__},
        costs=BUSINESS_COSTS,
        threshold=choice,
        calibration=platt,
        evaluation=evaluate(target, probability, fold, choice, config),
        importance=gain_shares(baked),
        limits=tuple(limit for limit in Limit if limit != Limit.TRAINED_ELSEWHERE),
    )
    baked_folds = tuple(bake(fold_model, platt) for fold_model in fold_models)
    return TrainedModel(baked.text, baked_folds, target.astype(np.int8), probability, fold, card)


def evaluate(
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    fold: NDArray[np.int8],
    choice: ThresholdChoice,
    config: TrainingConfig,
) -> Evaluation:
    """The out-of-fold results of N clients at the chosen threshold."""
    intervals = metric_intervals(
        target,
        probability,
        client_cost=lambda defaulted, scores: client_costs(defaulted, scores >= choice.threshold, BUSINESS_COSTS),
        resamples=config.resamples,
        seed=config.seed,
    )
    return Evaluation(
        intervals=intervals,
        confusion=confusion(target, probability, choice.threshold),
        calibration_bins=calibration_bins(target, probability),
        roc=roc_curve(target, probability),
        precision_recall=precision_recall_curve(target, probability),
        cost_curve=cost_curve(target, probability, BUSINESS_COSTS),
        fold_auc=tuple(roc_auc(target[fold == k], probability[fold == k]) for k in range(config.folds)),
    )


def gain_shares(model: CreditModel) -> tuple[FeatureGain, ...]:
    """The features that the model splits on, by descending share of the gain."""
    gain = np.asarray(model.booster.feature_importance("gain"), dtype=np.float64)
    total = gain.sum() or 1.0
    order = [index for index in np.argsort(-gain, kind="stable") if gain[index] > 0]
    return tuple(FeatureGain(model.feature_names[index], float(gain[index] / total)) for index in order)


def _round_listener(
    number: int, rounds: int, config: TrainingConfig, wording: Wording, on_progress: ProgressCallback
) -> Callable[[int], None]:
    """Turns the rounds of one model into progress of the training; a fold that stops early jumps to its end."""
    is_fold = number < config.folds
    stage = wording.fold.format(fold=f"{number + 1}/{config.folds}") if is_fold else wording.all_rows
    total = (config.folds + 1) * config.max_rounds

    def on_round(done: int) -> None:
        on_progress(int((number + done / rounds) * config.max_rounds), total, stage)

    return on_round


def _final_rounds(fold_models: Sequence[CreditModel], config: TrainingConfig) -> int:
    """Rounds for all rows: the folds' mean best round, and a little more as there are more rows to learn from."""
    best = [len(model.trees) for model in fold_models]
    return max(1, round(float(np.mean(best)) * (1 + 1 / (2 * config.folds))))


def _out_of_fold_margins(
    fold_models: Sequence[CreditModel], matrix: NDArray[np.float32], names: tuple[str, ...], fold: NDArray[np.int8]
) -> NDArray[np.float64]:
    """The margin of each row (N,) from the model that did not learn from it."""
    margin = np.empty(len(matrix))
    for number, model in enumerate(fold_models):
        rows = np.flatnonzero(fold == number)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            chunk = rows[start : start + _ROWS_AT_ONCE]
            margin[chunk] = model.margin(matrix[chunk], names)
    return margin
