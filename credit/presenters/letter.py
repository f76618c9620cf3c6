"""The borrower's letter: what was decided, by a person, what moved the model's estimate, and what one may ask for."""

from dataclasses import dataclass

from django.conf import settings

from credit.models import Decision
from credit.presenters.contributions import MAX_REASONS, SMALLEST_REASON
from credit.presenters.reasons import reason_sentence


@dataclass(frozen=True, slots=True)
class Letter:
    """``elements`` are at most four fixed sentences, strongest first; empty where no explanation was there."""

    decision: Decision
    elements: tuple[str, ...]
    had_advice: bool
    departs: bool
    answer_days: int  # within which a review is answered


def present_letter(decision: Decision) -> Letter:
    """The letter of a final decision, from what was stored with it: the file may have changed since."""
    is_closing = decision.outcome != Decision.Outcome.DOCUMENTS
    return Letter(
        decision=decision,
        elements=_elements(decision) if is_closing else (),
        had_advice=decision.advice != "",
        departs=decision.departs,
        answer_days=settings.REVIEW_DUE_DAYS,
    )


def _elements(decision: Decision) -> tuple[str, ...]:
    """Of a refusal what weighed against; of a grant what moved the estimate, either way."""
    is_refusal = decision.outcome == Decision.Outcome.REFUSED
    moved = [
        (theme, points)
        for theme, points in decision.theme_points.items()
        if abs(points) >= SMALLEST_REASON and (points > 0 or not is_refusal)
    ]
    strongest = sorted(moved, key=lambda each: -abs(each[1]))[:MAX_REASONS]
    return tuple(reason_sentence(theme, raises=points > 0) for theme, points in strongest)
