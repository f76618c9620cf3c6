"""A client's file as its page shows it."""

from dataclasses import dataclass

from credit.presenters.charts import local_beside_global
from credit.presenters.completeness import CompletenessView, present_completeness
from credit.presenters.contributions import ExplanationView, present_explanation
from credit.presenters.reasons import ReasonsView, present_reasons
from credit.presenters.score import ScoreView, present_score
from credit.presenters.situation import Section, present_situation
from credit.selectors.clients import ClientFile
from pretadepenser.core.charts import Chart


@dataclass(frozen=True, slots=True)
class ClientFileView:
    """None where there is no score, no explanation, or no portfolio to compare with yet."""

    score: ScoreView | None
    explanation: ExplanationView | None
    reasons: ReasonsView | None
    importance_chart: Chart | None
    situation: tuple[Section, ...]
    completeness: CompletenessView

    @property
    def says_too_little(self) -> bool:
        """Whether there is no score because too few of the main inputs are given."""
        return self.score is None and not self.completeness.is_enough


def present_client_file(file: ClientFile) -> ClientFileView:
    score = present_score(file.probability, file.policy) if file.probability is not None and file.policy else None
    explanation = reasons = chart = None
    if file.explanation and file.policy:
        version = file.policy.model_version
        explanation = present_explanation(file.explanation, version.feature_set.population)
        reasons = present_reasons(file.explanation, file.reasons)
        chart = local_beside_global(explanation, version.importance)
    return ClientFileView(
        score=score,
        explanation=explanation,
        reasons=reasons,
        importance_chart=chart,
        situation=present_situation(file.application),
        completeness=present_completeness(file.application),
    )
