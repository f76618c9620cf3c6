"""Features and scores of files that people create and change, built by the code that builds training features.

A file with too few of the main inputs gets no row of features, so nothing can score it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _

from credit.ml.features import feature_names, rebuild_matrix
from credit.ml.inputs import completeness
from credit.ml.simulation import Vector, features_without_history
from credit.models import Client, ClientFeatures, FeatureSet
from credit.selectors.features import client_features
from credit.selectors.policies import active_policy
from credit.services.explanations import request_explanation, request_portfolio_explanation
from credit.services.feature_sets import ensure_feature_set
from credit.services.scores import remove_scores
from pretadepenser.core import formats
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.models import Actor

#: Up to this many new files get a job each; more are explained with the whole portfolio.
MOST_JOBS: Final = 20


def store_new_features(clients: Sequence[Client]) -> list[Client]:
    """Writes the features of files without history; returns the clients whose files are complete enough."""
    complete = [client for client in clients if is_complete(client.vector)]
    if complete:
        matrix = features_without_history(np.stack([client.vector for client in complete]))
        feature_set = _own_set()
        ClientFeatures.objects.bulk_create(
            ClientFeatures.of(client, feature_set, row) for client, row in zip(complete, matrix, strict=True)
        )
    return complete


def replace_features(client: Client) -> bool:
    """Rebuilds the features of a changed file and removes its stale scores; returns whether it can be scored.

    Features that came with a registered model describe the old application, cannot be rebuilt and are deleted.
    Raises ApplicationError when blanks would make a file that has a history with us unscorable.
    """
    own = _own_set()
    client.features.exclude(feature_set=own).delete()
    is_scorable = _rebuild(client, own)
    remove_scores(client_ids=[client.pk])
    return is_scorable


def _rebuild(client: Client, own: FeatureSet) -> bool:
    vector = client.vector
    stored = ClientFeatures.objects.filter(client=client, feature_set=own).first()
    if stored is None:
        # Only a file created here is known to have no history; an imported one gets its features from an import.
        return client.created_by_id is not None and bool(store_new_features([client]))
    old = client_features(own, client.pk).astype(np.float32)
    rebuilt, fresh = rebuild_matrix(vector[None, :], old[None, :]), features_without_history(vector[None, :])
    is_enough = is_complete(vector)
    if not is_enough and not np.array_equal(rebuilt, fresh, equal_nan=True):
        raise ApplicationError(too_little_sentence(vector), code="too_little")
    stored.delete()  # not updated: a new row id makes a job that read the old row drop its score
    if is_enough:
        ClientFeatures.of(client, own, rebuilt[0]).save()
    return is_enough


def request_scores(clients: Sequence[Client], by: Actor) -> None:
    """Requests scores and explanations by the active model, if it reads the features that are built here."""
    policy = active_policy()
    if policy is None or not clients or policy.model_version.feature_set_id != _own_set().pk:
        return
    if len(clients) > MOST_JOBS:
        request_portfolio_explanation(model_version=policy.model_version, by=by)
        return
    for client in clients:
        request_explanation(client=client, model_version=policy.model_version, by=by)


def is_complete(vector: Vector) -> bool:
    """Whether an application has enough of the main inputs for a meaningful score."""
    floor: float = settings.COMPLETENESS_FLOOR
    return completeness(vector) >= floor


def too_little_sentence(vector: Vector) -> str:
    """Why no score is given."""
    words = {"share": formats.percent(completeness(vector)), "floor": formats.percent(settings.COMPLETENESS_FLOOR)}
    sentence = _("The file has %(share)s of the main inputs; a score needs at least %(floor)s.")
    return sentence % words


def _own_set() -> FeatureSet:
    return ensure_feature_set(columns=feature_names(), dtype="float32", source=FeatureSet.Source.BUILT)
