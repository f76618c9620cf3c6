"""A drift report as its page shows it: what moved most, one variable drawn, outcomes that came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.language import localized
from credit.ml.catalogue import category_label, variable_named
from credit.ml.columns import CATEGORIES
from credit.ml.drift import Drift, DriftLevel
from credit.ml.metrics import Interval
from credit.ml.records import from_json
from credit.models import MonitoringReport
from credit.presenters.model_summary import interval_text
from credit.presenters.values import value_text
from credit.selectors.monitoring import SCORE, Period
from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Series

LEVELS: Final[dict[DriftLevel, tuple[Promise, str, str]]] = {
    DriftLevel.STABLE: (gettext_lazy("Stable"), "granted", "granted"),
    DriftLevel.WATCH: (gettext_lazy("To watch"), "review", "review"),
    DriftLevel.ALERT: (gettext_lazy("Alert"), "refused", "refused"),
}


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One variable: its level as a badge (word, tone, icon) and its measures, written."""

    name: str
    label: str
    word: str
    tone: str
    icon: str
    psi: str
    psi_interval: str
    ks: str
    ks_interval: str
    blanks: str


@dataclass(frozen=True, slots=True)
class DriftView:
    """``moved`` are the variables to watch, ``stable`` the others, both furthest first."""

    period: str
    conclusion: str
    moved: tuple[DriftRow, ...]
    stable: tuple[DriftRow, ...]
    chart: Chart | None
    outcomes: str


def present_drift(report: MonitoringReport, variable: str) -> DriftView:
    """The report, with the distribution of ``variable`` drawn; of the one that moved most for any other name."""
    found = from_json(dict[str, Drift], report.results["variables"], extra="ignore")
    ordered = sorted(found, key=lambda name: -found[name].psi.value)
    rows = {name: _row(name, found[name]) for name in ordered}
    shown = variable if variable in found else next(iter(ordered), "")
    sizes = report.results["clients"]
    return DriftView(
        period=period_text(report),
        conclusion=_conclusion(found, sizes),
        moved=tuple(rows[name] for name in ordered if found[name].level != DriftLevel.STABLE),
        stable=tuple(rows[name] for name in ordered if found[name].level == DriftLevel.STABLE),
        chart=_chart(shown, found[shown]) if shown else None,
        outcomes=_outcomes(report),
    )


def period_text(report: MonitoringReport) -> str:
    """Whom a report is about."""
    period = Period.of(report.parameters)
    if period.start and period.end:
        days = {"start": formats.long_date(period.start), "end": formats.long_date(period.end)}
        return _("files created from %(start)s to %(end)s") % days
    if period.start:
        return _("files created since %(start)s") % {"start": formats.long_date(period.start)}
    if period.end:
        return _("files created until %(end)s") % {"end": formats.long_date(period.end)}
    return _("clients whose outcome is not known")


def variable_label(name: str) -> str:
    """The label of a variable of the report, the score included."""
    return _("Probability of default") if name == SCORE else localized(variable_named(name).label)


def _conclusion(found: dict[str, Drift], sizes: dict[str, int]) -> str:
    counts = {"current": formats.amount(sizes["current"]), "reference": formats.amount(sizes["reference"])}
    compared = _("%(current)s clients compared with %(reference)s with a known outcome.") % counts
    alerts = sum(drift.level == DriftLevel.ALERT for drift in found.values())
    watched = sum(drift.level == DriftLevel.WATCH for drift in found.values())
    if not alerts and not watched:
        return " ".join((compared, _("No variable has drifted.")))
    alert = ngettext("%(count)d variable raises an alert", "%(count)d variables raise an alert", alerts)
    watch = ngettext("%(count)d is to be watched", "%(count)d are to be watched", watched)
    return f"{compared} {alert % {'count': alerts}}, {watch % {'count': watched}}."


def _row(name: str, drift: Drift) -> DriftRow:
    word, tone, icon = LEVELS[drift.level]
    return DriftRow(
        name=name,
        label=variable_label(name),
        word=str(word),
        tone=tone,
        icon=icon,
        psi=formats.decimal(drift.psi.value, 3),
        psi_interval=_bounds(drift.psi),
        ks=formats.decimal(drift.ks.value, 3) if drift.ks else "–",
        ks_interval=_bounds(drift.ks) if drift.ks else "",
        blanks=f"{formats.percent(drift.reference[-1], 1)} → {formats.percent(drift.current[-1], 1)}",
    )


def _bounds(found: Interval) -> str:
    return f"{formats.decimal(found.low, 3)} – {formats.decimal(found.high, 3)}"


def _chart(name: str, drift: Drift) -> Chart:
    label = variable_label(name)
    word, _tone, _icon = LEVELS[drift.level]
    shown = [place for place, pair in enumerate(zip(drift.reference, drift.current, strict=True)) if any(pair)]
    labels = _bin_labels(name, drift)
    return Chart(
        id="drift-variable",
        kind="bar",
        title=label,
        conclusion=_("%(level)s: stability index %(psi)s, %(interval)s.")
        % {"level": word, "psi": formats.decimal(drift.psi.value, 3), "interval": interval_text(drift.psi)},
        labels=[labels[place] for place in shown],
        series=[
            Series(_("Training data"), [drift.reference[place] for place in shown], tone="population"),
            Series(_("This period"), [drift.current[place] for place in shown]),
        ],
        x=Axis(label),
        y=Axis(_("Share of clients"), "percent"),
    )


def _bin_labels(name: str, drift: Drift) -> list[str]:
    if name in CATEGORIES:
        return [*(localized(category_label(name, level)) for level in CATEGORIES[name]), formats.blank_text()]
    if name == SCORE:
        edges = [formats.probability(edge) for edge in drift.edges]
    else:
        edges = [value_text(variable_named(name), edge) for edge in drift.edges]
    return [*_bands(edges), formats.blank_text()]


def _bands(edges: Sequence[str]) -> list[str]:
    if not edges:
        return [_("all values")]
    inner = [f"{low} – {high}" for low, high in pairwise(edges)]
    return [_("below %(edge)s") % {"edge": edges[0]}, *inner, _("from %(edge)s on") % {"edge": edges[-1]}]


def _outcomes(report: MonitoringReport) -> str:
    found = report.results["outcomes"]
    if not found["clients"]:
        return _("No outcome is known yet for clients scored in advance. It will be measured here once there are some.")
    counts = {"clients": formats.amount(found["clients"]), "defaults": formats.amount(found["defaults"])}
    if "roc_auc" not in found:
        sentence = _("%(clients)s outcomes came in, %(defaults)s of them defaults: too few to measure.")
        return sentence % counts
    auc, cost = Interval(**found["roc_auc"]), Interval(**found["cost_per_client"])
    measured = {
        "auc": formats.decimal(auc.value, 3),
        "auc_interval": interval_text(auc),
        "cost": formats.decimal(cost.value, 3),
        "cost_interval": interval_text(cost),
        "predicted": formats.percent(found["mean_predicted"], 1),
        "observed": formats.percent(found["defaults"] / found["clients"], 1),
    }
    sentence = _(
        "%(clients)s outcomes came in after the training: AUC %(auc)s (%(auc_interval)s), cost per client %(cost)s "
        "(%(cost_interval)s); %(predicted)s predicted on average, %(observed)s defaulted."
    )
    return sentence % (counts | measured)
