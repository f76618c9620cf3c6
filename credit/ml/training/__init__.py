"""Trains the credit model: folds, calibration, threshold, and the card with its measured quality."""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from credit.ml.calibration import FLATTEST, SeparableOutcomes, calibrate
from credit.ml.card import LIMITS_OF_TRAININGS, ModelCard, TrainingConfig, TrainingData
from credit.ml.model import CreditModel, load_model
from credit.ml.progress import ProgressCallback, ignore_progress
from credit.ml.threshold import BUSINESS_COSTS, choose_threshold
from credit.ml.training.baking import bake
from credit.ml.training.boosting import best_rounds, binned, directions, fit
from credit.ml.training.evaluation import evaluate, gain_shares
from credit.ml.training.preparation import (
    LeakedOutcome,
    UnusableData,
    check_data,
    check_folds,
    equal_rows,
    feature_set_sha256,
    repeated_rows,
    stratified_folds,
    usable_columns,
)

__all__ = ["LeakedOutcome", "TrainedModel", "TrainingConfig", "UnusableData", "train"]

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

    @property
    def is_useless(self) -> bool:
        """Whether a higher margin did not mean a higher risk, so that everybody is given the same probability."""
        return self.card.calibration is not None and self.card.calibration.slope <= FLATTEST


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

    Each fold's number of rounds is chosen within its training rows, so that nothing is learned from the rows it is
    measured on. Equal rows are kept in one fold. Columns that no split can use are left out.
    ``on_fold(number, text)`` is called after each fold; folds passed back in ``finished`` are not trained again.
    ``on_progress`` is called every few rounds and may raise to stop. Raises UnusableData.
    """
    check_data(matrix, target, tuple(names), config.folds)
    matrix, kept = _usable(matrix, names, config)
    group = equal_rows(matrix)
    fold = stratified_folds(target, config.folds, config.seed, group)
    check_folds(target, fold, config.folds)
    data = binned(matrix, target, kept, config)
    listener = partial(_round_listener, config, wording, on_progress)
    texts = dict(finished or {})
    for number in range(config.folds):
        if number not in texts:
            stopping = _stopping_rows(target, group, fold, number, config)
            texts[number] = _fold_text(data, fold != number, stopping, config, partial(listener, number))
            if on_fold is not None:
                on_fold(number, texts[number])
    fold_models = [load_model(texts[number]) for number in range(config.folds)]
    rounds = _more_rounds(float(np.mean([len(model.trees) for model in fold_models])), config)
    text = fit(data, None, rounds, config, listener(config.folds, rounds))
    margin = _out_of_fold_margins(fold_models, matrix, kept, fold)
    trained_on = TrainingData(
        len(target), float((target == 1).mean()), len(kept), feature_set_sha256(kept), repeated_rows(group)
    )
    return _calibrated(load_model(text), fold_models, target, margin, fold, config, trained_on)


def _usable(
    matrix: NDArray[np.float32], names: Sequence[str], config: TrainingConfig
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The columns that a split can use, with their names."""
    usable = usable_columns(matrix, config.min_data_in_leaf)
    if not usable.any():
        raise UnusableData("no column varies enough to learn from")
    kept = tuple(name for name, keep in zip(names, usable, strict=True) if keep)
    return (matrix if usable.all() else matrix[:, usable]), kept


def _stopping_rows(
    target: NDArray[np.generic], group: NDArray[np.int64], fold: NDArray[np.int8], number: int, config: TrainingConfig
) -> NDArray[np.bool_]:
    """The rows (N,) outside this fold on which its number of rounds is chosen: one part of ``folds``."""
    learning = np.flatnonzero(fold != number)
    part = stratified_folds(target[learning], config.folds, config.seed + number + 1, group[learning])
    stopping = np.zeros(len(target), dtype=np.bool_)
    stopping[learning[part == 0]] = True
    return stopping


def _fold_text(
    data: lgb.Dataset,
    learning: NDArray[np.bool_],
    stopping: NDArray[np.bool_],
    config: TrainingConfig,
    listener: Callable[..., Callable[[int], None]],
) -> str:
    """The model of the rows ``learning`` (N,), its rounds chosen on those of them that are ``stopping``."""
    best = best_rounds(data, learning & ~stopping, stopping, config, listener(config.max_rounds, width=0.5))
    rounds = _more_rounds(best, config)
    return fit(data, learning, rounds, config, listener(rounds, start=0.5, width=0.5))


def _calibrated(
    model: CreditModel,
    fold_models: Sequence[CreditModel],
    target: NDArray[np.generic],
    margin: NDArray[np.float64],
    fold: NDArray[np.int8],
    config: TrainingConfig,
    trained_on: TrainingData,
) -> TrainedModel:
    """The models with the calibration in their leaves, and a card measured on their out-of-fold margins (N,).

    Raises LeakedOutcome.
    """
    try:
        platt, probability = calibrate(target, margin, fold)
    except SeparableOutcomes as error:
        raise LeakedOutcome(gain_shares(model)[0].name) from error
    choice = choose_threshold(target, probability, resamples=config.resamples, seed=config.seed)
    baked = load_model(bake(model, platt))
    card = ModelCard(
        model_sha256=baked.sha256,
        data=trained_on,
        config=config,
        rounds=len(baked.trees),
        monotone_features=sum(map(abs, directions(baked.feature_names, config))),
        versions={"python": platform.python_version(), "lightgbm": lgb.__version__, "numpy": np.__version__},
        costs=BUSINESS_COSTS,
        threshold=choice,
        calibration=platt,
        evaluation=evaluate(target, probability, fold, choice, config),
        importance=gain_shares(baked),
        limits=LIMITS_OF_TRAININGS,
    )
    baked_folds = tuple(bake(fold_model, platt) for fold_model in fold_models)
    return TrainedModel(baked.text, baked_folds, target.astype(np.int8), probability, fold, card)


def _round_listener(
    config: TrainingConfig,
    wording: Wording,
    on_progress: ProgressCallback,
    number: int,
    rounds: int,
    start: float = 0.0,
    width: float = 1.0,
) -> Callable[[int], None]:
    """Turns rounds into progress of the training: those of model ``number`` from its share ``start`` on."""
    is_fold = number < config.folds
    stage = wording.fold.format(fold=f"{number + 1}/{config.folds}") if is_fold else wording.all_rows
    total = (config.folds + 1) * config.max_rounds

    def on_round(done: int) -> None:
        on_progress(int((number + start + width * done / rounds) * config.max_rounds), total, stage)

    return on_round


def _more_rounds(rounds: float, config: TrainingConfig) -> int:
    """Rounds for rows of which one part of ``folds`` was held out: a little more, as there is more to learn from."""
    return max(1, round(rounds * (1 + 1 / (2 * config.folds))))


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
