"""How the model does in groups of clients: segments of the card, and fairness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.language import localized
from credit.ml.attributes import ATTRIBUTES, FAIRNESS_ATTRIBUTES, SEGMENT_ATTRIBUTES
from credit.ml.catalogue import category_label
from credit.ml.columns import CATEGORIES
from credit.ml.fairness import Group, GroupMeasures, is_significant, significant_differences
from credit.ml.metrics import Interval
from credit.ml.records import from_json
from credit.models import MonitoringReport
from pretadepenser.core import formats

TITLES: Final[Mapping[str, Promise]] = {
    "sex": gettext_lazy("Sex"),
    "age_band": gettext_lazy("Age band"),
    "family_status": gettext_lazy("Family status"),
    "contract_type": gettext_lazy("Contract type"),
    "income_band": gettext_lazy("Income band"),
    "education": gettext_lazy("Education"),
}
_DIFFERENCES: Final[Mapping[str, Promise]] = {
    "approval_rate": gettext_lazy(
        "Granted: %(low_rate)s of “%(low)s” against %(high_rate)s of “%(high)s”: a significant difference."
    ),
    "false_negative_rate": gettext_lazy(
        "Wrongly granted: %(low_rate)s of “%(low)s” against %(high_rate)s of “%(high)s”: a significant difference."
    ),
    "false_positive_rate": gettext_lazy(
        "Wrongly refused: %(low_rate)s of “%(low)s” against %(high_rate)s of “%(high)s”: a significant difference."
    ),
}
_NO_DIFFERENCE: Final[Mapping[str, Promise]] = {
    "approval_rate": gettext_lazy("Granted: difference not demonstrated."),
    "false_negative_rate": gettext_lazy("Wrongly granted: difference not demonstrated."),
    "false_positive_rate": gettext_lazy("Wrongly refused: difference not demonstrated."),
}


@dataclass(frozen=True, slots=True)
class AttributeView:
    """The groups of one attribute: a table, and what it shows in sentences."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]


def present_fairness(report: MonitoringReport) -> tuple[AttributeView, ...]:
    """Who is granted and who wrongly refused, by age band, sex and family status."""
    head = (
        _("Group"),
        _("Clients"),
        _("Granted"),
        _("Wrongly granted"),
        _("Wrongly refused"),
        _("Predicted risk"),
        _("Defaulted"),
    )
    return tuple(
        AttributeView(
            name,
            str(TITLES[name]),
            head,
            tuple(_fairness_row(group, label) for group, label in groups),
            (*_difference_sentences(groups), *_calibration_sentences(groups)),
        )
        for name in FAIRNESS_ATTRIBUTES
        if (groups := _groups(report, name))
    )


def present_segments(report: MonitoringReport) -> tuple[AttributeView, ...]:
    """How well the model ranks, what it costs and whether it announces true risks in each part of the clientele."""
    head = (
        _("Group"),
        _("Clients"),
        _("Ranking (AUC)"),
        _("Cost per client"),
        _("Predicted risk"),
        _("Defaulted"),
    )
    return tuple(
        AttributeView(
            name,
            str(TITLES[name]),
            head,
            tuple(_segment_row(group, label) for group, label in groups),
            (*_ranking_sentences(groups), *_calibration_sentences(groups)),
        )
        for name in SEGMENT_ATTRIBUTES
        if (groups := _groups(report, name))
    )


def _groups(report: MonitoringReport, name: str) -> list[tuple[Group, str]]:
    stored = report.results["attributes"][name]
    groups = from_json(list[Group], stored["groups"])
    return [(group, _label(name, group.name, stored["edges"])) for group in groups]


def _label(attribute: str, level: str, edges: Sequence[float]) -> str:
    if ATTRIBUTES[attribute] in CATEGORIES:
        return localized(category_label(ATTRIBUTES[attribute], level))
    band = int(level)
    if not edges:
        return _("all")
    written = [_years(edge) if attribute == "age_band" else formats.amount(edge) for edge in edges]
    if band == 0:
        return _("under %(edge)s") % {"edge": written[0]}
    if band == len(edges):
        return _("%(edge)s and more") % {"edge": written[-1]}
    return _("%(low)s to %(high)s") % {"low": written[band - 1], "high": written[band]}


def _years(age: float) -> str:
    return ngettext("%(count)d year", "%(count)d years", round(age)) % {"count": round(age)}


def _fairness_row(group: Group, label: str) -> tuple[str, ...]:
    found = group.measures
    if found is None:
        return (label, formats.amount(group.clients), *[_("too few")] * 3, "–", "–")
    rates = (found.approval_rate, found.false_negative_rate, found.false_positive_rate)
    return (label, formats.amount(group.clients), *(_percents(each) for each in rates), *_announced(found))


def _segment_row(group: Group, label: str) -> tuple[str, ...]:
    found = group.measures
    if found is None:
        return (label, formats.amount(group.clients), _("too few"), _("too few"), "–", "–")
    auc = f"{formats.decimal(found.roc_auc.value, 3)} ({_bounds(found.roc_auc, 3)})"
    cost = formats.decimal(found.cost_per_client, 3)
    return (label, formats.amount(group.clients), auc, cost, *_announced(found))


def _announced(found: GroupMeasures) -> tuple[str, str]:
    return formats.percent(found.mean_predicted, 1), _percents(found.default_rate)


def _percents(found: Interval) -> str:
    low, high = formats.decimal(100 * found.low, 1), formats.percent(found.high, 1)
    return f"{formats.percent(found.value, 1)} ({low} – {high})"


def _bounds(found: Interval, places: int) -> str:
    return f"{formats.decimal(found.low, places)} – {formats.decimal(found.high, places)}"


def _difference_sentences(groups: Sequence[tuple[Group, str]]) -> list[str]:
    labels = {group.name: label for group, label in groups}
    if sum(group.measures is not None for group, _label in groups) < 2:
        return [_("Too few clients to compare groups.")]
    shown = significant_differences([group for group, _label in groups])
    sentences = []
    for measure, sentence in _DIFFERENCES.items():
        if measure not in shown:
            sentences.append(str(_NO_DIFFERENCE[measure]))
            continue
        low, high = shown[measure]
        values = {
            "low": labels[low.name],
            "high": labels[high.name],
            "low_rate": formats.percent(getattr(low.measures, measure).value, 1),
            "high_rate": formats.percent(getattr(high.measures, measure).value, 1),
        }
        sentences.append(str(sentence) % values)
    return sentences


def _ranking_sentences(groups: Sequence[tuple[Group, str]]) -> list[str]:
    measured = [(group.measures.roc_auc, label) for group, label in groups if group.measures is not None]
    if len(measured) < 2:
        return []
    worst, best = min(measured, key=lambda one: one[0].value), max(measured, key=lambda one: one[0].value)
    if is_significant(worst[0], best[0]):
        sentence = _("It ranks “%(best)s” better than “%(worst)s”.")
        return [sentence % {"best": best[1], "worst": worst[1]}]
    return [_("Quality of ranking: difference not demonstrated.")]


def _calibration_sentences(groups: Sequence[tuple[Group, str]]) -> list[str]:
    """One sentence per group whose announced risk lies outside the interval of what happened."""
    sentences = []
    for group, label in groups:
        found = group.measures
        if found is not None and not found.default_rate.low <= found.mean_predicted <= found.default_rate.high:
            values = {
                "group": label,
                "predicted": formats.percent(found.mean_predicted, 1),
                "observed": formats.percent(found.default_rate.value, 1),
            }
            sentence = _("“%(group)s”: %(predicted)s predicted on average, %(observed)s defaulted.")
            sentences.append(sentence % values)
    return sentences or [_("Predicted risks agree with the outcomes in every group.")]
