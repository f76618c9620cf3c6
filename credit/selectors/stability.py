"""How much a score varies between a model and those of its folds."""

from dataclasses import dataclass
from functools import lru_cache

from credit.ml.model import CreditModel, load_model
from credit.models import Client, ClientFeatures, FoldModel, ThresholdPolicy
from credit.selectors.features import client_features
from credit.selectors.model_versions import loaded_model


@dataclass(frozen=True, slots=True)
class FoldSpread:
    """The probability that each fold's model gives a client, in 0..1, by fold; ``score`` is the model's own.

    All carry the same calibration. The range holds the score: the model learned from more clients than any fold's, and
    is as much one of the possible models as they are.
    """

    score: float
    probabilities: tuple[float, ...]
    threshold: float

    @property
    def low(self) -> float:
        return min(self.score, *self.probabilities)

    @property
    def high(self) -> float:
        return max(self.score, *self.probabilities)

    @property
    def refusing(self) -> int:
        """How many of the models, the model itself included, put the client at or above the threshold."""
        return sum(probability >= self.threshold for probability in (self.score, *self.probabilities))

    @property
    def is_stable(self) -> bool:
        """Whether all models put the client on the same side of the threshold."""
        return self.refusing in (0, 1 + len(self.probabilities))


def fold_spread(client: Client, policy: ThresholdPolicy) -> FoldSpread | None:
    """What the fold models of the policy's version say of a client; None where there are none, or no features."""
    version = policy.model_version
    fold_models = _fold_models(version.pk, version.sha256)
    if not fold_models:
        return None
    try:
        row = client_features(version.feature_set, client.pk)[None, :]  # (1, F)
    except ClientFeatures.DoesNotExist:
        return None
    names = version.feature_set.columns
    score, *probabilities = (float(each.predict(row, names)[0]) for each in (loaded_model(version), *fold_models))
    return FoldSpread(score, tuple(probabilities), policy.threshold)


@lru_cache(maxsize=1)
def _fold_models(version_id: int, sha256: str) -> tuple[CreditModel, ...]:
    """The models of a version's folds, loaded at the first call in a process and kept until the next version."""
    texts = FoldModel.objects.filter(model_version=version_id).order_by("fold").values_list("text", flat=True)
    return tuple(load_model(text) for text in texts)
