"""The levers of a simulation as drawings with words: where they are, and the probability along them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.advice import Zone
from credit.ml.catalogue import describe
from credit.ml.levers import Curve, Levers, Situation
from credit.ml.loan import Loan
from credit.presenters.budget import Figure, present_budget
from credit.presenters.score import ScoreView, present_score
from credit.presenters.simulation import loan_texts, verdict_of
from credit.selectors.simulations import SimulationBase
from pretadepenser.core import formats
from pretadepenser.core.charts import Table
from pretadepenser.core.templatetags.components import ADVICE_WORDS

_ROWS: Final = 8  # of the table that says what a curve shows


@dataclass(frozen=True, slots=True)
class NowView:
    """The head of the page: what the model says of the values as they are set, and what the loan would cost."""

    score: ScoreView
    verdict: str  # compared with the file; of the file itself, its distance to the threshold
    plan: str  # empty where the file states no loan
    cost: str
    budget: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class LeverView:
    """A slider and its curve; ``at`` are positions and lengths in percent of the drawing."""

    curve: Curve
    label: str
    path: str  # of a polyline in a square of 100
    at: Mapping[str, str]
    description: str
    table: Table


@dataclass(frozen=True, slots=True)
class LeversView:
    now: NowView
    levers: tuple[LeverView, ...]

    @property
    def by_name(self) -> dict[str, LeverView]:
        return {lever.curve.name: lever for lever in self.levers}


def present_levers(levers: Levers, base: SimulationBase, situation: Situation) -> LeversView:
    client, zone, loan = base.client, base.policy.zone, situation.loan
    income = base.subject.income_with(situation.changes)
    score = present_score(levers.now, base.policy)
    now = NowView(
        score=score,
        verdict=verdict_of(levers.now - levers.before) if situation.changes else score.distance,
        plan=_plan(loan) if loan else "",
        cost=_cost(loan) if loan else "",
        budget=present_budget(loan.instalment if loan else None, income, client.monthly_charges),
    )
    return LeversView(now, tuple(_lever(curve, levers.now, zone) for curve in levers.curves))


def present_terms(loan: Loan | None) -> str:
    """The assumption behind every figure of a loan, in one sentence."""
    if loan is None:
        return _("The file gives no amount or no instalment: the loan itself cannot be simulated.")
    return _(
        "The file gives neither the duration nor the rate: %(count)d monthly instalments are assumed, which makes "
        "%(rate)s interest per month. Amount, duration and down payment change at this rate; a down payment also "
        "reduces the fees and insurance that are financed."
    ) % {"count": loan.count, "rate": formats.percent(loan.rate, 2)}


def _plan(loan: Loan) -> str:
    return _("%(count)d × %(instalment)s") % {
        "count": loan.count,
        "instalment": formats.amount(loan.instalment),
    }


def _cost(loan: Loan) -> str:
    _count, _down_payment, total, interest = loan_texts(loan)
    return _("%(total)s to repay, of which %(interest)s interest") % {"total": total, "interest": interest}


def _lever(curve: Curve, now: float, zone: Zone) -> LeverView:
    width = curve.maximum - curve.minimum or 1.0
    highest = min(1.0, 1.15 * max(zone.threshold * 1.5, zone.grey_high, *(p for _value, p in curve.points)))

    def across(value: float) -> float:
        return 100 * min(max((value - curve.minimum) / width, 0.0), 1.0)

    def down(probability: float) -> float:
        return 100 * (1 - probability / highest)

    heights = {"threshold": zone.threshold, "zone_top": zone.grey_high}
    at = {name: _percent(down(probability)) for name, probability in heights.items()}
    at["zone_height"] = _percent(down(zone.grey_low) - down(zone.grey_high))
    at |= {"x": _percent(across(curve.value)), "y": _percent(down(now)), "start": _percent(across(curve.start))}
    return LeverView(
        curve=curve,
        label=_label(curve.name),
        path=" ".join(f"{across(value):.2f},{down(probability):.2f}" for value, probability in curve.points),
        at=at,
        description=" ".join(_sentences(curve, zone)),
        table=_table(curve, zone),
    )


def _percent(share: float) -> str:
    return f"{share:.2f}%"


def _sentences(curve: Curve, zone: Zone) -> Iterator[str]:
    """What the curve shows: its ends, and where it crosses the threshold for the first time."""
    (low, first), (high, last) = curve.points[0], curve.points[-1]
    yield _("From %(low)s to %(high)s, the probability goes from %(first)s to %(last)s.") % {
        "low": formats.amount(low),
        "high": formats.amount(high),
        "first": formats.probability(first),
        "last": formats.probability(last),
    }
    is_over = first >= zone.threshold
    crossing = next((value for value, p in curve.points if (p >= zone.threshold) != is_over), None)
    words = {"threshold": formats.probability(zone.threshold), "value": formats.amount(crossing)}
    if crossing is not None:
        yield _("It crosses the threshold of %(threshold)s near %(value)s.") % words
    elif is_over:
        yield _("It stays above the threshold of %(threshold)s.") % words
    else:
        yield _("It stays below the threshold of %(threshold)s.") % words


def _table(curve: Curve, zone: Zone) -> Table:
    every = -(-len(curve.points) // _ROWS)
    shown = [point for k, point in enumerate(curve.points) if k % every == 0 or point[0] == curve.value]
    rows = [(formats.amount(value), formats.probability(p), str(ADVICE_WORDS[zone.advice(p)])) for value, p in shown]
    return Table(head=(_label(curve.name), _("Probability of default"), _("Advice")), rows=rows)


def _label(name: str) -> str:
    match name:
        case "INSTALMENTS":
            return _("Number of instalments")
        case "DOWN_PAYMENT":
            return _("Down payment")
    return localized(describe(name).label)
