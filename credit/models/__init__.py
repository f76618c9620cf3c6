"""Tables of the credit application."""

from credit.models.client import Client, ClientFeatures, ClientVersion, FeatureSet
from credit.models.decision import Decision, FicpConsultation, ReviewRequest
from credit.models.model_version import FoldModel, ModelVersion, OutOfFold, ThresholdPolicy
from credit.models.monitoring import MonitoringReport
from credit.models.population_store import PopulationStore
from credit.models.scenario import Scenario
from credit.models.score import Explanation, Score

__all__ = [
    "Client",
    "ClientFeatures",
    "ClientVersion",
    "Decision",
    "Explanation",
    "FeatureSet",
    "FicpConsultation",
    "FoldModel",
    "ModelVersion",
    "MonitoringReport",
    "OutOfFold",
    "PopulationStore",
    "ReviewRequest",
    "Scenario",
    "Score",
    "ThresholdPolicy",
]
