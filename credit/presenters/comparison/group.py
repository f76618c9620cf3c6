"""Whom the client is compared with: the drop-downs, the size of the group and its default rate."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.language import localized
from credit.ml.catalogue import category_label
from credit.ml.store import Cohort
from credit.presenters.comparison.words import variable_label
from credit.selectors.peer_filters import FILTERS, NEAR, TOLERANCES, LevelFilter, PeerFilters, choices
from credit.selectors.peers import Comparable, DefaultRate, default_rate, is_too_small, too_small_sentence
from pretadepenser.core import formats

TOLERANCE_LABELS: Final = {
    "narrow": gettext_lazy("Narrow"),
    "medium": gettext_lazy("Medium"),
    "wide": gettext_lazy("Wide"),
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DropDown:
    """A select of the form; its first option leaves the choice open."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The clients compared with, in words."""

    sentence: str
    rate: DefaultRate | None
    refusal: str  # why nothing is shown; empty for a group that is large enough
    is_everybody: bool
    drop_downs: tuple[DropDown, ...]
    active: tuple[str, ...]  # « Âge : 25 à 35 ans »


def present_group(compared: Comparable, filters: PeerFilters, cohort: Cohort) -> Group:
    drop_downs = tuple(_drop_down(name, filters, compared) for name in FILTERS)
    chosen = [(each.label, option.label) for each in drop_downs for option in each.options[1:] if option.is_chosen]
    return Group(
        sentence=_size_sentence(cohort, is_everybody=filters.is_everybody),
        rate=default_rate(cohort),
        refusal=too_small_sentence() if is_too_small(cohort) else "",
        is_everybody=filters.is_everybody,
        drop_downs=(*drop_downs, _tolerance(filters)) if NEAR in filters.chosen.values() else drop_downs,
        active=tuple(_("%(label)s: %(value)s") % {"label": label, "value": value} for label, value in chosen),
    )


def _size_sentence(cohort: Cohort, *, is_everybody: bool) -> str:
    if is_too_small(cohort):
        return _("Too few similar clients")
    words = {"count": formats.amount(cohort.size)}
    if is_everybody:
        return ngettext("Among all %(count)s client", "Among all %(count)s clients", cohort.size) % words
    return ngettext("Among %(count)s similar client", "Among %(count)s similar clients", cohort.size) % words


def _drop_down(name: str, filters: PeerFilters, compared: Comparable) -> DropDown:
    filtered, chosen = FILTERS[name], filters.chosen.get(name, "")
    own = compared.values[filtered.variable]
    keys = choices(name, with_near=own == own)
    options = [Option("", _("All"), not chosen)]
    for key in keys:
        if isinstance(filtered, LevelFilter):
            label = localized(category_label(filtered.variable, key))
        else:
            label = _("Near this client") if key == NEAR else _band_label(name, *filtered.bands[key])
        options.append(Option(key, label, key == chosen))
    return DropDown(name, variable_label(filtered.variable), tuple(options))


def _band_label(name: str, low: float | None, high: float | None) -> str:
    if name == "region":
        return formats.amount(low)
    if low is None:
        return _("Under %(end)s") % {"end": formats.amount(high)}
    if high is None:
        return _("%(end)s and over") % {"end": formats.amount(low)}
    last = high - 1 if name == "age" else high
    return _("%(low)s to %(high)s") % {"low": formats.amount(low), "high": formats.amount(last)}


def _tolerance(filters: PeerFilters) -> DropDown:
    options = (Option(key, str(TOLERANCE_LABELS[key]), key == filters.tolerance) for key in TOLERANCES)
    return DropDown("tolerance", _("How near"), tuple(options))
