"""The model card: what is known about a model, stored as JSON beside its text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from credit.ml.calibration import PlattMap
from credit.ml.metrics import CalibrationBin, Confusion, Curve, MetricIntervals
from credit.ml.threshold import BUSINESS_COSTS, CostCurve, CostRatio, ThresholdChoice


class Limit(StrEnum):
    """What a reader must know before trusting the card's figures."""

    GRANTED_APPLICATIONS_ONLY = "granted_applications_only"
    ROUNDS_CHOSEN_ON_HELD_OUT_FOLD = "rounds_chosen_on_held_out_fold"
    THRESHOLD_CHOSEN_WHERE_MEASURED = "threshold_chosen_where_measured"
    NO_TIME_SPLIT = "no_time_split"
    TRAINED_ELSEWHERE = "trained_elsewhere"


#: ROUNDS_CHOSEN_ON_HELD_OUT_FOLD is true of earlier trainings alone.
LIMITS_OF_TRAININGS: Final = (
    Limit.GRANTED_APPLICATIONS_ONLY,
    Limit.THRESHOLD_CHOSEN_WHERE_MEASURED,
    Limit.NO_TIME_SPLIT,
)
#: No honest model of these data ranks better: one that does was given the outcome in some form.
#: Source: the best of all published solutions reach 0.806.
HIGHEST_CREDIBLE_AUC: Final = 0.82
CHANCE_AUC: Final = 0.5


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """All settings of a training; with the same data, the same values give the same model, byte for byte.

    ``num_threads`` 0 measures at each fit whether all cores are faster than one; the model is the same.
    Source of the defaults: out-of-fold search over the 15,376 real applications; leaves from 5 to 16 and shares of
    features from 0.05 to 0.2 differ by less than the width of the interval. ``is_monotone`` holds each variable to its
    direction in the catalogue; LightGBM's "basic" method does it best (docs/adr/0014).
    """

    folds: int = 5
    seed: int = 42
    learning_rate: float = 0.04
    num_leaves: int = 6
    min_data_in_leaf: int = 60
    feature_fraction: float = 0.1
    bagging_fraction: float = 0.7
    lambda_l1: float = 2.0
    lambda_l2: float = 20.0
    max_bin: int = 127
    max_rounds: int = 5000
    early_stopping_rounds: int = 80
    num_threads: int = 0
    is_monotone: bool = True
    resamples: int = 200


@dataclass(frozen=True, slots=True)
class TrainingData:
    """The data the model was trained on; ``repeated_rows`` have the same features as another row."""

    rows: int
    default_rate: float
    features: int
    feature_set_sha256: str
    repeated_rows: int = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Out-of-fold results at the stored threshold; ``fold_auc`` is in fold order."""

    intervals: MetricIntervals
    confusion: Confusion
    calibration_bins: tuple[CalibrationBin, ...]
    roc: Curve
    precision_recall: Curve
    cost_curve: CostCurve
    fold_auc: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FeatureGain:
    """A feature's share of the total gain of all splits, 0..1."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model's card; that of a model trained elsewhere may leave any part out."""

    model_sha256: str
    schema_version: Literal[1] = 1
    data: TrainingData | None = None
    config: TrainingConfig | None = None
    rounds: int | None = None
    monotone_features: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    costs: CostRatio = BUSINESS_COSTS
    threshold: ThresholdChoice | None = None
    calibration: PlattMap | None = None
    evaluation: Evaluation | None = None
    importance: tuple[FeatureGain, ...] = ()
    limits: tuple[Limit, ...] = ()
