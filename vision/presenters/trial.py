"""The predictions of trained contenders for one image."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Series
from vision.models import Trial
from vision.presenters.weights import run_warnings
from vision.selectors import benchmarks
from vision.wording import contender_title


@dataclass(frozen=True, slots=True)
class TrialView:
    """``sentence`` says whether the contenders agree; ``warnings`` are about their weights."""

    sentence: str
    warnings: tuple[str, ...]
    charts: tuple[Chart, ...]


def present_trial(trial: Trial) -> TrialView:
    """The page of a trial that has its answers."""
    charts = tuple(_chart(number, trial.run.dataset.classes, **answer) for number, answer in enumerate(trial.answers))
    return TrialView(agreement_sentence(charts), run_warnings(benchmarks.runs().get(pk=trial.run_id)), charts)


def agreement_sentence(rankings: tuple[Chart, ...]) -> str:
    """Whether the contenders predict the same class; a ranking's first label is its prediction."""
    predicted = {str(ranking.labels[0]) for ranking in rankings}
    if len(predicted) > 1:
        return _("The contenders disagree.")
    words = {"contender": rankings[0].title, "name": predicted.pop()}
    if len(rankings) == 1:
        return _("%(contender)s predicts “%(name)s”.") % words
    return _("All contenders predict “%(name)s”.") % words


def _chart(number: int, classes: list[str], *, contender: str, probabilities: list[float], **_place: int) -> Chart:
    ranked = sorted(zip(probabilities, classes, strict=True), key=lambda pair: -pair[0])
    probability, name = ranked[0]
    return Chart(
        id=f"answer-{number}",
        kind="ranking",
        title=contender_title(contender),
        conclusion=_("%(name)s, with a probability of %(probability)s.")
        % {"name": name, "probability": formats.probability(probability)},
        labels=[name for _probability, name in ranked],
        series=[Series(_("Probability"), [probability for probability, _name in ranked])],
        x=Axis(_("Probability"), "percent"),
        y=Axis(_("Class")),
    )
