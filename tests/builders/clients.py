"""Client files with chosen scores and explanations; no model is run."""

import math

import numpy as np
import polars as pl

from credit.ml.application import encode
from credit.ml.columns import APPLICATION, CLIENT_ID
from credit.ml.names import fold_name
from credit.models import Client, ClientFeatures, Explanation, FeatureSet, ModelVersion, Score, ThresholdPolicy
from pretadepenser.core.models import Agency

FEATURES = ("EXT_SOURCE_2", "DAYS_EMPLOYED", "AMT_CREDIT", "BUREAU_AMT_CREDIT_SUM_DEBT_SUM")
MEDIANS = {
    "EXT_SOURCE_2": 0.57,
    "DAYS_EMPLOYED": -1200.0,
    "AMT_CREDIT": 513_531.0,
    "BUREAU_AMT_CREDIT_SUM_DEBT_SUM": 9e4,
}
BASE_VALUE = -2.5


def an_application(**values: object) -> bytes:
    """The stored vector of an application with the given values, blank elsewhere."""
    row = {name: [values.get(name)] for name in APPLICATION.columns if name != CLIENT_ID}
    schema = {name: dtype for name, dtype in APPLICATION.columns.items() if name != CLIENT_ID}
    return encode(pl.DataFrame(row, schema=schema)).tobytes()


def an_active_model(threshold: float = 0.09, grey_low: float = 0.08, grey_high: float = 0.1) -> ModelVersion:
    """The active version, with FEATURES and the population's MEDIANS; its text is never run."""
    feature_set = FeatureSet.objects.create(
        sha256="f" * 64,
        source=FeatureSet.Source.BUILT,
        columns=list(FEATURES),
        dtype="float32",
        population={name: {"median": median} for name, median in MEDIANS.items()},
    )
    version = ModelVersion.objects.create(
        number=1,
        status=ModelVersion.Status.ACTIVE,
        origin=ModelVersion.Origin.TRAINED,
        text="not run",
        sha256="a" * 64,
        card={"model_sha256": "a" * 64},
        feature_names=list(FEATURES),
        feature_set=feature_set,
        activated_at="2026-11-22T10:00:00Z",
    )
    ThresholdPolicy.objects.create(
        model_version=version, number=1, threshold=threshold, grey_low=grey_low, grey_high=grey_high
    )
    return version


def a_client(number: int, agency: Agency, name: str = "", **columns: object) -> Client:
    """A client file; ``name`` is "First Last"."""
    first, _space, last = name.partition(" ")
    columns.setdefault("application", an_application(AMT_CREDIT=100_000.0, DAYS_BIRTH=-12_000, DAYS_EMPLOYED=365_243))
    return Client.objects.create(
        pk=number, agency=agency, first_name=first, last_name=last, sort_name=fold_name(f"{last} {first}"), **columns
    )


def a_score(client: Client, version: ModelVersion, probability: float) -> Score:
    return Score.objects.create(client=client, model_version=version, probability=probability)


def an_explanation(
    client: Client, version: ModelVersion, *, contributions: tuple[float, ...], values: tuple[float, ...]
) -> None:
    """Stores features, explanation and the score that the contributions add up to."""
    margin = BASE_VALUE + sum(contributions)
    ClientFeatures.objects.create(
        client=client, feature_set=version.feature_set, values=np.array(values, "<f4").tobytes()
    )
    a_score(client, version, 1 / (1 + math.exp(-margin)))
    Explanation.objects.create(
        client=client,
        model_version=version,
        base_value=BASE_VALUE,
        contributions=np.array(contributions, "<f8").tobytes(),
        additivity_error=0.0,
    )
