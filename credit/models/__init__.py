"""Tables of the credit application."""

from credit.models.client import Client, ClientFeatures, FeatureSet
from credit.models.model_version import FoldModel, ModelVersion, ThresholdPolicy
from credit.models.score import Explanation, Score

__all__ = [
    "Client",
    "ClientFeatures",
    "Explanation",
    "FeatureSet",
    "FoldModel",
    "ModelVersion",
    "Score",
    "ThresholdPolicy",
]
