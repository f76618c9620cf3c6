"""Requests a training."""

from dataclasses import asdict, dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.job_kinds import TRAIN_MODEL
from credit.ml.card import TrainingConfig
from credit.models import Client, FeatureSet
from credit.selectors.model_versions import newest_built_set
from pretadepenser.core.errors import ApplicationError
from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import Actor, Job

#: With fewer clients, a fold has too few of the rarer outcome for a meaningful threshold.
FEWEST_CLIENTS: Final = 500
FEWEST_PER_OUTCOME: Final = 20
FOLDS_ALLOWED: Final = range(2, 21)


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """The options of a training."""

    seed: int = TrainingConfig().seed
    folds: int = TrainingConfig().folds
    is_promoted: bool = False
    is_monotone: bool = TrainingConfig().is_monotone


def request_training(*, request: TrainingRequest, by: Actor) -> Job:
    """The job that trains on every client with a known outcome; one training at a time.

    Raises ApplicationError without enough outcomes to learn from.
    """
    if request.folds not in FOLDS_ALLOWED:
        sentence = _("The number of folds must be between %(least)d and %(most)d.")
        limits = {"least": FOLDS_ALLOWED[0], "most": FOLDS_ALLOWED[-1]}
        raise ApplicationError(sentence % limits, field="folds")
    if not 0 <= request.seed < 2**31:
        raise ApplicationError(_("The seed must be a whole number between 0 and 2147483647."), field="seed")
    check_outcomes(newest_built_set())
    return create_job(TRAIN_MODEL, arguments=asdict(request), by=by, dedupe_key="training")


def check_outcomes(feature_set: FeatureSet | None) -> None:
    """Raises ApplicationError, saying which outcomes are missing, unless there are enough to train on."""
    if feature_set is None:
        raise ApplicationError(_("No clients yet: import the Home Credit tables first."), code="no_clients")
    known = Client.objects.filter(features__feature_set=feature_set, target__isnull=False)
    bad, good = known.filter(target=1).count(), known.filter(target=0).count()
    if bad + good == 0:
        raise ApplicationError(
            _("No client has a known outcome (TARGET): import clients whose loans have ended."), code="no_outcomes"
        )
    if bad == 0 or good == 0:
        raise ApplicationError(
            _("All %(count)d known outcomes are the same: a model needs clients who repaid and clients who did not.")
            % {"count": bad + good},
            code="one_outcome",
        )
    if bad + good < FEWEST_CLIENTS or min(bad, good) < FEWEST_PER_OUTCOME:
        sentence = _(
            "%(count)d clients with a known outcome, %(rarer)d of the rarer one, are too few to learn from: "
            "at least %(fewest)d, with %(fewest_rarer)d of each outcome, are needed."
        )
        counts = {"count": bad + good, "rarer": min(bad, good)}
        limits = {"fewest": FEWEST_CLIENTS, "fewest_rarer": FEWEST_PER_OUTCOME}
        raise ApplicationError(sentence % (counts | limits), code="too_few")
