"""Template tags of the pages about the model: their tabs, and the notice that the model is suspended."""

from typing import Final

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.models import ModelVersion
from credit.selectors.policies import suspended_model

register = template.Library()

MODEL_TABS: Final = (
    (_("Summary"), "credit:model_card"),
    (_("Quality"), "credit:model_quality"),
    (_("Main drivers"), "credit:model_importance"),
    (_("Groups of clients"), "credit:model_segments"),
    (_("Threshold"), "credit:model_threshold"),
    (_("Variables"), "credit:model_variables"),
)
MONITORING_TABS: Final = (
    (_("Drift"), "credit:monitoring"),
    (_("Fairness"), "credit:fairness"),
)


@register.inclusion_tag("components/_tabs.html", takes_context=True)
def model_tabs(context: Context) -> dict[str, object]:
    """The views of the active model, the present one marked."""
    return _tabs(context, MODEL_TABS, _("Views of the model"))


@register.inclusion_tag("components/_tabs.html", takes_context=True)
def monitoring_tabs(context: Context) -> dict[str, object]:
    """What is watched of the model, the present page marked."""
    return _tabs(context, MONITORING_TABS, _("Views of the monitoring"))


@register.simple_tag
def suspension() -> ModelVersion | None:
    """The active model if it is suspended. One query: ask only where there is no score to show."""
    return suspended_model()


def _tabs(context: Context, tabs: tuple[tuple[Promise, str], ...], label: Promise) -> dict[str, object]:
    path = context["request"].path
    return {
        "label": label,
        "tabs": [{"label": title, "url": reverse(name), "is_current": reverse(name) == path} for title, name in tabs],
    }
