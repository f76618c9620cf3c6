"""Charts of the credit pages."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from credit.language import localized
from credit.ml.catalogue import theme_label
from credit.presenters.contributions import ExplanationView
from credit.presenters.importance import theme_importance
from pretadepenser.core.charts import Axis, Chart, Series

SHOWN_THEMES: Final = 8


def local_beside_global(explanation: ExplanationView, importance: Mapping[str, object]) -> Chart | None:
    """What weighs for this client beside what weighs for clients in general; None before a portfolio was explained."""
    overall = theme_importance(importance)
    total = sum(abs(theme.contribution) for theme in explanation.themes)
    if not overall or not total:
        return None
    local = {theme.theme: abs(theme.contribution) / total for theme in explanation.themes}
    themes = sorted({*local, *overall}, key=lambda theme: -local.get(theme, 0.0))[:SHOWN_THEMES]
    titles = {theme: localized(theme_label(theme)) for theme in (*local, *overall)}
    most_local, most_overall = themes[0], max(overall, key=lambda theme: overall[theme])
    if most_local == most_overall:
        conclusion = _("For this client as for others, the main driver is: %(theme)s.")
    else:
        conclusion = _("For this client the main driver is: %(theme)s; for others: %(other)s.")
    return Chart(
        id="local-beside-global",
        kind="ranking",
        title=_("What counts for this client, and overall"),
        conclusion=conclusion % {"theme": titles[most_local], "other": titles[most_overall]},
        labels=[titles[theme] for theme in themes],
        series=[
            Series(_("This client"), [local.get(theme, 0.0) for theme in themes], tone="client"),
            Series(_("All clients"), [overall.get(theme, 0.0) for theme in themes], tone="population"),
        ],
        x=Axis(_("Share of all that moved the score"), "percent"),
        y=Axis(_("Theme")),
    )
