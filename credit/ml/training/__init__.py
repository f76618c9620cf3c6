"""Trains the credit model: folds, calibration, threshold, and the card that tells how good it is."""

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
from credit.ml.threshold import BUSINESS_COSTS, CostRatio, ThresholdChoice, choose_threshold, client_costs, cost_curve
from credit.ml.training.baking import bake
from credit.ml.training.boosting import binned, fit_all, fit_fold
from credit.ml.training.preparation import (
    UnusableData,
    check_data,
    feature_set_sha256,
    stratified_folds,
    usable_columns,
)

__all__ = ["TrainedModel", "TrainingConfig", "UnusableData", "train"]

DEFAULT_CONFIG: Final = TrainingConfig()
_ROWS_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """The model of all rows, those of the folds, and outcome, out-of-fold probability and fold of each row (N,).

    All texts are calibrated with the same map. ``out_of_fold`` is what the card's figures were measured on.
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
    config: TrainingConfig = DEFAULT_CONFIG,
    on_progress: ProgressCallback = ignore_progress,
    *,
    costs: CostRatio = BUSINESS_COSTS,
    finished: Mapping[int, str] | None = None,
    on_fold: Callable[[int, str], None] | None = None,
) -> TrainedModel:
    """The model of N clients and F columns; the same data and config give the same texts bit for bit.

    ``on_fold(number, text)`` is called after each fold; given back in ``finished``, such folds are not trained
    again. ``on_progress`` is called every few rounds and may raise to stop. Columns that cannot be split are left
    out. Raises UnusableData.
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
    progress = _Progress(config, on_progress)
    data = binned(matrix, target, kept, config)
    for number in range(config.folds):
        if number not in texts:
            texts[number] = fit_fold(data, fold == number, config, progress.listener(number))
            if on_fold is not None:
                on_fold(number, texts[number])
    fold_texts = [texts[number] for number in range(config.folds)]
    rounds = _final_rounds(fold_texts, config)
    text = fit_all(data, rounds, config, progress.listener(config.folds, rounds))
    margin = _held_out_margins(fold_texts, matrix, kept, fold)
    return _calibrated(text, fold_texts, target, margin, fold, config, costs)


def _calibrated(
    text: str,
    fold_texts: Sequence[str],
    target: NDArray[np.generic],
    margin: NDArray[np.float64],
    fold: NDArray[np.int8],
    config: TrainingConfig,
    costs: CostRatio,
) -> TrainedModel:
    """The models with the calibration in their leaves, and the card of their out-of-fold margins (N,)."""
    platt = fit_platt(target, margin)
    probability = cross_fitted(target, margin, fold)
    choice = choose_threshold(target, probability, costs, resamples=config.resamples, seed=config.seed)
    baked = load_model(bake(text, platt))
    names = baked.feature_names
    card = ModelCard(
        model_sha256=baked.sha256,
        data=TrainingData(len(target), float((target == 1).mean()), len(names), feature_set_sha256(names)),
        config=config,
        rounds=len(baked.trees),
        versions={"python": platform.python_version(), "lightgbm": lgb.__version__, "numpy": np.__version__},
        costs=costs,
        threshold=choice,
        calibration=platt,
        evaluation=evaluate(target, probability, fold, choice, costs, config),
        importance=gain_shares(baked),
        limits=tuple(limit for limit in Limit if limit != Limit.TRAINED_ELSEWHERE),
    )
    baked_folds = tuple(bake(fold_text, platt) for fold_text in fold_texts)
    return TrainedModel(baked.text, baked_folds, target.astype(np.int8), probability, fold, card)


def evaluate(
    target: NDArray[np.generic],
    probability: NDArray[np.float64],
    fold: NDArray[np.int8],
    choice: ThresholdChoice,
    costs: CostRatio,
    config: TrainingConfig,
) -> Evaluation:
    """Out-of-fold results of N clients at the chosen threshold."""
    intervals = metric_intervals(
        target,
        probability,
        client_cost=lambda defaulted, scores: client_costs(defaulted, scores >= choice.threshold, costs),
        resamples=config.resamples,
        seed=config.seed,
    )
    return Evaluation(
        intervals=intervals,
        confusion=confusion(target, probability, choice.threshold),
        calibration_bins=calibration_bins(target, probability),
        roc=roc_curve(target, probability),
        precision_recall=precision_recall_curve(target, probability),
        cost_curve=cost_curve(target, probability, costs),
        fold_auc=tuple(roc_auc(target[fold == k], probability[fold == k]) for k in range(config.folds)),
    )


def gain_shares(model: CreditModel) -> tuple[FeatureGain, ...]:
    """Features that the model splits on, by falling share of the gain."""
    gain = np.asarray(model.booster.feature_importance("gain"), dtype=np.float64)
    total = gain.sum() or 1.0
    order = [index for index in np.argsort(-gain, kind="stable") if gain[index] > 0]
    return tuple(FeatureGain(model.feature_names[index], float(gain[index] / total)) for index in order)


class _Progress:
    """Turns rounds of folds into one rising count; a fold that stops early jumps to its end."""

    def __init__(self, config: TrainingConfig, on_progress: ProgressCallback) -> None:
        self._each = config.max_rounds
        self._folds = config.folds
        self._on_progress = on_progress

    def listener(self, number: int, rounds: int | None = None) -> Callable[[int], None]:
        stage = f"fold {number + 1}/{self._folds}" if number < self._folds else "all rows"

        def on_round(done: int) -> None:
            share = done / (rounds or self._each)
            self._on_progress(int((number + share) * self._each), (self._folds + 1) * self._each, stage)

        return on_round


def _final_rounds(fold_texts: Sequence[str], config: TrainingConfig) -> int:
    """Rounds for all rows: the folds' mean best round, and a little more as there are more rows to learn from."""
    best = [len(load_model(text).trees) for text in fold_texts]
    return max(1, round(float(np.mean(best)) * (1 + 1 / (2 * config.folds))))


def _held_out_margins(
    fold_texts: Sequence[str], matrix: NDArray[np.float32], names: tuple[str, ...], fold: NDArray[np.int8]
) -> NDArray[np.float64]:
    """Margin of each row (N,) from the model that did not see it."""
    margin = np.empty(len(matrix))
    for number, text in enumerate(fold_texts):
        model = load_model(text)
        rows = np.flatnonzero(fold == number)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            chunk = rows[start : start + _ROWS_AT_ONCE]
            margin[chunk] = model.margin(matrix[chunk], names)
    return margin
