"""What weighs in general: the mean size of each feature's contribution over all explained clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.language import localized
from credit.ml.catalogue import theme_label, variable_named
from credit.ml.importance import GROUPS
from credit.ml.themes import theme_sums
from pretadepenser.core import formats
from pretadepenser.core.charts import Axis, Chart, Series

SHOWN_FEATURES: Final = 15
SHOWN_THEMES: Final = 10
GROUP_WORDS: Final[Mapping[str, Promise]] = {
    "lowest": gettext_lazy("lowest tenth"),
    "low": gettext_lazy("below the median"),
    "high": gettext_lazy("above the median"),
    "highest": gettext_lazy("highest tenth"),
    "blank": gettext_lazy("not provided"),
}


def theme_importance(importance: Mapping[str, object]) -> dict[str, float]:
    """Each theme's share of the whole, in 0..1, largest first; empty before the portfolio was explained."""
    sizes = feature_importance(importance)
    sums = theme_sums(tuple(sizes), np.array(list(sizes.values())))
    total = sum(sums.values())
    return {theme: size / total for theme, size in sums.items()}


def feature_importance(importance: Mapping[str, object]) -> dict[str, float]:
    """Mean absolute contribution per feature, log-odds, strongest first."""
    sizes = importance.get("mean_absolute", {})
    if not isinstance(sizes, dict):
        return {}
    return dict(sorted(((str(name), float(size)) for name, size in sizes.items()), key=lambda item: -item[1]))


def theme_importance_chart(importance: Mapping[str, object]) -> Chart | None:
    """The themes that move scores most, by their share of the whole; None before the portfolio was explained."""
    themes = list(theme_importance(importance).items())[:SHOWN_THEMES]
    if not themes:
        return None
    titles = [localized(theme_label(theme)) for theme, _share in themes]
    return Chart(
        id="theme-importance",
        kind="ranking",
        title=_("What moves scores most"),
        conclusion=_("Over all clients the main driver is: %(theme)s.") % {"theme": titles[0]},
        labels=titles,
        series=[Series(_("Share of all that moves scores"), [share for _theme, share in themes])],
        x=Axis(_("Share of all that moves scores"), "percent"),
        y=Axis(_("Theme")),
    )


@dataclass(frozen=True, slots=True)
class EffectMark:
    """The mean effect of one group of values: its position on the drawing, and as text."""

    group: str
    at: str  # an SVG position
    effect: str


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One feature: the mean effect of its lowest, low, high, highest and blank values, None where there is none."""

    label: str
    size: float  # the mean absolute effect
    marks: tuple[EffectMark, ...]
    effects: tuple[str, ...]

    @property
    def words(self) -> str:
        """The drawing, read aloud."""
        words = ({"label": GROUP_WORDS[mark.group], "value": mark.effect} for mark in self.marks)
        return ", ".join(_("%(label)s: %(value)s") % each for each in words)


def effect_rows(importance: Mapping[str, object]) -> tuple[EffectRow, ...]:
    """How the values of the strongest features push the score; empty before the portfolio was explained."""
    groups = importance.get("groups", {})
    if not isinstance(groups, dict):
        return ()
    names = [name for name in feature_importance(importance) if name in groups][:SHOWN_FEATURES]
    limit = max((abs(each["mean"]) for name in names for each in groups[name].values()), default=0.0) or 1.0
    sizes = feature_importance(importance)
    return tuple(_effect_row(name, sizes[name], groups[name], limit) for name in names)


def effect_heads() -> tuple[str, ...]:
    """The heads of the effects as a table."""
    return (_("Variable"), *(str(GROUP_WORDS[group]) for group in GROUPS))


def _effect_row(name: str, size: float, groups: Mapping[str, Mapping[str, float]], limit: float) -> EffectRow:
    written = {group: formats.signed(groups[group]["mean"], 2) if group in groups else "–" for group in GROUPS}
    marks = tuple(
        # 47 % each way leaves room for half a mark at both ends
        EffectMark(group, f"{50 + 47 * groups[group]['mean'] / limit:.2f}%", written[group])
        for group in GROUPS
        if group in groups
    )
    return EffectRow(localized(variable_named(name).label), size, marks, tuple(written.values()))
