"""Clients with all their features and a model that reads them: what simulations need."""

from dataclasses import dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np
import polars as pl
import pytest
from django.utils import timezone
from numpy.typing import NDArray

from credit.ml.application import encode
from credit.ml.columns import CLIENT_ID
from credit.ml.features import build_features, feature_names, rebuild_matrix
from credit.ml.inputs import POSITIONS
from credit.ml.model import CreditModel, load_model
from credit.ml.progress import ignore_progress
from credit.models import Client, FeatureSet, ModelVersion, Score, ThresholdPolicy
from credit.selectors.features import FeatureRows
from credit.services.feature_sets import ensure_feature_set, store_features
from pretadepenser.core.models import Agency
from tests.builders.home_credit import open_folders
from tests.builders.people import Cast


@dataclass(frozen=True)
class Material:
    """What needs no database: applications and features of 60 clients, as built from their tables, and a model."""

    folder: Path
    applications: pl.DataFrame
    raw: NDArray[np.float64]  # (60, 120)
    features: NDArray[np.float32]  # (60, F)
    model: CreditModel

    @property
    def client_ids(self) -> NDArray[np.int64]:
        return self.applications[CLIENT_ID].to_numpy()


@dataclass(frozen=True)
class World:
    material: Material
    version: ModelVersion
    policy: ThresholdPolicy
    clients: list[Client]


@pytest.fixture(scope="session")
def material(portfolio: Path) -> Material:
    tables = open_folders([portfolio])
    applications = tables.application.collect().sort(CLIENT_ID)
    features = build_features(tables, ignore_progress).drop(CLIENT_ID).to_numpy().astype(np.float32)
    raw = encode(applications)
    return Material(portfolio, applications, raw, features, load_model(_model_text(raw, features)))


@pytest.fixture
def world(material: Material, cast: Cast) -> World:
    """Every client of the material in the cast's agency, scored by the active model."""
    return store(material, cast.agency)


def store(material: Material, agency: Agency) -> World:
    applications = zip(material.client_ids, material.raw, strict=True)
    clients = Client.objects.bulk_create(
        Client(
            pk=int(pk),
            agency=agency,
            last_name=f"N{pk}",
            sort_name=f"n{pk}",
            amount=row[POSITIONS["AMT_CREDIT"]],
            application=row.astype("<f8").tobytes(),
        )
        for pk, row in applications
    )
    feature_set = ensure_feature_set(columns=feature_names(), dtype="float32", source=FeatureSet.Source.BUILT)
    store_features(feature_set=feature_set, chunks=[FeatureRows(material.client_ids, material.features)])
    version = ModelVersion.objects.create(
        number=1,
        status=ModelVersion.Status.ACTIVE,
        origin=ModelVersion.Origin.TRAINED,
        text=material.model.text,
        sha256=material.model.sha256,
        feature_names=list(material.model.feature_names),
        feature_set=feature_set,
        activated_at=timezone.now(),
    )
    policy = ThresholdPolicy.objects.create(
        model_version=version, number=1, threshold=0.2, grey_low=0.15, grey_high=0.25
    )
    probabilities = material.model.predict(material.features, feature_names())
    Score.objects.bulk_create(
        Score(client=client, model_version=version, probability=p)
        for client, p in zip(clients, probabilities, strict=True)
    )
    return World(material, version, policy, clients)


def _model_text(raw: NDArray[np.float64], features: NDArray[np.float32]) -> str:
    """A model in which the amount, the instalment, the income and the employment matter, next to the outside scores."""
    generator = np.random.default_rng(3)
    rows = generator.integers(0, len(raw), 1500)
    varied = raw[rows].copy()
    for column in ("AMT_CREDIT", "AMT_ANNUITY", "AMT_INCOME_TOTAL", "AMT_GOODS_PRICE", "DAYS_EMPLOYED"):
        position = POSITIONS[column]
        is_number = varied[:, position] != 365243
        varied[is_number, position] *= generator.uniform(0.2, 2.0, is_number.sum())
    matrix = rebuild_matrix(varied, features[rows])
    of = {name: matrix[:, place] for place, name in enumerate(feature_names())}
    margin = (
        -2.0
        + 6 * (0.5 - np.nan_to_num(of["EXT_SOURCES_MEAN"], nan=0.5))
        + 25 * (np.nan_to_num(of["PAYMENT_RATE"], nan=0.05) - 0.05)
        + 0.4 * (np.log(of["AMT_CREDIT"]) - 13)
        - 0.4 * (np.log(of["AMT_INCOME_TOTAL"]) - 12)
    )
    target = generator.random(len(margin)) < 1 / (1 + np.exp(-2 * margin))
    options = {"objective": "binary", "verbosity": -1, "num_leaves": 15, "num_threads": 1, "seed": 0}
    data = lgb.Dataset(matrix, label=target, feature_name=list(feature_names()))
    return str(lgb.train(options, data, 40).model_to_string())
