"""Out-of-fold predictions, model cards and monitoring reports."""

from dataclasses import asdict
from functools import cache

import numpy as np

from credit.ml.attributes import ATTRIBUTES
from credit.ml.card import Evaluation, Limit, ModelCard, TrainingConfig, TrainingData
from credit.ml.drift import category_drift, number_drift
from credit.ml.fairness import measure_groups
from credit.ml.threshold import CostRatio, OutOfFoldRows, choose_threshold
from credit.ml.training.evaluation import evaluate
from credit.models import ModelVersion, MonitoringReport, OutOfFold
from tests.builders.clients import an_active_model


def out_of_fold(rows: int = 400, seed: int = 0) -> OutOfFoldRows:
    """Calibrated predictions of clients 1..rows, about one in nine bad."""
    generator = np.random.default_rng(seed)
    probability = generator.beta(1.0, 8.0, rows)
    target = (generator.random(rows) < probability).astype(np.int8)
    target[:2] = 0, 1
    return OutOfFoldRows(np.arange(1, rows + 1, dtype=np.int64), probability, target)


def keep_out_of_fold(version: ModelVersion, rows: OutOfFoldRows) -> None:
    out_of_fold = OutOfFold(model_version=version)
    out_of_fold.rows = rows
    out_of_fold.save()


def a_measured_model(rows: int = 400) -> ModelVersion:
    """The active model, with out-of-fold predictions of clients 1..rows."""
    version = an_active_model()
    keep_out_of_fold(version, out_of_fold(rows))
    return version


def a_drift_report(version: ModelVersion, shift: float = 1.0) -> MonitoringReport:
    generator = np.random.default_rng(0)
    before = generator.normal(size=2000)
    codes = np.repeat([0.0, 1.0], 1000)
    found = {
        "score": number_drift(np.full(2000, 0.1), np.full(2000, 0.1)),
        "AMT_CREDIT": number_drift(before, before + shift),
        "NAME_CONTRACT_TYPE": category_drift(codes, codes, 2),
    }
    return MonitoringReport.objects.create(
        kind="drift",
        model_version=version,
        parameters={"start": None, "end": None},
        results={
            "clients": {"reference": 2000, "current": 2000},
            "variables": {name: {**asdict(drift), "level": drift.level} for name, drift in found.items()},
            "outcomes": {"clients": 0, "defaults": 0},
        },
        alerts=1,
    )


def a_group_report(version: ModelVersion, gap: float) -> MonitoringReport:
    generator = np.random.default_rng(0)
    sex = generator.integers(0, 2, 4000)
    probability = np.clip(generator.beta(2, 10, 4000) + gap * sex, 0, 1)
    target = (generator.random(4000) < probability).astype(np.int8)
    groups = measure_groups(target, probability, sex, ["F", "M"], threshold=0.2, costs=CostRatio())
    attributes = {name: {"edges": [], "groups": []} for name in ATTRIBUTES}
    attributes["sex"] = {"edges": [], "groups": [asdict(group) for group in groups]}
    return MonitoringReport.objects.create(
        kind="fairness",
        model_version=version,
        parameters={"policy": 1, "threshold": 0.2},
        results={"clients": 4000, "attributes": attributes},
    )


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
