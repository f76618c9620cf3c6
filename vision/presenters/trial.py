"""What trained contenders make of one image."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pretadepenser.core.charts import Axis, Chart, Series
from pretadepenser.core.templatetags import formats
from vision.models import Trial
from vision.presenters.runs import run_warnings
from vision.selectors import benchmarks
from vision.wording import contender_title


@dataclass(frozen=True, slots=True)
class TrialView:
    """``sentence`` says whether the contenders agree, ``warnings`` what their weights are not."""

    sentence: str
    warnings: tuple[str, ...]
    charts: tuple[Chart, ...]


def present_trial(trial: Trial) -> TrialView:
    """The answers of a trial that has them."""
    classes = trial.run.dataset.classes
    charts = tuple(_chart(place, answer, classes) for place, answer in enumerate(trial.answers))
    first = {_likeliest(answer["probabilities"]) for answer in trial.answers}
    if len(trial.answers) == 1:
        words = {"contender": contender_title(trial.answers[0]["contender"]), "name": classes[first.pop()]}
        sentence = _("%(contender)s says: %(name)s.") % words
    elif len(first) == 1:
        sentence = _("All contenders say: %(name)s.") % {"name": classes[first.pop()]}
    else:
        sentence = _("The contenders do not agree.")
    return TrialView(sentence, run_warnings(benchmarks.runs().get(pk=trial.run_id)), charts)


def _likeliest(probabilities: list[float]) -> int:
    return max(range(len(probabilities)), key=lambda place: probabilities[place])


def _chart(place: int, answer: dict[str, object], classes: list[str]) -> Chart:
    probabilities = [float(each) for each in answer["probabilities"]]  # type: ignore[attr-defined]  # JSON
    order = sorted(range(len(classes)), key=lambda label: -probabilities[label])
    best = order[0]
    return Chart(
        id=f"answer-{place}",
        kind="ranking",
        title=contender_title(str(answer["contender"])),
        conclusion=_("%(name)s, with a probability of %(probability)s.")
        % {"name": classes[best], "probability": formats.probability(probabilities[best])},
        labels=[classes[label] for label in order],
        series=[Series(_("Probability"), [probabilities[label] for label in order])],
        x=Axis(_("Probability"), "percent"),
        y=Axis(_("Class")),
    )
