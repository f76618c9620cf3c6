"""Model versions: trained, registered, promoted, rolled back."""

from credit.services.model_versions.cards import card_payload
from credit.services.model_versions.creation import add_model_version
from credit.services.model_versions.promotion import promote, request_missing_results, roll_back
from credit.services.model_versions.registration import Registration, register
from credit.services.model_versions.training import TrainingRequest, request_training

__all__ = [
    "Registration",
    "TrainingRequest",
    "add_model_version",
    "card_payload",
    "promote",
    "register",
    "request_missing_results",
    "request_training",
    "roll_back",
]
