"""The score of an application that is not stored."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from credit.ml.application import RawValue
from credit.ml.inputs import completeness, missing_inputs, to_vector
from credit.ml.simulation import features_without_history
from credit.models import ThresholdPolicy
from credit.selectors.model_versions import ClientExplanation
from credit.selectors.simulations import check_simulable, explained
from credit.services.client_features import is_complete, too_little_sentence
from credit.services.inputs import explained_inputs
from pretadepenser.core.audit import record
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor


@dataclass(frozen=True, slots=True)
class AdHocScore:
    explanation: ClientExplanation
    completeness: float


def score_application(*, application: Mapping[str, RawValue], policy: ThresholdPolicy, by: Actor) -> AdHocScore:
    """The score of somebody without history, from raw columns; blanks stay blank.

    Raises ApplicationError for an impossible value, or when too few of the main inputs are given.
    """
    check_simulable(policy.model_version)
    with explained_inputs():
        vector = to_vector(application)
    if not is_complete(vector):
        names = ", ".join(missing_inputs(vector))
        raise ApplicationError(f"{too_little_sentence(vector)} ({names})", code="too_little")
    explanation = explained(policy.model_version, features_without_history(vector[np.newaxis]))[0]
    share = completeness(vector)
    detail = {"model_version": policy.model_version.number, "completeness": round(share, 4)}
    record("score.computed", by=by, detail=detail)
    return AdHocScore(explanation, share)
