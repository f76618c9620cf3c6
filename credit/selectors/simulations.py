"""What a model says of a file with other values, computed on request and not stored."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from credit.ml.application import RawValue, decode_one
from credit.ml.calibration import log_odds
from credit.ml.explanation import additivity_error, contributions, probability_points
from credit.ml.features import feature_names
from credit.ml.levers import Levers, Situation, pull_levers
from credit.ml.model import Matrix
from credit.ml.recourse import Lever, Recourse, smallest_change
from credit.ml.simulation import Changes, Subject
from credit.models import Client, ClientFeatures, FeatureSet, ModelVersion, Scenario, ThresholdPolicy
from credit.selectors.features import client_features
from credit.selectors.model_versions import ClientExplanation, loaded_model
from credit.selectors.policies import refuse_suspended
from pretadepenser.core.errors import ApplicationError


@dataclass(frozen=True, slots=True)
class SimulationBase:
    """A file that can be simulated, as the model in force reads it."""

    client: Client
    policy: ThresholdPolicy
    subject: Subject

    @property
    def application(self) -> dict[str, RawValue]:
        """The file's values by raw column."""
        return decode_one(self.subject.raw, self.client.pk)


def simulation_base(client: Client, policy: ThresholdPolicy | None) -> SimulationBase:
    """The file as simulations start from it. Raises ApplicationError where there is nothing to simulate with."""
    if policy is None:
        refuse_suspended()
        raise ApplicationError(_("No model is active: simulation is not possible."), code="no_model")
    check_simulable(policy.model_version)
    try:
        features = client_features(policy.model_version.feature_set, client.pk)
    except ClientFeatures.DoesNotExist as error:
        raise ApplicationError(
            _("The model knows no features of this client: ask an administrator to import the tables."),
            code="no_features",
        ) from error
    return SimulationBase(client, policy, Subject(client.vector, features.astype(np.float32)))


def check_simulable(model_version: ModelVersion) -> None:
    """Raises ApplicationError for a model whose features cannot be recomputed from a changed application."""
    feature_set = model_version.feature_set
    if feature_set.source != FeatureSet.Source.BUILT:
        sentence = _(
            "The active model came with its own file of features, which cannot be recomputed for a changed application:"
            " it cannot be used for simulations."
        )
        raise ApplicationError(sentence, code="not_simulable")
    if tuple(feature_set.columns) != feature_names():
        sentence = _("The active model was trained on an older list of features: train a new one to simulate.")
        raise ApplicationError(sentence, code="not_simulable")


def explained_scenarios(base: SimulationBase, scenarios: Sequence[Changes]) -> tuple[ClientExplanation, ...]:
    """Probability and contributions of each scenario."""
    return explained(base.policy.model_version, base.subject.variants(scenarios)) if scenarios else ()


def explained(model_version: ModelVersion, features: Matrix) -> tuple[ClientExplanation, ...]:
    """What a model says of feature rows that are stored nowhere, one explanation per row.  # (N, F)"""
    model, names = loaded_model(model_version), model_version.feature_set.columns
    parts = contributions(model, features, names)
    probabilities = model.predict(features, names)
    errors = additivity_error(parts, log_odds(probabilities))
    sizes = parts.values.astype(np.float64, copy=False)
    points = probability_points(sizes, parts.base_value)
    values = model.select(features, names).astype(np.float64)
    return tuple(
        ClientExplanation(
            names=parts.names,
            values=values[row],
            contributions=sizes[row],
            points=points[row],
            base_value=parts.base_value,
            probability=float(probabilities[row]),
            additivity_error=float(errors[row]),
        )
        for row in range(len(features))
    )


def recourses(base: SimulationBase, limit: float) -> tuple[Recourse, ...]:
    """For each lever that can bring the probability under ``limit``, its smallest change."""
    model = loaded_model(base.policy.model_version)
    found = (smallest_change(model, base.subject, lever, limit) for lever in Lever)
    return tuple(recourse for recourse in found if recourse is not None)


def lever_curves(base: SimulationBase, situation: Situation) -> Levers:
    """The probability along each lever, from a situation on."""
    return pull_levers(loaded_model(base.policy.model_version), base.subject, situation)


def saved_scenarios(client: Client) -> QuerySet[Scenario]:
    """The scenarios of a client that somebody kept, newest first."""
    return Scenario.objects.filter(client=client).select_related("created_by", "model_version")
