"""The threshold: what it costs, what another one would change, and what was in force before."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.ml.advice import Advice
from credit.ml.card import ModelCard
from credit.ml.records import from_json
from credit.ml.threshold import CostCurve
from credit.models import ThresholdPolicy
from credit.selectors.policies import PolicyEffect, PolicySimulation
from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Marker, Series
from pretadepenser.core.templatetags.components import ADVICE_WORDS

PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class SimulationView:
    """A proposed threshold beside the one in force; rows are label, now, then."""

    conclusion: str
    heads: tuple[str, str, str]
    rows: tuple[tuple[str, str, str], ...]
    changes: tuple[tuple[str, ...], ...]
    change_heads: tuple[str, ...]
    chart: Chart


def cost_chart_in_force(policy: ThresholdPolicy) -> Chart | None:
    """What each threshold costs, from the card's own costs; None for a model that came without measures."""
    evaluation = from_json(ModelCard, policy.model_version.card).evaluation
    if evaluation is None:
        return None
    curve = evaluation.cost_curve
    values = {
        "cost": formats.decimal(evaluation.intervals.cost_per_client.value, 3),
        "grant_all": formats.decimal(curve.cost_per_client[-1], 3),
        "refuse_all": formats.decimal(curve.cost_per_client[0], 3),
    }
    conclusion = _(
        "At the threshold chosen in training a client costs %(cost)s on average, against %(grant_all)s when everybody "
        "is granted and %(refuse_all)s when everybody is refused."
    )
    markers = [Marker(policy.threshold, _("Threshold in force"), "threshold")]
    return _cost_chart(curve, conclusion % values, markers)


def present_simulation(simulation: PolicySimulation) -> SimulationView:
    now, then, changes = simulation.current, simulation.proposed, simulation.changes
    return SimulationView(
        conclusion=_conclusion(simulation),
        heads=(_("Measure"), _("In force"), _("Proposed")),
        rows=tuple(_rows(now, then)),
        change_heads=(_("Advice now"), *(str(ADVICE_WORDS[each]) for each in Advice)),
        changes=tuple(
            (
                str(ADVICE_WORDS[before]),
                *(formats.amount(changes.get((before, later), 0)) for later in Advice),
            )
            for before in Advice
        ),
        chart=_cost_chart(
            simulation.curve,
            _("The proposed costs: %(now)s per client at the threshold in force, %(then)s at the proposed one.")
            % {"now": formats.decimal(now.cost_per_client, 3), "then": formats.decimal(then.cost_per_client, 3)},
            [
                Marker(now.zone.threshold, _("In force"), "threshold"),
                Marker(then.zone.threshold, _("Proposed"), "client"),
            ],
        ),
    )


def _conclusion(simulation: PolicySimulation) -> str:
    gain = simulation.current.cost_per_client - simulation.proposed.cost_per_client
    changed = ngettext(
        "The advice on %(changed)s client of %(scored)s would change.",
        "The advice on %(changed)s clients of %(scored)s would change.",
        simulation.changed,
    ) % {"changed": formats.amount(simulation.changed), "scored": formats.amount(simulation.scored)}
    if round(gain, PLACES) == 0:
        cost = _("A client would cost the same.")
    elif gain > 0:
        cost = _("A client would cost %(gain)s less on average.") % {"gain": formats.decimal(gain, PLACES)}
    else:
        cost = _("A client would cost %(loss)s more on average.") % {"loss": formats.decimal(-gain, PLACES)}
    return f"{changed} {cost}"


def _rows(now: PolicyEffect, then: PolicyEffect) -> Iterable[tuple[str, str, str]]:
    def row(label: str, write: Callable[[PolicyEffect], str]) -> tuple[str, str, str]:
        return label, write(now), write(then)

    yield row(_("Threshold"), lambda each: formats.percent(each.zone.threshold, 2))
    yield row(
        _("Grey zone"),
        lambda each: f"{formats.percent(each.zone.grey_low, 2)} – {formats.percent(each.zone.grey_high, 2)}",
    )
    yield row(_("Cost per client"), lambda each: formats.decimal(each.cost_per_client, PLACES))
    yield row(_("Clients who defaulted, granted"), lambda each: formats.amount(each.confusion.false_negative))
    yield row(_("Clients who paid, refused"), lambda each: formats.amount(each.confusion.false_positive))
    for advice in Advice:
        label = _("Share of today's clients: %(advice)s") % {"advice": str(ADVICE_WORDS[advice]).lower()}
        yield label, formats.percent(now.shares[advice], 1), formats.percent(then.shares[advice], 1)


def _cost_chart(curve: CostCurve, conclusion: str, markers: list[Marker]) -> Chart:
    costs = list(curve.cost_per_client)
    return Chart(
        id="cost-curve",
        kind="line",
        title=_("What each threshold costs"),
        conclusion=conclusion,
        labels=list(curve.threshold),
        series=[
            Series(_("Cost per client"), costs),
            Series(_("Everybody granted"), [costs[-1]] * len(costs), tone="lowers"),
            Series(_("Everybody refused"), [costs[0]] * len(costs), tone="raises"),
        ],
        x=Axis(_("Threshold"), "percent"),
        y=Axis(_("Cost per client"), "decimal"),
        markers=markers,
    )
