"""The measured part of a card: out-of-fold results, and what the model relies on."""

import numpy as np
from numpy.typing import NDArray

from credit.ml.card import Evaluation, FeatureGain, TrainingConfig
from credit.ml.metrics import calibration_bins, confusion, metric_intervals, precision_recall_curve, roc_auc, roc_curve
from credit.ml.model import CreditModel
from credit.ml.threshold import BUSINESS_COSTS, ThresholdChoice, client_costs, cost_curve


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
