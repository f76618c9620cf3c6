"""Template tags of the credit pages: the advice by the threshold in force, the tabs of a client's file."""

from typing import Final, TypedDict

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from credit.ml.advice import Advice
from credit.models import Client, ThresholdPolicy
from credit.presenters import decision as presenters
from pretadepenser.core.roles import Permission
from pretadepenser.core.templatetags.components import Badge

register = template.Library()

#: Label, URL name and needed permission of each view of a file, in the order of the tabs.
TABS: Final = (
    (_("File and score"), "credit:client_file", Permission.VIEW_CLIENTS),
    (_("All reasons"), "credit:reasons", Permission.VIEW_SCORES),
    (_("Compare"), "credit:compare", Permission.COMPARE),
    (_("Simulate"), "credit:simulate", Permission.SIMULATE),
    (_("Decision"), "credit:decision", Permission.VIEW_DECISIONS),
    (_("Journal"), "credit:file_journal", Permission.VIEW_CLIENTS),
    (_("Personal data"), "credit:person", Permission.EXPORT_PERSON),
)
#: Pages without a tab of their own, and the one they belong to.
PARTS: Final = {
    "credit:edit_client": "credit:client_file",
    "credit:explanation": "credit:client_file",
    "credit:stability": "credit:client_file",
    "credit:recourse": "credit:simulate",
    "credit:request_review": "credit:decision",
    "credit:review": "credit:decision",
    "credit:letter": "credit:decision",
}


class Tab(TypedDict):
    label: object
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def may(context: Context, permission: str) -> bool:
    """Whether the person may do something, by the permission's scope: « clients:write »."""
    return bool(context["request"].user.can(Permission(permission)))


@register.inclusion_tag("components/_tabs.html", takes_context=True)
def client_tabs(context: Context, client: Client) -> dict[str, object]:
    """The views of one client's file that the person may open, the present one marked."""
    request = context["request"]
    urls = [(label, reverse(name, args=[client.pk])) for label, name, need in TABS if request.user.can(need)]
    view = request.resolver_match.view_name if request.resolver_match else ""
    here = reverse(PARTS[view], args=[client.pk]) if view in PARTS else request.path
    tabs: list[Tab] = [{"label": label, "url": url, "is_current": url == here} for label, url in urls]
    return {"tabs": tabs, "label": _("Views of the file")}


@register.filter
def advice(probability: float, policy: ThresholdPolicy) -> Advice:
    """The advice of the threshold in force."""
    return policy.zone.advice(probability)


@register.inclusion_tag("components/_badge.html")
def decision_badge(outcome: str, status: str) -> Badge:
    """What a person decided, as a badge."""
    return presenters.decision_badge(outcome, status)
