"""Model versions and what they say of clients: read here, written by jobs and services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from credit.ml.application import RawValue
from credit.ml.calibration import sigmoid
from credit.ml.explanation import probability_points, stored_contributions
from credit.ml.model import CreditModel, InvalidModel, load_model
from credit.ml.reasons import Population, Reason, find_reasons
from credit.ml.themes import theme_sums
from credit.models import Client, ClientFeatures, Explanation, FeatureSet, ModelVersion, Score, ThresholdPolicy
from pretadepenser.core.errors import ApplicationError


@dataclass(frozen=True, slots=True)
class ClientExplanation:
    """Why a client has this score: F features in the order of the model, (F,) each, NaN where a value is blank.

    ``base_value`` plus the sum of ``contributions`` is the log-odds of ``probability``; ``points`` tell the same
    in probability, each the share of its contribution.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    contributions: NDArray[np.float64]
    points: NDArray[np.float64]
    base_value: float
    probability: float
    additivity_error: float
    levels: Mapping[str, Sequence[str]] = field(default_factory=dict)  # what the values of columns of texts stand for

    @property
    def base_probability(self) -> float:
        """What the score of every client starts from."""
        return float(sigmoid(np.array(self.base_value)))

    def reasons(self, population: Population, application: Mapping[str, RawValue]) -> tuple[Reason, ...]:
        """Every reason, strongest first; ``population`` is that of the model's feature set."""
        reasons = find_reasons(self.names, self.values, self.points, population, application)
        return tuple(
            replace(reason, level=self.levels[reason.feature][int(reason.value)])
            if reason.feature in self.levels and reason.value is not None
            else reason
            for reason in reasons
        )

    @property
    def theme_points(self) -> dict[str, float]:
        """What the features of each theme did to the probability together, strongest first."""
        return theme_sums(self.names, self.points)


@dataclass(frozen=True, slots=True)
class PortfolioProgress:
    """Of the clients whose features a model version can read, how many have a score and an explanation."""

    clients: int
    scored: int
    explained: int


def model_versions() -> QuerySet[ModelVersion]:
    """All versions, newest first, without their texts: a text is megabytes that no page shows."""
    return ModelVersion.objects.select_related("feature_set").defer("text")


def active_model() -> ModelVersion | None:
    """The version whose scores are shown; None before the first promotion."""
    return model_versions().filter(status=ModelVersion.Status.ACTIVE).first()


def model_to_run(number: int | None = None) -> ModelVersion:
    """Version ``number``; without one the active version, else the newest candidate. Raises ApplicationError."""
    if number is not None:
        version = model_versions().filter(number=number).first()
        if version is None:
            raise ApplicationError(_("There is no model version %(number)d.") % {"number": number}, code="no_model")
        return version
    version = active_model() or model_versions().filter(status=ModelVersion.Status.CANDIDATE).first()
    if version is None:
        raise ApplicationError(_("There is no model yet: train one or register one."), code="no_model")
    return version


def previously_active(model_version: ModelVersion) -> ModelVersion | None:
    """The version that was active before this one; rolling back again goes further back."""
    earlier = model_versions().filter(status=ModelVersion.Status.RETIRED, activated_at__lt=model_version.activated_at)
    return earlier.order_by("-activated_at").first()


def policy_in_force(model_version: ModelVersion) -> ThresholdPolicy | None:
    """The newest threshold policy of a version."""
    return ThresholdPolicy.objects.filter(model_version=model_version).order_by("-number").first()


def score_of(client: Client, model_version: ModelVersion) -> Score | None:
    """The stored score of a client, None until a job has written it."""
    return Score.objects.filter(client=client, model_version=model_version).first()


def explanation_of(client: Client, model_version: ModelVersion) -> ClientExplanation | None:
    """The stored explanation of a client, None until a job has written it."""
    same_client = {"client": OuterRef("client"), "feature_set": model_version.feature_set_id}
    features = ClientFeatures.objects.filter(**same_client).values("values")
    scores = Score.objects.filter(client=OuterRef("client"), model_version=model_version).values("probability")
    stored = (
        Explanation.objects.filter(client=client, model_version=model_version)
        .annotate(features=Subquery(features), probability=Subquery(scores))
        .first()
    )
    if stored is None or stored.features is None or stored.probability is None:
        return None
    names = tuple(model_version.feature_names)
    contributions = stored_contributions(stored.contributions, len(names))
    return ClientExplanation(
        names=names,
        values=_values(model_version.feature_set, stored.features, names),
        contributions=contributions,
        points=probability_points(contributions[None, :], stored.base_value)[0],
        base_value=stored.base_value,
        probability=stored.probability,
        additivity_error=stored.additivity_error,
        levels=model_version.feature_set.levels,
    )


def portfolio_progress(model_version: ModelVersion) -> PortfolioProgress:
    """How many clients can be, are scored and are explained."""
    return PortfolioProgress(
        clients=ClientFeatures.objects.filter(feature_set=model_version.feature_set_id).count(),
        scored=Score.objects.filter(model_version=model_version).count(),
        explained=Explanation.objects.filter(model_version=model_version).count(),
    )


def lacks_scores(model_version: ModelVersion) -> bool:
    """Whether a client whose features the version can read has no score of it."""
    scores = Score.objects.filter(client=OuterRef("client"), model_version=model_version)
    features = ClientFeatures.objects.filter(feature_set=model_version.feature_set_id)
    return features.filter(~Exists(scores)).exists()


def lacks_explanations(model_version: ModelVersion) -> bool:
    """Whether a client whose features the version can read has no explanation of it."""
    explanations = Explanation.objects.filter(client=OuterRef("client"), model_version=model_version)
    features = ClientFeatures.objects.filter(feature_set=model_version.feature_set_id)
    return features.filter(~Exists(explanations)).exists()


def model_of(model_version: ModelVersion) -> CreditModel:
    """The version's model, of the very text that was checked when it was added; raises ApplicationError."""
    return _checked(model_version.text, model_version.sha256, model_version.number)


def loaded_model(model_version: ModelVersion) -> CreditModel:
    """The same, loaded at the first call in this process and kept: a model must not cross a fork."""
    return _loaded(model_version.sha256)


def newest_built_set() -> FeatureSet | None:
    """The features that our own models are trained on; None before the first import."""
    return FeatureSet.objects.filter(source=FeatureSet.Source.BUILT).order_by("-created_at").first()


def _values(feature_set: FeatureSet, stored: bytes, names: tuple[str, ...]) -> NDArray[np.float64]:
    """The columns ``names`` of a stored vector, (F,)."""
    vector = np.frombuffer(stored, feature_set.number_type)
    places = {name: place for place, name in enumerate(feature_set.columns)}
    return vector[[places[name] for name in names]].astype(np.float64)


@lru_cache(maxsize=4)
def _loaded(sha256: str) -> CreditModel:
    text, number = ModelVersion.objects.filter(sha256=sha256).values_list("text", "number")[0]
    return _checked(text, sha256, number)


def _checked(text: str, sha256: str, number: int) -> CreditModel:
    try:
        model = load_model(text)
    except InvalidModel as error:
        sentence = _("Version %(number)d cannot be used: its text does not pass our checks (%(detail)s).")
        raise ApplicationError(sentence % {"number": number, "detail": error.detail}, code="unusable_model") from error
    if model.sha256 != sha256:
        sentence = _("Version %(number)d cannot be used: its text was changed after it was checked.")
        raise ApplicationError(sentence % {"number": number}, code="unusable_model")
    return model
