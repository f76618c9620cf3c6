"""Clients with six features and a small model that reads them."""

from dataclasses import dataclass
from functools import cache

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from credit.ml.advice import Zone
from credit.ml.card import ModelCard
from credit.ml.model import load_model
from credit.models import Client, FeatureSet, ModelVersion
from credit.selectors.features import FeatureRows
from credit.services.feature_sets import ensure_feature_set, refresh_population, store_features
from credit.services.model_versions import add_model_version
from pretadepenser.core.models import SYSTEM, Actor
from tests.builders.people import an_agency

NAMES = ("AMT_CREDIT", "EXT_SOURCE_2", "DAYS_BIRTH", "BUREAU_DEBT_SUM", "PREV_COUNT", "ANNUITY_RATIO")
FIRST_ID = 100_001


@dataclass(frozen=True)
class Portfolio:
    """N clients with ids FIRST_ID + 3 * row, their features (N, 6) with blanks, and outcomes (-1: unknown)."""

    feature_set: FeatureSet
    client_ids: NDArray[np.int64]
    matrix: NDArray[np.float32]
    target: NDArray[np.int8]


def features_of(rows: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Features (rows, 6) and outcomes (rows,), about one in five bad, that the features explain in part."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(rows, len(NAMES))).astype(np.float32)
    margin = 1.4 * matrix[:, 1] - 0.8 * matrix[:, 5] + matrix[:, 0] * (matrix[:, 2] > 0) - 1.8
    target = (generator.random(rows) < 1 / (1 + np.exp(-margin))).astype(np.int8)
    matrix[generator.random(matrix.shape) < 0.1] = np.nan
    return matrix, target


def a_portfolio(rows: int = 60, *, known: int | None = None, seed: int = 0) -> Portfolio:
    """A portfolio whose first ``known`` clients (all, unless given) have a known outcome."""
    matrix, target = features_of(rows, seed)
    target[rows if known is None else known :] = -1
    client_ids = FIRST_ID + 3 * np.arange(rows, dtype=np.int64)
    agency = an_agency()
    Client.objects.bulk_create(
        Client(pk=int(pk), agency=agency, target=None if outcome < 0 else int(outcome), application=b"")
        for pk, outcome in zip(client_ids, target, strict=True)
    )
    feature_set = ensure_feature_set(columns=NAMES, dtype="float32", source=FeatureSet.Source.BUILT)
    store_features(feature_set=feature_set, chunks=[FeatureRows(client_ids, matrix)])
    refresh_population(feature_set=feature_set)
    return Portfolio(feature_set, client_ids, matrix, target)


@cache
def model_text(seed: int = 0, names: tuple[str, ...] = NAMES) -> str:
    """A LightGBM text model of 20 trees over ``names``."""
    matrix, target = features_of(2000, seed)
    data = lgb.Dataset(matrix[:, : len(names)], label=target, feature_name=list(names))
    options = {"objective": "binary", "verbosity": -1, "num_leaves": 7, "seed": seed, "num_threads": 1}
    return str(lgb.train(options, data, num_boost_round=20).model_to_string())


def a_model_version(portfolio: Portfolio, *, seed: int = 0, by: Actor = SYSTEM) -> ModelVersion:
    """A candidate that reads the portfolio's features; another ``seed`` is another model."""
    model = load_model(model_text(seed))
    return add_model_version(
        origin=ModelVersion.Origin.TRAINED,
        text=model.text,
        feature_names=model.feature_names,
        feature_set=portfolio.feature_set,
        card=ModelCard(model_sha256=model.sha256),
        zone=Zone(threshold=0.1, grey_low=0.08, grey_high=0.12),
        by=by,
    )
