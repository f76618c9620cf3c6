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
from credit.ml.fairness import (
    CALIBRATION,
    COMPARED,
    RANKING,
    SIGNIFICANCE,
    Group,
    GroupMeasures,
    extremes,
    furthest_from_prediction,
    group_tests,
)
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
_MEASURES: Final[Mapping[str, Promise]] = {
    "approval_rate": gettext_lazy("Granted"),
    "false_negative_rate": gettext_lazy("Wrongly granted"),
    "false_positive_rate": gettext_lazy("Wrongly refused"),
}


Groups = Sequence[tuple[Group, str]]  # each with its label


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
    labelled, tests = _tested(report)
    return tuple(
        AttributeView(
            name,
            str(TITLES[name]),
            head,
            tuple(_fairness_row(group, label) for group, label in groups),
            (*_difference_sentences(groups, tests[name]), *_calibration_sentence(groups, tests[name])),
        )
        for name in FAIRNESS_ATTRIBUTES
        if (groups := labelled[name])
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
    labelled, tests = _tested(report)
    return tuple(
        AttributeView(
            name,
            str(TITLES[name]),
            head,
            tuple(_segment_row(group, label) for group, label in groups),
            (*_ranking_sentences(groups, tests[name]), *_calibration_sentence(groups, tests[name])),
        )
        for name in SEGMENT_ATTRIBUTES
        if (groups := labelled[name])
    )


def _tested(report: MonitoringReport) -> tuple[dict[str, Groups], dict[str, dict[str, float]]]:
    """The groups of each attribute with their labels, and what ``group_tests`` says of them."""
    labelled: dict[str, Groups] = {}
    for name, stored in report.results["attributes"].items():
        groups = from_json(list[Group], stored["groups"])
        labelled[name] = [(group, _label(name, group.name, stored["edges"])) for group in groups]
    return labelled, group_tests({name: [group for group, _label in groups] for name, groups in labelled.items()})


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


def _difference_sentences(groups: Groups, tests: Mapping[str, float]) -> list[str]:
    """What the test of each measure of fairness says."""
    if not tests.keys() >= set(COMPARED):
        return [_("Too few clients to compare groups.")]
    sentences = []
    for measure in COMPARED:
        low, high = extremes([group for group, _label in groups], measure)
        labels = {group.name: label for group, label in groups}
        values = {
            "measure": _MEASURES[measure],
            "low": labels[low.name],
            "high": labels[high.name],
            "low_rate": formats.percent(getattr(low.measures, measure).value, 1),
            "high_rate": formats.percent(getattr(high.measures, measure).value, 1),
            "p": _p_text(tests[measure]),
        }
        if tests[measure] < SIGNIFICANCE:
            sentence = _(
                "%(measure)s: from %(low_rate)s (“%(low)s”) to %(high_rate)s (“%(high)s”); difference established "
                "(%(p)s, corrected)."
            )
        else:
            sentence = _("%(measure)s: no difference established (%(p)s, corrected).")
        sentences.append(sentence % values)
    return sentences


def _p_text(p: float) -> str:
    """“p = 0.012”."""
    return _("p < 0.001") if p < 0.001 else _("p = %(p)s") % {"p": formats.decimal(p, 3)}


def _ranking_sentences(groups: Groups, tests: Mapping[str, float]) -> list[str]:
    if RANKING not in tests:
        return []
    if tests[RANKING] >= SIGNIFICANCE:
        sentence = _("Quality of ranking: no difference established (%(p)s, corrected).")
        return [sentence % {"p": _p_text(tests[RANKING])}]
    worst, best = extremes([group for group, _label in groups], RANKING)
    labels = {group.name: label for group, label in groups}
    sentence = _(
        "Quality of ranking: lowest for “%(worst)s”, highest for “%(best)s”; difference established (%(p)s, corrected)."
    )
    return [sentence % {"worst": labels[worst.name], "best": labels[best.name], "p": _p_text(tests[RANKING])}]


def _calibration_sentence(groups: Groups, tests: Mapping[str, float]) -> list[str]:
    if CALIBRATION not in tests:
        return []
    if tests[CALIBRATION] >= SIGNIFICANCE:
        sentence = _("Predicted risks and outcomes: no discrepancy established (%(p)s, corrected).")
        return [sentence % {"p": _p_text(tests[CALIBRATION])}]
    group = furthest_from_prediction([group for group, _label in groups])
    assert group.measures is not None  # noqa: S101 - a group without measures is not compared
    values = {
        "group": {group.name: label for group, label in groups}[group.name],
        "predicted": formats.percent(group.measures.mean_predicted, 1),
        "observed": formats.percent(group.measures.default_rate.value, 1),
        "p": _p_text(tests[CALIBRATION]),
    }
    sentence = _(
        "Predicted risks and outcomes: discrepancy established (%(p)s, corrected), largest for “%(group)s”: "
        "%(predicted)s predicted on average, %(observed)s defaulted."
    )
    return [sentence % values]
