"""The model card: what is known of a model, stored as JSON beside its text."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from credit.ml.calibration import PlattMap
from credit.ml.metrics import CalibrationBin, Confusion, Curve, MetricIntervals
from credit.ml.threshold import BUSINESS_COSTS, CostCurve, CostRatio, ThresholdChoice

SCHEMA_VERSION: Final = 1


class InvalidCard(ValueError):  # noqa: N818 - the name says what happened
    """A payload that is not a card of this schema; ``field`` is the place in it that is at fault."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field


class Limit(StrEnum):
    """What a reader of the card must know before trusting it."""

    GRANTED_APPLICATIONS_ONLY = "granted_applications_only"
    ROUNDS_CHOSEN_ON_HELD_OUT_FOLD = "rounds_chosen_on_held_out_fold"
    THRESHOLD_CHOSEN_WHERE_MEASURED = "threshold_chosen_where_measured"
    NO_TIME_SPLIT = "no_time_split"
    TRAINED_ELSEWHERE = "trained_elsewhere"


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Everything that, with the data, decides the model; the same values give the same model bit for bit.

    One thread is the default: on small tables LightGBM's threads wait for each other longer than they work, and on
    shared cores twenty times longer. Above about 100,000 rows more threads pay.
    Source of the defaults: out-of-fold search over the 15,376 real applications; leaves from 5 to 16 and shares of
    features from 0.05 to 0.2 differ by less than the width of the interval.
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
    num_threads: int = 1
    resamples: int = 200


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What the model learned from."""

    rows: int
    default_rate: float
    features: int
    feature_set_sha256: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Out-of-fold results at the stored threshold; fold_auc in fold order."""

    intervals: MetricIntervals
    confusion: Confusion
    calibration_bins: tuple[CalibrationBin, ...]
    roc: Curve
    precision_recall: Curve
    cost_curve: CostCurve
    fold_auc: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FeatureGain:
    """A feature's share of the loss that all splits saved, 0..1."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model's card; a model trained elsewhere may leave any part out."""

    model_sha256: str
    schema_version: int = SCHEMA_VERSION
    data: TrainingData | None = None
    config: TrainingConfig | None = None
    rounds: int | None = None
    versions: dict[str, str] = dataclasses.field(default_factory=dict)
    costs: CostRatio = BUSINESS_COSTS
    threshold: ThresholdChoice | None = None
    calibration: PlattMap | None = None
    evaluation: Evaluation | None = None
    importance: tuple[FeatureGain, ...] = ()
    limits: tuple[Limit, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The card as JSON types."""
        return {key: _encode(value) for key, value in dataclasses.asdict(self).items()}

    @classmethod
    def from_dict(cls, payload: Mapping[str, object]) -> Self:
        """The card of a payload; raises InvalidCard naming the field."""
        if payload.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
            raise InvalidCard("schema_version", f"{payload['schema_version']} is not {SCHEMA_VERSION}")
        card = _decode(cls, dict(payload), "card")
        assert isinstance(card, cls)  # noqa: S101 - tells the type checker what _decode built
        return card


def _encode(value: object) -> object:
    """JSON types of a value that dataclasses.asdict made."""
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value


def _decode(kind: object, value: object, where: str) -> object:
    """The value of type ``kind`` that a JSON value stands for; raises InvalidCard."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return None if value is None else _decode(arguments[0], value, where)
    if origin is tuple:
        return tuple(_decode(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(_expect(list, value, where)))
    if origin is dict:
        items = _expect(dict, value, where).items()
        return {str(key): _decode(arguments[1], item, f"{where}.{key}") for key, item in items}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_fields(kind, _expect(dict, value, where), where)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if not isinstance(value, str) or value not in list(kind):
            raise InvalidCard(where, f"{value!r} is not one of {', '.join(kind)}")
        return kind(value)
    if kind in (int, str) and type(value) is kind:
        return value
    raise InvalidCard(where, f"{value!r} is not a {getattr(kind, '__name__', kind)}")


def _decode_fields(kind: type, value: dict[object, object], where: str) -> object:
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = [str(key) for key in value if key not in fields]
    if unknown:
        raise InvalidCard(f"{where}.{unknown[0]}", f"unknown {', '.join(unknown)}")
    try:
        return kind(**{str(key): _decode(hints[str(key)], item, f"{where}.{key}") for key, item in value.items()})
    except TypeError as error:
        raise InvalidCard(where, str(error)) from error


T = typing.TypeVar("T")


def _expect(kind: type[T], value: object, where: str) -> T:
    if not isinstance(value, kind):
        raise InvalidCard(where, f"{value!r} is not a {kind.__name__}")
    return value
