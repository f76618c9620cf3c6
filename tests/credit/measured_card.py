"""A card with measures, as a training makes it, from made-up predictions."""

from functools import cache

import numpy as np

from credit.ml.card import Evaluation, Limit, ModelCard, TrainingConfig, TrainingData
from credit.ml.threshold import choose_threshold
from credit.ml.training import evaluate
from tests.credit.steering import out_of_fold


@cache
def an_evaluation() -> Evaluation:
    rows = out_of_fold(1000)
    choice = choose_threshold(rows.target, rows.probability, resamples=20)
    fold = np.arange(1000, dtype=np.int8) % 5
    config = TrainingConfig(resamples=20)
    return evaluate(rows.target, rows.probability, fold, choice, config)


def a_card(sha256: str) -> ModelCard:
    return ModelCard(
        sha256,
        data=TrainingData(1000, 0.11, 4, "x"),
        evaluation=an_evaluation(),
        limits=(Limit.THRESHOLD_CHOSEN_WHERE_MEASURED,),
    )
